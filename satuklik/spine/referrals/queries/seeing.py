"""A referral as pages show it, with the proof of each hop."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from satuklik.spine.messaging import queries as messaging
from satuklik.spine.referrals import rules, words
from satuklik.spine.referrals.models import Hop, Referral

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Agency
    from satuklik.base.calendar.models import Term

RELATED = ("agency", "asked_by__agency", "acknowledged_by", "ended_by__agency", "term", "suggested")
HOPS = ("hops__official",)


@dataclass(frozen=True)
class ProofView:
    """A step of a message's way, in words: «Sampai, WhatsApp»."""

    words: str
    channel: str
    at: datetime
    failed: bool


@dataclass(frozen=True)
class HopView:
    """One hop: who, when, by which way, and what is known of it. Times are aware; None: not (yet) known."""

    order: int
    post: str
    post_words: str
    name: str
    position: str
    at: datetime
    skipped: str
    """Why nobody was asked; "" where somebody was."""
    proof: tuple["ProofView", ...]
    """What is known of the message, in order; empty in lists."""
    delivered_at: datetime | None
    read_at: datetime | None
    opened_at: datetime | None
    acknowledged_at: datetime | None


@dataclass(frozen=True)
class ReferralView:
    """A referral with its hops. `silent`: the agency let a hop pass, or the answer is late, and nobody answered."""

    referral: Referral
    reference: str
    subject: str
    title: str
    question: str
    agency: "Agency"
    state: str
    state_words: str
    tone: str
    asked_at: datetime
    asked_by: str
    due_on: date | None
    urgent_until: datetime | None
    term: "Term | None"
    late: bool
    silent: bool
    waiting: bool
    last_hop_done: bool
    time_over: bool
    """Whether PPID Utama may answer on the agency's behalf without a reason."""
    next_hop_at: datetime | None
    acknowledged_at: datetime | None
    ended_at: datetime | None
    ended_by: str
    answer: str
    answer_files: tuple[str, ...]
    on_behalf: bool
    reason: str
    suggested: "Agency | None"
    confidential: bool
    url: str
    hops: tuple[HopView, ...]


def view(referral: Referral, now: datetime, *, proof: bool = False) -> ReferralView:
    """The referral as it stands at `now`; read with RELATED and HOPS it costs no further query, unless `proof` of each
    hop's message is wanted too."""
    waiting = referral.state in rules.WAITING
    due_on = referral.term.due_on if referral.term else None
    late = waiting and is_late(referral, now)
    return ReferralView(
        referral=referral,
        reference=referral.reference,
        subject=referral.subject,
        title=referral.title,
        question=referral.question,
        agency=referral.agency,
        state=referral.state,
        state_words=str(words.STATES[referral.state]),
        tone=words.TONES[referral.state],
        asked_at=referral.asked_at,
        asked_by=referral.asked_by.name if referral.asked_by else _("Sistem"),
        due_on=due_on,
        urgent_until=referral.urgent_until,
        term=referral.term,
        late=late,
        silent=waiting and (late or (referral.escalated and referral.state == rules.OPEN)),
        waiting=waiting,
        last_hop_done=waiting and referral.next_hop_at is None,
        time_over=late or (waiting and referral.next_hop_at is None),
        next_hop_at=referral.next_hop_at,
        acknowledged_at=referral.acknowledged_at,
        ended_at=referral.ended_at,
        ended_by=referral.ended_by.name if referral.ended_by else "",
        answer=referral.answer,
        answer_files=tuple(referral.answer_files),
        on_behalf=referral.on_behalf,
        reason=referral.reason,
        suggested=referral.suggested,
        confidential=referral.confidential,
        url=referral.url,
        hops=tuple(
            hop_view(hop, proof=proof) for hop in sorted(referral.hops.all(), key=lambda hop: hop.order)
        ),
    )


def is_late(referral: Referral, now: datetime) -> bool:
    """Past its urgent deadline, else past the last day of its term."""
    if referral.urgent_until is not None:
        return now > referral.urgent_until
    due_on = referral.term.due_on if referral.term else None
    return due_on is not None and timezone.localdate(now) > due_on


def hop_view(hop: Hop, *, proof: bool) -> HopView:
    """A hop, with the proof of its message."""
    steps = messaging.proof(hop.message) if proof and hop.message is not None else []
    first = {step.status: step.at for step in reversed(steps)}
    return HopView(
        order=hop.order,
        post=hop.post,
        post_words=str(words.POSTS.get(hop.post, hop.post)),
        name=hop.official.name if hop.official else "",
        position=hop.position,
        at=hop.at,
        skipped=str(words.SKIPPED[hop.skipped]) if hop.skipped else "",
        proof=tuple(
            ProofView(
                str(words.STEPS.get(step.status, step.status)),
                str(words.CHANNELS.get(step.channel, step.channel)),
                step.at,
                step.status == "failed",
            )
            for step in steps
        ),
        delivered_at=first.get("delivered"),
        read_at=first.get("read"),
        opened_at=hop.opened_at,
        acknowledged_at=hop.acknowledged_at,
    )
