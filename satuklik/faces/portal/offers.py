"""What the portal itself offers without being asked: letters that run out."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.utils.translation import gettext

from satuklik.base.ui.registry import Offer


def letters_running_out(rows: Sequence[Mapping[str, str]], today: date, language: str) -> Iterable[Offer]:
    """One offer for each letter in force that ends within a month (documents.RUNNING_OUT_SQL)."""
    for letter in rows:
        yield Offer(
            title=letter["title_en"] if language.startswith("en") and letter["title_en"] else letter["title"],
            reason=gettext("Surat Anda segera habis masa berlakunya."),
            url=f"/layanan/{letter['service']}/",
            icon="calendar-clock",
            action=gettext("Perbarui"),
            until=date.fromisoformat(letter["valid_until"]),
            weight=60,
        )
