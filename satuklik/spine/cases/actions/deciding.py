"""Decide: an official grants, returns with what to mend, or refuses with rule and law."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from satuklik.base.agencies import queries as agencies
from satuklik.base.audit import actions as audit
from satuklik.base.audit.actions import Happening
from satuklik.spine.cases import clocks, letters, registry
from satuklik.spine.cases.actions.opening import open_task, set_state
from satuklik.spine.cases.actions.waiting import settle_pending
from satuklik.spine.cases.errors import CaseNotFound, NotEntitled, NotNow, ReasonMissing
from satuklik.spine.cases.models import Case, Decision, Task
from satuklik.spine.cases.rules import may_follow

OUTCOMES = {"grant": "granted", "return": "returned", "refuse": "refused"}


@transaction.atomic
def decide(
    reference: str,
    *,
    official: agencies.Official,
    outcome: str,
    reason: str = "",
    rule: str = "",
    law: str = "",
    task_id: int | None = None,
    now: datetime,
) -> Case:
    """Decide the open task of a case. `outcome` is grant, return or refuse.

    A grant leads to the next step, in the end to the signature. A return needs a reason that says what to
    mend; a refusal needs a reason and a rule of the service or a law (UU 30/2014 ps. 55).
    `task_id` names the task that the official saw: when another one waits by now, it is NotNow.
    Raises CaseNotFound (also for another office's case), NotNow, NotEntitled, ReasonMissing.
    """
    case, task = open_case(reference, official, now)
    if task_id is not None and task.pk != task_id:
        raise NotNow(reference, case.state)
    check_role(task, official, now)
    service = registry.pinned(case.service_version_id)
    reason, law = reason.strip(), law.strip()
    if outcome == "refuse" and rule and (named := service.definition.rule_of(rule)) is not None:
        law = law or named.law
    if (outcome != "grant" and not reason) or (outcome == "refuse" and not law):
        raise ReasonMissing
    state = OUTCOMES[outcome]
    if not (may_follow(case.state, state) or (outcome == "grant" and case.state == "granted")):
        raise NotNow(reference, case.state)
    if case.state == Case.State.GRANTED:
        settle_pending(case, reason or law, f"official:{official.pk}", now)
    finish_task(task, official, now)
    Decision.objects.create(
        case=case,
        kind="official",
        outcome=outcome,
        official=official,
        reason=reason,
        rule=rule,
        law=law,
        at=now,
    )
    today = timezone.localdate(now)
    if outcome == "grant":
        _go_on(case, service, task, today, now)
    else:
        case.note = reason
        if outcome == "return":
            clocks.pause(case, today)
        else:
            clocks.stop(case, today)
        set_state(case, state, now)
        letters.tell_applicant(case, service, now=now)
    data = {"step": task.step, "outcome": outcome, "reason": reason, "rule": rule, "law": law}
    audit.record(f"case:{reference}", [Happening("case.decided", f"official:{official.pk}", data)], at=now)
    return case


def _go_on(case: Case, service: registry.Published, task: Task, today: object, now: datetime) -> None:
    names = [step.name for step in service.definition.step]
    following = names.index(task.step) + 1 if task.step in names else len(names)
    if following >= len(names):
        raise NotNow(case.reference, "sign")  # a signature is given with a key, not with a decision
    open_task(case, service, following, today, now)  # type: ignore[arg-type]
    if case.state != Case.State.GRANTED:
        set_state(case, Case.State.GRANTED if names[following] == "sign" else Case.State.IN_REVIEW, now)


def open_case(reference: str, official: agencies.Official, now: datetime) -> tuple[Case, Task]:
    """The locked case and its open task. Raises CaseNotFound (also for other offices' cases) and NotNow."""
    case = Case.objects.select_for_update().filter(reference=reference).first()
    if case is None or not agencies.works_for(official, case.agency_id, now):
        raise CaseNotFound(reference)
    task = Task.objects.filter(case=case, done_at=None).first()
    if task is None:
        raise NotNow(reference, case.state)
    return case, task


def check_role(task: Task, official: agencies.Official, now: datetime) -> None:
    """The task's roles may act, the head (or who acts for the head) may do everything of the office. While
    somebody acts for the head, the head does not (UU 30/2014 ps. 14)."""
    if official.role in task.roles and official.role != "head":
        return
    if agencies.may_sign(official, agencies.agency_by_id(task.agency_id), now) is None:
        raise NotEntitled


def finish_task(task: Task, official: agencies.Official, now: datetime) -> None:
    """Close a task."""
    task.done_at, task.done_by = now, official
    task.save(update_fields=["done_at", "done_by"])
