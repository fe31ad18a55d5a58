"""How a figure is written for people."""

UNITS = {
    "id": {"%": "%", "days": "hari kerja", "hours": "jam", "minutes": "menit", "seconds": "detik"},
    "en": {"%": "%", "days": "working days", "hours": "hours", "minutes": "minutes", "seconds": "seconds"},
}


def in_words(value: float, unit: str, language: str) -> str:
    """1234.5, "days" → "1.234,5 hari kerja" (en: "1,234.5 working days"); "" is a bare count, "rupiah" is money."""
    number = f"{value:,.1f}".rstrip("0").rstrip(".") if isinstance(value, float) else f"{value:,}"
    if language != "en":
        number = number.translate(str.maketrans(",.", ".,"))
    if unit == "rupiah":
        return f"Rp{number}"
    word = UNITS.get(language, UNITS["id"]).get(unit, unit)
    if not word:
        return number
    return f"{number}%" if word == "%" else f"{number} {word}"
