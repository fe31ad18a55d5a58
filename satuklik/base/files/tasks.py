"""What the files' room does in the background."""

from django.utils import timezone
from procrastinate.contrib.django import app

from satuklik.base.files import actions


@app.periodic(cron="20 * * * *")
@app.task(queueing_lock="files.drop_held", pass_context=False)
def drop_held(timestamp: int) -> None:
    """Forget the files of forms that nobody sent to the end."""
    actions.drop_held(now=timezone.now())
