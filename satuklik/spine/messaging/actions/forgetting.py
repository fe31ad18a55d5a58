"""Raw events are deleted when their term is over (UU 27/2022 ps. 16(2)g, 43(1)a)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from satuklik.base.audit.actions import Happening, record
from satuklik.base.postgres import queries as postgres
from satuklik.spine.messaging import parameters

AT_ONCE = 1_000

# What is in quarantine, or waits, or was put aside by an officer as a problem, has never been handled: it stays.
_DELETE = """
DELETE FROM messaging_rawevent WHERE id IN (
  SELECT id FROM messaging_rawevent WHERE handled_at < %s AND problem = '' ORDER BY id LIMIT %s
) RETURNING id
"""


def forget_events(now: datetime) -> int:
    """Delete raw events that were handled longer ago than the parameter `raw_event_days` says; how many. The event log
    keeps the number and the rule, never a word of them.

    In batches of a transaction each. A delivery that is repeated after that is stored and handled anew: its messages
    are known by their own numbers, and count once. Raises NoParameter.
    """
    rule = parameters.in_force("raw_event_days", timezone.localdate(now))
    before = now - timedelta(days=rule.value)
    deleted = 0
    while True:
        with transaction.atomic():
            found = len(postgres.rows(_DELETE, (before, AT_ONCE)))
            if found:
                data = {
                    "events": found,
                    "handled_before": before.isoformat(),
                    "days": rule.value,
                    "source": rule.source,
                }
                record("messaging", [Happening("messaging.forgotten", "system", data)], at=now)
        deleted += found
        if found < AT_ONCE:
            return deleted
