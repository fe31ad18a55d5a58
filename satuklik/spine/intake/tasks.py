"""Background work of the inbox: who was there yesterday is forgotten."""

from django.utils import timezone
from procrastinate.contrib.django import app

from satuklik.spine.intake import actions


@app.periodic(cron="10 19 * * *")  # 02.10 WIB
@app.task(queueing_lock="intake.forget", pass_context=False)
def forget(timestamp: int) -> None:
    """Forget who had a conversation open a day ago."""
    actions.forget_presence(timezone.now())
