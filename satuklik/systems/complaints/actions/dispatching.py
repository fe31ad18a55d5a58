"""A complaint goes to the agencies that can do something about it, and their answers come back (spine.referrals)."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from satuklik.base.agencies import queries as agencies
from satuklik.kernel import masking
from satuklik.spine.referrals import actions as referrals
from satuklik.spine.referrals import queries as referral_queries
from satuklik.systems.complaints import catalogue
from satuklik.systems.complaints.actions import clocks, telling
from satuklik.systems.complaints.actions.moving import actor_of, locked, note, require, require_coordinator
from satuklik.systems.complaints.errors import Missing
from satuklik.systems.complaints.models import Complaint, Dispatch
from satuklik.systems.complaints.rules import limits, states

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official
    from satuklik.spine.referrals.models import Referral

DISPATCHED = "Laporan Anda diteruskan kepada {agencies} untuk ditindaklanjuti."
OVER = "Laporan warga ini sudah selesai; jawaban tidak diperlukan lagi."


@transaction.atomic
def dispatch(
    complaint_id: int, codes: Sequence[str], *, question: str, by: "Official", now: datetime
) -> list[Dispatch]:
    """Ask these agencies to follow it up. An agency that is asked already is not asked again; sending to further
    agencies does not begin the limit anew. Raises Missing without an agency or a question."""
    require_coordinator(by, now)
    found = {agency.code: agency for agency in agencies.agencies_by_code(codes)}
    if not found or not question.strip():
        raise Missing(
            **({} if found else {"agencies": "missing"}),
            **({} if question.strip() else {"question": "missing"}),
        )
    complaint = locked(complaint_id)
    require(complaint, states.DISPATCHED)
    waiting = set(_waiting(complaint).values_list("agency_id", flat=True))
    fresh = [found[code] for code in codes if code in found and found[code].pk not in waiting]
    today = timezone.localdate(now)
    made = []
    for agency in dict.fromkeys(fresh):
        row = Dispatch.objects.create(complaint=complaint, round=complaint.round, agency=agency, at=now)
        row.referral_id = referrals.refer(
            subject=complaint.subject, title=_title(complaint), question=question.strip(), agency=agency, asked_by=by,
            received_on=today, now=now, answer_days=catalogue.limit(limits.FOLLOW_UP, today).days,
            url=reverse("complaints:case", args=[complaint.reference]),
            files=tuple(complaint.photos.order_by("pk").values_list("file_id", flat=True)),
            confidential=complaint.is_secret or complaint.level == limits.SUPERVISORY,
        ).pk  # fmt: skip
        row.save(update_fields=["referral_id"])
        made.append(row)
    if not made:
        return []
    if complaint.term is None or complaint.state != states.DISPATCHED:
        clocks.stop_waiting(complaint, actor=actor_of(by), now=now)
        clocks.owe(complaint, limits.FOLLOW_UP, since=today, actor=actor_of(by), now=now)
    if complaint.completion is None:
        clocks.begin_completion(complaint, since=today, actor=actor_of(by), now=now)
    complaint.state = states.DISPATCHED
    names = ", ".join(row.agency.short_name for row in made)
    note(complaint, "dispatched", now=now, by=by, text=names)
    telling.tell(complaint, DISPATCHED.format(agencies=names), now=now, by=by)
    return made


@transaction.atomic
def answered(referral: "Referral", now: datetime) -> None:
    """An agency has answered. When none is waited for any more, the office owes the reporter an answer."""
    complaint, row = _of(referral)
    if row is None or row.answered_at is not None:
        return
    row.answered_at = now
    row.save(update_fields=["answered_at"])
    if (
        row.round == complaint.round
        and complaint.state == states.DISPATCHED
        and not _waiting(complaint).exists()
    ):
        complaint.state = states.FOLLOWED_UP
        clocks.owe(complaint, limits.REPLY, since=timezone.localdate(now), actor="referrals", now=now)
    note(complaint, "followed_up", now=now, actor="referrals", office=row.agency.short_name)


@transaction.atomic
def given_back(referral: "Referral", now: datetime) -> None:
    """An agency says that it is not its matter. The clock goes on: sending it astray shortens nobody's right."""
    complaint, row = _of(referral)
    if row is None or row.given_back_at is not None:
        return
    row.given_back_at = now
    row.save(update_fields=["given_back_at"])
    if (
        row.round == complaint.round
        and complaint.state == states.DISPATCHED
        and not _waiting(complaint).exists()
    ):
        asked = complaint.dispatches.filter(round=complaint.round).exclude(answered_at=None)
        complaint.state = states.FOLLOWED_UP if asked.exists() else states.VERIFIED
    note(complaint, "given_back", now=now, actor="referrals", office=row.agency.short_name, shown=False)


def recall(complaint_id: int, *, by: "Official", reason: str, now: datetime) -> None:
    """The answers of agencies are no longer needed. Before the complaint is locked: an agency that answers holds its
    referral first and the complaint second."""
    subject = f"complaint:{Complaint.objects.values_list('reference', flat=True).get(pk=complaint_id)}"
    for one in referral_queries.of_subject(subject, now):
        if one.waiting:
            referrals.recall(one.referral, by=by, reason=reason, now=now)
    Dispatch.objects.filter(complaint=complaint_id, answered_at=None, given_back_at=None).update(
        given_back_at=now
    )


def release(complaint_id: int, *, actor: str, now: datetime) -> None:
    """The complaint ends: agencies that have not answered are asked no more. Before the complaint is locked, as in
    `recall`; who then finds it in another state raises, and nothing of this holds."""
    subject = f"complaint:{Complaint.objects.values_list('reference', flat=True).get(pk=complaint_id)}"
    if referrals.release(subject, actor=actor, reason=OVER, now=now):
        Dispatch.objects.filter(complaint=complaint_id, answered_at=None, given_back_at=None).update(
            given_back_at=now
        )


def _title(complaint: Complaint) -> str:
    """What stands behind a link without login: no people, and of what is confidential only its kind."""
    if complaint.is_secret or complaint.level == limits.SUPERVISORY:
        return catalogue.category(complaint.category).name
    return masking.masked(complaint.title)


def _waiting(complaint: Complaint) -> QuerySet[Dispatch]:
    return complaint.dispatches.filter(round=complaint.round, answered_at=None, given_back_at=None)


def _of(referral: "Referral") -> tuple[Complaint, Dispatch | None]:
    reference = referral.subject.partition(":")[2]
    complaint = locked(Complaint.objects.values_list("pk", flat=True).get(reference=reference))
    row = complaint.dispatches.select_related("agency").filter(referral_id=referral.pk).first()
    return complaint, row
