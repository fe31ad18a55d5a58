"""Send a draft up the hierarchy, or take it back."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from satuklik.base.agencies import queries as agencies
from satuklik.base.calendar import queries as calendar
from satuklik.base.calendar.errors import YearNotLoaded
from satuklik.base.files import actions as files
from satuklik.spine.documents import actions as documents
from satuklik.systems.correspondence import catalogue, papers, rules
from satuklik.systems.correspondence.actions import telling
from satuklik.systems.correspondence.actions.opening import (
    change,
    heads,
    locked,
    record,
    require,
    require_part,
)
from satuklik.systems.correspondence.errors import BadChain, MaySignNot, NoRecipient, StillSigning, WrongState
from satuklik.systems.correspondence.models import Naskah, Recipient, Step, Version
from satuklik.systems.correspondence.typed import check_complete

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official


TAKEN_BACK = "naskah ditarik kembali oleh penyusunnya"


@transaction.atomic
def submit(naskah: Naskah, *, by: "Official", now: datetime, chain: "Sequence[Sequence[Official]]") -> Naskah:
    """Make the version that goes up, and open its first step. `chain`: groups of parafs in order, those of one group
    side by side; may be empty. The signature comes last, exactly one. Raises BadContent, NoRecipient, BadChain,
    MaySignNot (nobody can sign for that office now), WrongState, NotYours, NotPrintable, LetterBroken."""
    current = locked(naskah)
    groups = [list(group) for group in chain if group]
    wanted = rules.IN_REVIEW if groups else rules.TO_SIGN
    require(current, wanted)
    if current.state not in rules.EDITABLE:
        raise WrongState(current.state, wanted)
    require_part(by, current, now)
    recipients = list(current.recipients.all())
    check_complete(current, recipients, now)
    _check_recipients(current, recipients)
    _check_chain(current, groups, now)
    if current.signer is None and telling.head_of(current.signed_for, now) is None:
        raise MaySignNot(current.signed_for.head_title, current.signed_for.name, now)
    version = _freeze(current, recipients, by, now)
    opened = _lay_out(current, version, groups, now)
    if current.due_on is None:
        current.due_on = _due(current.urgency, now)
    change(current, wanted, now, "version", "due_on")
    chain_ids = [[one.pk for one in group] for group in groups]
    record(
        current,
        "submitted",
        by,
        now,
        {"version": version.number, "sha256": version.file_id, "chain": chain_ids},
    )
    telling.of_steps(current, opened, now)
    return current


@transaction.atomic
def withdraw(naskah: Naskah, *, by: "Official", now: datetime) -> Naskah:
    """Who drafted it takes it back before it is signed: it is a draft again. Raises WrongState, NotYours,
    StillSigning."""
    current = locked(naskah)
    if current.state not in rules.GOING_UP:
        raise WrongState(current.state, rules.DRAFT)
    require_part(by, current, now)
    drop_open_steps(current, TAKEN_BACK, by, now)
    change(current, rules.DRAFT, now)
    record(current, "withdrawn", by, now, {"version": current.version})
    return current


def drop_open_steps(naskah: Naskah, why: str, by: "Official", now: datetime) -> None:
    """The version came no further: what was not done of its chain is dropped, what was done stays. Where its signature
    failed at a remote backend, its number is explained. Raises StillSigning."""
    actor = f"official:{by.pk}"
    documents.settle_drafted(naskah.reference, why, busy=StillSigning, actor=actor, now=now)
    naskah.steps.filter(version=naskah.version, state__in=("open", "waiting")).update(
        state=Step.State.DROPPED
    )


def _check_recipients(naskah: Naskah, recipients: Sequence[Recipient]) -> None:
    if any(one.kind == "to" for one in recipients):
        return
    if naskah.kind == rules.UPLOAD or catalogue.kind(naskah.kind).recipients == "required":
        raise NoRecipient


def _check_chain(naskah: Naskah, groups: "Sequence[Sequence[Official]]", now: datetime) -> None:
    everybody = [one for group in groups for one in group]
    if len(everybody) > rules.MOST_STEPS:
        raise BadChain(_("Paling banyak %(most)s paraf.") % {"most": rules.MOST_STEPS})
    seen: set[int] = set()
    for one in everybody:
        if one.pk in seen:
            raise BadChain(
                _("%(name)s tercantum dua kali. Setiap pejabat memberi paraf sekali.") % {"name": one.name}
            )
        seen.add(one.pk)
        if one.pk == naskah.signer_id:
            raise BadChain(
                _("%(name)s menandatangani naskah ini, jadi tidak perlu memberi paraf.") % {"name": one.name}
            )
        if not agencies.in_office(one, now):
            raise BadChain(
                _("%(name)s tidak lagi menjabat. Ganti dengan pejabat yang menjabat.") % {"name": one.name}
            )


def _freeze(naskah: Naskah, recipients: Sequence[Recipient], by: "Official", now: datetime) -> Version:
    said = papers.snapshot(naskah, recipients)
    paper = papers.paper(said)
    pdf = paper.pdf or documents.draft(
        paper, agency=naskah.signed_for, signer=papers.capacity(naskah, now), now=now
    )
    last = naskah.versions.order_by("-number").values_list("number", flat=True).first() or 0
    naskah.version = last + 1
    return Version.objects.create(
        naskah=naskah,
        number=naskah.version,
        content=said,
        file_id=files.store(pdf, "application/pdf", at=now),
        made_by=by,
        made_at=now,
    )


def _lay_out(
    naskah: Naskah, version: Version, groups: "Sequence[Sequence[Official]]", now: datetime
) -> list[Step]:
    """Write the steps of the version; those that are open at once."""
    steps = []
    for order, group in enumerate(groups, 1):
        for one in group:
            # A head initials as the head, whoever that is when it comes to him: also who acts for him.
            head = one.role == "head" and heads(one, one.agency, now) is not None
            steps.append(
                Step(
                    naskah=naskah,
                    version=version.number,
                    order=order,
                    kind=Step.Kind.PARAF,
                    official=None if head else one,
                    agency_id=one.agency_id,
                )
            )
    steps.append(
        Step(
            naskah=naskah,
            version=version.number,
            order=len(groups) + 1,
            kind=Step.Kind.SIGN,
            official=naskah.signer,
            agency=naskah.signed_for,
        )
    )
    opened = [step for step in steps if step.order == 1]
    for step in opened:
        step.state, step.opened_at = Step.State.OPEN, now
    Step.objects.bulk_create(steps)
    return opened


def _due(urgency: str, now: datetime) -> object:
    """The day by which it should be signed; None past the loaded calendar."""
    try:
        return calendar.working_days().due(
            timezone.localdate(now), catalogue.current().urgencies[urgency].days
        )
    except YearNotLoaded:
        return None
