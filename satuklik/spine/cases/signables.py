"""Which letters of cases wait for a signature, and what an official has signed: what the signing desk asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from satuklik.base.agencies import queries as agencies
from satuklik.spine.cases import registry
from satuklik.spine.cases.models import Case, Decision, Task
from satuklik.spine.cases.registry import Published
from satuklik.spine.documents import queries as documents
from satuklik.spine.documents.queries import IssuedDocument


@dataclass(frozen=True)
class ToSign:
    """A case whose letter this official may sign now."""

    case: Case
    service: Published
    task_id: int
    """What stands for the content that he sees: a case that is mended gets another task."""
    agency: agencies.Agency


def to_sign(
    official: agencies.Official, references: Sequence[str] | None, now: datetime, limit: int = 200
) -> list[ToSign]:
    """Those of `references` whose letters the official may sign now, also before anybody examined them; without
    `references` all that only lack the signature. What is due first comes first. Two queries."""
    offices = {agency.pk: agency for agency in agencies.may_sign_for(official, now)}
    rows = Task.objects.filter(done_at=None, case__agency_id__in=offices, case__closed_at=None)
    if references is None:
        rows = rows.filter(case__state=Case.State.GRANTED)
    else:
        rows = rows.filter(case__reference__in=[name for name in references if "\x00" not in name])
    found = []
    for task in rows.select_related("case__person", "case__service_version").order_by(
        "case__due_on", "case__reference"
    )[:limit]:
        service = registry.pinned(task.case.service_version_id)
        if service.definition.letter is not None:
            found.append(ToSign(task.case, service, task.pk, offices[task.case.agency_id]))
    return found


def signed_by(reference: str, official: agencies.Official, since: datetime) -> IssuedDocument | None:
    """The letter of a case that this official has signed after `since`."""
    signed = Decision.objects.filter(
        case__reference=reference,
        case__state=Case.State.ISSUED,
        official=official,
        outcome="grant",
        at__gt=since,
    )
    return documents.by_case(reference) if signed.exists() else None
