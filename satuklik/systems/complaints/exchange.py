"""Files of SP4N-LAPOR!: reading and writing them (.xlsx, .csv), each wrong row named.

Columns (headings in data/sp4n.toml): Tracking ID; Tanggal Laporan Masuk; Judul; Isi; Kategori (our code or name); Kode
Wilayah (12.09.xx.xxxx); Lokasi; Tanggal Kejadian; Anonim (Ya/Tidak); Rahasia (Ya/Tidak); Status; Instansi
Terdisposisi; Tindak Lanjut Terakhir; Nomor Satu Klik. The names of reporters are in no file: SP4N-LAPOR! keeps them.
"""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from satuklik.base.regions import queries as regions
from satuklik.kernel import masking
from satuklik.systems.complaints import catalogue
from satuklik.systems.complaints.errors import SheetRefused
from satuklik.systems.complaints.models import Complaint

LARGEST_FILE = 10_000_000
MOST_ROWS = 5_000
MOST_UNPACKED = 100_000_000  # bytes of an xlsx when unpacked: a small file may hide a huge one
REQUIRED = ("number", "received", "text", "status")
DATES = (
    "%Y-%m-%d",
    "%d-%m-%Y",
    "%d/%m/%Y",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d-%m-%Y %H:%M",
)
# A cell that begins so is a formula for whoever opens the file.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Row:
    """A row that can be taken over. `ours`: the complaint here that it is about, where the file says so; then `number`
    may be empty (it is not known there yet)."""

    row: int
    number: str
    received_at: datetime
    title: str
    text: str
    category: str
    village: str
    place: str
    happened_on: date | None
    secret: bool
    state: str
    status: str
    ours: str = ""


@dataclass(frozen=True)
class Problem:
    """What is wrong in which row; `column` is a name of data/sp4n.toml. Codes: missing, date, status, short, long,
    village, twice."""

    row: int
    column: str
    code: str


@dataclass(frozen=True)
class Sheet:
    """What a file holds."""

    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]


def read(name: str, content: bytes) -> Sheet:
    """The rows of a file and what is wrong with the others. Raises SheetRefused: too_large, not_readable, empty,
    columns, too_many."""
    if len(content) > LARGEST_FILE:
        raise SheetRefused("too_large")
    found = _xlsx(content) if content.startswith(b"PK") else _csv(content)
    lines = [[_text(cell) for cell in line] for line in _at_most(found)]
    lines = [line for line in lines if any(line)] if lines else []
    if not lines:
        raise SheetRefused("empty")
    places = _columns(lines[0])
    rows, problems, seen = [], [], set()
    table = [
        {column: line[place] if place < len(line) else "" for column, place in places.items()}
        for line in lines[1:]
    ]
    ours = _of_ours(table)
    for number, cells in enumerate(table, start=2):
        cells["ours"] = cells.get("ours", "") if cells.get("ours", "") in ours else ""
        wrong = list(_wrong(number, cells))
        if not wrong and cells["number"] and cells["number"] in seen:
            wrong = [Problem(number, "number", "twice")]
        seen.add(cells["number"])
        problems += wrong
        if not wrong:
            rows.append(_row(number, cells))
    return Sheet(tuple(rows), tuple(problems))


def _of_ours(table: Sequence[dict[str, str]]) -> set[str]:
    """Which numbers of the column `ours` are complaints here; a secret one is in no file, and is not known by one."""
    named = {cells.get("ours", "") for cells in table} - {""}
    found = Complaint.objects.filter(reference__in=named).exclude(mode=Complaint.Mode.SECRET)
    return set(found.values_list("reference", flat=True))


def _at_most(table: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    for number, line in enumerate(table):
        if number > MOST_ROWS:
            raise SheetRefused("too_many", str(MOST_ROWS))
        yield line


def _xlsx(content: bytes) -> Iterator[Sequence[Any]]:
    import openpyxl  # here: a web process that reads no file starts without it
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > MOST_UNPACKED:
                raise SheetRefused("too_large")
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        yield from sheet.iter_rows(values_only=True, max_col=60)
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        InvalidFileException,
        KeyError,
        ValueError,
        OSError,
        IndexError,
        SyntaxError,
    ) as error:
        raise SheetRefused("not_readable") from error


def _csv(content: bytes) -> Iterator[Sequence[Any]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if "\x00" in text:
        raise SheetRefused("not_readable")
    first = text.partition("\n")[0]
    try:
        yield from csv.reader(
            io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ","
        )
    except csv.Error as error:
        raise SheetRefused("not_readable") from error


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))  # a ticket number that a spreadsheet took for a number
    return str(cell).replace("\x00", "").strip().removeprefix("'")


def _columns(heads: Sequence[str]) -> dict[str, int]:
    wanted = {heading.casefold(): column for column, heading in catalogue.sp4n()["columns"].items()}
    places = {wanted[head.casefold()]: place for place, head in enumerate(heads) if head.casefold() in wanted}
    missing = [catalogue.sp4n()["columns"][column] for column in REQUIRED if column not in places]
    if missing:
        raise SheetRefused("columns", ", ".join(missing))
    return places


def _wrong(number: int, cells: dict[str, str]) -> Iterator[Problem]:
    for column in REQUIRED:
        if not cells.get(column) and not (column == "number" and cells.get("ours")):
            yield Problem(number, column, "missing")
    if cells.get("received") and _date(cells["received"]) is None:
        yield Problem(number, "received", "date")
    if cells.get("happened") and _date(cells["happened"]) is None:
        yield Problem(number, "happened", "date")
    if cells.get("status") and cells["status"].casefold() not in catalogue.sp4n()["incoming"]:
        yield Problem(number, "status", "status")
    if len(cells.get("number", "")) > 40:
        yield Problem(number, "number", "long")
    if cells.get("text") and not 10 <= len(cells["text"]) <= 4_000:
        yield Problem(number, "text", "short" if len(cells["text"]) < 10 else "long")
    if cells.get("village"):
        try:
            regions.place(cells["village"])
        except regions.NoSuchRegion:
            yield Problem(number, "village", "village")


def _row(number: int, cells: dict[str, str]) -> Row:
    received, happened = _date(cells["received"]), _date(cells.get("happened", ""))
    assert received is not None
    return Row(
        number, cells["number"], received, cells.get("title", ""), cells["text"], _category(cells.get("category", "")),
        cells.get("village", ""), cells.get("place", "")[:200], timezone.localdate(happened) if happened else None,
        cells.get("secret", "").casefold() in ("ya", "yes", "1", "true"),
        catalogue.sp4n()["incoming"][cells["status"].casefold()], cells["status"][:60],
        cells["ours"],
    )  # fmt: skip


def _date(text: str) -> datetime | None:
    for form in DATES:
        try:
            found = datetime.strptime(text, form)  # noqa: DTZ007 - the zone is set below
        except ValueError:
            continue
        if 2000 <= found.year <= 2100:
            return timezone.make_aware(found)
    return None


def _category(text: str) -> str:
    plain = text.casefold()
    for one in catalogue.categories().values():
        if plain in (one.code, one.name.casefold(), one.name_en.casefold()):
            return one.code
    return catalogue.OTHER


def all_rows() -> Iterator[dict[str, str]]:
    """Every complaint that is not secret, by column. Texts are masked: a file leaves the house."""
    words = catalogue.sp4n()["outgoing"]
    found = Complaint.objects.exclude(mode=Complaint.Mode.SECRET).prefetch_related(
        "dispatches__agency", "events"
    )
    for complaint in found.order_by("received_at", "pk").iterator(200):
        replies = [event.text for event in complaint.events.all() if event.kind == "replied"]
        yield {
            "number": complaint.external_number or "",
            "received": timezone.localtime(complaint.received_at).strftime("%Y-%m-%d %H:%M"),
            "title": masking.masked(complaint.title),
            "text": masking.masked(complaint.text),
            "category": catalogue.category(complaint.category).name,
            "village": complaint.village_id or "",
            "place": masking.masked(complaint.place),
            "happened": complaint.happened_on.isoformat() if complaint.happened_on else "",
            "anonymous": "Ya",
            "secret": "Tidak",
            "status": words[complaint.state],
            "agency": ", ".join(dict.fromkeys(row.agency.name for row in complaint.dispatches.all())),
            "reply": masking.masked(replies[-1]) if replies else "",
            "ours": complaint.reference,
        }


def write(name: str, rows: Iterable[dict[str, str]]) -> bytes:
    """The rows as .xlsx, or as .csv where the name says so."""
    columns = catalogue.sp4n()["columns"]
    lines = [list(columns.values()), *([_harmless(row[column]) for column in columns] for row in rows)]
    if name.casefold().endswith(".csv"):
        out = io.StringIO()
        csv.writer(out).writerows(lines)
        return b"\xef\xbb\xbf" + out.getvalue().encode()
    import openpyxl
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Laporan"
    for line in lines:
        sheet.append([ILLEGAL_CHARACTERS_RE.sub("", cell) for cell in line])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text
