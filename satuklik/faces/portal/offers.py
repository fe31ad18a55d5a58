"""What the portal itself offers without being asked: letters that run out."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext

from satuklik.base.ui.registry import Offer
from satuklik.spine.documents import queries as documents


def letters_running_out(resident: Any, today: date, language: str) -> Iterable[Offer]:
    """One offer for each letter in force that ends within a month."""
    for letter in documents.running_out(resident.person, today)[:2]:
        title = letter.title_en if language.startswith("en") and letter.title_en else letter.title
        yield Offer(
            title=title,
            reason=gettext("Surat Anda segera habis masa berlakunya."),
            url=f"/layanan/{letter.service}/",
            icon="calendar-clock",
            action=gettext("Perbarui"),
            until=letter.valid_until,
            weight=60,
        )
