"""Where a naskah is: its steps as a line of time, and for whom it waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from satuklik.systems.correspondence.queries import NaskahView, StepView

LOOKS = {"done": "done", "open": "now", "returned": "bad", "forwarded": "done"}


@dataclass(frozen=True)
class Point:
    """One point of the line, as ui/timeline.html shows it: `state` is done, now, next or bad."""

    title: str
    text: str
    at: datetime | None
    state: str
    office: str


def of(view: NaskahView) -> list[Point]:
    """From the draft to the sending, of the version in force."""
    begun = Point(_("Konsep disusun"), "", view.created_at, "done", view.drafted_by.name)
    points = [begun, *_steps(view.steps)]
    if view.state in ("draft", "returned") and view.state != "cancelled":
        points.append(Point(_("Menunggu dinaikkan penyusun"), "", None, "now", view.drafted_by.name))
    if view.state == "cancelled":
        points.append(Point(_("Dibatalkan"), "", view.changed_at, "bad", ""))
    if view.state == "signed":
        points.append(Point(_("Menunggu dikirim"), "", None, "now", view.office))
    sent = [one.delivered_at for one in (*view.to, *view.copies) if one.delivered_at]
    if view.state == "dispatched":
        points.append(Point(_("Dikirim"), "", min(sent) if sent else view.changed_at, "done", view.office))
    return points


def older(view: NaskahView) -> list[tuple[int, list[Point]]]:
    """The steps of versions that were returned or withdrawn, the newest version first."""
    numbers = sorted({step.version for step in view.older_steps}, reverse=True)
    return [
        (number, _steps([step for step in view.older_steps if step.version == number])) for number in numbers
    ]


def waiting_for(view: NaskahView) -> list[StepView]:
    """The steps that are open now: side by side where there are several."""
    return [step for step in view.steps if step.state == "open"]


def _steps(steps: Sequence[StepView]) -> list[Point]:
    orders = [step.order for step in steps if step.state not in ("forwarded", "dropped")]
    return [_point(step, together=orders.count(step.order) > 1) for step in steps if step.state != "dropped"]


def _point(step: StepView, *, together: bool) -> Point:
    what = _("Tanda tangan") if step.kind == "sign" else _("Paraf")
    if step.state == "returned":
        what = _("Dikembalikan")
    elif step.state == "forwarded":
        what = _("Paraf diteruskan")
    whom = step.done_by.name if step.done_by else step.whom
    if step.acting_as:
        whom = f"{step.acting_as}. {whom}"
    position = step.who.position if step.who else step.office
    beside = _("bersamaan") if together and step.kind == "paraf" else ""
    return Point(
        f"{what}: {whom}",
        step.note,
        step.done_at,
        LOOKS.get(step.state, "next"),
        " · ".join(part for part in (position, beside) if part),
    )
