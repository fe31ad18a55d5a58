"""Give a case to the office: a task waits for whoever may do it; a case moves to its next state."""

from datetime import date, datetime

from satuklik.base.postgres.actions import insert
from satuklik.spine.cases import clocks
from satuklik.spine.cases.models import Case, Task
from satuklik.spine.cases.registry import Published
from satuklik.spine.cases.rules import CLOSED


def open_sign_task(case: Case, service: Published, today: date, now: datetime) -> None:
    """Let the head of the office sign what is decided already, by the service's own step or, where it has none, as
    the head."""
    step = next((step for step in service.definition.step if step.name == "sign"), None)
    roles = list(step.roles) if step else ["head"]
    task = Task(case=case, agency_id=case.agency_id, step="sign", roles=roles, created_at=now)
    task.due_on = clocks.due(today, step.days if step else service.definition.deadline.days)
    insert(task)


def open_task(case: Case, service: Published, index: int, today: date, now: datetime) -> None:
    """Give the case to the office: the service's step number `index` waits."""
    step = service.definition.step[index]
    task = Task(case=case, agency_id=case.agency_id, step=step.name, roles=list(step.roles), created_at=now)
    task.due_on = clocks.due(today, step.days)
    insert(task)


def set_state(case: Case, state: str, now: datetime) -> None:
    """Move a case to `state`; closed states end it."""
    case.state = state
    case.closed_at = now if state in CLOSED else None
    case.save(update_fields=["state", "closed_at", "note", "due_on"])
