"""Sign, seal or refuse a PDF that waits: each is one transaction, and the application is told in it."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from satuklik.base.agencies import queries as agencies
from satuklik.base.audit import actions as audit
from satuklik.base.files import queries as files
from satuklik.base.webhooks import actions as webhooks
from satuklik.spine.documents import actions as documents
from satuklik.spine.requests.errors import (
    AlreadyDecided,
    NoMandate,
    NoSuchRequest,
    NotAsSeen,
    ReasonMissing,
)
from satuklik.spine.requests.models import SigningRequest
from satuklik.spine.requests.queries import mark_of, result_of
from satuklik.spine.signing import actions as signing
from satuklik.spine.signing import queries as uses
from satuklik.spine.signing.errors import OutcomeUnknown
from satuklik.spine.signing.placement import Placement

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

PURPOSE = documents.FOREIGN
REASON = 300
State = SigningRequest.State


@sensitive_variables("key")
@transaction.atomic
def sign_request(
    reference: str, seen: str, *, official: "Official", key: signing.UnlockedKey, now: datetime
) -> SigningRequest:
    """Sign one PDF with the official's key and register it. `seen`: what the page showed (queries.mark_of).

    The mandate is judged now: who acted for an office until a minute ago signs for it no more. Raises NoSuchRequest,
    AlreadyDecided, NotAsSeen, NoMandate and what signing raises.
    """
    request = _locked(reference, official)
    if seen != mark_of(request):
        raise NotAsSeen(reference)
    acting_as, head_title = "", ""
    if request.signed_for_id is not None:
        agency = agencies.agency_by_id(request.signed_for_id)
        signer = agencies.may_sign(official, agency, now)
        if signer is None:
            raise NoMandate(agency.name)
        acting_as, head_title = signer.acting_as, agency.head_title
    placement = Placement.from_facts(request.placement) if request.placement else None

    def close(pdf: bytes, address: str) -> signing.SignedPdf:
        return signing.sign(
            pdf, key=key, now=now, acting_as=acting_as, head_title=head_title, purpose=PURPOSE,
            reference=request.reference, placement=placement, address=address,
        )  # fmt: skip

    return _register(request, close, f"official:{official.pk}", now)


@transaction.atomic
def seal_request(reference: str, *, now: datetime) -> SigningRequest:
    """Close a PDF of an application with the seal of its agency, within the seal's permission for
    "api:<application>". Raises NoSuchRequest, AlreadyDecided, MayNotSeal, NoKey and what signing raises."""
    request = _locked(reference, None)
    if request.application is None:
        raise NoSuchRequest(reference)
    placement = Placement.from_facts(request.placement) if request.placement else None
    purpose = f"api:{request.application.name}"

    def close(pdf: bytes, address: str) -> signing.SignedPdf:
        return signing.seal(
            pdf, agency_id=request.agency_id, now=now, purpose=purpose, reference=request.reference,
            placement=placement, address=address,
        )  # fmt: skip

    return _register(request, close, f"user:{request.user_id}", now)


@transaction.atomic
def refuse(reference: str, reason: str, *, official: "Official", now: datetime) -> SigningRequest:
    """Refuse to sign, with a reason that the application is told. Raises NoSuchRequest, AlreadyDecided,
    ReasonMissing, OutcomeUnknown."""
    request = _locked(reference, official)
    if not reason.strip():
        raise ReasonMissing
    undecided = uses.undecided_use_for(reference)
    if undecided is not None:
        raise OutcomeUnknown(undecided.pk)  # it may be signed: refusing it would say the contrary
    request.state, request.reason, request.decided_at = State.REFUSED, reason.strip()[:REASON], now
    request.save(update_fields=["state", "reason", "decided_at"])
    _decided(request, "request.refused", f"official:{official.pk}", now)
    return request


def _locked(reference: str, official: "Official | None") -> SigningRequest:
    rows = SigningRequest.objects.select_for_update(of=("self",)).select_related("application", "agency")
    request = rows.filter(reference=reference, official=official).first()
    if request is None:
        raise NoSuchRequest(reference)
    if request.state not in (State.DRAFT, State.WAITING):
        raise AlreadyDecided(reference, request.state)
    return request


def _register(request: SigningRequest, close: object, actor: str, now: datetime) -> SigningRequest:
    request.document = documents.register_foreign(
        files.read(request.file_id),
        agency_id=request.signed_for_id or request.agency_id,
        title=request.title,
        reference=request.reference,
        now=now,
        close=close,  # type: ignore[arg-type]
    )
    request.state, request.decided_at = State.SIGNED, now
    request.save(update_fields=["document", "state", "decided_at"])
    _decided(request, "request.signed", actor, now)
    return request


def _decided(request: SigningRequest, kind: str, actor: str, now: datetime) -> None:
    audit.record(f"request:{request.reference}", [audit.Happening(kind, actor)], at=now)
    if request.application is None:
        return
    event = "signing.completed" if request.state == State.SIGNED else "signing.refused"
    webhooks.emit(event, agency_id=request.agency_id, data=result_of(request), now=now, only=request.callback)
