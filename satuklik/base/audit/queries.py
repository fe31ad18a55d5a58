"""Read the event log and prove that nobody changed it."""

from dataclasses import dataclass
from datetime import datetime

from satuklik.base.audit import witness
from satuklik.base.audit.actions import block_hash, content, digest_of
from satuklik.base.audit.models import Block, Event
from satuklik.kernel.hashchain import ROOT, link

MOST_PROBLEMS = 100


@dataclass(frozen=True)
class Verification:
    """The outcome of a check of the whole log; `problems` are sentences, at most 100 of them."""

    events: int
    blocks: int
    uncovered: int
    """Events that are newer than the last block."""
    witnessed: int
    """Blocks that the witness beside the database names; 0: there is no witness, or no block yet."""
    problems: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """True when nothing is wrong."""
        return not self.problems


def events_of(stream: str) -> list[Event]:
    """The events of a stream, oldest first."""
    return list(Event.objects.filter(stream=stream).order_by("seq"))


def newest_moment() -> datetime | None:
    """When the newest event was written; None in an empty log."""
    return Event.objects.order_by("-id").values_list("at", flat=True).first()


def verify() -> Verification:
    """Recompute every hash of every stream and of every block."""
    problems: list[str] = []
    events = _check_streams(problems)
    blocks, last_id = _check_blocks(problems)
    seen = witness.lines()
    there = {last: bytes(found).hex() for last, found in Block.objects.values_list("last_id", "hash")}
    problems += [
        f"the witness saw a block up to event {last} that is not there or was changed"
        for last, found in seen
        if there.get(last) != found
    ]
    uncovered = Event.objects.filter(id__gt=last_id).count()
    return Verification(events, blocks, uncovered, len(seen), tuple(problems[:MOST_PROBLEMS]))


def _check_streams(problems: list[str]) -> int:
    count, stream, seq, previous = 0, "", 0, ROOT
    for event in Event.objects.order_by("stream", "seq").iterator(5_000):
        count += 1
        if event.stream != stream:
            stream, seq, previous = event.stream, 0, ROOT
        if event.seq != seq + 1:
            problems.append(f"{stream}: event {seq + 1} is missing")
        elif bytes(event.previous) != previous:
            problems.append(f"{stream}: event {event.seq} does not follow event {seq}")
        if link(bytes(event.previous), content(event)) != bytes(event.hash):
            problems.append(f"{stream}: event {event.seq} ({event.kind}) was changed")
        seq, previous = event.seq, bytes(event.hash)
    return count


def _check_blocks(problems: list[str]) -> tuple[int, int]:
    count, previous, last_id = 0, ROOT, 0
    for block in Block.objects.order_by("last_id"):
        count += 1
        rows = Event.objects.filter(id__gt=last_id, id__lte=block.last_id).order_by("id")
        digest, ids = digest_of(rows.values_list("id", "hash").iterator(10_000))
        stated = (block.first_id, block.last_id, block.events)
        if bytes(block.previous) != previous:
            problems.append(f"block {block.pk} does not follow the block before it")
        if ids != stated:
            found = ids[2] if ids else 0
            problems.append(f"block {block.pk} covers {block.events} events, {found} are there")
        if block_hash(bytes(block.previous), stated, digest) != bytes(block.hash):
            problems.append(f"block {block.pk} (events {block.first_id}–{block.last_id}) was changed")
        previous, last_id = bytes(block.hash), block.last_id
    return count, last_id
