"""The signed notice goes to the applicant with proof; the information goes in the form asked for, after its cost."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from satuklik.systems.ppid import masking, rules
from satuklik.systems.ppid.actions import clocks, telling
from satuklik.systems.ppid.actions.opening import (
    change,
    locked,
    note,
    require,
    require_officer,
    require_state,
    touch,
)
from satuklik.systems.ppid.errors import BadInput, WrongState
from satuklik.systems.ppid.models import Decision, InformationRequest, Letter

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

HOW = 200


def notify(
    request: InformationRequest, *, by: "Official", now: datetime, how: str = ""
) -> InformationRequest:
    """Send the signed notice to the applicant, in the caller's transaction: every clock stops, and what needs no hands
    and no payment is delivered with it. `how`: how it was handed over where nothing was sent ("diambil langsung").
    Raises WrongState, BadInput."""
    current = locked(request)
    require_state(current, rules.DECIDED)
    decision = _decision(current)
    letter = decision.letter
    if letter.state != Letter.State.SIGNED or letter.document is None:
        raise WrongState(current.state, rules.DELIVERED)
    if current.notified_at is not None:
        return current
    in_hand = bool(how)
    given = _given_now(current, decision)
    words = _words(current, decision, letter.document.number)
    message = None
    if not in_hand:
        message = telling.applicant(
            current,
            words,
            now=now,
            by=by,
            files=[(letter.document.file_id, f"{letter.reference}.pdf"), *given],
            template="answered",
        )
        if message is None and current.delivery not in ("portal",):
            # Nobody can be written to: it must be handed over, and that is noted when it happens.
            return current
    clocks.close_all(current, actor=f"official:{by.pk}", now=now)
    current.notified_at = now
    note(
        current, "notified", now, by=by, text=how,
        data={"number": letter.document.number, "message": message, "way": "hand" if in_hand else current.delivery},
    )  # fmt: skip
    if decision.outcome == rules.NOT_HELD and decision.held_by_email:
        _tell_holder(current, decision, by, now)
    if decision.outcome in (rules.REFUSED, rules.NOT_HELD):
        change(current, rules.DELIVERED, now, "notified_at")
    elif _complete(current, decision, in_hand=in_hand):
        current.delivered_at = now
        change(current, rules.DELIVERED, now, "notified_at", "delivered_at")
        note(current, "delivered", now, by=by, data={"way": current.delivery, "message": message})
    else:
        touch(current, now, "notified_at")
    return current


@transaction.atomic
def hand_over_notice(
    request: InformationRequest, *, how: str, by: "Official", now: datetime
) -> InformationRequest:
    """The notice was handed over or posted by a person: pick-up, post, an applicant without contact. Raises NotYours,
    WrongState, BadInput."""
    require_officer(by, now)
    how = rules.tidy(how, HOW)
    if not how:
        raise BadInput([("how", _("Tulis bagaimana surat disampaikan, misalnya: diambil langsung."))])
    return notify(request, by=by, now=now, how=how)


@transaction.atomic
def record_payment(
    request: InformationRequest, *, amount: int, paid_on: date, note_text: str, by: "Official", now: datetime
) -> InformationRequest:
    """The cost of copies was paid. Raises NotYours, WrongState, BadInput."""
    require_officer(by, now)
    current = locked(request)
    require_state(current, rules.DECIDED)
    decision = _decision(current)
    problems = []
    if not decision.cost:
        problems.append(("amount", _("Permintaan ini tidak berbiaya.")))
    elif amount != decision.cost:
        problems.append(("amount", _("Jumlahnya harus sama dengan biaya yang diberitahukan.")))
    if paid_on > timezone.localdate(now):
        problems.append(("paid_on", _("Tanggal ini belum tiba.")))
    if current.paid:
        problems.append(("amount", _("Pembayaran sudah tercatat.")))
    if problems:
        raise BadInput(problems)
    current.paid, current.paid_on, current.payment_note = amount, paid_on, rules.tidy(note_text, 200)
    touch(current, now, "paid", "paid_on", "payment_note")
    note(
        current,
        "paid",
        now,
        by=by,
        text=current.payment_note,
        data={"amount": amount, "paid_on": paid_on.isoformat()},
    )
    return current


@transaction.atomic
def deliver(request: InformationRequest, *, how: str, by: "Official", now: datetime) -> InformationRequest:
    """The information is handed over: sent through the conversation, or noted how it was given. Raises NotYours,
    WrongState, BadInput."""
    require_officer(by, now)
    current = locked(request)
    require(current, rules.DELIVERED)
    decision = _decision(current)
    if current.notified_at is None:
        raise WrongState(current.state, rules.DELIVERED)
    if decision.cost and not current.paid:
        raise BadInput([("how", _("Biaya salinan belum dibayar. Catat pembayarannya lebih dahulu."))])
    how, message = rules.tidy(how, HOW), None
    if current.delivery in rules.BY_WIRE:
        words = _("Informasi untuk permintaan %(number)s kami sampaikan. Berkasnya ada di tautan ini:") % {
            "number": current.number
        }
        message = telling.applicant(current, words, now=now, by=by, files=_files(decision))
    elif not how:
        raise BadInput([("how", _("Tulis bagaimana informasi diserahkan."))])
    current.delivered_at = now
    change(current, rules.DELIVERED, now, "delivered_at")
    note(current, "delivered", now, by=by, text=how, data={"way": current.delivery, "message": message})
    return current


@transaction.atomic
def close(request: InformationRequest, *, by: "Official", now: datetime) -> InformationRequest:
    """The matter rests; an objection may still be filed. Raises NotYours, WrongState."""
    require_officer(by, now)
    current = locked(request)
    require(current, rules.CLOSED)
    current.closed_at = now
    change(current, rules.CLOSED, now, "closed_at")
    note(current, "closed", now, by=by)
    return current


def open_files(request: InformationRequest) -> bool:
    """Whether the applicant may open the files of the answer now: told, and paid where they cost."""
    if request.notified_at is None:
        return False
    decision = request.decisions.filter(in_force=True).first()
    return decision is not None and (not decision.cost or bool(request.paid))


def _decision(request: InformationRequest) -> Decision:
    return (
        request.decisions.select_for_update(of=("self",))
        .select_related("letter__document")
        .get(in_force=True)
    )


def _files(decision: Decision) -> list[tuple[str, str]]:
    return list(decision.files.order_by("pk").values_list("file_id", "name"))


def _given_now(request: InformationRequest, decision: Decision) -> list[tuple[str, str]]:
    """The files that go along with the notice: a soft copy that costs nothing."""
    wanted = request.obtain == InformationRequest.Obtain.SOFT and not decision.cost
    return _files(decision) if wanted and decision.outcome in (rules.GRANTED, rules.PARTIAL) else []


def _complete(request: InformationRequest, decision: Decision, *, in_hand: bool) -> bool:
    """Whether nothing is left to hand over once the notice is out."""
    at_once = request.delivery in rules.BY_WIRE and not in_hand
    return at_once and request.obtain == InformationRequest.Obtain.SOFT and not decision.cost


def _words(request: InformationRequest, decision: Decision, number: str) -> str:
    from satuklik.systems.ppid import words

    lines = [
        _("Permintaan informasi %(number)s: %(outcome)s.")
        % {"number": request.number, "outcome": str(words.OUTCOMES[decision.outcome]).lower()}
    ]
    if decision.outcome == rules.NOT_HELD:
        lines.append(_("Informasi itu dikuasai oleh %(holder)s.") % {"holder": decision.held_by})
    if decision.cost:
        cost = f"Rp{decision.cost:,}".replace(",", ".")
        lines.append(_("Biaya salinan %(cost)s. Informasi diserahkan sesudah dibayar.") % {"cost": cost})
    lines.append(
        _("Surat bernomor %(letter)s dan hak keberatan Anda ada di tautan ini:") % {"letter": number}
    )
    return "\n".join(lines)


def _tell_holder(request: InformationRequest, decision: Decision, by: "Official", now: datetime) -> None:
    """Another body holds it: it is told that somebody was sent its way, without saying who (ps. 22(7)b)."""
    masked = masking.mask(request.details[:1_000], names=[request.name])
    text = _(
        "PPID %(regency)s memberi tahu: kami menerima permintaan atas informasi yang Saudara kuasai, yaitu: %(details)s\n"
        "Pemohon sudah kami beri tahu bahwa ia dapat memintanya kepada Saudara. Nomor permintaan kami: %(number)s."
    ) % {"regency": settings.REGENCY_NAME, "details": masked, "number": request.number}
    message = telling.body_outside(
        decision.held_by_email, decision.held_by, text, now=now, by=by, subject=request.number
    )
    note(request, "holder_told", now, by=by, text=decision.held_by, data={"message": message})
