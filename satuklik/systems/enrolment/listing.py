"""A list of officials, judged row by row: what each row says, and what is wrong with it. Pure."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from satuklik.base.agencies.rules import RANKS, read_nip
from satuklik.kernel.nik import check_nik
from satuklik.systems.enrolment import rules
from satuklik.systems.enrolment.sheet import Cell, Line

LONGEST = {"name": 120, "position": 120, "email": 254}  # what the tables hold
_EMAIL = re.compile(r"^[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\"]+$")
_RANK = re.compile(r"\b(I|II|III|IV)\s*[/.\s]\s*([a-e])\b", re.IGNORECASE)
ERRORS = ("#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!")


@dataclass(frozen=True)
class RowProblem:
    """What is wrong in one cell: a code of wording.ROWS, and what its words name."""

    row: int
    column: str
    code: str
    detail: str = ""


@dataclass(frozen=True)
class Entry:
    """One row without problems."""

    row: int
    nip: str
    name: str
    position: str
    echelon: str
    agency_id: int
    email: str
    nik: str
    rank: str
    role: str


@dataclass(frozen=True)
class Office:
    """An agency as far as a list needs it."""

    pk: int
    code: str
    name: str
    short_name: str
    head_title: str


@dataclass(frozen=True)
class World:
    """What the rows are held against."""

    offices: Sequence[Office]
    domains: Sequence[str]
    heads: Mapping[int, tuple[str, str]]
    """Who heads an agency now: id → (NIP, name)."""
    niks: Mapping[str, str]
    """NIKs that are known: their mark → the NIP of whose they are."""


@dataclass(frozen=True)
class Judged:
    """The rows that can be imported, and what is wrong with the others (each with at least one problem)."""

    entries: tuple[Entry, ...]
    problems: tuple[RowProblem, ...]
    rows: int


def judge(lines: Iterable[Line], world: World, *, mark_of: Callable[[str], str]) -> Judged:
    """Judge every row. `mark_of`: the keyed digest of a NIK, as `world.niks` has it."""
    lines = list(lines)
    offices = _index(world.offices)
    problems: list[RowProblem] = []
    entries: list[Entry] = []
    for line in lines:
        found, entry = _row(line, world, offices)
        problems += found
        if entry is not None:
            entries.append(entry)
    problems += _repeated(entries)
    problems += _taken(entries, world, mark_of)
    bad = {problem.row for problem in problems}
    order = {problem: place for place, problem in enumerate(problems)}
    return Judged(
        tuple(entry for entry in entries if entry.row not in bad),
        tuple(sorted(problems, key=lambda problem: (problem.row, order[problem]))),
        len(lines),
    )


def _row(
    line: Line, world: World, offices: Mapping[str, Sequence[Office]]
) -> tuple[list[RowProblem], Entry | None]:
    problems: list[RowProblem] = []

    def wrong(column: str, code: str, detail: str = "") -> None:
        problems.append(RowProblem(line.number, column, code, detail))

    given = {}
    for column in ("nip", "name", "position", "echelon", "agency", "email", "nik", "rank"):
        cell = line.cells.get(column, Cell(""))
        given[column] = cell.text.lstrip("'")  # how some programs force a text
        longest = LONGEST.get(column)
        if cell.text in ERRORS:
            wrong(column, "formula_error", cell.text)
        elif cell.rounded and column in ("nip", "nik"):
            wrong(column, "rounded")
        elif not cell.text and column in ("nip", "name", "position", "agency", "email"):
            wrong(column, "missing")
        elif longest is not None and len(cell.text) > longest:
            wrong(column, "too_long", str(longest))
        else:
            continue
        given[column] = ""
    nip, nik = (re.sub(r"[\s.-]", "", given[column]) for column in ("nip", "nik"))
    if nip:
        try:
            read_nip(nip)
        except ValueError:
            wrong("nip", "bad_nip")
    if nik and not check_nik(nik).valid:
        wrong("nik", "bad_nik")
    echelon = rules.echelon_of_position(given["position"], rules.posts())
    if given["echelon"]:
        try:
            echelon = rules.read_echelon(given["echelon"])
        except ValueError:
            wrong("echelon", "bad_echelon")
    rank = _rank(given["rank"])
    if rank is None:
        wrong("rank", "bad_rank")
    office = None
    if given["agency"]:
        fitting = offices.get(_folded(given["agency"]), ())
        if len(fitting) == 1:
            office = fitting[0]
        elif fitting:
            wrong("agency", "vague_agency", ", ".join(one.code for one in fitting[:5]))
        else:
            wrong("agency", "unknown_agency")
    email = given["email"].casefold()
    if email and not _EMAIL.match(email):
        wrong("email", "bad_email")
    elif email and not rules.is_official_email(email, world.domains):
        wrong("email", "wrong_domain", ", ".join(world.domains))
    if problems or office is None:
        return problems, None
    return [], Entry(
        line.number, nip, given["name"], given["position"], echelon, office.pk, email, nik, rank or "",
        rules.role_of(given["position"], office.head_title),
    )  # fmt: skip


def _repeated(entries: Sequence[Entry]) -> list[RowProblem]:
    """The same NIP, NIK or address twice in one list, two heads of one agency: the later rows are wrong."""
    found = []
    for column in ("nip", "nik", "email"):
        first: dict[str, int] = {}
        for entry in entries:
            value = getattr(entry, column)
            if value and first.setdefault(value, entry.row) != entry.row:
                found.append(RowProblem(entry.row, column, f"{column}_twice", str(first[value])))
    heads: dict[int, int] = {}
    for entry in entries:
        if entry.role == "head" and heads.setdefault(entry.agency_id, entry.row) != entry.row:
            found.append(RowProblem(entry.row, "position", "head_twice", str(heads[entry.agency_id])))
    return found


def _taken(entries: Sequence[Entry], world: World, mark_of: Callable[[str], str]) -> list[RowProblem]:
    """A NIK that another official has; a head's chair in which somebody sits whom the list does not move."""
    found = []
    moved = {entry.nip: entry for entry in entries}
    for entry in entries:
        owner = world.niks.get(mark_of(entry.nik)) if entry.nik else None
        if owner is not None and owner != entry.nip:
            found.append(RowProblem(entry.row, "nik", "nik_taken", owner))
        sitting = world.heads.get(entry.agency_id) if entry.role == "head" else None
        if sitting is not None and sitting[0] != entry.nip:
            other = moved.get(sitting[0])
            stays = other is None or (other.agency_id == entry.agency_id and other.role == "head")
            if stays:
                found.append(RowProblem(entry.row, "position", "head_taken", sitting[1]))
    return found


def _index(offices: Iterable[Office]) -> dict[str, list[Office]]:
    """Agencies by code, name and short name. A code is never vague."""
    found: dict[str, list[Office]] = defaultdict(list)
    offices = list(offices)
    for office in offices:
        for word in {_folded(office.name), _folded(office.short_name)}:
            found[word].append(office)
    for office in offices:
        found[_folded(office.code)] = [office]
    return found


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _rank(text: str) -> str | None:
    """ "Penata (III/c)" of "III/c" and its like; "" for none; None for what is no rank."""
    if not text or text == "-":
        return ""
    found = _RANK.search(text)
    if found is None:
        return None
    grade = f"{found[1].upper()}/{found[2].lower()}"
    return RANKS.get(grade)
