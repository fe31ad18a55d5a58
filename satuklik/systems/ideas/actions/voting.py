"""Rounds of votes within a budget: one proven person, one ballot, changeable until the end, counted once.

Secrecy (ADR 0031, the double envelope of a postal vote). Until the count a ballot lies in the voter's own row, encrypted
under the round's key; the round's key is sealed under the vault key. The count opens all envelopes in one transaction,
writes the ballots under random ids in random order, and deletes the envelopes and the round's key.

What holds:
- A dump of the database shows who has voted. Without the vault key it shows nobody's choice: not during the round, where
  no ballot stands outside of an envelope, and not after it, where ids, order, times and transactions (xmin) of ballots
  say nothing about voters.
- After the count this database connects nobody with a ballot, with or without the vault key, once PostgreSQL has
  vacuumed the old versions of the rows away.
What does not hold:
- Until the count, whoever has the vault key and the database can open every envelope. That is who runs the server; and,
  where SATUKLIK_VAULT_KEY is not set, whoever holds a backup, for then the vault key is the secret key, and
  `satuklik backup` packs it beside the dump. A dump (or archived WAL) from within a round keeps its envelopes: with the
  vault key they open also after the count, until it is destroyed.
- A result may speak for itself: where all chose the same, everybody's choice is known.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from satuklik.base.audit import actions as audit
from satuklik.base.postgres import queries as postgres
from satuklik.base.sealing import actions as sealing
from satuklik.base.sealing.errors import SealBroken
from satuklik.systems.ideas import envelopes
from satuklik.systems.ideas.actions.moving import go, locked, note, require_coordinator, tell_author
from satuklik.systems.ideas.actions.supporting import PROVEN
from satuklik.systems.ideas.errors import EnvelopeBroken, MayNot, Missing, NotFound, RoundClosed
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
    made.sealed_key = sealing.seal(envelopes.new_key(), purpose=PURPOSE, owner=f"round:{made.pk}")
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
    found = _round_shared(round_id)
    _require_open(found, now)
    candidates = candidates_of(found)
    chosen = sorted(set(choices))
    counting.check(chosen, candidates, found.cap)
    envelope = envelopes.close(
        _key(found), chosen, round_id=found.pk, person_id=person_id, room=envelopes.room_for(candidates)
    )
    # The unique row of the voter makes two clicks at once two turns.
    _, first = Voter.objects.update_or_create(
        round=found, person_id=person_id, defaults={"envelope": envelope}
    )
    return first


@sensitive_variables()
def choices_of(round_id: int, person_id: int) -> list[int]:
    """What this person has chosen so far, to show it to the person alone; [] where nothing, or after the counting."""
    found = _round(round_id)
    row = Voter.objects.filter(round=found, person_id=person_id).first()
    if found.sealed_key is None or row is None or row.envelope is None:
        return []
    try:
        return envelopes.open_envelope(
            _key(found), bytes(row.envelope), round_id=found.pk, person_id=person_id
        )
    except EnvelopeBroken:
        return []  # the page stays readable; the count says what is wrong


@transaction.atomic
@sensitive_variables()
def count(round_id: int, *, by: "Official", now: datetime) -> Round:
    """Count a round that is over, once: ideas are adopted or not, with the reason; the ballots leave their envelopes.
    Every envelope is counted or none: raises EnvelopeBroken, RoundClosed, MayNot, NotFound."""
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
    ballots = _open_all(found)
    for one in counting.count(ballots, list(candidates_of(found).values()), found.cap):
        _conclude(ideas[one.key], one, by, now)
    _part(found, ballots)
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


@sensitive_variables()
def _open_all(found: Round) -> list[list[int]]:
    """What stands in every envelope, in an order that says nothing."""
    key = _key(found)
    rows = Voter.objects.filter(round=found).values_list("person_id", "envelope")
    ballots = [
        envelopes.open_envelope(key, bytes(envelope or b""), round_id=found.pk, person_id=person_id)
        for person_id, envelope in rows
    ]
    secrets.SystemRandom().shuffle(ballots)
    return ballots


def _part(found: Round, ballots: list[list[int]]) -> None:
    """Write the ballots without their voters, and throw the envelopes away. All rows of both tables are written by this
    one transaction: what PostgreSQL notes of it (xmin) is the same for all."""
    Voter.objects.filter(round=found).update(envelope=None)
    Ballot.objects.bulk_create(
        [Ballot(round=found, choices=choices) for choices in ballots], batch_size=1_000
    )


@transaction.atomic
def call_off(round_id: int, *, by: "Official", reason: str, now: datetime) -> None:
    """End a round without counting it; its ideas may stand in another one, and its envelopes are destroyed unopened."""
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
    Voter.objects.filter(round=found).update(envelope=None)
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


def _round_shared(round_id: int) -> Round:
    """The round; it is not counted before the caller's transaction ends, and votes do not wait for each other."""
    postgres.rows("SELECT id FROM ideas_round WHERE id = %s FOR SHARE", [round_id])
    return _round(round_id)


def _require_open(found: Round, now: datetime) -> None:
    if found.counted_at is not None:
        raise RoundClosed("counted")
    if now < found.opens_at:
        raise RoundClosed("early")
    if now >= found.closes_at:
        raise RoundClosed("over")


@sensitive_variables()
def _key(found: Round) -> bytes:
    if found.sealed_key is None:
        raise RoundClosed("counted")
    try:
        return sealing.unseal(bytes(found.sealed_key), purpose=PURPOSE, owner=f"round:{found.pk}")
    except SealBroken:
        raise EnvelopeBroken(found.pk) from None


def _audit(found: Round, kind: str, by: "Official", now: datetime, **data: object) -> None:
    audit.record(
        f"idea-round:{found.pk}", [audit.Happening(f"idea.{kind}", f"official:{by.pk}", data)], at=now
    )
