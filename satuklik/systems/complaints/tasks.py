"""Background work of complaints: what was answered and met with silence is closed."""

from django.utils import timezone
from procrastinate.contrib.django import app

from satuklik.systems.complaints import actions


@app.periodic(cron="20 17 * * *")  # UTC: twenty past midnight in Kisaran
@app.task(queueing_lock="complaints.close_silent", pass_context=False)
def close_silent(timestamp: int) -> None:
    """Close what the reporter did not answer within the days; «not fixed» stays open."""
    actions.close_silent(timezone.now())


@app.periodic(cron="25 17 * * *")
@app.task(queueing_lock="complaints.forget_unproven", pass_context=False)
def forget_unproven(timestamp: int) -> None:
    """Contacts that nobody has proven are not kept."""
    actions.forget_unproven(timezone.now())
