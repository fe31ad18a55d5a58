"""Background work of information requests: what is due, every working morning."""

from django.utils import timezone
from procrastinate.contrib.django import app

from satuklik.systems.ppid import actions


@app.periodic(cron="15 0 * * *")  # 07.15 WIB
@app.task(queueing_lock="ppid.remind", pass_context=False)
def remind(timestamp: int) -> None:
    """Tell officers what is due today and what is late."""
    actions.remind(now=timezone.now())
