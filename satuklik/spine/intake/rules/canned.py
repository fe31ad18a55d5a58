"""Canned answers: places such as {nama} are filled with what is known; what is not known stays visible to the officer."""

import re
from collections.abc import Mapping

LONGEST_ANSWER = 4_000  # WhatsApp takes 4,096 characters in a message
PLACES = ("nama", "nomor", "tautan", "jenis", "dinas", "tenggat", "petugas")
_PLACE = re.compile(r"\{(\w+)\}")


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with known places filled; the others become "[nama?]" so that nobody sends them unseen."""
    return _PLACE.sub(lambda place: values.get(place[1]) or f"[{place[1]}?]", text)


def unknown(text: str) -> list[str]:
    """Places that no canned answer may have."""
    return sorted({place for place in _PLACE.findall(text) if place not in PLACES})


def unfilled(text: str) -> list[str]:
    """Places that were left open in a text about to be sent."""
    return re.findall(r"\[(\w+)\?\]", text)
