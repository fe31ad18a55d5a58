"""Write a naskah: a draft, its changes, its end."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from satuklik.base.files import actions as files
from satuklik.base.postgres.queries import rows
from satuklik.systems.correspondence import catalogue, rules
from satuklik.systems.correspondence.actions.opening import (
    change,
    in_office,
    locked,
    record,
    require,
    require_part,
    touch,
)
from satuklik.systems.correspondence.actions.submitting import drop_open_steps
from satuklik.systems.correspondence.errors import (
    ChangedMeanwhile,
    NaskahNotFound,
    NotYours,
    ReasonMissing,
    WrongState,
)
from satuklik.systems.correspondence.models import Incoming, Naskah, Recipient
from satuklik.systems.correspondence.queries.reading import may_read_incoming
from satuklik.systems.correspondence.rules import To
from satuklik.systems.correspondence.typed import Check, check_pdf, remark

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Agency, Official
    from satuklik.spine.signing.placement import Placement

_NEXT_ID = "SELECT nextval(pg_get_serial_sequence('correspondence_naskah', 'id'))"


@transaction.atomic
def create(
    kind: str,
    *,
    by: "Official",
    now: datetime,
    subject: str,
    classification: str,
    urgency: str,
    secrecy: str,
    content: Mapping[str, Any],
    recipients: Sequence[To],
    answers: Incoming | None = None,
    signed_for: "Agency | None" = None,
    signer: "Official | None" = None,
) -> Naskah:
    """A new draft of the template `kind`. Without `signed_for` the head of the drafter's office signs; with `signer`,
    that official in his own name. Required fields may still be empty: `submit` asks for them. Raises UnknownKind,
    NotYours, BadContent (what can never be right: too long, no such code, not printable)."""
    template = catalogue.kind(kind)
    check = Check()
    check.content(template, content, complete=False, now=now)
    return _create(
        check, template, by=by, now=now, subject=subject, classification=classification, urgency=urgency,
        secrecy=secrecy, recipients=recipients, answers=answers, signed_for=signed_for, signer=signer,
        content=dict(content),
    )  # fmt: skip


@transaction.atomic
def create_upload(
    pdf: bytes,
    *,
    by: "Official",
    now: datetime,
    subject: str,
    classification: str,
    urgency: str,
    secrecy: str,
    recipients: Sequence[To],
    placement: "Placement | None" = None,
    answers: Incoming | None = None,
    signed_for: "Agency | None" = None,
    signer: "Official | None" = None,
) -> Naskah:
    """A new draft whose PDF was made elsewhere; `placement`: where the visible signature will stand. Raises BadUpload,
    NotYours, BadContent."""
    check_pdf(pdf)
    return _create(
        Check(), None, by=by, now=now, subject=subject, classification=classification, urgency=urgency,
        secrecy=secrecy, recipients=recipients, answers=answers, signed_for=signed_for, signer=signer,
        uploaded_id=files.store(pdf, "application/pdf", at=now), placement=placement.facts() if placement else None,
    )  # fmt: skip


@transaction.atomic
def edit(
    naskah: Naskah, *, by: "Official", now: datetime, changed_at_seen: datetime, **fields: Any
) -> Naskah:
    """Change a draft or a returned naskah. `fields`: subject, classification, urgency, secrecy, content, recipients,
    signed_for, signer, due_on, pdf, placement; what is not named stays. `changed_at_seen`: the naskah's `changed_at`
    when the form was opened. Raises ChangedMeanwhile (with both contents), WrongState, NotYours, BadContent,
    BadUpload."""
    current = locked(naskah)
    if current.state not in rules.EDITABLE:
        raise WrongState(current.state, rules.DRAFT)
    require_part(by, current, now)
    if current.changed_at != changed_at_seen:
        raise ChangedMeanwhile(current.changed_at, theirs=_as_typed(current), mine=dict(fields))
    check = Check()
    template = None if current.kind == rules.UPLOAD else catalogue.kind(current.kind)
    if "subject" in fields:
        fields["subject"] = check.text("subject", fields["subject"], most=rules.SUBJECT_LENGTH)
    if "content" in fields and template is not None:
        check.content(template, fields["content"], complete=False, now=now)
    listed = fields.pop("recipients", None)
    made = check.recipients(listed, template) if listed is not None else None
    pdf, placement = fields.pop("pdf", None), fields.pop("placement", False)
    for name, value in fields.items():
        if name not in _CHANGEABLE:
            raise TypeError(f"edit() has no field {name!r}.")
        setattr(current, name, value)
    current.signed_for = current.signed_for or current.agency
    check.terms(classification=current.classification, urgency=current.urgency, secrecy=current.secrecy)
    check.signer(
        template, agency=current.agency, signed_for=current.signed_for, signer=current.signer,
        drafter=current.drafted_by, now=now, complete=False,
    )  # fmt: skip
    check.done()
    if template is None and pdf is not None:
        check_pdf(pdf)
        current.uploaded_id = files.store(pdf, "application/pdf", at=now)
    if template is None and placement is not False:
        current.placement = placement.facts() if placement else None
    if made is not None:
        current.recipients.all().delete()
        _keep(current, made)
    touch(current, now, *_CHANGEABLE, "uploaded", "placement")
    record(
        current,
        "edited",
        by,
        now,
        {"fields": sorted([*fields, *(["recipients"] if listed is not None else [])])},
    )
    return current


@transaction.atomic
def cancel(naskah: Naskah, *, by: "Official", now: datetime, reason: str) -> None:
    """End a naskah that was not signed. Only who drafted it, or the head or secretary. Raises WrongState, NotYours,
    ReasonMissing, StillSigning."""
    current = locked(naskah)
    require(current, rules.CANCELLED)
    require_part(by, current, now)
    reason = remark("reason", reason)
    if not reason:
        raise ReasonMissing
    drop_open_steps(current, f"naskah dibatalkan: {reason}", by, now)
    change(current, rules.CANCELLED, now)
    record(current, "cancelled", by, now, {"reason": reason})


_CHANGEABLE = (
    "subject", "classification", "urgency", "secrecy", "content", "signed_for", "signer", "due_on",
)  # fmt: skip


def _create(
    check: Check,
    template: rules.Kind | None,
    *,
    by: "Official",
    now: datetime,
    subject: str,
    classification: str,
    urgency: str,
    secrecy: str,
    recipients: Sequence[To],
    answers: Incoming | None,
    signed_for: "Agency | None",
    signer: "Official | None",
    **more: Any,
) -> Naskah:
    if not in_office(by, now):
        raise NotYours(by.name, "")
    if answers is not None and not (
        answers.agency_id == by.agency_id and may_read_incoming(by, answers, now)
    ):
        raise NaskahNotFound(str(answers.pk))
    for_office = signed_for or (signer.agency if signer else by.agency)
    subject = check.text("subject", subject, most=rules.SUBJECT_LENGTH)
    check.terms(classification=classification, urgency=urgency, secrecy=secrecy)
    check.signer(
        template, agency=by.agency, signed_for=for_office, signer=signer, drafter=by, now=now, complete=False
    )
    made = check.recipients(recipients, template)
    check.done()
    ((number,),) = rows(_NEXT_ID, [])
    naskah = Naskah.objects.create(
        pk=number,
        reference=f"ND-{timezone.localdate(now).year}-{number:06}",
        agency=by.agency,
        kind=template.slug if template else rules.UPLOAD,
        subject=subject,
        classification=classification,
        urgency=urgency,
        secrecy=secrecy,
        drafted_by=by,
        signed_for=for_office,
        signer=signer,
        answers=answers,
        created_at=now,
        changed_at=now,
        **more,
    )
    _keep(naskah, made)
    record(naskah, "created", by, now, {"kind": naskah.kind})
    return naskah


def _keep(naskah: Naskah, made: Sequence[Recipient]) -> None:
    for one in made:
        one.naskah = naskah
    Recipient.objects.bulk_create(made)


def _as_typed(naskah: Naskah) -> dict[str, Any]:
    return {name: getattr(naskah, name) for name in _CHANGEABLE} | {
        "recipients": [
            To(
                kind="to" if one.kind == "to" else "copy",
                agency_code=one.agency.code if one.agency else "",
                name=one.name,
                address=one.address,
                email=one.email,
            )
            for one in naskah.recipients.select_related("agency")
        ]
    }
