"""Take in a PDF: measured in the sandbox, kept, and put into the official's inbox."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from satuklik.base.audit import actions as audit
from satuklik.base.files import actions as files
from satuklik.base.webhooks import queries as webhooks
from satuklik.kernel import codes
from satuklik.spine.messaging import actions as messaging
from satuklik.spine.requests.errors import (
    AlreadyDecided,
    FileTooLarge,
    KeyTaken,
    NoSuchRequest,
    UnknownCallback,
)
from satuklik.spine.requests.models import SigningRequest
from satuklik.spine.requests.placing import read_placement
from satuklik.spine.signing import queries as signing

if TYPE_CHECKING:
    from satuklik.base.accounts.models import Application
    from satuklik.base.agencies.models import Agency, Official

LARGEST = 20 * 1024 * 1024
TITLE, CALLERS_REFERENCE, KEY = 160, 80, 100
DRAFTS_LIVE = timedelta(days=1)
State = SigningRequest.State


@dataclass(frozen=True)
class Caller:
    """Who brings a PDF: an account, an application where it is one's, and what a program says beside the file."""

    user: Any
    application: "Application | None" = None
    reference: str = ""
    callback: str = ""
    key: str = ""


def take_in(
    pdf: bytes,
    *,
    caller: Caller,
    official: "Official | None",
    agency: "Agency",
    title: str,
    now: datetime,
    placement: Mapping[str, str] | None = None,
    signed_for: "Agency | None" = None,
    waiting: bool = False,
) -> tuple[SigningRequest, bool]:
    """Keep a PDF that is to be signed. `placement` as placing.read_placement takes it (None: decided later, at the
    desk); `waiting`: it goes into the official's inbox, and he is told.

    Returns the request and whether it is new: the same call under the same key gives the same one. Raises
    FileTooLarge, BadPlacement, KeyTaken, UnknownCallback and signing's CannotRead.
    """
    if len(pdf) > LARGEST:
        raise FileTooLarge(len(pdf), LARGEST)
    if caller.callback and not _is_hook(caller.callback, agency):
        raise UnknownCallback(caller.callback)
    mark = _fingerprint(pdf, official, agency, placement, signed_for, waiting)
    if found := _found(caller, mark):
        return found, False
    sizes = [list(size) for size in signing.page_sizes(pdf)]
    place = read_placement(placement, sizes, _finder(pdf)) if placement is not None else None
    with transaction.atomic():
        sha256 = files.store(pdf, "application/pdf", at=now)
        made, new = SigningRequest.objects.get_or_create(
            **({"user": caller.user, "key": caller.key} if caller.key else {"reference": _reference()}),
            defaults={
                "reference": _reference(),
                "official": official,
                "agency": agency,
                "signed_for": signed_for,
                "application": caller.application,
                "user": caller.user,
                "title": title.strip()[:TITLE] or _("Dokumen tanpa judul"),
                "callers_reference": caller.reference[:CALLERS_REFERENCE],
                "callback": caller.callback,
                "file_id": sha256,
                "sizes": sizes,
                "placement": place.facts() if place else None,
                "state": State.WAITING if waiting else State.DRAFT,
                "key": caller.key[:KEY],
                "fingerprint": mark,
                "created_at": now,
            },
        )
        if not new:
            if made.fingerprint != mark:
                raise KeyTaken(caller.key)
            return made, False
        _note(made, "request.came", f"user:{caller.user.pk}", {"sha256": sha256, "state": made.state}, now)
        if waiting and official is not None:
            _tell(official, made, now)
    return made, True


@transaction.atomic
def place(
    request: SigningRequest,
    given: Mapping[str, str],
    pdf: bytes,
    *,
    signed_for: "Agency | None",
    now: datetime,
) -> SigningRequest:
    """Put the visible signature elsewhere. Raises BadPlacement, AlreadyDecided, CannotRead."""
    found = read_placement(given, request.sizes, _finder(pdf))
    locked = SigningRequest.objects.select_for_update().filter(pk=request.pk).first()
    if locked is None:
        raise NoSuchRequest(request.reference)
    if locked.state not in (State.DRAFT, State.WAITING):
        raise AlreadyDecided(locked.reference, locked.state)
    locked.placement = found.facts() if found else None
    locked.signed_for = signed_for
    locked.save(update_fields=["placement", "signed_for"])
    return locked


def throw_away_drafts(now: datetime) -> int:
    """Forget what was uploaded and never signed. How many."""
    old = SigningRequest.objects.filter(state=State.DRAFT, created_at__lt=now - DRAFTS_LIVE)
    # What a remote backend may have signed is kept until that is known.
    kept = [
        reference
        for reference in old.values_list("reference", flat=True)
        if signing.undecided_use_for(reference)
    ]
    deleted, _kinds = old.exclude(reference__in=kept).delete()
    return deleted


def _found(caller: Caller, mark: str) -> SigningRequest | None:
    if not caller.key:
        return None
    found = SigningRequest.objects.filter(user=caller.user, key=caller.key[:KEY]).first()
    if found is not None and found.fingerprint != mark:
        raise KeyTaken(caller.key)
    return found


def _finder(pdf: bytes) -> Any:
    return lambda tag, width, height: signing.find_tag(pdf, tag, width, height)


def _fingerprint(pdf: bytes, *rest: Any) -> str:
    plain = [getattr(part, "pk", part) for part in rest]
    said = json.dumps([hashlib.sha256(pdf).hexdigest(), *plain], sort_keys=True, default=dict)
    return hashlib.sha256(said.encode()).hexdigest()


def _is_hook(url: str, agency: "Agency") -> bool:
    return webhooks.hooks().filter(agency=agency, url=url, active=True).exists()


def _reference() -> str:
    """A reference that can be read out: TTE-7F3K-9Q2M (40 random bits)."""
    return f"TTE-{codes.code(secrets.token_bytes(8))}"


def _note(request: SigningRequest, kind: str, actor: str, data: Mapping[str, object], now: datetime) -> None:
    audit.record(f"request:{request.reference}", [audit.Happening(kind, actor, data)], at=now)


def _tell(official: "Official", request: SigningRequest, now: datetime) -> None:
    user = official.user
    if user is None:
        return
    with override(user.language):
        body = _("%(application)s meminta tanda tangan Anda pada “%(title)s”.") % {
            "application": request.application.name if request.application else request.user.name,
            "title": request.title,
        }
        messaging.notify(
            user, "signing.requested", _("Permintaan tanda tangan baru"), body, "/meja/tandatangan/", now
        )
