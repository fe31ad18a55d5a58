"""Background work of correspondence: reminders every working morning."""

from django.utils import timezone
from procrastinate.contrib.django import app

from satuklik.systems.correspondence import actions


@app.periodic(cron="30 0 * * *")  # 07.30 WIB
@app.task(queueing_lock="correspondence.remind", pass_context=False)
def remind(timestamp: int) -> None:
    """Remind of parafs and signatures that have been open for more than two working days."""
    actions.remind(now=timezone.now())
