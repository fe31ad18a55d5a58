"""A decree changes the calendar while matters run: open ones move and say why, closed and paused ones stay."""

from datetime import UTC, date, datetime
from typing import Any

from satuklik.base.audit.queries import events_of
from satuklik.base.calendar import actions as calendar
from satuklik.spine.cases import actions
from satuklik.spine.cases.actions.submitting import Applicant
from satuklik.spine.cases.models import Case, Clock, Task

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
DAY = {"name": "Hari Jadi Asahan", "kind": "local", "decree": "Perbup 5/2026", "actor": "user:1", "now": NOW}
ANSWERS = {
    "business_name": "Warung Sari", "business_kind": "kuliner", "business_place": "Jl. Cokroaminoto 12",
    "since": "2024-01-15", "purpose": "kur",
}  # fmt: skip


def apply(person: Any, key: str) -> Case:
    return actions.submit(
        "surat-keterangan-usaha", person_id=person.pk, answers={**ANSWERS, "business_name": key}, uploads={},
        by=Applicant(person.user.pk, 2, "portal"), key=key, language="id", now=NOW,
    ).case  # fmt: skip


def test_open_cases_and_their_tasks_move(services: None, sari: Any, pak_lurah: Any) -> None:
    moving, closed, paused = apply(sari, "a"), apply(sari, "b"), apply(sari, "c")
    Case.objects.filter(pk=closed.pk).update(closed_at=NOW)
    Clock.objects.filter(case=paused).update(paused_on=date(2026, 11, 24))
    before = Case.objects.get(pk=moving.pk).due_on
    assert before is not None
    task = Task.objects.get(case=moving)
    assert calendar.declare_holiday(date(2026, 11, 25), **DAY) == 1
    after = Case.objects.get(pk=moving.pk).due_on
    assert after is not None
    assert after > before
    assert Clock.objects.get(case=moving).due_on == after
    assert Task.objects.get(pk=task.pk).due_on > task.due_on
    assert Case.objects.get(pk=closed.pk).due_on == before
    assert Clock.objects.get(case=paused).due_on == before
    last = events_of(f"case:{moving.reference}")[-1]
    assert (last.kind, last.data) == ("case.recounted", {"from": before.isoformat(), "to": after.isoformat()})
    assert calendar.withdraw_holiday(date(2026, 11, 25), decree="Perbup 6/2026", actor="user:1", now=NOW) == 1
    assert Case.objects.get(pk=moving.pk).due_on == before
