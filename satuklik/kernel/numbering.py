"""Numbers of letters: a template such as "[kode]/[nomor,3]/[kode_kantor]/[bulan_romawi]/[tahun]"."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from satuklik.kernel.roman import from_roman, roman

DEFAULT = "[kode]/[nomor,3]/[kode_kantor]/[bulan_romawi]/[tahun]"
_FIELD = re.compile(r"\[(kode|nomor|kode_kantor|bulan_romawi|bulan|tahun)(?:,(\d))?\]")
_PATTERNS = {
    "kode": r"[0-9A-Za-z.\-]+",
    "nomor": r"\d+",
    "kode_kantor": r"[0-9A-Za-z.\-]+",
    "bulan_romawi": r"[IVX]+",
    "bulan": r"\d{2}",
    "tahun": r"\d{4}",
}


class BadTemplate(ValueError):
    """A number template has no [nomor], no [tahun], or a field that does not exist."""


@dataclass(frozen=True)
class LetterNumber:
    """What the number of a letter says. `month` is 1 … 12, or 0 where the template names none."""

    code: str
    serial: int
    office: str
    month: int
    year: int


def check_template(template: str) -> None:
    """Raises BadTemplate unless numbers made with `template` are unique and can be read back."""
    names = [name for name, _ in _FIELD.findall(template)]
    rest = _FIELD.sub("", template)
    if "[" in rest or "]" in rest:
        raise BadTemplate(f"Unknown field in {template!r}.")
    for needed in ("nomor", "kode_kantor", "tahun"):
        if names.count(needed) != 1:
            raise BadTemplate(f"{template!r} needs [{needed}] exactly once.")


def write(template: str, *, code: str, serial: int, office: str, day: date) -> str:
    """The number as printed: "400.12.2.2/017/1002/XI/2026". Raises BadTemplate, ValueError (serial < 1)."""
    check_template(template)
    if serial < 1:
        raise ValueError("Numbers begin at 1.")
    values = {
        "kode": code,
        "kode_kantor": office,
        "bulan_romawi": roman(day.month),
        "bulan": f"{day.month:02}",
        "tahun": str(day.year),
    }

    def fill(match: re.Match[str]) -> str:
        name, width = match[1], int(match[2] or 1)
        return f"{serial:0{width}}" if name == "nomor" else values[name]

    return _FIELD.sub(fill, template)


@lru_cache(maxsize=32)
def _reader(template: str) -> re.Pattern[str]:
    check_template(template)
    pattern, end, seen = "", 0, set[str]()
    for match in _FIELD.finditer(template):
        pattern += re.escape(template[end : match.start()])
        name, end = match[1], match.end()
        pattern += f"(?P={name})" if name in seen else f"(?P<{name}>{_PATTERNS[name]})"
        seen.add(name)
    return re.compile(pattern + re.escape(template[end:]))


def read(template: str, number: str) -> LetterNumber:
    """What a printed number says. Raises ValueError when it was not made with `template`."""
    match = _reader(template).fullmatch(number.strip())
    if match is None:
        raise ValueError(f"Not a letter number: {number!r}.")
    found = match.groupdict()
    month = from_roman(found["bulan_romawi"]) if found.get("bulan_romawi") else int(found.get("bulan") or 0)
    if month > 12:
        raise ValueError(f"No such month in {number!r}.")
    return LetterNumber(
        code=found.get("kode") or "",
        serial=int(found["nomor"]),
        office=found["kode_kantor"],
        month=month,
        year=int(found["tahun"]),
    )
