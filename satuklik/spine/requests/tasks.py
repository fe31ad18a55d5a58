"""Background work of this room: uploads that nobody signed are forgotten."""

from django.utils import timezone
from procrastinate.contrib.django import app

from satuklik.spine.requests import actions


@app.periodic(cron="17 2 * * *")
@app.task(queueing_lock="requests.throw_away_drafts", pass_context=False)
def throw_away_drafts(timestamp: int) -> None:
    """Forget what was uploaded more than a day ago and never signed."""
    actions.throw_away_drafts(timezone.now())
