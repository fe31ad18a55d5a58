"""Full-text search in Indonesian: conditions that the indexes naskah_words and agenda_words answer (migration 0002)."""

from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

_NASKAH = (
    "(to_tsvector('indonesian', correspondence_naskah.subject) "
    "|| jsonb_to_tsvector('indonesian', correspondence_naskah.content, '[\"string\"]')) "
    "@@ websearch_to_tsquery('indonesian', %s)"
)
_AGENDA = (
    "to_tsvector('indonesian', correspondence_agendaentry.subject || ' ' "
    "|| correspondence_agendaentry.correspondent || ' ' || correspondence_agendaentry.number) "
    "@@ websearch_to_tsquery('indonesian', %s)"
)


def in_naskah(text: str) -> RawSQL:
    """Subject or content of a naskah has these words, in any form of them."""
    return RawSQL(_NASKAH, [text], output_field=BooleanField())  # noqa: S611 (our own text; the words are bound)


def in_agenda(text: str) -> RawSQL:
    """Subject, correspondent or number of a register's line has these words; the query joins the line."""
    return RawSQL(_AGENDA, [text], output_field=BooleanField())  # noqa: S611


def tidy(text: str) -> str:
    """What was typed, without what no database takes."""
    return text.replace("\0", "").strip()
