"""Hand a case to the system that issues (SIAK, OSS, SIMBG) and follow it to its end."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from satuklik.base.agencies import queries as agencies
from satuklik.base.audit import actions as audit
from satuklik.base.audit.actions import Happening
from satuklik.spine.cases import clocks, letters, registry
from satuklik.spine.cases.actions.opening import set_state
from satuklik.spine.cases.errors import CaseNotFound, NotNow, ReasonMissing
from satuklik.spine.cases.models import Case, HandOff


@transaction.atomic
def hand_over(reference: str, *, official: agencies.Official, receipt: str, now: datetime) -> HandOff:
    """Record that the case now lies in the other system under `receipt`. Raises CaseNotFound, NotNow,
    ReasonMissing (no receipt)."""
    case, handoff = _locked(reference, official, now)
    if handoff.state != "prepared":
        raise NotNow(reference, handoff.state)
    if not receipt.strip():
        raise ReasonMissing
    handoff.receipt, handoff.state, handoff.handed_at = receipt.strip()[:80], "handed_over", now
    handoff.save()
    data = {"target": handoff.target, "receipt": handoff.receipt}
    audit.record(f"case:{reference}", [Happening("handoff.done", f"official:{official.pk}", data)], at=now)
    letters.tell_applicant(case, registry.pinned(case.service_version_id), now=now)
    return handoff


@transaction.atomic
def finish_hand_off(
    reference: str, *, official: agencies.Official, success: bool, note: str, now: datetime
) -> HandOff:
    """Record how the other system ended the matter; without success `note` says why. Raises as hand_over."""
    case, handoff = _locked(reference, official, now)
    if handoff.state != "handed_over":
        raise NotNow(reference, handoff.state)
    if not success and not note.strip():
        raise ReasonMissing
    handoff.state, handoff.finished_at, handoff.note = "done" if success else "rejected", now, note.strip()
    handoff.save()
    case.note = handoff.note
    clocks.stop(case, timezone.localdate(now))
    set_state(case, Case.State.COMPLETED if success else Case.State.REFUSED, now)
    data = {"state": handoff.state, "note": handoff.note}
    audit.record(f"case:{reference}", [Happening("handoff.ended", f"official:{official.pk}", data)], at=now)
    letters.tell_applicant(case, registry.pinned(case.service_version_id), now=now)
    return handoff


def _locked(reference: str, official: agencies.Official, now: datetime) -> tuple[Case, HandOff]:
    case = Case.objects.select_for_update().filter(reference=reference).first()
    if case is None or not agencies.works_for(official, case.agency_id, now):
        raise CaseNotFound(reference)
    handoff = HandOff.objects.select_for_update().filter(case=case).first()
    if handoff is None:
        raise NotNow(reference, case.state)
    return case, handoff
