"""Writes the calendar: loaded from the data file, which names the decree of every year."""

from pathlib import Path

from django.db import transaction

from satuklik.base.calendar import queries
from satuklik.base.calendar.models import Holiday
from satuklik.base.calendar.shipped import DATA as DATA
from satuklik.base.calendar.shipped import shipped
from satuklik.base.calendar.terms import calendar_of as calendar_of
from satuklik.base.calendar.terms import close_term as close_term
from satuklik.base.calendar.terms import declare_holiday as declare_holiday
from satuklik.base.calendar.terms import extend_term as extend_term
from satuklik.base.calendar.terms import left as left
from satuklik.base.calendar.terms import recompute as recompute
from satuklik.base.calendar.terms import register_recount as register_recount
from satuklik.base.calendar.terms import reopen_term as reopen_term
from satuklik.base.calendar.terms import start_term as start_term
from satuklik.base.calendar.terms import why as why
from satuklik.base.calendar.terms import withdraw_holiday as withdraw_holiday


@transaction.atomic
def load(file: Path = DATA) -> int:
    """Load the holidays of `file`. Rows that somebody confirmed or added here stay as they are.

    Returns how many days the file names; loading again changes nothing.
    """
    given = {row.date: row for row in shipped(file)}
    kept = set(Holiday.objects.filter(date__in=given, confirmed=True).values_list("date", flat=True))
    Holiday.objects.bulk_create(
        [row for day, row in given.items() if day not in kept],
        update_conflicts=True,
        unique_fields=["date"],
        update_fields=["name", "kind", "decree", "confirmed"],
    )
    queries.forget()
    transaction.on_commit(queries.forget)
    return len(given)
