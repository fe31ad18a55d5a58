"""Who may read what."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from satuklik.base.agencies import queries as agencies
from satuklik.base.audit import queries as audit
from satuklik.systems.correspondence import rules
from satuklik.systems.correspondence.models import Disposition, Incoming, Naskah, Step

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official


def may_read(official: "Official", naskah: Naskah, now: datetime | None = None) -> bool:
    """biasa: everybody of the office. terbatas: who drafted it, who is or was in its chain, the offices that received
    it. rahasia, sangat rahasia: the same, where of a recipient's office only its head (or who acts for him), and
    whoever took a disposition of it."""
    moment = now or timezone.now()
    if not agencies.in_office(official, moment):
        return False
    offices = agencies.offices_of(official, moment)
    deliveries = list(naskah.deliveries.filter(agency__in=offices).select_related("agency"))
    return rules.may_read(
        naskah.secrecy,
        in_chain=in_chain(official, naskah, moment),
        of_office=naskah.agency_id in offices or naskah.signed_for_id in offices,
        takes_part=Disposition.objects.filter(
            Q(taker=official) | Q(giver=official), incoming__naskah=naskah
        ).exists(),
        heads_recipient=any(agencies.may_sign(official, one.agency, moment) for one in deliveries),
        of_recipient=bool(deliveries),
    )


def may_read_incoming(official: "Official", incoming: Incoming, now: datetime | None = None) -> bool:
    """The same for a letter that came in: biasa, terbatas: everybody of the office that received it. Secret ones: its
    head (or who acts for him), who registered it, who gave or took a disposition of it."""
    moment = now or timezone.now()
    if not agencies.in_office(official, moment):
        return False
    of_office = incoming.agency_id in agencies.offices_of(official, moment)
    return rules.may_read(
        incoming.entry.secrecy,
        in_chain=False,
        of_office=of_office,
        takes_part=incoming.dispositions.filter(Q(taker=official) | Q(giver=official)).exists()
        or (of_office and _registered(official, incoming)),
        heads_recipient=of_office and agencies.may_sign(official, incoming.agency, moment) is not None,
        of_recipient=of_office,
    )


def in_chain(official: "Official", naskah: Naskah, now: datetime) -> bool:
    """Whether he drafted it, or a step of it is or was his, also as who acts for a head now."""
    if official.pk in (naskah.drafted_by_id, naskah.signer_id):
        return True
    steps = list(naskah.steps.select_related("agency"))
    if any(official.pk in (step.official_id, step.done_by_id) for step in steps):
        return True
    offices = {
        step.agency_id: step.agency
        for step in steps
        if step.official_id is None and step.state == Step.State.OPEN
    }
    return any(agencies.may_sign(official, office, now) for office in offices.values())


def readable(official: "Official", found: QuerySet[Naskah], now: datetime) -> QuerySet[Naskah]:
    """Of these naskah, those that `may_read` allows: the same rule as a condition of the database."""
    offices = agencies.offices_of(official, now)
    headed = [agency.pk for agency in agencies.may_sign_for(official, now)]
    steps = Step.objects.filter(naskah=OuterRef("pk"))
    mine = steps.filter(
        Q(official=official)
        | Q(done_by=official)
        | Q(official=None, state=Step.State.OPEN, agency__in=headed)
    )
    arrived = Incoming.objects.filter(naskah=OuterRef("pk"))
    taken = Disposition.objects.filter(Q(taker=official) | Q(giver=official), incoming__naskah=OuterRef("pk"))
    personal = Q(drafted_by=official) | Q(signer=official) | Exists(mine) | Exists(taken)
    personal |= Exists(arrived.filter(agency__in=headed))
    restricted = ~Q(secrecy__in=rules.SECRET) & Exists(arrived.filter(agency__in=offices))
    open_ = Q(secrecy="biasa") & (Q(agency__in=offices) | Q(signed_for__in=offices))
    return found.filter(personal | restricted | open_)


def readable_incoming(official: "Official", found: QuerySet[Incoming], now: datetime) -> QuerySet[Incoming]:
    """Of these incoming letters, those that `may_read_incoming` allows."""
    offices = agencies.offices_of(official, now)
    headed = [agency.pk for agency in agencies.may_sign_for(official, now)]
    taken = Disposition.objects.filter(Q(taker=official) | Q(giver=official), incoming=OuterRef("pk"))
    open_ = Q(agency__in=offices) & ~Q(entry__secrecy__in=rules.SECRET)
    return found.filter(open_ | Q(agency__in=headed) | Exists(taken))


def _registered(official: "Official", incoming: Incoming) -> bool:
    """Whether he wrote it into the register at the counter, and so has seen it."""
    if incoming.naskah_id is not None:
        return False
    events = audit.events_of(f"incoming:{incoming.pk}")
    return (
        bool(events)
        and events[0].kind == "incoming.registered"
        and events[0].actor == f"official:{official.pk}"
    )
