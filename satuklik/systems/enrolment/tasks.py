"""Background work of enrolment: first signatures are noticed, reminders go out, who left loses the certificate."""

from django.utils import timezone
from procrastinate.contrib.django import app

from satuklik.systems.enrolment import actions


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="enrolment.first_signatures", pass_context=False)
def notice_first_signatures(timestamp: int) -> None:
    """Move everybody on whose key has signed for the first time."""
    actions.notice_first_signatures(timezone.now())


@app.periodic(cron="10 0 * * *")  # UTC: ten past seven in Kisaran, before the offices open
@app.task(queueing_lock="enrolment.remind", pass_context=False)
def remind(timestamp: int) -> None:
    """Tell who must act, and whose certificate ends."""
    now = timezone.now()
    actions.remind_stuck(now)
    actions.remind_expiry(now)


@app.periodic(cron="10 17 * * *")  # UTC: ten past midnight in Kisaran
@app.task(queueing_lock="enrolment.end_who_left", pass_context=False)
def end_who_left(timestamp: int) -> None:
    """Revoke the certificates of officials whose last day is over."""
    actions.end_who_left(timezone.now())
    actions.discard_old_drafts(timezone.now())
