"""Who may do what with a referral."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings

from satuklik.base.agencies import queries as agencies
from satuklik.spine.referrals.models import Referral

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

# Who speaks for PPID Utama at the agency of PPID (Perki 1/2021 ps. 8–12).
UTAMA = frozenset({"ppid", "head", "secretary"})


def of_agency(official: "Official", referral: Referral, at: datetime) -> bool:
    """In office at the agency that is asked, or acting for its head."""
    return agencies.in_office(official, at) and agencies.works_for(official, referral.agency_id, at)


def is_utama(official: "Official", at: datetime) -> bool:
    """Speaks for PPID Utama: sees every referral, answers for the silent."""
    return (
        official.role in UTAMA
        and official.agency.code == settings.SATUKLIK_PPID_AGENCY
        and agencies.in_office(official, at)
    )


def is_asker(official: "Official", referral: Referral, at: datetime) -> bool:
    """Of the office that asked."""
    asked_by = referral.asked_by
    return asked_by is not None and (
        official.pk == asked_by.pk or agencies.works_for(official, asked_by.agency_id, at)
    )


def was_asked(official: "Official", referral: Referral) -> bool:
    """A hop asked this official."""
    return referral.hops.filter(official=official, skipped="").exists()


def may_see(official: "Official", referral: Referral, at: datetime) -> bool:
    """Whether the page of a referral opens: the agency, the office that asked, PPID Utama, whoever a hop asked."""
    return (
        of_agency(official, referral, at)
        or is_utama(official, at)
        or is_asker(official, referral, at)
        or was_asked(official, referral)
    )
