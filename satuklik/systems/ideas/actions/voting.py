"""Rounds of votes within a budget: one proven person, one ballot, changeable until the end, counted once.

Secrecy: `Voter` says who has voted, `Ballot` says what was chosen. A ballot is found again (to change it) by an HMAC of
the person under a key of the round, which is sealed; a dump of the database alone connects nobody with a ballot. When
the round is counted, the key is destroyed and the ballots are written anew in random order under random marks.
"""

import hashlib
import hmac
import os
import secrets
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from satuklik.base.audit import actions as audit
from satuklik.base.sealing import actions as sealing
from satuklik.systems.ideas.actions.moving import go, locked, note, require_coordinator, tell_author
from satuklik.systems.ideas.actions.supporting import PROVEN
from satuklik.systems.ideas.errors import MayNot, Missing, NotFound, RoundClosed
from satuklik.systems.ideas.models import Ballot, Idea, Round, Voter
from satuklik.systems.ideas.rules import counting, states
from satuklik.systems.ideas.rules.counting import Candidate

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

PURPOSE = "ideas ballot"
ADOPTED = "Ide Anda terpilih dengan {votes} suara dan akan dikerjakan."
NOT_ADOPTED = "Ide Anda mendapat {votes} suara dan belum terpilih: {reason}"
REASONS = {
    "budget": "Sisa anggaran putaran ini tidak cukup untuk biayanya.",
    "votes": "Tidak ada yang memilihnya pada putaran ini.",
}


@transaction.atomic
def create_round(
    *, title: str, about: str, cap: int, opens_at: datetime, closes_at: datetime, ideas: Sequence[int], by: "Official", now: datetime
) -> Round:  # fmt: skip
    """A round with these reviewed ideas. Raises MayNot, Missing (title, cap, closes_at, ideas), NotNow."""
    require_coordinator(by, now)
    rows = [locked(pk) for pk in sorted(set(ideas))]
    wrong = {}
    if not title.strip():
        wrong["title"] = "missing"
    if cap <= 0:
        wrong["cap"] = "missing"
    if closes_at <= opens_at or closes_at <= now:
        wrong["closes_at"] = "order"
    if len(rows) < 2:
        wrong["ideas"] = "few"
    elif any((row.cost or 0) > cap for row in rows):
        wrong["ideas"] = "cost"
    if wrong:
        raise Missing(**wrong)
    made = Round.objects.create(
        title=title.strip()[:120], about=about.strip(), cap=cap, opens_at=opens_at, closes_at=closes_at
    )
    made.sealed_key = sealing.seal(os.urandom(32), purpose=PURPOSE, owner=f"round:{made.pk}")
    made.save(update_fields=["sealed_key"])
    for row in rows:
        go(row, states.VOTE)
        row.round, row.votes = made, None
        note(row, "vote", now=now, by=by, text=made.title)
    _audit(made, "round_created", by, now)
    return made


@transaction.atomic
@sensitive_variables()
def vote(round_id: int, *, person_id: int, level: int, choices: Sequence[int], now: datetime) -> bool:
    """Cast or change a vote. True the first time. Raises MayNot below level 2, RoundClosed, counting.BadBallot."""
    if level < PROVEN:
        raise MayNot("level")
    found = _round(round_id)
    _require_open(found, now)
    candidates = candidates_of(found)
    chosen = sorted(set(choices))
    counting.check(chosen, candidates, found.cap)
    mark = _mark(found, person_id)
    # The unique row of the voter makes two clicks at once two turns.
    _, first = Voter.objects.get_or_create(round=found, person_id=person_id)
    Voter.objects.select_for_update().get(round=found, person_id=person_id)
    if first:
        Ballot.objects.create(round=found, mark=mark, choices=chosen)
    elif not Ballot.objects.filter(round=found, mark=mark).update(choices=chosen):
        raise RoundClosed("counted")
    # The counting holds the round; whoever waited for it comes too late.
    if Round.objects.filter(pk=round_id).exclude(counted_at=None).exists():
        raise RoundClosed("counted")
    return first


def choices_of(round_id: int, person_id: int) -> list[int]:
    """What this person has chosen so far, to show it to the person alone; [] where nothing, or after the counting."""
    found = _round(round_id)
    if found.sealed_key is None:
        return []
    row = Ballot.objects.filter(round=found, mark=_mark(found, person_id)).first()
    return list(row.choices) if row is not None else []


@transaction.atomic
def count(round_id: int, *, by: "Official", now: datetime) -> Round:
    """Count a round that is over: ideas are adopted or not, with the reason; ballots lose their marks. Once."""
    require_coordinator(by, now)
    # The rows of the ideas come before the round's, as where a round is made.
    ideas = {
        pk: locked(pk)
        for pk in Idea.objects.filter(round=round_id, state=states.VOTE)
        .order_by("pk")
        .values_list("pk", flat=True)
    }
    found = Round.objects.select_for_update().filter(pk=round_id).first()
    if found is None:
        raise NotFound(round_id)
    if found.counted_at is not None:
        raise RoundClosed("counted")
    if now < found.closes_at:
        raise RoundClosed("early")
    ballots = [list(row) for row in Ballot.objects.filter(round=found).values_list("choices", flat=True)]
    for one in counting.count(ballots, list(candidates_of(found).values()), found.cap):
        _conclude(ideas[one.key], one, by, now)
    _forget(found, ballots)
    found.counted_at, found.ballots_counted, found.sealed_key = now, len(ballots), None
    found.save(update_fields=["counted_at", "ballots_counted", "sealed_key"])
    _audit(found, "round_counted", by, now, ballots=len(ballots))
    return found


def _conclude(idea: Idea, one: counting.Outcome, by: "Official", now: datetime) -> None:
    go(idea, states.ADOPTED if one.adopted else states.NOT_ADOPTED)
    idea.votes, idea.outcome = one.votes, one.why
    idea.reason = "" if one.adopted else REASONS[one.why]
    note(idea, "adopted" if one.adopted else "not_adopted", now=now, by=by, text=idea.reason)
    told = ADOPTED if one.adopted else NOT_ADOPTED
    tell_author(idea, told.format(votes=one.votes, reason=idea.reason), now=now, by=by)


def _forget(found: Round, ballots: list[list[int]]) -> None:
    """Write the ballots anew: other ids, other marks, in an order that says nothing."""
    Ballot.objects.filter(round=found).delete()
    mixed = list(ballots)
    secrets.SystemRandom().shuffle(mixed)
    Ballot.objects.bulk_create(
        [
            Ballot(id=uuid.uuid4(), round=found, mark=secrets.token_hex(32), choices=choices)
            for choices in mixed
        ],
        batch_size=1_000,
    )


@transaction.atomic
def call_off(round_id: int, *, by: "Official", reason: str, now: datetime) -> None:
    """End a round without counting it; its ideas may stand in another one, and its ballots are destroyed."""
    require_coordinator(by, now)
    if not reason.strip():
        raise Missing(reason="missing")
    ideas = [
        locked(pk)
        for pk in Idea.objects.filter(round=round_id, state=states.VOTE)
        .order_by("pk")
        .values_list("pk", flat=True)
    ]
    found = Round.objects.select_for_update().filter(pk=round_id).first()
    if found is None:
        raise NotFound(round_id)
    if found.counted_at is not None:
        raise RoundClosed("counted")
    for idea in ideas:
        go(idea, states.READY)
        idea.round = None
        note(idea, "called_off", now=now, by=by, text=reason.strip())
    Ballot.objects.filter(round=found).delete()
    found.counted_at, found.ballots_counted, found.sealed_key = now, 0, None
    found.save(update_fields=["counted_at", "ballots_counted", "sealed_key"])
    _audit(found, "round_called_off", by, now)


def candidates_of(found: Round) -> dict[int, Candidate]:
    """The ideas of a round as they are counted."""
    rows = Idea.objects.filter(round=found).order_by("submitted_at", "pk").values_list("pk", "cost")
    return {pk: Candidate(pk, cost or 0, order) for order, (pk, cost) in enumerate(rows)}


def _round(round_id: int) -> Round:
    found = Round.objects.filter(pk=round_id).first()
    if found is None:
        raise NotFound(round_id)
    return found


def _require_open(found: Round, now: datetime) -> None:
    if found.counted_at is not None:
        raise RoundClosed("counted")
    if now < found.opens_at:
        raise RoundClosed("early")
    if now >= found.closes_at:
        raise RoundClosed("over")


@sensitive_variables()
def _mark(found: Round, person_id: int) -> str:
    if found.sealed_key is None:
        raise RoundClosed("counted")
    key = sealing.unseal(bytes(found.sealed_key), purpose=PURPOSE, owner=f"round:{found.pk}")
    return hmac.new(key, str(person_id).encode(), hashlib.sha256).hexdigest()


def _audit(found: Round, kind: str, by: "Official", now: datetime, **data: object) -> None:
    audit.record(
        f"idea-round:{found.pk}", [audit.Happening(f"idea.{kind}", f"official:{by.pk}", data)], at=now
    )
