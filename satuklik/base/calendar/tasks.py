"""Background work of the calendar: open terms are counted again every night."""

from django.utils import timezone
from procrastinate.contrib.django import app

from satuklik.base.calendar import actions


@app.periodic(cron="5 17 * * *")  # 00.05 WIB
@app.task(queueing_lock="calendar.recount", pass_context=False)
def recount(timestamp: int) -> None:
    """Count every open term again: a term that began in another process in the minute of a change was counted by the
    calendar as it had been. What is right already leaves no trace."""
    actions.recompute(actor="system", reason="hitung ulang harian", now=timezone.now())
