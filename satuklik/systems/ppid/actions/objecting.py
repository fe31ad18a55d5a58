"""Objections to Atasan PPID, and the dispute at the Information Commission (UU 14/2008 ps. 35–37)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from satuklik.base.agencies import queries as agencies
from satuklik.base.calendar import actions as calendar
from satuklik.base.calendar.errors import YearNotLoaded
from satuklik.base.once import actions as once
from satuklik.kernel.dates_id import long_date
from satuklik.systems.ppid import addresses, papers, parameters, permits, rules
from satuklik.systems.ppid.actions import clocks, telling
from satuklik.systems.ppid.actions.deciding import drop, tell_signer, write
from satuklik.systems.ppid.actions.opening import (
    change,
    key_of,
    locked,
    locked_objection,
    new_reference,
    next_number,
    note,
    require,
    require_officer,
    require_state,
    require_superior,
    touch,
)
from satuklik.systems.ppid.actions.receiving import GivenFile, add_files, named, store_files
from satuklik.systems.ppid.errors import AlreadyThere, BadInput, TooEarly, WrongState
from satuklik.systems.ppid.models import InformationRequest, Letter, Objection

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official


@dataclass(frozen=True)
class Proxy:
    """Who files for the applicant."""

    name: str
    address: str = ""
    contact: str = ""


@transaction.atomic
def file_objection(
    request: InformationRequest,
    *,
    ground: str,
    reason: str,
    received_at: datetime,
    channel: str,
    now: datetime,
    by: "Official | None" = None,
    proxy: Proxy | None = None,
    conversation_id: int | None = None,
    files: Sequence[GivenFile] = (),
    tell: bool = True,
    word: str = "",
) -> Objection:
    """Enter an objection into its register (ps. 35, 36(1)); Atasan PPID answers within 30 working days of its receipt.
    One that comes after the 30 working days of filing is taken all the same and marked: who decides is Atasan PPID.
    The same `word` (of a form) with the same content again gives the same objection. Raises BadInput, TooEarly (the ground has not come up
    yet), AlreadyThere, WrongState (the applicant took it back)."""
    if ground not in rules.OBJECTIONS:
        raise BadInput([("ground", _("Pilih alasan keberatan."))])
    if proxy is not None and not rules.tidy(proxy.name):
        raise BadInput([("proxy_name", _("Tulis nama kuasa pemohon."))])
    form = f"ppid objection form {request.pk}"
    word = once.bound(word, ground, reason, proxy, channel, named(files))
    key = key_of(word, form)
    known = once.earlier(word, purpose=form, find=Objection.objects.filter(key=key).first)
    if known is not None:
        return known
    current = locked(request)
    there = current.objections.filter(ground=ground, state__in=sorted(rules.OBJECTION_OPEN)).first()
    if there is not None:
        raise AlreadyThere(there.number)
    day, today = timezone.localdate(received_at), timezone.localdate(now)
    if current.state == rules.WITHDRAWN and not current.ended_by_us():
        raise WrongState(current.state, rules.FILED)  # who takes a request back waits for nothing
    since = rules.ground_day(
        ground, noticed_on=_day(current.notified_at), delivered_on=_day(current.delivered_at), due_on=current.due_on,
        filed_on=day, ended_on=_day(current.closed_at) if current.state == rules.WITHDRAWN else None,
    )  # fmt: skip
    if since is None:
        raise TooEarly(current.due_on)
    objection = Objection(
        reference=new_reference("KB"), key=key, request=current, received_at=received_at, registered_at=now,
        channel=channel, conversation_id=conversation_id or current.conversation_id, ground=ground,
        reason=rules.tidy(reason, 10_000), name=current.name, by_proxy=proxy is not None, changed_at=now,
        six_day=current.six_day, filed_late=_late(current, since, day),
        proxy_name=rules.tidy(proxy.name, 160) if proxy else "",
        proxy_address=rules.tidy(proxy.address, 400) if proxy else "",
        proxy_contact=rules.tidy(proxy.contact, 254) if proxy else "",
    )  # fmt: skip
    actor = f"official:{by.pk}" if by else "applicant"
    objection.term = clocks.start(
        objection, clocks.OBJECTION, "objection_answer_days", day, actor=actor, now=now
    )
    objection.due_on = objection.term.due_on
    files = store_files(files, now)
    objection.serial, objection.number = next_number("objection", today)
    objection.year = today.year
    objection.save(force_insert=True)
    add_files(current, files, now, objection=objection)
    facts = {
        "number": objection.number,
        "ground": ground,
        "late": objection.filed_late,
        "received_on": day.isoformat(),
    }
    note(current, "objected", now, by=by, data=facts, objection=objection)
    if tell:
        telling.applicant(objection, receipt(objection), now=now, by=by, template="registered")
    telling.officers(
        "objected", _("Keberatan baru: %(number)s") % {"number": objection.number},
        parameters.objections()[ground], addresses.desk(objection), now=now,
    )  # fmt: skip
    return objection


def receipt(objection: Objection) -> str:
    """What is told to the applicant on receipt."""
    lines = [
        _("Keberatan Anda terdaftar dengan nomor %(number)s, tanggal %(day)s.")
        % {"number": objection.number, "day": long_date(timezone.localdate(objection.received_at))}
    ]
    if objection.due_on is not None:
        lines.append(
            _("Atasan PPID menanggapi paling lambat %(due)s.") % {"due": long_date(objection.due_on)}
        )
    lines.append(_("Ikuti perkembangannya di tautan ini:"))
    return "\n".join(lines)


@transaction.atomic
def send_to_superior(objection: Objection, *, by: "Official", now: datetime) -> Objection:
    """PPID has looked at it and puts it before Atasan PPID. Raises NotYours, WrongState."""
    require_officer(by, now)
    current = locked_objection(objection)
    require_state(current, rules.FILED, rules.REGISTERED)
    if current.state == rules.FILED:
        change(current, rules.REGISTERED, now)
        note(current.request, "objection_registered", now, by=by, objection=current)
    change(current, rules.WITH_ATASAN, now)
    note(current.request, "with_superior", now, by=by, objection=current)
    superior = permits.superior_agency()
    for one in agencies.officials(superior, timezone.localdate(now)):
        if one.role in ("head", "secretary"):
            telling.official(
                one, "objection", _("Keberatan menunggu tanggapan: %(number)s") % {"number": current.number},
                parameters.objections()[current.ground], addresses.desk(current), now=now,
            )  # fmt: skip
    return current


@transaction.atomic
def decide_objection(
    objection: Objection, *, outcome: str, response: str, by: "Official", now: datetime, orders: str = "", order_days: int = 0
) -> Letter:  # fmt: skip
    """Atasan PPID's answer, which then waits for the signature of its head. What it upholds, also in part, orders PPID
    what to do. Raises NotYours, WrongState, BadInput, NotPrintable."""
    require_superior(by, now)
    response, orders = rules.tidy(response, 10_000), rules.tidy(orders, 3_000)
    problems = []
    if outcome not in rules.OBJECTION_OUTCOMES:
        problems.append(("outcome", _("Pilih hasilnya.")))
    if not response:
        problems.append(("response", _("Tulis pertimbangan tanggapan.")))
    if outcome in ("upheld", "partly") and not orders:
        problems.append(("orders", _("Tulis apa yang harus dilakukan PPID.")))
    if not 0 <= order_days <= 60:
        problems.append(("order_days", _("Tulis jumlah hari kerja antara 1 dan 60.")))
    if problems:
        raise BadInput(problems)
    current = locked_objection(objection)
    require(current, rules.DECIDED)
    day = timezone.localdate(now)
    current.outcome, current.response = outcome, response
    current.orders = orders if outcome != "rejected" else ""
    current.order_days = (order_days or int(parameters.value("order_days", day))) if current.orders else 0
    change(current, rules.DECIDED, now, "outcome", "response", "orders", "order_days")
    agency = permits.superior_agency()
    made = Letter.objects.filter(reference__startswith=f"{current.reference}-").count()
    letter = Letter(
        reference=f"{current.reference}-{made + 1}", kind=Letter.Kind.OBJECTION, agency=agency, content={}, made_at=now,
        made_by=by, due_on=current.due_on, source=papers.source(papers.FILES[Letter.Kind.OBJECTION]),
    )  # fmt: skip
    write(letter, papers.of_objection(current), agency, now)
    current.letter = letter
    touch(current, now, "letter")
    note(
        current.request, "objection_decided", now, by=by, objection=current,
        data={"outcome": outcome, "letter": letter.reference},
    )  # fmt: skip
    tell_signer(letter, now)
    return letter


@transaction.atomic
def take_back_objection(
    objection: Objection, *, by: "Official", now: datetime, reason: str = ""
) -> Objection:
    """Take the answer back before it is signed, or return it instead of signing. Raises NotYours, WrongState,
    StillSigning."""
    require_superior(by, now)
    current = locked_objection(objection)
    require_state(current, rules.DECIDED)
    assert current.letter_id is not None
    letter = Letter.objects.get(pk=current.letter_id)
    state = Letter.State.RETURNED if reason else Letter.State.DROPPED
    drop(letter, state, reason, f"official:{by.pk}", now)
    current.letter, current.outcome = None, ""
    change(current, rules.WITH_ATASAN, now, "letter", "outcome")
    note(
        current.request,
        "returned" if reason else "taken_back",
        now,
        by=by,
        text=reason[:300],
        objection=current,
    )
    return current


def notify(objection: Objection, letter: Letter, *, by: "Official", now: datetime) -> Objection:
    """The signed answer goes to the applicant, in the caller's transaction: the clock of the dispute begins, and what
    was ordered runs at PPID."""
    current = locked_objection(objection)
    require(current, rules.DISPUTE_WINDOW)
    assert letter.document is not None
    words = _("Keberatan %(number)s: %(outcome)s. Surat bernomor %(letter)s ada di tautan ini:") % {
        "number": current.number, "outcome": papers_outcome(current), "letter": letter.document.number,
    }  # fmt: skip
    message = telling.applicant(
        current,
        words,
        now=now,
        by=by,
        files=[(letter.document.file_id, f"{letter.reference}.pdf")],
        template="answered",
    )
    actor, day = f"official:{by.pk}", timezone.localdate(now)
    if current.term is not None:
        calendar.close_term(current.term, actor=actor, now=now)
    current.term_dispute = clocks.start(current, clocks.DISPUTE, "dispute_days", day, actor=actor, now=now)
    current.due_on, current.notified_at = current.term_dispute.due_on, now
    current.superior_name = by.name
    current.superior_position = letter.document.signature.get("position", "") or by.position
    change(
        current, rules.DISPUTE_WINDOW, now, "term_dispute", "due_on", "notified_at", "superior_name", "superior_position"
    )  # fmt: skip
    note(
        current.request, "objection_notified", now, by=by, objection=current,
        data={"number": letter.document.number, "message": message},
    )  # fmt: skip
    if current.orders:
        _carry_out(current, by, now)
    return current


def papers_outcome(objection: Objection) -> str:
    """The outcome in words, in the language of the day."""
    from satuklik.systems.ppid import words

    return str(words.OUTCOMES[objection.outcome]).lower()


@transaction.atomic
def respond(objection: Objection, *, answer: str, now: datetime, by: "Official | None" = None) -> Objection:
    """The applicant says whether the answer is accepted: the last column of the register. Raises WrongState, BadInput."""
    if answer not in ("accepts", "disputes"):
        raise BadInput([("answer", _("Pilih salah satu dari daftar."))])
    current = locked_objection(objection)
    require_state(current, rules.DISPUTE_WINDOW)
    current.applicant_response = answer
    touch(current, now, "applicant_response")
    note(current.request, "responded", now, by=by, objection=current, data={"answer": answer})
    return current


@transaction.atomic
def record_dispute(
    objection: Objection, *, number: str, registered_on: date, by: "Official", now: datetime
) -> Objection:
    """The applicant went to the Information Commission. Raises NotYours, WrongState, BadInput."""
    require_officer(by, now)
    if registered_on > timezone.localdate(now):
        raise BadInput([("registered_on", _("Tanggal ini belum tiba."))])
    current = locked_objection(objection)
    require(current, rules.AT_KI)
    for term in (current.term, current.term_dispute):
        if term is not None:
            calendar.close_term(term, actor=f"official:{by.pk}", now=now)
    current.dispute_number, current.dispute_on = rules.tidy(number, 80), registered_on
    current.applicant_response, current.due_on = "disputes", None  # the Commission sets the dates from here
    change(current, rules.AT_KI, now, "dispute_number", "dispute_on", "applicant_response", "due_on")
    note(current.request, "disputed", now, by=by, objection=current, data={"on": registered_on.isoformat()})
    return current


@transaction.atomic
def record_stage(objection: Objection, *, stage: str, by: "Official", now: datetime) -> Objection:
    """Mediation or adjudication began. Raises NotYours, WrongState."""
    require_officer(by, now)
    if stage not in (rules.MEDIATION, rules.ADJUDICATION):
        raise WrongState(objection.state, stage)
    current = locked_objection(objection)
    require(current, stage)
    change(current, stage, now)
    note(current.request, stage, now, by=by, objection=current)
    return current


@transaction.atomic
def record_ruling(
    objection: Objection, *, ruling: str, ruled_on: date, by: "Official", now: datetime, files: Sequence[GivenFile] = ()
) -> Objection:  # fmt: skip
    """What the Information Commission ruled, or what mediation agreed. Raises NotYours, WrongState, BadInput."""
    require_officer(by, now)
    ruling = rules.tidy(ruling, 10_000)
    if not ruling:
        raise BadInput([("ruling", _("Tulis isi putusan atau kesepakatan."))])
    if ruled_on > timezone.localdate(now):
        raise BadInput([("ruled_on", _("Tanggal ini belum tiba."))])
    current = locked_objection(objection)
    require(current, rules.RULED)
    add_files(current.request, files, now, objection=current)
    current.ruling, current.ruled_on, current.closed_at = ruling, ruled_on, now
    change(current, rules.RULED, now, "ruling", "ruled_on", "closed_at")
    note(
        current.request,
        "ruled",
        now,
        by=by,
        text=ruling,
        objection=current,
        data={"on": ruled_on.isoformat()},
    )
    return current


@transaction.atomic
def close_objection(objection: Objection, *, by: "Official", now: datetime) -> Objection:
    """The time of the dispute is over without one, or the applicant accepted. Raises NotYours, WrongState, BadInput."""
    require_officer(by, now)
    current = locked_objection(objection)
    require(current, rules.CLOSED)
    over = current.due_on is not None and timezone.localdate(now) > current.due_on
    if not over and current.applicant_response != "accepts":
        raise BadInput(
            [("close", _("Masa pengajuan sengketa belum lewat dan pemohon belum menerima tanggapan."))]
        )
    if current.term_dispute is not None:
        calendar.close_term(current.term_dispute, actor=f"official:{by.pk}", now=now)
    current.closed_at = now
    change(current, rules.CLOSED, now, "closed_at")
    note(current.request, "objection_closed", now, by=by, objection=current)
    return current


@transaction.atomic
def withdraw_objection(objection: Objection, *, now: datetime, by: "Official | None" = None) -> Objection:
    """The applicant takes it back. Raises WrongState, NotYours."""
    if by is not None:
        require_officer(by, now)
    current = locked_objection(objection)
    require(current, rules.WITHDRAWN)
    if current.term is not None:
        calendar.close_term(current.term, actor=f"official:{by.pk}" if by else "applicant", now=now)
    current.closed_at = now
    change(current, rules.WITHDRAWN, now, "closed_at")
    note(current.request, "objection_withdrawn", now, by=by, objection=current)
    return current


def _carry_out(objection: Objection, by: "Official", now: datetime) -> None:
    """What Atasan PPID ordered: the request is open again, with the date of the order."""
    request = locked(objection.request)
    ended = request.state == rules.WITHDRAWN and request.ended_by_us()
    if not ended and request.state not in (rules.DELIVERED, rules.CLOSED):
        return  # it is still at work: the order is read there; or the applicant took it back himself
    day = timezone.localdate(now)
    request.term_order = calendar.start_term(
        request.subject, f"order_{objection.serial}_{objection.year}", received_on=day, days=objection.order_days,
        law=_("Putusan Atasan PPID atas keberatan %(number)s") % {"number": objection.number},
        actor=f"official:{by.pk}", now=now, six_day=request.six_day,
    )  # fmt: skip
    request.decisions.filter(in_force=True).update(in_force=False)
    request.due_on, request.notified_at, request.delivered_at, request.closed_at = (
        clocks.due_of(request),
        None,
        None,
        None,
    )
    request.paid, request.paid_on = 0, None
    change(
        request, rules.IN_PROCESS, now, "term_order", "due_on", "notified_at", "delivered_at", "closed_at", "paid", "paid_on"
    )  # fmt: skip
    note(request, "reopened", now, by=by, text=objection.orders, data={"objection": objection.number})


def _late(request: InformationRequest, since: date, filed: date) -> bool:
    """Whether the objection comes after the 30 working days of ps. 36(1)."""
    days = int(parameters.value("objection_filing_days", filed))
    try:
        last = _calendar(request).due(since, days)
    except YearNotLoaded:
        return False
    return filed > last


def _calendar(request: InformationRequest) -> Any:
    from satuklik.base.calendar import queries

    return queries.working_days(
        six_day=request.six_day, joint_leave=settings.SATUKLIK_JOINT_LEAVE_COUNTS_AS_OFF
    )


def _day(at: datetime | None) -> date | None:
    return timezone.localdate(at) if at is not None else None
