"""Lists of referrals: of a subject, for an official's desk, the silent ones."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from satuklik.base.agencies import queries as agencies
from satuklik.spine.referrals import permits, policies, recipients, rules
from satuklik.spine.referrals.errors import ReferralNotFound
from satuklik.spine.referrals.models import AgencyContact, Hop, Referral
from satuklik.spine.referrals.queries.seeing import HOPS, RELATED, ReferralView, view

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Agency, Official

MOST = 500


def of_subject(subject: str, now: datetime | None = None) -> list[ReferralView]:
    """Every referral about this subject, the first asked first, with hops and proof. `now`: for «late»."""
    at = now or timezone.now()
    return [view(one, at, proof=True) for one in _rows().filter(subject=subject).order_by("asked_at", "pk")]


def of_subjects(subjects: Iterable[str], now: datetime) -> dict[str, list[ReferralView]]:
    """The same for several subjects at once; subjects without referrals are left out."""
    found: dict[str, list[ReferralView]] = {}
    for one in _rows().filter(subject__in=list(subjects)).order_by("asked_at", "pk"):
        found.setdefault(one.subject, []).append(view(one, now))
    return found


def waiting(official: "Official", now: datetime) -> list[ReferralView]:
    """What waits for this official: of the agencies that he works for, and what a hop asked him; what is due first
    stands first, urgent before all."""
    rows = _for(official, now).order_by("urgent_until", "term__due_on", "pk")[:MOST]
    return [view(one, now) for one in rows]


def done(official: "Official", now: datetime, limit: int = 50) -> list[ReferralView]:
    """What his agencies answered or gave back, the newest first."""
    rows = _rows().filter(agency__in=agencies.offices_of(official, now)).exclude(state__in=rules.WAITING)
    return [view(one, now) for one in rows.order_by("-ended_at")[:limit]]


def counts(official: "Official", now: datetime) -> tuple[int, int]:
    """How many wait for this official, and how many of them are late."""
    counted = _for(official, now, related=False).aggregate(
        all=Count("pk"), late=Count("pk", filter=_late(now))
    )
    return counted["all"], counted["late"]


def silent(now: datetime) -> list[ReferralView]:
    """Every referral whose agency is silent: a hop passed without acknowledgement, or the answer is late."""
    rows = _rows().filter(_silent(now)).order_by("urgent_until", "term__due_on", "pk")[:MOST]
    return [view(one, now) for one in rows]


def silent_count(now: datetime) -> int:
    """How many they are."""
    return Referral.objects.filter(_silent(now)).count()


def one(reference: str, official: "Official", now: datetime) -> ReferralView:
    """The referral, for somebody who may see it. Raises ReferralNotFound."""
    found = _rows().filter(reference=reference).first()
    if found is None or not permits.may_see(official, found, now):
        raise ReferralNotFound(reference)
    return view(found, now, proof=True)


def contact_of(agency: "Agency", now: datetime) -> dict[str, object]:
    """Who would be asked at an agency now: {"row": AgencyContact or None, "contact", "deputy", "head": Recipient or
    None}."""
    policy = policies.in_force(timezone.localdate(now))
    row = AgencyContact.objects.filter(agency=agency).select_related("contact", "deputy").first()
    asked = {rule.post: recipients.find(rule, agency, now) for rule in policy.hops}
    return {"row": row, **asked}


def _for(official: "Official", now: datetime, *, related: bool = True) -> QuerySet[Referral]:
    asked = Hop.objects.filter(referral=OuterRef("pk"), official=official, skipped="")
    rows = _rows() if related else Referral.objects.all()
    return rows.filter(
        Q(agency__in=agencies.offices_of(official, now)) | Exists(asked), state__in=rules.WAITING
    )


def _rows() -> QuerySet[Referral]:
    return Referral.objects.select_related(*RELATED).prefetch_related(*HOPS)


def _late(now: datetime) -> Q:
    return Q(urgent_until__lt=now) | Q(urgent_until=None, term__due_on__lt=timezone.localdate(now))


def _silent(now: datetime) -> Q:
    return Q(state__in=rules.WAITING) & (_late(now) | Q(state=rules.OPEN, escalated=True))
