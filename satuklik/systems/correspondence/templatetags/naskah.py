"""How loudly a due date is said, which sign an urgency bears, and rows that a form can add."""

from datetime import date, timedelta

from django import template
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext

from satuklik.systems.correspondence.boxes import Box, row_address
from satuklik.systems.correspondence.queries import Row
from satuklik.systems.correspondence.rules import Term, Words

register = template.Library()
SOON = timedelta(days=2)
# Who may read what: see queries.may_read.
SECRECY = {
    "biasa": gettext_lazy("Semua pegawai kantor ini dapat membaca."),
    "terbatas": gettext_lazy("Hanya penyusun, pemaraf, penanda tangan, dan penerimanya yang membaca."),
    "rahasia": gettext_lazy("Seperti terbatas; di kantor penerima hanya pimpinannya yang membuka."),
    "sangat_rahasia": gettext_lazy("Seperti rahasia; untuk hal yang membahayakan bila bocor."),
}


@register.filter
def due_tone(due_on: date | None, late: bool) -> str:
    """late, today, soon, calm, or none without a date."""
    if late:
        return "late"
    if due_on is None:
        return "none"
    today = timezone.localdate()
    if due_on <= today:
        return "today"
    return "soon" if due_on - today <= SOON else "calm"


@register.filter
def in_words(words: Words | None) -> str:
    """A text of a template in the language of the page."""
    if not words:
        return ""
    return words.get(get_language() or "id") or words["id"]


@register.simple_tag
def row_url(row: Row, box: Box) -> str:
    """The page behind a line of a box."""
    return row_address(row, box)


@register.filter
def urgency_tone(urgency: str) -> str:
    """The colour of an urgency's tag; the words say the same."""
    return {"sangat_segera": "red", "segera": "orange"}.get(urgency, "grey")


@register.filter
def state_tone(state: str) -> str:
    """The colour of a state's tag; the words say the same."""
    return {
        "returned": "red", "cancelled": "grey", "signed": "green", "dispatched": "green", "draft": "grey",
        "done": "green", "new": "blue",
    }.get(state, "blue")  # fmt: skip


@register.filter
def explained(term: Term) -> str:
    """What an urgency or a secrecy means for those who read and act."""
    if term.days:
        return ngettext(
            "Ditindaklanjuti dalam %(days)d hari kerja.",
            "Ditindaklanjuti dalam %(days)d hari kerja.",
            term.days,
        ) % {"days": term.days}
    return str(SECRECY.get(term.code, ""))


@register.filter
def open_now(row: Row) -> bool:
    """Whether its date still matters: it is neither sent nor ended."""
    return row.state not in ("signed", "dispatched", "cancelled", "done")
