"""Background work: letters whose signature failed are given to whoever can sign them."""

from django.utils import timezone
from procrastinate.contrib.django import app

from satuklik.spine.cases.actions.waiting import follow_up


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="cases.follow_up_signatures", pass_context=False)
def follow_up_signatures(timestamp: int) -> None:
    """After the backends were asked (signing.ask_unresolved)."""
    follow_up(timezone.now())
