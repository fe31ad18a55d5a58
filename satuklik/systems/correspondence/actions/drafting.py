"""Write a naskah: a draft, its changes, its end."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from satuklik.systems.correspondence.models import Incoming, Naskah
from satuklik.systems.correspondence.rules import To

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Agency, Official
    from satuklik.spine.signing.placement import Placement


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
    BadContent (what can never be right: too long, no such code, not printable)."""
    raise NotImplementedError


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
    BadContent."""
    raise NotImplementedError


def edit(
    naskah: Naskah, *, by: "Official", now: datetime, changed_at_seen: datetime | None, **fields: Any
) -> Naskah:
    """Change a draft or a returned naskah. `fields`: subject, classification, urgency, secrecy, content, recipients,
    signed_for, signer, due_on, pdf, placement; what is not named stays. `changed_at_seen`: the naskah's `changed_at`
    when the form was opened. Raises ChangedMeanwhile (with both contents), WrongState, NotYours, BadContent."""
    raise NotImplementedError


def cancel(naskah: Naskah, *, by: "Official", now: datetime, reason: str) -> None:
    """End a naskah that was not signed. Only who drafted it, or the head. Raises WrongState, NotYours, ReasonMissing."""
    raise NotImplementedError
