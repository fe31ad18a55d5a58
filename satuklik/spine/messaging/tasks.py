"""Background work of messages: what waits goes out once a minute, what was kept long enough goes at night."""

from django.utils import timezone
from procrastinate.contrib.django import app

from satuklik.spine.messaging import actions


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="messaging.deliver", pass_context=False)
def deliver(timestamp: int) -> None:
    """Hand waiting messages to their channels, until none is left that can go."""
    while actions.deliver_waiting(timezone.now()):
        pass


@app.periodic(cron="50 18 * * *")  # 01.50 WIB
@app.task(queueing_lock="messaging.forget_veiled", pass_context=False)
def forget_veiled(timestamp: int) -> None:
    """Keys that were told long ago are not kept for ever."""
    actions.forget_veiled(timezone.now())


@app.periodic(cron="40 18 * * *")  # 01.40 WIB
@app.task(queueing_lock="messaging.forget", pass_context=False)
def forget(timestamp: int) -> None:
    """Delete raw events whose term is over."""
    actions.forget_events(timezone.now())
