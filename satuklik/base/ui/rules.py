"""How values are written for people: money, dates, numbers of persons, days that are left."""

from datetime import date, datetime

MONTHS = {
    "id": [
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
DAYS = {
    "id": ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}


def rupiah(amount: int) -> str:
    """150000 → "Rp150.000" (PUEBI: no space after the sign, a point between thousands)."""
    sign = "-" if amount < 0 else ""
    return f"{sign}Rp{abs(amount):,}".replace(",", ".")


def long_date(day: date, language: str, *, weekday: bool = False) -> str:
    """2026-11-24 → "24 November 2026", with the weekday in front on request."""
    months = MONTHS.get(language, MONTHS["id"])
    text = f"{day.day} {months[day.month - 1]} {day.year}"
    if weekday:
        return f"{DAYS.get(language, DAYS['id'])[day.weekday()]}, {text}"
    return text


def short_date(day: date, language: str) -> str:
    """2026-11-12 → "12 Nov" (for a line that says how fresh a fact is)."""
    return f"{day.day} {MONTHS.get(language, MONTHS['id'])[day.month - 1][:3]}"


def clock(at: datetime) -> str:
    """An aware local time → "09.15 WIB"."""
    return f"{at:%H.%M} WIB"


def masked(number: str) -> str:
    """A NIK or KK number with only the ends readable: "1209••••••••0001"."""
    if len(number) <= 8:
        return "•" * len(number)
    return f"{number[:4]}{'•' * (len(number) - 8)}{number[-4:]}"


def phone(number: str) -> str:
    """ "+6284090000003" → "0840-9000-0003"; a number from elsewhere stays as it is."""
    if not number.startswith("+62"):
        return number
    digits = "0" + number[3:]
    return "-".join(part for part in (digits[:4], digits[4:8], digits[8:]) if part)


def days_left(left: int, language: str) -> str:
    """Working days that are left (negative: late) in words."""
    if language == "en":
        if left == 0:
            return "due today"
        unit = "working day" if abs(left) == 1 else "working days"
        return f"{left} {unit} left" if left > 0 else f"{-left} {unit} late"
    if left == 0:
        return "jatuh tempo hari ini"
    return f"{left} hari kerja lagi" if left > 0 else f"terlambat {-left} hari kerja"
