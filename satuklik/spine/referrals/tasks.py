"""Background work of referrals: the silence rule, every quarter of an hour."""

from django.utils import timezone
from procrastinate.contrib.django import app

from satuklik.spine.referrals import actions


@app.periodic(cron="*/15 * * * *")
@app.task(queueing_lock="referrals.escalate", pass_context=False)
def escalate(timestamp: int) -> None:
    """Make every hop that is due."""
    while actions.escalate(timezone.now()):
        pass
