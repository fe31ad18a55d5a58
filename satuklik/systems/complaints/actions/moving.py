"""How every act on a complaint is done: the row locked, the table asked, the step written and audited."""

from datetime import datetime
from typing import TYPE_CHECKING

from satuklik.base.audit import actions as audit
from satuklik.systems.complaints.errors import MayNot, NotFound, NotNow
from satuklik.systems.complaints.models import Complaint, Event
from satuklik.systems.complaints.rules import states
from satuklik.systems.complaints.scope import scope_of

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

HOUSE, REPORTER = "satuklik", "reporter"


def locked(complaint_id: int) -> Complaint:
    """The complaint, held until the transaction ends: two clicks at once are two turns. Raises NotFound."""
    try:
        return Complaint.objects.select_for_update().get(pk=complaint_id)
    except Complaint.DoesNotExist:
        raise NotFound(complaint_id) from None


def require(complaint: Complaint, to: str) -> None:
    """Raises NotNow where the table has no step from here to `to`."""
    if not states.may_go(complaint.state, to):
        raise NotNow(complaint.state, to)


def require_coordinator(by: "Official", now: datetime) -> None:
    """Raises MayNot where this official does not handle complaints."""
    if not scope_of(by, now).coordinates:
        raise MayNot("role")


def actor_of(by: "Official | None", otherwise: str = HOUSE) -> str:
    """How logs call who acts: never by name."""
    return f"official:{by.pk}" if by is not None else otherwise


def note(
    complaint: Complaint,
    kind: str,
    *,
    now: datetime,
    by: "Official | None" = None,
    actor: str = "",
    office: str = "",
    text: str = "",
    shown: bool = True,
) -> Event:
    """Write one step of the time line and its audit event (without the text: it may tell of people)."""
    complaint.updated_at = now
    complaint.save()
    event = Event.objects.create(
        complaint=complaint, at=now, kind=kind, state=complaint.state, official=by, text=text, shown=shown,
        office=office or (by.agency.short_name if by is not None else ""),
    )  # fmt: skip
    audit.record(
        complaint.subject,
        [audit.Happening(f"complaint.{kind}", actor or actor_of(by), {"state": complaint.state, "round": complaint.round})],
        at=now,
    )  # fmt: skip
    return event
