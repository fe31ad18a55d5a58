"""What a published text must not show: NIK, telephone numbers, e-mail addresses, streets with their numbers."""

import re

MARK = "[disamarkan]"  # the published text is Indonesian

_EMAIL = re.compile(r"[\w.+-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
_GAP = r"[\s.\-]{0,2}"
# 16 digits, also in groups. The look-arounds keep longer numbers from being cut in two.
_NIK = re.compile(rf"(?<!\d)\d(?:{_GAP}\d){{15}}(?!\d)")
_PHONE = re.compile(rf"(?<!\d)(?:\+?{_GAP}62|0){_GAP}\d(?:[\s.\-()]{{0,2}}\d){{6,12}}(?!\d)")
_ROAD = r"\b(?i:jalan|jln|jl|gang|gg|lorong|lrg|kompleks|komplek|perumahan|perum)\b\.?\s+"
# A road with its name ("Jl. Imam Bonjol"), or any words up to a house number ("jalan imam bonjol no 7").
_STREET = re.compile(
    rf"{_ROAD}(?:[^\s,;.!?]+\s+){{0,4}}?[^\s,;.!?]+[\s,.]+(?i:no|nomor|nmr)\b\.?\s*\d[\w/\-]*"
    rf"|{_ROAD}(?:[A-Z][\w.'\-]*)(?:\s+[A-Z0-9][\w'\-]*){{0,4}}"
)
_NUMBER = re.compile(r"\b(?:no|nomor)\b\.?\s*(?:rumah\s*)?\d+[\w/\-]*", re.IGNORECASE)
_RT = re.compile(r"\b(?:rt|rw)\b[\s.:/]*\d{1,3}(?:\s*/\s*(?:rw\b[\s.:]*)?\d{1,3})?", re.IGNORECASE)


def masked(text: str, *, roads: bool = True) -> str:
    """`text` with what points to a person replaced by a mark. A person still reads it before it is published.
    `roads=False` leaves the names of roads (who mends a road must know which), but no house number, RT or RW."""
    for pattern in (_EMAIL, _NIK, _PHONE, *((_STREET,) if roads else ()), _RT, _NUMBER):
        text = pattern.sub(MARK, text)
    return re.sub(rf"(?:{re.escape(MARK)}[\s,.]*){{2,}}", MARK + " ", text).strip()


def tells_of_a_person(text: str) -> bool:
    """Whether something in the text would be masked."""
    return masked(text) != text.strip()
