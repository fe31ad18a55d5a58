"""Naskah dinas, decided purely: what a template asks for, what a chain is, who may read, what a signature is under."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Literal

Words = Mapping[str, str]
"""A text in both languages: {"id": …, "en": …}."""

FieldType = Literal["text", "paragraphs", "date", "time", "choice", "table", "officials"]
UPLOAD = "unggahan"
"""The kind of a naskah whose PDF was made elsewhere."""
TITLE_LENGTH, SUBJECT_LENGTH = 160, 200
LONGEST_TEXT, LONGEST_PARAGRAPHS = 500, 20_000
MOST_ROWS, MOST_RECIPIENTS, MOST_STEPS = 200, 100, 20
LARGEST_UPLOAD = 20 * 1024 * 1024
SECRET = frozenset({"rahasia", "sangat_rahasia"})
# The longest text, or the most rows, where the template does not say otherwise.
MOST: Mapping[str, int] = {
    "text": LONGEST_TEXT, "paragraphs": LONGEST_PARAGRAPHS, "date": 10, "time": 5, "choice": 40, "table": MOST_ROWS,
    "officials": 50,
}  # fmt: skip
NUMBERED_MARK = re.compile(r"^\s*(?:\d{1,2}|[a-z])[.)]\s+(\S.*)$")
BULLET_MARK = re.compile(r"^\s*[-•–]\s+(\S.*)$")


@dataclass(frozen=True)
class To:
    """Whom a naskah goes to ("to") or who gets a copy ("copy", tembusan).

    `agency_code`: an office of ours ("" for anybody outside). `name`: as printed ("Kepala Dinas Kesehatan"); for an
    office of ours it may be empty: then its head's title is printed.
    """

    kind: Literal["to", "copy"]
    agency_code: str = ""
    name: str = ""
    address: str = ""
    email: str = ""


@dataclass(frozen=True)
class Column:
    """A column of a table field."""

    id: str
    label: Words


@dataclass(frozen=True)
class Field:
    """One thing that a template asks for. What stands in `content[id]`, by `type`:

    text: a line. paragraphs: text with empty lines between paragraphs; lines that begin with "1." or "a." or "-" are
    lists. date: "2026-11-24". time: "09:00". choice: one of `choices`. table: a list of rows, each a list of texts, one
    for each of `columns`. officials: a list of ids of officials (who is sent, who is invited).
    """

    id: str
    type: FieldType
    label: Words
    hint: Words | None = None
    required: bool = True
    most: int = 0
    """The longest text, or the most rows."""
    columns: tuple[Column, ...] = ()
    choices: tuple[tuple[str, Words], ...] = ()
    default: str = ""


@dataclass(frozen=True)
class Kind:
    """A template of naskah/: what it is called, what it asks for, who signs it."""

    slug: str
    name: Words
    title: str
    """As printed above the letter, capitals; empty for letters without a title (surat dinas)."""
    code: str
    """Letters that stand for the kind: "ST"."""
    fields: tuple[Field, ...]
    signer: Literal["head", "official", "both"]
    """Who signs: the head of an office, an official in his own name, or as the drafter chooses."""
    recipients: Literal["required", "optional", "none"]
    classification: str
    secrecy: str
    urgency: str
    law: str
    version: int = 1
    source: str = field(repr=False, default="")
    """The text of naskah.typ."""


@dataclass(frozen=True)
class Classification:
    """A class of the archive (kode klasifikasi arsip). `confirmed`: compared with Permendagri 83/2022."""

    code: str
    name: str
    confirmed: bool


@dataclass(frozen=True)
class Term:
    """A word of the regulation: secrecy, urgency, an instruction of a disposition. `days`: working days to act in."""

    code: str
    words: Words
    days: int = 0
    confirmed: bool = True


# -- States ------------------------------------------------------------------------------------------

DRAFT, IN_REVIEW, RETURNED, TO_SIGN = "draft", "in_review", "returned", "to_sign"
SIGNED, DISPATCHED, CANCELLED = "signed", "dispatched", "cancelled"
NEXT: Mapping[str, frozenset[str]] = {
    DRAFT: frozenset({IN_REVIEW, TO_SIGN, CANCELLED}),
    IN_REVIEW: frozenset({TO_SIGN, RETURNED, DRAFT, CANCELLED}),
    RETURNED: frozenset({IN_REVIEW, TO_SIGN, CANCELLED}),
    TO_SIGN: frozenset({SIGNED, RETURNED, DRAFT, CANCELLED}),
    SIGNED: frozenset({DISPATCHED}),
    DISPATCHED: frozenset(),
    CANCELLED: frozenset(),
}
EDITABLE = frozenset({DRAFT, RETURNED})
GOING_UP = frozenset({IN_REVIEW, TO_SIGN})


# -- What was typed ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fault:
    """Why what was typed cannot be used. `code`: one of errors.FAULTS; `evidence` fills its words."""

    field: str
    code: str
    evidence: str = ""


def faults_of(kind: Kind, content: Mapping[str, Any], *, complete: bool) -> list[Fault]:
    """What is wrong with the fields of a template. `complete`: also what is still missing."""
    known = {field.id: field for field in kind.fields}
    found = [Fault(name, "unknown") for name in content if name not in known]
    for field_ in kind.fields:
        value = content.get(field_.id)
        if is_empty(value):
            if complete and field_.required:
                found.append(Fault(field_.id, "required"))
            continue
        fault = _fault(field_, value)
        if fault is not None:
            found.append(fault)
    return found


def is_empty(value: Any) -> bool:
    """Nothing was typed."""
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def _fault(field_: Field, value: Any) -> Fault | None:
    if field_.type in ("table", "officials"):
        return _listed(field_, value)
    if not isinstance(value, str):
        return Fault(field_.id, "shape")
    if len(value) > field_.most:
        return Fault(field_.id, "long", str(field_.most))
    if field_.type == "text" and "\n" in value.strip():
        return Fault(field_.id, "one_line")
    if field_.type == "date" and not _is_date(value):
        return Fault(field_.id, "date", value)
    if field_.type == "time" and not re.fullmatch(r"([01]\d|2[0-3])[:.][0-5]\d", value):
        return Fault(field_.id, "time", value)
    if field_.type == "choice" and value not in dict(field_.choices):
        return Fault(field_.id, "choice", value)
    return None


def _listed(field_: Field, value: Any) -> Fault | None:
    if not isinstance(value, list | tuple):
        return Fault(field_.id, "shape")
    if len(value) > field_.most:
        return Fault(field_.id, "rows", str(field_.most))
    if field_.type == "officials":
        whole = all(isinstance(one, int) and not isinstance(one, bool) for one in value)
        return None if whole else Fault(field_.id, "shape")
    width = len(field_.columns)
    if not all(
        isinstance(row, list | tuple) and len(row) == width and all(isinstance(cell, str) for cell in row)
        for row in value
    ):
        return Fault(field_.id, "shape")
    if any(len(cell) > LONGEST_TEXT for row in value for cell in row):
        return Fault(field_.id, "long", str(LONGEST_TEXT))
    return None


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def blocks(text: str) -> list[dict[str, Any]]:
    """A paragraph field as a page draws it: [{"k": "p", "t": …}, {"k": "ol", "s": "1" or "a", "items": […]},
    {"k": "ul", "items": […]}]. An empty line ends a paragraph; list marks count at the beginning of a line only."""
    made: list[dict[str, Any]] = []
    open_ = False
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if not line.strip():
            open_ = False
            continue
        mark, words = _mark(line)
        last = made[-1] if made else None
        if mark == "p":
            if open_ and last is not None and last["k"] == "p":
                last["t"] += "\n" + words
            elif open_ and last is not None:
                last["items"][-1] += " " + words  # a list's item that goes on below
            else:
                made.append({"k": "p", "t": words})
        elif last is not None and last["k"] != "p" and (last["k"], last.get("s", "")) == _list_of(mark):
            last["items"].append(words)
        else:
            kind_, style = _list_of(mark)
            made.append({"k": kind_, "items": [words]} | ({"s": style} if style else {}))
        open_ = True
    return made


def _list_of(mark: str) -> tuple[str, str]:
    return ("ul", "") if mark == "-" else ("ol", mark)


def _mark(line: str) -> tuple[str, str]:
    numbered = NUMBERED_MARK.match(line)
    if numbered:
        return ("1" if line.strip()[0].isdigit() else "a"), numbered[1].strip()
    bullet = BULLET_MARK.match(line)
    return ("-", bullet[1].strip()) if bullet else ("p", line.strip())


# -- The chain ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rank:
    """What the proposal of a chain needs to know of an official."""

    id: int
    role: str
    position: str


# Chiefs below the secretary, as their titles begin: they initial first.
CHIEFS = ("Kepala Bidang", "Kepala Bagian", "Kepala Seksi", "Kepala Subbagian", "Kepala Subbidang", "Kepala Urusan",
          "Kasi ", "Kabid ", "Kabag ", "Kasubbag ", "Kaur ")  # fmt: skip


def proposed(
    drafter: Rank, colleagues: Sequence[Rank], *, signer: int | None, drafter_heads: bool
) -> list[list[int]]:
    """The ids of who usually initials a letter of `drafter`, in order: a chief of section or division, then the
    secretary. `signer`: who signs; he and the drafter are left out. A head who drafts needs nobody."""
    if drafter_heads or drafter.id == signer:
        return []
    groups: list[list[int]] = []
    chiefs = [one for one in colleagues if one.role == "staff" and one.position.startswith(CHIEFS)]
    if drafter.role not in ("secretary", "head") and not drafter.position.startswith(CHIEFS):
        groups.append([one.id for one in chiefs[:1]])
    if drafter.role != "secretary":
        groups.append([one.id for one in colleagues if one.role == "secretary"][:1])
    left_out = {drafter.id, signer}
    kept = [[one for one in group if one not in left_out] for group in groups]
    return [group for group in kept if group]


def link_content(
    *,
    reference: str,
    version: int,
    order: int,
    kind: str,
    outcome: str,
    official: int,
    office: str,
    acting_as: str,
    at: datetime,
    sha256: str,
    note: str,
    document: str = "",
) -> dict[str, object]:
    """What one link of the chain covers (kernel.hashchain). `document`: the SHA-256 of the signed file."""
    return {
        "naskah": reference,
        "version": version,
        "order": order,
        "kind": kind,
        "outcome": outcome,
        "official": official,
        "office": office,
        "acting_as": acting_as,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "sha256": sha256,
        "note": note,
        "document": document,
    }


# -- Who may -----------------------------------------------------------------------------------------


def may_read(
    secrecy: str,
    *,
    in_chain: bool,
    of_office: bool,
    takes_part: bool,
    heads_recipient: bool,
    of_recipient: bool,
) -> bool:
    """Whether an official may read a naskah or a letter that came in (UU 43/2009 ps. 44; Peraturan ANRI 5/2021).

    `in_chain`: drafted it, is or was asked for a paraf or the signature. `of_office`: works for the office that wrote
    it. `takes_part`: holds a disposition of it, or registered it. `heads_recipient`, `of_recipient`: heads (or acts
    for the head of), or works for, an office that received it.
    """
    if in_chain or takes_part or heads_recipient:
        return True
    if secrecy in SECRET:
        return False
    return of_recipient or (secrecy == "biasa" and of_office)


def may_dispose_down(giver: str, taker: str, *, acting: bool) -> bool:
    """Whether an official of role `giver` may instruct one of role `taker` of the same office; `acting`: for its
    head."""
    rank = {"head": 2, "secretary": 1}
    return (3 if acting else rank.get(giver, 0)) > rank.get(taker, 0) or (
        rank.get(giver, 0) == 0 and rank.get(taker, 0) == 0
    )


def shown(
    secrecy: str, *, subject: str, recipients: Sequence[str], classification: str
) -> list[dict[str, Any]]:
    """What a stranger who verifies a naskah sees beside number, date and office: of an open one its subject and
    recipients, of any other nothing."""
    if secrecy != "biasa":
        return []
    rows = [("subject", {"id": "Hal", "en": "Subject"}, subject)]
    if recipients:
        rows.append(("to", {"id": "Kepada", "en": "To"}, "; ".join(recipients)))
    rows.append(("classification", {"id": "Klasifikasi", "en": "Class"}, classification))
    return [{"key": key, "label": label, "value": value} for key, label, value in rows]


def spreadsheet_safe(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
