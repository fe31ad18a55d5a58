"""What the event log does in the background."""

from django.utils import timezone
from procrastinate.contrib.django import app

from satuklik.base.audit import actions


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="audit.close_block", pass_context=False)
def close_block(timestamp: int) -> None:
    """Close a block over the events of the last ten minutes."""
    actions.close_block(at=timezone.now())
