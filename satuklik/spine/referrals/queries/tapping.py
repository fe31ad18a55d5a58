"""What a one-tap link leads to."""

from dataclasses import dataclass
from datetime import datetime

from satuklik.base.agencies import queries as agencies
from satuklik.spine.referrals import links, rules
from satuklik.spine.referrals.errors import LinkExpired, NoSuchLink
from satuklik.spine.referrals.models import Hop


@dataclass(frozen=True)
class Tapped:
    """A link's hop. `may_answer`: a short answer may be typed here; `question`: with numbers and addresses covered,
    "" where it is confidential or not acknowledged yet."""

    hop: Hop
    may_answer: bool
    question: str


LONGEST_TOKEN = 100


def tapped(token: str, now: datetime) -> Tapped:
    """The hop of this token. Raises NoSuchLink; LinkExpired (its time is over, the matter was recalled, or whoever
    got it holds the office no longer)."""
    if len(token) > LONGEST_TOKEN:
        raise NoSuchLink
    hop = (
        Hop.objects.select_related(
            "referral__agency",
            "referral__term",
            "referral__asked_by__agency",
            "official__agency",
            "official__user",
        )
        .filter(token_sha256=links.digest(token))
        .first()
    )
    if hop is None or hop.official is None:
        raise NoSuchLink
    if hop.token_expires_at is None or hop.token_expires_at <= now:
        raise LinkExpired(hop.token_expires_at)
    referral = hop.referral
    if referral.state == rules.RECALLED:
        raise LinkExpired(referral.ended_at)
    if not _still_holds(hop, now):
        raise LinkExpired(now)
    waiting, own = referral.state in rules.WAITING, hop.post != rules.BOARD
    shown = waiting and not referral.confidential and hop.acknowledged_at is not None
    return Tapped(
        hop=hop,
        may_answer=shown and own,
        question=rules.without_personal_data(referral.question) if shown else "",
    )


def _still_holds(hop: Hop, now: datetime) -> bool:
    """Whether whoever got the link still stands where it found him: a link is no inheritance."""
    official = hop.official
    assert official is not None
    if not agencies.in_office(official, now):
        return False
    if hop.post == rules.BOARD:
        return True
    return agencies.works_for(official, hop.referral.agency_id, now)
