"""Mend a returned case, or withdraw an open one."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from satuklik.base.audit import actions as audit
from satuklik.base.audit.actions import Happening
from satuklik.spine.cases import clocks, letters, registry
from satuklik.spine.cases.actions.opening import open_sign_task, open_task, set_state
from satuklik.spine.cases.actions.submitting import (
    evaluation_as_json,
    facts_as_json,
    keep_files,
    prepare_draft,
)
from satuklik.spine.cases.attachments import Upload
from satuklik.spine.cases.errors import CaseNotFound, NotNow, NotResident, RulesFailed
from satuklik.spine.cases.models import Case, Task
from satuklik.spine.cases.rules import may_follow
from satuklik.spine.population.dossier import dossier


@transaction.atomic
def mend(
    reference: str,
    *,
    person_id: int,
    answers: Mapping[str, object],
    uploads: Mapping[str, Upload],
    user_id: int,
    now: datetime,
) -> Case:
    """Send a returned case again, with mended answers; files that were handed in before stay unless replaced.

    The case keeps its service version and goes on where its clock stopped. Raises CaseNotFound, NotNow and
    what `submit` raises for bad answers.
    """
    case = own_case(reference, person_id)
    if case.state != Case.State.RETURNED:
        raise NotNow(reference, case.state)
    service = registry.pinned(case.service_version_id)
    person = dossier(person_id)
    if person is None:
        raise CaseNotFound(reference)
    if person.status != "alive":
        raise NotResident(person.status)
    today = timezone.localdate(now)
    kept = frozenset(case.attachments.values_list("question", flat=True))
    draft = prepare_draft(service, person, answers, uploads, today, kept)
    if draft.evaluation.failures:
        raise RulesFailed(draft.evaluation.failures)
    names = dict(case.attachments.order_by("id").values_list("question", "name"))
    for question in kept & draft.answers.keys():
        if draft.answers[question] == "attached":
            draft.answers[question] = names[question]
    case.answers, case.facts = draft.answers, facts_as_json(draft)
    case.evaluation, case.fee = evaluation_as_json(draft.evaluation), draft.evaluation.fee
    case.note = ""
    case.due_on = clocks.resume(case, today)
    case.save(update_fields=["answers", "facts", "evaluation", "fee"])
    keep_files(case, draft.files, now)
    if service.definition.step:
        open_task(case, service, 0, today, now)
    else:
        open_sign_task(case, service, today, now)
    set_state(case, Case.State.IN_REVIEW, now)
    audit.record(
        f"case:{reference}",
        [Happening("case.mended", f"user:{user_id}", {"evaluation": case.evaluation, "due": case.due_on})],
        at=now,
    )
    letters.tell_applicant(case, service, now=now)
    return case


@transaction.atomic
def withdraw(reference: str, *, person_id: int, user_id: int, now: datetime) -> Case:
    """Take back a matter that is not decided yet. Raises CaseNotFound and NotNow."""
    case = own_case(reference, person_id)
    if not may_follow(case.state, "withdrawn"):
        raise NotNow(reference, case.state)
    Task.objects.filter(case=case, done_at=None).update(done_at=now)
    clocks.stop(case, timezone.localdate(now))
    set_state(case, Case.State.WITHDRAWN, now)
    audit.record(f"case:{reference}", [Happening("case.withdrawn", f"user:{user_id}")], at=now)
    return case


def own_case(reference: str, person_id: int) -> Case:
    """The locked case of this person. Raises CaseNotFound also when it is somebody else's."""
    case = Case.objects.select_for_update().filter(reference=reference, person_id=person_id).first()
    if case is None:
        raise CaseNotFound(reference)
    return case
