"""Background work of webhooks: a message goes out at once, and again when its pause is over."""

from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from satuklik.base.webhooks import actions


@app.task(pass_context=False)
def send(delivery_id: str) -> None:
    """Try one message now."""
    actions.deliver(UUID(delivery_id), now=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="webhooks.deliver", pass_context=False)
def deliver(timestamp: int) -> None:
    """Try what is due again."""
    actions.deliver_due(timezone.now())
