"""The consequence test, and the decision with its letter: an officer decides, the PPID or the head signs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from satuklik.base.files import actions as files
from satuklik.spine.documents import actions as documents
from satuklik.systems.ppid import addresses, papers, permits, rules
from satuklik.systems.ppid.actions import telling
from satuklik.systems.ppid.actions.forwarding import recall_all
from satuklik.systems.ppid.actions.opening import (
    change,
    locked,
    note,
    require,
    require_officer,
    require_state,
    touch,
)
from satuklik.systems.ppid.actions.receiving import MOST_FILES, GivenFile, add_files, too_many
from satuklik.systems.ppid.errors import BadDecision, BadInput, StillSigning, WrongState
from satuklik.systems.ppid.models import ConsequenceTest, Decision, InformationRequest, Letter, MatterFile

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Agency, Official


@dataclass(frozen=True)
class Tested:
    """What the form of a consequence test says."""

    information: str
    ground: str
    if_opened: str
    if_closed: str
    closed_for: str
    sat: Sequence[Mapping[str, str]]
    tested_on: date
    exempt: bool
    law: str = ""
    closed_until: date | None = None


@transaction.atomic
def begin_test(request: InformationRequest, *, by: "Official", now: datetime) -> InformationRequest:
    """The information may be exempt: its consequences are tested (ps. 19). Raises NotYours, WrongState."""
    require_officer(by, now)
    current = locked(request)
    require(current, rules.CONSEQUENCE_TEST)
    change(current, rules.CONSEQUENCE_TEST, now)
    note(current, "testing", now, by=by)
    return current


@transaction.atomic
def record_test(
    request: InformationRequest | None, given: Tested, *, by: "Official", now: datetime
) -> ConsequenceTest:
    """Keep the record of a consequence test; `request` None: of a line of the list of exempt information. Raises
    NotYours, WrongState, BadInput."""
    require_officer(by, now)
    problems = [
        (name, _("Isian ini wajib diisi."))
        for name in ("information", "if_opened", "if_closed", "closed_for")
        if not rules.tidy(getattr(given, name))
    ]
    if given.ground not in rules.EXCEPTIONS:
        problems.append(("ground", _("Pilih dasar pengecualian Pasal 17.")))
    if given.ground == "j" and not rules.tidy(given.law):
        problems.append(("law", _("Sebutkan undang-undang yang melarang pembukaannya.")))
    sat = [
        {"name": rules.tidy(one["name"], 160), "position": rules.tidy(one.get("position", ""), 160)}
        for one in given.sat
        if rules.tidy(one.get("name", ""))
    ]
    if not sat:
        problems.append(("sat", _("Tulis siapa yang melakukan uji konsekuensi.")))
    if given.tested_on > timezone.localdate(now):
        problems.append(("tested_on", _("Tanggal ini belum tiba.")))
    if problems:
        raise BadInput(problems)
    current = locked(request) if request is not None else None
    if current is not None:
        require_state(current, *rules.WORKING)
    test = ConsequenceTest.objects.create(
        request=current, information=rules.tidy(given.information, 2_000), ground=given.ground,
        law=rules.tidy(given.law, 300), if_opened=rules.tidy(given.if_opened, 3_000),
        if_closed=rules.tidy(given.if_closed, 3_000), closed_for=rules.tidy(given.closed_for, 120),
        closed_until=given.closed_until, sat=sat[:20], exempt=given.exempt, tested_on=given.tested_on,
        recorded_by=by, recorded_at=now,
    )  # fmt: skip
    if current is not None:
        note(
            current,
            "tested",
            now,
            by=by,
            data={"test": test.pk, "ground": test.ground, "exempt": test.exempt},
        )
    return test


@dataclass(frozen=True)
class Decided:
    """What an officer decided."""

    outcome: str
    answer: str = ""
    grounds: Sequence[str] = ()
    reason: str = ""
    form_held: str = ""
    held_by: str = ""
    held_by_email: str = ""
    cost: int = 0
    cost_basis: str = ""
    files: Sequence[GivenFile] = ()
    again: Sequence[int] = ()
    """Files of earlier decisions of this request (ids) that go out with this one too."""


@transaction.atomic
def decide(request: InformationRequest, given: Decided, *, by: "Official", now: datetime) -> Decision:
    """Decide it and write the letter, which then waits for its signature. A refusal, also of a part, stands on a ground
    of ps. 17 and a consequence test. Raises NotYours, WrongState, BadDecision, BadInput, NotPrintable."""
    require_officer(by, now)
    if given.outcome not in rules.OUTCOMES:
        raise BadInput([("outcome", _("Pilih hasilnya."))])
    recall_all(request, by=by, reason=_("Keputusan sudah disusun."), now=now)
    current = locked(request)
    require(current, rules.DECIDED)
    grounds = list(dict.fromkeys(given.grounds)) if given.outcome in rules.WITHHOLDING else []
    tests = list(current.tests.filter(ground__in=grounds, exempt=True).order_by("pk"))
    faults = rules.decision_faults(
        outcome=given.outcome, answer=given.answer, grounds=grounds, tested=[test.ground for test in tests],
        reason=given.reason, held_by=given.held_by, cost=given.cost, obtain=current.obtain,
    )  # fmt: skip
    if faults:
        raise BadDecision(faults)
    drop_extension(current, f"official:{by.pk}", now)
    decision = Decision(
        request=current, outcome=given.outcome, answer=rules.tidy(given.answer), grounds=grounds,
        reason=rules.tidy(given.reason, 5_000) if grounds else "", form_held=given.form_held,
        held_by=rules.tidy(given.held_by, 200), held_by_email=rules.tidy(given.held_by_email, 254),
        cost=given.cost, cost_basis=rules.tidy(given.cost_basis, 200), decided_at=now, decided_by=by,
    )  # fmt: skip
    kind = Letter.Kind.REFUSAL if given.outcome == rules.REFUSED else Letter.Kind.NOTICE
    agency = permits.ppid_agency()
    number = current.decisions.count() + 1
    # The letter needs the decision's tests, and the decision its letter: the letter is written in two steps.
    letter = Letter(
        reference=f"{current.reference}-{number}", kind=kind, agency=agency, content={}, made_at=now, made_by=by,
        due_on=current.due_on, source=papers.source(papers.FILES[kind]), preview_id=None,
    )  # fmt: skip
    added = [replace(one, kind=MatterFile.Kind.ANSWER) for one in given.files]
    again = current.files.filter(kind=MatterFile.Kind.ANSWER, pk__in=list(given.again)).order_by("pk")
    added = [*(GivenFile(one.file_id, one.name, one.kind) for one in again), *added]
    if len(added) > MOST_FILES:
        raise too_many(len(added))
    names = [rules.file_name(one.name) for one in added]
    write(letter, papers.of_decision(current, decision, tests, names, now), agency, now)
    decision.letter = letter
    decision.save(force_insert=True)
    decision.tests.set(tests)
    add_files(current, added, now, decision=decision)
    change(current, rules.DECIDED, now)
    note(
        current,
        "decided",
        now,
        by=by,
        data={"outcome": given.outcome, "grounds": grounds, "letter": letter.reference},
    )
    tell_signer(letter, now)
    return decision


def write(letter: Letter, content: dict[str, Any], agency: "Agency", now: datetime) -> None:
    """Freeze what the letter says, and the page that its signer will read. Raises NotPrintable, LetterBroken."""
    letter.content = content
    preview = papers.preview(letter.kind, content, agency, now)
    letter.preview_id = files.store(preview, "application/pdf", at=now)
    letter.save()


def tell_signer(letter: Letter, now: datetime) -> None:
    """A letter waits for its signature."""
    signer = permits.signer_now(letter.agency, now)
    if signer is not None:
        telling.official(
            signer.official, "sign", _("Menunggu tanda tangan Anda: %(number)s") % {"number": letter.content["number"]},
            letter.content["outcome_words"], addresses.letter(letter), now=now,
        )  # fmt: skip


@transaction.atomic
def take_back(
    request: InformationRequest, *, by: "Official", now: datetime, reason: str = ""
) -> InformationRequest:
    """Take the decision back before it is signed: by the officer, or by who should sign it (with a reason). Raises
    NotYours, WrongState, StillSigning."""
    current = locked(request)
    require(current, rules.IN_PROCESS)
    require_state(current, rules.DECIDED)
    decision = (
        current.decisions.select_for_update(of=("self",)).select_related("letter__agency").get(in_force=True)
    )
    signer = permits.may_sign(by, decision.letter.agency.code, now)
    if signer is None:
        require_officer(by, now)
    drop(
        decision.letter,
        Letter.State.RETURNED if reason else Letter.State.DROPPED,
        reason,
        f"official:{by.pk}",
        now,
    )
    decision.in_force = False
    decision.save(update_fields=["in_force"])
    change(current, rules.IN_PROCESS, now)
    note(current, "returned" if reason else "taken_back", now, by=by, text=rules.tidy(reason, 300))
    return current


def drop_extension(request: InformationRequest, actor: str, now: datetime) -> None:
    """A notice of extension that nobody has signed is of no use once the request is decided or ended. Raises
    StillSigning."""
    letter = request.extension_letter
    if letter is not None and letter.state == Letter.State.WAITING:
        drop(letter, Letter.State.DROPPED, "", actor, now)
        request.extension_letter = None
        touch(request, now, "extension_letter")


def drop(letter: Letter, state: str, reason: str, actor: str, now: datetime) -> None:
    """End a letter that is not signed; its number, where a remote backend had one, is explained in the register.
    Raises WrongState, StillSigning."""
    locked_letter = Letter.objects.select_for_update().get(pk=letter.pk)
    if locked_letter.state != Letter.State.WAITING:
        raise WrongState(rules.DECIDED, rules.IN_PROCESS)
    why = "ditarik sebelum ditandatangani"
    documents.settle_drafted(letter.reference, why, busy=StillSigning, actor=actor, now=now)
    locked_letter.state, locked_letter.returned_because = state, rules.tidy(reason, 300)
    locked_letter.save(update_fields=["state", "returned_because"])
