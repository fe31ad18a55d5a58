"""Write to the event log, and close its blocks."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

from satuklik.base.audit import witness
from satuklik.base.audit.models import Block, Event
from satuklik.base.postgres import queries
from satuklik.base.postgres.actions import insert
from satuklik.kernel.hashchain import ROOT, link


@dataclass(frozen=True)
class Happening:
    """One event to be written: its kind ("case.submitted"), who did it, and what is worth keeping."""

    kind: str
    actor: str
    data: Mapping[str, object] = field(default_factory=dict)


def record(stream: str, happenings: Sequence[Happening], *, at: datetime, new: bool = False) -> list[Event]:
    """Append `happenings` to `stream` in the caller's transaction.

    `new` says that the stream begins here, which saves a look-up. Two writers of one stream take turns.
    """
    seq, previous = (0, ROOT) if new else _end_of(stream)
    rows = []
    for happening in happenings:
        seq += 1
        data = json.loads(json.dumps(dict(happening.data), cls=DjangoJSONEncoder))
        event = Event(stream=stream, seq=seq, kind=happening.kind, actor=happening.actor, at=at, data=data)
        event.previous = previous
        event.hash = previous = link(previous, content(event))
        insert(event)
        rows.append(event)
    return rows


def content(event: Event) -> dict[str, object]:
    """What an event's hash covers."""
    return {
        "stream": event.stream,
        "seq": event.seq,
        "kind": event.kind,
        "actor": event.actor,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "data": event.data,
    }


@transaction.atomic
def close_block(*, at: datetime) -> Block | None:
    """Chain all events since the last block into a new one; None where there are none."""
    with connection.cursor() as cursor:
        # Waits for writers that hold a lower id and have not committed yet: a block has no holes.
        cursor.execute("LOCK TABLE audit_event IN SHARE MODE")
    last = Block.objects.order_by("-last_id").first()
    rows = Event.objects.filter(id__gt=last.last_id if last else 0).order_by("id")
    digest, ids = digest_of(rows.values_list("id", "hash").iterator(10_000))
    if not ids:
        return None
    previous = bytes(last.hash) if last else ROOT
    block = Block.objects.create(
        first_id=ids[0],
        last_id=ids[1],
        events=ids[2],
        at=at,
        previous=previous,
        hash=block_hash(previous, ids, digest),
    )
    transaction.on_commit(lambda: witness.note(block.last_id, block.hash))
    return block


def digest_of(rows: object) -> tuple[bytes, tuple[int, int, int] | None]:
    """The digest over (id, hash) rows, with (first id, last id, count), or None for no rows."""
    digest, first, last, count = hashlib.sha256(), 0, 0, 0
    for event_id, event_hash in rows:  # type: ignore[attr-defined]
        first = first or event_id
        last, count = event_id, count + 1
        digest.update(event_id.to_bytes(8, "big") + bytes(event_hash))
    return digest.digest(), (first, last, count) if count else None


def block_hash(previous: bytes, ids: tuple[int, int, int], digest: bytes) -> bytes:
    """The hash of a block."""
    return link(previous, {"first": ids[0], "last": ids[1], "events": ids[2], "digest": digest.hex()})


def _end_of(stream: str) -> tuple[int, bytes]:
    # Until the caller commits, nobody else finds the end of this stream: two writers are two turns.
    queries.rows("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"audit:{stream}"])
    last = Event.objects.filter(stream=stream).order_by("-seq").values_list("seq", "hash").first()
    return (last[0], bytes(last[1])) if last else (0, ROOT)
