"""Pure decisions about information requests and objections: states, clocks, grounds, outcomes (UU 14/2008; Perki 1/2021)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

# -- Who ----------------------------------------------------------------------------------------------

# Officers of the PPID agency who work on every request; others see what was referred to them, where it is referred.
OFFICER_ROLES = frozenset({"head", "secretary", "staff", "ppid"})
# Officers of Atasan PPID's agency who prepare and give decisions on objections.
SUPERIOR_ROLES = frozenset({"head", "secretary", "staff"})

# -- States of a request ------------------------------------------------------------------------------

REGISTERED, COMPLETENESS, INCOMPLETE = "registered", "completeness", "incomplete"
IN_PROCESS, WITH_PELAKSANA, CLARIFICATION = "in_process", "with_pelaksana", "clarification"
CONSEQUENCE_TEST, DECIDED, DELIVERED = "consequence_test", "decided", "delivered"
CLOSED, WITHDRAWN = "closed", "withdrawn"
# DRAFT_CHAT is the inbox's: a chat that nobody has confirmed to be a request. EXTENDED is no place where a request
# is, it is something that happened to it: `extended_on` says so beside the state.
NEXT: Mapping[str, frozenset[str]] = {
    REGISTERED: frozenset({COMPLETENESS, INCOMPLETE, IN_PROCESS, WITHDRAWN}),
    COMPLETENESS: frozenset({INCOMPLETE, IN_PROCESS, WITHDRAWN}),
    INCOMPLETE: frozenset({COMPLETENESS, IN_PROCESS, WITHDRAWN}),
    IN_PROCESS: frozenset({WITH_PELAKSANA, CLARIFICATION, CONSEQUENCE_TEST, DECIDED, WITHDRAWN}),
    WITH_PELAKSANA: frozenset({IN_PROCESS, CLARIFICATION, CONSEQUENCE_TEST, DECIDED, WITHDRAWN}),
    CLARIFICATION: frozenset({IN_PROCESS, WITH_PELAKSANA, WITHDRAWN}),
    CONSEQUENCE_TEST: frozenset({IN_PROCESS, WITH_PELAKSANA, CLARIFICATION, DECIDED, WITHDRAWN}),
    DECIDED: frozenset({IN_PROCESS, DELIVERED}),  # back only while the letter is unsigned
    DELIVERED: frozenset({CLOSED, IN_PROCESS}),  # back by an objection that was upheld
    CLOSED: frozenset({IN_PROCESS}),
    WITHDRAWN: frozenset(),  # only an upheld objection opens it again, where an officer had ended it
}
OPEN = frozenset(
    {
        REGISTERED,
        COMPLETENESS,
        INCOMPLETE,
        IN_PROCESS,
        WITH_PELAKSANA,
        CLARIFICATION,
        CONSEQUENCE_TEST,
        DECIDED,
    }
)
"""States in which the applicant still waits for the written notice."""
EXTENDABLE = OPEN - {DECIDED}
WORKING = frozenset({IN_PROCESS, WITH_PELAKSANA, CONSEQUENCE_TEST})

BY_WIRE = frozenset({"portal", "chat", "email"})
"""Ways of delivery that need nobody's hands."""

Outcome = Literal["granted", "partial", "refused", "not_held"]
GRANTED, PARTIAL, REFUSED, NOT_HELD = "granted", "partial", "refused", "not_held"
OUTCOMES = (GRANTED, PARTIAL, REFUSED, NOT_HELD)
WITHHOLDING = frozenset({PARTIAL, REFUSED})
"""Outcomes that need a ground of ps. 17 and a consequence test (UU 14/2008 ps. 19)."""

# -- States of an objection ---------------------------------------------------------------------------

FILED, WITH_ATASAN = "filed", "with_atasan"
DISPUTE_WINDOW, AT_KI, MEDIATION, ADJUDICATION, RULED = (
    "dispute_window", "at_ki", "mediation", "adjudication", "ruled",
)  # fmt: skip
OBJECTION_NEXT: Mapping[str, frozenset[str]] = {
    FILED: frozenset({REGISTERED, WITHDRAWN}),
    REGISTERED: frozenset({WITH_ATASAN, WITHDRAWN}),
    WITH_ATASAN: frozenset({DECIDED, WITHDRAWN, AT_KI}),  # AT_KI: Atasan was silent, ps. 37(1)
    DECIDED: frozenset({WITH_ATASAN, DISPUTE_WINDOW}),
    DISPUTE_WINDOW: frozenset({AT_KI, CLOSED}),
    AT_KI: frozenset({MEDIATION, ADJUDICATION, RULED}),
    MEDIATION: frozenset({ADJUDICATION, RULED}),
    ADJUDICATION: frozenset({RULED}),
    RULED: frozenset(),
    CLOSED: frozenset(),
    WITHDRAWN: frozenset(),
}
OBJECTION_OPEN = frozenset({FILED, REGISTERED, WITH_ATASAN, DECIDED})
OBJECTION_OUTCOMES = ("upheld", "partly", "rejected")

# -- Classes of information ---------------------------------------------------------------------------

PERIODIC, AT_ONCE, ALWAYS, EXEMPT = "berkala", "serta-merta", "setiap-saat", "dikecualikan"
CLASSES = (PERIODIC, AT_ONCE, ALWAYS, EXEMPT)  # UU 14/2008 ps. 9, 10, 11, 17

EXCEPTIONS = tuple("abcdefghij")  # ps. 17
OBJECTIONS = tuple("abcdefg")  # ps. 35(1)

# -- Parameters ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Parameter:
    """A value that the law or the house sets, since when, and who says so."""

    name: str
    value: Any
    valid_from: date
    source: str
    confirmed: bool


DAYS, YES_NO, RUPIAH, CODES = "days", "yes_no", "rupiah", "codes"
KINDS: Mapping[str, str] = {
    "answer_days": DAYS, "extension_days": DAYS, "completeness_days": DAYS, "supplement_days": DAYS, "agency_days": DAYS,
    "objection_filing_days": DAYS, "objection_answer_days": DAYS, "dispute_days": DAYS, "order_days": DAYS,
    "second_clock": YES_NO, "clarification_stops_clock": YES_NO, "copy_sheet_cost": RUPIAH, "six_day_agencies": CODES,
}  # fmt: skip
"""Which parameters there are, and of which kind: whole working days 1–60; true or false; whole rupiah; codes of agencies."""


def parameter_of(name: str, typed: str) -> Any:
    """What was typed as the parameter's value. Raises ValueError where it cannot be one."""
    kind, text = KINDS.get(name, ""), typed.strip()
    if kind in (DAYS, RUPIAH) and re.fullmatch(r"[0-9]{1,6}", text):
        number = int(text)
        if kind == RUPIAH or 1 <= number <= 60:
            return number
    if kind == YES_NO and text.lower() in ("ya", "tidak"):
        return text.lower() == "ya"
    if kind == CODES and re.fullmatch(r"[a-z0-9, -]{0,400}", text):
        return sorted({code.strip() for code in text.split(",") if code.strip()})
    raise ValueError(name)


class NoParameter(LookupError):
    """No row of this parameter holds on this day."""


def in_force(rows: Iterable[Parameter], name: str, day: date) -> Parameter:
    """The row that holds on `day`: the newest one not after it. Raises NoParameter."""
    found = [row for row in rows if row.name == name and row.valid_from <= day]
    if not found:
        raise NoParameter(f"{name} has no value on {day}.")
    return max(found, key=lambda row: row.valid_from)


EARLIEST = date(2021, 6, 30)  # Perki 1/2021: no parameter is older, so no clock counts from before

# -- Clocks -------------------------------------------------------------------------------------------


def bare_phone(text: str) -> str:
    """0812-3456-7890 and +62 812 3456 7890 → 6281234567890"""
    digits = "".join(sign for sign in text if sign.isascii() and sign.isdigit())
    return "62" + digits[1:] if digits.startswith("0") else digits


def earlier(*days: date | None) -> date | None:
    """The earliest of the dates that are known; None where none is."""
    known = [day for day in days if day is not None]
    return min(known) if known else None


ExtensionFault = Literal["state", "waiting", "twice", "late", "days", "reason"]


def extension_fault(
    *,
    state: str,
    running: bool,
    waiting: bool,
    extended: bool,
    due_on: date | None,
    today: date,
    days: int,
    most: int,
    reason: str,
) -> ExtensionFault | None:
    """Why the answer may not be extended, or None where it may: once, by at most `most` working days, with a written
    reason, before the last day ends (UU 14/2008 ps. 22(8)). `running`: whether the clock of the answer runs (what Atasan
    PPID ordered has a date of its own, which nobody extends); `waiting`: whether a letter waits for its signature."""
    if state not in EXTENDABLE or not running:
        return "state"
    if waiting:
        return "waiting"
    if extended:
        return "twice"
    if due_on is not None and today > due_on:
        return "late"
    if not 1 <= days <= most:
        return "days"
    return None if reason.strip() else "reason"


DecisionFault = Literal["answer", "ground", "test", "reason", "holder", "cost", "form"]


def decision_faults(
    *,
    outcome: str,
    answer: str,
    grounds: Sequence[str],
    tested: Sequence[str],
    reason: str,
    held_by: str,
    cost: int,
    obtain: str,
) -> list[DecisionFault]:
    """What a decision lacks. `tested`: the grounds that consequence tests of this request found to hold.

    A refusal, also of a part, needs its ground (ps. 17), a test of the consequences for each of them (ps. 19) and its
    reason in words. What the body does not hold names who does, where that is known (ps. 22(7)b)."""
    faults: list[DecisionFault] = []
    if outcome in (GRANTED, PARTIAL) and not answer.strip():
        faults.append("answer")
    if outcome in WITHHOLDING:
        if not grounds or any(ground not in EXCEPTIONS for ground in grounds):
            faults.append("ground")
        elif set(grounds) - set(tested):
            faults.append("test")
        if not reason.strip():
            faults.append("reason")
    if outcome == NOT_HELD and not held_by.strip():
        faults.append("holder")
    if cost < 0 or (cost and obtain == "view"):
        faults.append("cost")  # looking at it is free; a copy costs what it costs (ps. 21, 22)
    return faults


def ground_day(
    ground: str,
    *,
    noticed_on: date | None,
    delivered_on: date | None,
    due_on: date | None,
    filed_on: date,
    ended_on: date | None = None,
) -> date | None:
    """The day on which the ground of an objection was found, from which the 30 working days of ps. 36(1) count; None
    where it has not come up yet (a request that is not late was not left unanswered).

    `ended_on`: where PPID ended the request without deciding it: that is a request which was not fulfilled.
    Ground b (periodic information that is missing) lasts for as long as it is missing: it counts from today."""
    if ground == "b":
        return filed_on
    if ground in ("c", "g"):
        if due_on is None:
            return None
        last = (noticed_on if ground == "c" else delivered_on) or filed_on
        return due_on if last > due_on else None
    if ground == "e":
        return delivered_on or noticed_on or ended_on
    return noticed_on


def next_step(state: str, *, letter: str, unpaid: bool) -> str:
    """The word of what an officer does next in this state. `letter`: "", "waiting", "signed"."""
    if state == DECIDED:
        if letter != "signed":
            return "sign"
        return "payment" if unpaid else "deliver"
    return {
        REGISTERED: "check",
        COMPLETENESS: "check",
        INCOMPLETE: "wait_applicant",
        IN_PROCESS: "decide",
        WITH_PELAKSANA: "wait_agency",
        CLARIFICATION: "wait_applicant",
        CONSEQUENCE_TEST: "test",
        DELIVERED: "close",
    }.get(state, "")


# -- What was typed -----------------------------------------------------------------------------------

LONGEST_TEXT = 20_000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def tidy(text: str, most: int = LONGEST_TEXT) -> str:
    """Typed text without control characters and outer blanks, cut at `most` characters."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()[:most]


def file_name(name: str) -> str:
    """A file's name as it may stand on a page and in a zip: no path, no control or direction marks, not too long."""
    base = re.sub(r"[^\w .()+-]", "_", name.replace("\\", "/").rsplit("/", 1)[-1]).strip(" .")
    stem, dot, end = base.rpartition(".")
    if not dot:
        stem, end = base, ""
    return f"{stem[:80] or 'berkas'}{dot}{end[:10]}"


# -- Bands of the Information Commission's monitoring -------------------------------------------------

INDICATORS = ("quality", "facilities", "kinds", "service", "commitment", "digitalisation")
BANDS = ((90, "informatif"), (80, "menuju_informatif"), (60, "cukup_informatif"), (40, "kurang_informatif"))


def band(score: float) -> str:
    """The band of a score of 0–100."""
    return next((name for least, name in BANDS if score >= least), "tidak_informatif")
