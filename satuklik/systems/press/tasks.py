"""Background work of the press desk: its clock is watched every five minutes."""

from django.utils import timezone
from procrastinate.contrib.django import app

from satuklik.systems.press import actions


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="press.watch", pass_context=False)
def watch(timestamp: int) -> None:
    """Warn of questions whose time is nearly over, alarm of those past it."""
    actions.watch(timezone.now())
