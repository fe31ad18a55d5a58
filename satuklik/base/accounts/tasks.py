"""Background work: forget what is over (attempts, codes, sessions)."""

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from satuklik.base.accounts.models import Attempt, LoginCode
from satuklik.base.accounts.sessions import SessionStore

CODES_KEPT = timedelta(days=1)


@app.periodic(cron="23 * * * *")
@app.task(queueing_lock="accounts.prune", pass_context=False)
def prune(timestamp: int) -> None:
    """Delete limits whose window is over, codes of yesterday and sessions that ran out."""
    now = timezone.now()
    Attempt.objects.filter(until__lt=now).delete()
    LoginCode.objects.filter(expires_at__lt=now - CODES_KEPT).delete()
    SessionStore.clear_expired()
