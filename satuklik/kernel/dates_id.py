"""Dates as Indonesian offices write them, and months added to them."""

import calendar
from datetime import date

MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")


def long_date(day: date) -> str:
    """24 November 2026"""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def weekday_date(day: date) -> str:
    """Selasa, 24 November 2026"""
    return f"{DAYS[day.weekday()]}, {long_date(day)}"


def parse_long_date(text: str) -> date:
    """The day that "24 November 2026" names, capitals and spaces aside. Raises ValueError."""
    parts = text.split()
    months = [month.lower() for month in MONTHS]
    if len(parts) != 3 or parts[1].lower() not in months:
        raise ValueError(f"Not an Indonesian date: {text!r}.")
    return date(int(parts[2]), months.index(parts[1].lower()) + 1, int(parts[0]))


def months_after(start: date, months: int) -> date:
    """The last day of a term of `months` counted from `start`: the same day of the month (24 November + 6 →
    24 May); where that month is too short, its last day."""
    index = start.year * 12 + start.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))
