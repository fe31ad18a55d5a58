"""What every action begins and ends with: who may, the row locked, the state changed, the event written."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings

from satuklik.base.audit import actions as audit
from satuklik.base.audit.actions import Happening
from satuklik.base.once import actions as once
from satuklik.base.postgres.queries import rows
from satuklik.kernel import codes, numbering
from satuklik.systems.ppid import permits, rules
from satuklik.systems.ppid.errors import NotYours, WrongState
from satuklik.systems.ppid.models import Event, InformationRequest, Objection

if TYPE_CHECKING:
    from datetime import date

    from satuklik.base.agencies.models import Official

TICK = timedelta(microseconds=1)
KEY_BYTES = 16  # 128 bits
OFFICES = {"request": "PPID", "objection": "KEB-PPID"}
_NEXT_NUMBER = """
    INSERT INTO ppid_registercounter (register, year, last) VALUES (%s, %s, 1)
    ON CONFLICT (register, year) DO UPDATE SET last = ppid_registercounter.last + 1
    RETURNING last
"""


def next_number(register: str, day: "date") -> tuple[int, str]:
    """The next serial of the register in the year of `day`, and as it is printed. Its row stays locked until the
    caller's transaction ends: no number twice, none left out."""
    ((serial,),) = rows(_NEXT_NUMBER, [register, day.year])
    printed = numbering.write(
        settings.SATUKLIK_PPID_NUMBER, code="", serial=serial, office=OFFICES[register], day=day
    )
    return int(serial), printed


def new_reference(prefix: str) -> str:
    """PI-7F3K-9Q2M: forty random bits, to be told and typed; it opens nothing."""
    return f"{prefix}-{codes.code(secrets.token_bytes(8))}"


def key_of(word: str, purpose: str) -> str:
    """The key of a tracking page: of the form's word, else of chance."""
    return once.link_key(word, purpose=purpose, size=KEY_BYTES)


def require_officer(by: "Official", now: datetime) -> None:
    """Raises NotYours unless `by` is an officer of the PPID agency."""
    if not permits.is_officer(by, now):
        raise NotYours(by.name)


def require_superior(by: "Official", now: datetime) -> None:
    """Raises NotYours unless `by` works for Atasan PPID."""
    if not permits.is_superior(by, now):
        raise NotYours(by.name)


def locked(request: InformationRequest) -> InformationRequest:
    """The request as it is now; nobody else changes it before the caller's transaction ends."""
    # Locked first, read in a second statement: what is joined to a row that had to be waited for is as old as the
    # beginning of the wait (terms that ended meanwhile, a letter that was written).
    InformationRequest.objects.select_for_update().only("pk").get(pk=request.pk)
    return InformationRequest.objects.select_related(
        "term", "term_complete", "term_check", "term_supplement", "term_order", "extension_letter__agency"
    ).get(pk=request.pk)


def locked_objection(objection: Objection) -> Objection:
    """The same for an objection."""
    Objection.objects.select_for_update().only("pk").get(pk=objection.pk)
    return Objection.objects.select_related("request", "term", "term_dispute").get(pk=objection.pk)


def require(matter: InformationRequest | Objection, wanted: str) -> None:
    """Raises WrongState unless the matter can go over into the state `wanted`."""
    table = rules.NEXT if isinstance(matter, InformationRequest) else rules.OBJECTION_NEXT
    if wanted not in table[matter.state]:
        raise WrongState(matter.state, wanted)


def require_state(matter: InformationRequest | Objection, *states: str) -> None:
    """Raises WrongState unless the matter is in one of `states`."""
    if matter.state not in states:
        raise WrongState(matter.state, states[0])


def change(matter: InformationRequest | Objection, state: str, now: datetime, *fields: str) -> None:
    """Put it into `state` (which `require` has allowed) and save it with `fields`."""
    matter.state = state
    touch(matter, now, "state", *fields)


def touch(matter: InformationRequest | Objection, now: datetime, *fields: str) -> None:
    """Save `fields`."""
    matter.changed_at = max(now, matter.changed_at + TICK)
    matter.save(update_fields=["changed_at", *fields])


def note(
    request: InformationRequest,
    kind: str,
    now: datetime,
    *,
    by: "Official | None" = None,
    actor: str = "",
    text: str = "",
    data: Mapping[str, Any] = {},
    objection: Objection | None = None,
    new: bool = False,
) -> Event:
    """Write what happened: into the matter's own log, and (without anything that a person typed) into the audit log."""
    who = f"official:{by.pk}" if by is not None else actor or "applicant"
    event = Event.objects.create(
        request=request,
        objection=objection,
        kind=kind,
        at=now,
        official=by,
        actor=who,
        note=text,
        data=dict(data),
    )
    facts = {"event": event.pk, "state": (objection or request).state, **data}
    subject = (objection or request).subject
    audit.record(subject, [Happening(f"ppid.{kind}", who, facts)], at=now, new=new)
    return event
