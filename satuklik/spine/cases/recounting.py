"""Dates of open cases and tasks, counted again after the calendar changed; closed ones stay as they were."""

from datetime import date, datetime

from django.utils import timezone

from satuklik.base.audit import actions as audit
from satuklik.base.audit.actions import Happening
from satuklik.base.calendar.errors import YearNotLoaded
from satuklik.spine.cases import clocks, registry
from satuklik.spine.cases.models import Clock, Task


def recount(now: datetime) -> int:
    """Count every running clock and open task again; each case whose date moves says so in its log. How many moved."""
    clocks.forget()
    moved = 0
    running = Clock.objects.select_for_update().filter(stopped_on=None, paused_on=None, case__closed_at=None)
    for clock in running.select_related("case").order_by("pk").iterator(1_000):
        days = max(1, clock.days - clock.used_days) if clock.used_days else clock.days
        due_on = _due(clock.started_on, days)
        if due_on is None or due_on == clock.due_on:
            continue
        happened = Happening("case.recounted", "calendar", {"from": clock.due_on, "to": due_on})
        audit.record(f"case:{clock.case.reference}", [happened], at=now)
        clock.due_on = due_on
        clock.save(update_fields=["due_on"])
        if clock.case.due_on is not None:
            clock.case.due_on = due_on
            clock.case.save(update_fields=["due_on"])
        moved += 1
    for task in Task.objects.select_for_update().filter(done_at=None).select_related("case").order_by("pk"):
        definition = registry.pinned(task.case.service_version_id).definition
        step = next((step for step in definition.step if step.name == task.step), None)
        due_on = _due(timezone.localdate(task.created_at), step.days if step else definition.deadline.days)
        if due_on is not None and due_on != task.due_on:
            task.due_on = due_on
            task.save(update_fields=["due_on"])
    return moved


def _due(start: date, days: int) -> date | None:
    """None where the count reaches a year that is not loaded: then the date stays as it is."""
    try:
        return clocks.due(start, days)
    except YearNotLoaded:
        return None
