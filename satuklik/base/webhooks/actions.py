"""Tell agencies' applications what happened: messages are written with the event, and sent afterwards.

Deliveries are independent of each other: the order in which they arrive is not promised. Each carries the moment of
its event and an id that stays the same when it is sent again.
"""

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from satuklik.base.audit import actions as audit
from satuklik.base.webhooks import addresses, rules, sealing, sending
from satuklik.base.webhooks.errors import BadHook, NotDelivered
from satuklik.base.webhooks.models import Delivery, Hook

SECRET_BYTES = 32
ERROR = 300


@transaction.atomic
def add_hook(
    agency_id: int, url: str, events: Sequence[str], *, actor: str, now: datetime
) -> tuple[Hook, str]:
    """Register an address. Returns the hook and its secret, which is shown this once. Raises BadHook."""
    problem = addresses.problem_of_url(url, private=bool(settings.WEBHOOK_ALLOW_PRIVATE))
    if problem:
        raise BadHook(problem, url)
    if not events:
        raise BadHook("no_event", url)
    if unknown := rules.unknown_events(events):
        raise BadHook("unknown_event", ", ".join(unknown))
    secret = f"whsec_{secrets.token_urlsafe(SECRET_BYTES)}"
    hook = Hook.objects.create(
        agency_id=agency_id, url=url, secret=sealing.wrap(secret), events=sorted(set(events)), created_at=now
    )
    happened = audit.Happening("webhook.added", actor, {"url": url, "events": hook.events})
    audit.record(f"webhook:{hook.pk}", [happened], at=now)
    return hook, secret


@transaction.atomic
def switch_hook(hook: Hook, *, active: bool, actor: str, now: datetime) -> Hook:
    """Switch a hook on or off; what waits for one that is off waits on."""
    hook.active = active
    hook.save(update_fields=["active"])
    kind = "webhook.switched_on" if active else "webhook.switched_off"
    audit.record(f"webhook:{hook.pk}", [audit.Happening(kind, actor)], at=now)
    return hook


def emit(
    event: str, *, agency_id: int, data: Mapping[str, Any], now: datetime, only: str = ""
) -> list[Delivery]:
    """Write a message to every active hook of the agency that asked for `event` (`only`: to the one with this
    address), in the caller's transaction: told is exactly what was committed. `data` becomes JSON; no personal data but what the receiver must have (UU 27/2022
    ps. 16(2)). Raises ValueError for an event that is not in rules.EVENTS."""
    if event not in rules.EVENTS:
        raise ValueError(f"No event is called {event!r}.")
    hooks = Hook.objects.filter(agency_id=agency_id, active=True, events__contains=[event])
    if only:
        hooks = hooks.filter(url=only)
    return [_write(hook, event, data, now) for hook in hooks]


def _write(hook: Hook, event: str, data: Mapping[str, Any], now: datetime) -> Delivery:
    from satuklik.base.webhooks import tasks

    content = json.loads(json.dumps(dict(data), cls=DjangoJSONEncoder))
    delivery = Delivery.objects.create(
        hook=hook,
        event=event,
        payload={"event": event, "occurred_at": now.isoformat(), "data": content},
        created_at=now,
        next_at=now,
    )
    tasks.send.defer(delivery_id=str(delivery.pk))
    return delivery


def deliver(delivery_id: UUID, *, now: datetime) -> Delivery | None:
    """Try one delivery that is due; None when it is not (another process has it, it is done, its hook is off)."""
    with transaction.atomic():
        delivery = (
            Delivery.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("hook")
            .filter(pk=delivery_id, status=Delivery.Status.WAITING, next_at__lte=now, hook__active=True)
            .first()
        )
        if delivery is None:
            return None
        # The attempt is counted before it is made: a process that dies in it does not try for ever.
        delivery.attempts += 1
        delivery.next_at = now + rules.LEASE
        delivery.save(update_fields=["attempts", "next_at"])
    try:
        _send(delivery, now)
    except NotDelivered as error:
        pause = rules.pause_after(delivery.attempts)
        delivery.last_error = str(error)[:ERROR]
        delivery.status = Delivery.Status.PARKED if pause is None else Delivery.Status.WAITING
        delivery.next_at = now if pause is None else now + pause
    else:
        delivery.status, delivery.delivered_at, delivery.last_error = Delivery.Status.DELIVERED, now, ""
    delivery.save(update_fields=["status", "delivered_at", "last_error", "next_at"])
    return delivery


def deliver_due(now: datetime, most: int = 100) -> int:
    """Try what is due, the oldest first. How many were tried."""
    due = Delivery.objects.filter(status=Delivery.Status.WAITING, next_at__lte=now, hook__active=True)
    tried = [deliver(pk, now=now) for pk in due.order_by("next_at").values_list("pk", flat=True)[:most]]
    return sum(delivery is not None for delivery in tried)


def try_hook(hook: Hook, *, now: datetime) -> None:
    """Send a message of the event "webhook.test" now. Raises NotDelivered with the reason."""
    payload = {"event": rules.TEST, "occurred_at": now.isoformat(), "data": {"agency": hook.agency.code}}
    _send(Delivery(hook=hook, event=rules.TEST, payload=payload, created_at=now, next_at=now), now)


@transaction.atomic
def retry(hook: Hook, *, now: datetime) -> int:
    """Start again with what is parked for this hook. How many messages."""
    from satuklik.base.webhooks import tasks

    parked = list(Delivery.objects.select_for_update().filter(hook=hook, status=Delivery.Status.PARKED))
    for delivery in parked:
        delivery.status, delivery.attempts, delivery.next_at = Delivery.Status.WAITING, 0, now
        delivery.save(update_fields=["status", "attempts", "next_at"])
        tasks.send.defer(delivery_id=str(delivery.pk))
    return len(parked)


def _send(delivery: Delivery, now: datetime) -> None:
    secret = sealing.unwrap(bytes(delivery.hook.secret))
    body = json.dumps({"id": str(delivery.pk), **delivery.payload}, ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "SatuKlik-Webhook/1",
        "Satuklik-Event": delivery.event,
        "Satuklik-Delivery": str(delivery.pk),
        "Satuklik-Signature": rules.signature(secret, int(now.timestamp()), body),
    }
    sending.post(delivery.hook.url, body, headers)
