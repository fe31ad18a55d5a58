"""The list of officials as an .xlsx file: read within limits, whatever the file claims; and its template."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from satuklik.systems.enrolment import rules
from satuklik.systems.enrolment.errors import SheetRefused

if TYPE_CHECKING:  # 36 MB in every process for a list that is imported once a year: loaded where it is used
    from openpyxl import Workbook

LARGEST_FILE = 5_000_000
LARGEST_UNPACKED = 40_000_000  # 5,000 rows unpack to 3 MB
MOST_PARTS = 300
MOST_ROWS, MOST_COLUMNS = 10_000, 40
HEADER_WITHIN = 10  # rows: a title may stand above the columns' names
LONGEST_CELL = 1_000
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and .xlsx under a password
NAMES: Mapping[str, tuple[str, ...]] = {
    "nip": ("nip",),
    "name": ("nama", "nama lengkap", "nama pejabat"),
    "position": ("jabatan", "nama jabatan"),
    "echelon": ("eselon", "esselon"),
    "agency": ("opd", "instansi", "perangkat daerah", "unit kerja", "kode opd"),
    "email": ("e-mail", "email", "e-mail dinas", "email dinas", "surel"),
    "nik": ("nik",),
    "rank": ("golongan", "gol", "gol.", "golongan ruang", "pangkat/gol"),
}
REQUIRED = ("nip", "name", "position", "echelon", "agency", "email")
# What openpyxl raises, beside its own error, on files that are broken or were made to break it.
BROKEN = (
    zipfile.BadZipFile, zipfile.LargeZipFile, ParseError, zlib.error, KeyError, IndexError,
    ValueError, TypeError, AttributeError, EOFError, NotImplementedError, RecursionError, OSError, RuntimeError,
)  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """What a cell says. `number`: it is kept as a number with a fraction or an exponent, so long digits are lost."""

    text: str
    rounded: bool = False


@dataclass(frozen=True)
class Line:
    """One row below the header: its number in the file, its cells by column. Columns that the file lacks are absent."""

    number: int
    cells: Mapping[str, Cell]


def read(content: bytes) -> list[Line]:
    """The rows of the first sheet that has the columns; rows without anything are left out. Raises SheetRefused."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    _guard(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        try:
            return _lines(book)
        finally:
            book.close()
    except (InvalidFileException, *BROKEN) as error:
        raise SheetRefused("damaged", type(error).__name__) from error


def _guard(content: bytes) -> None:
    """Refuse what is too large, unpacked or not, before anything is parsed."""
    if not content:
        raise SheetRefused("empty")
    if len(content) > LARGEST_FILE:
        raise SheetRefused("too_large")
    if content.startswith(OLE):
        raise SheetRefused("old_format")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if "xl/workbook.xml" not in names:
                raise SheetRefused("not_xlsx")
            # zipfile reads no more of a part than its declared size, so the declared sizes are a limit.
            if len(parts) > MOST_PARTS or len(names) < len(parts):
                raise SheetRefused("bomb")
            if sum(part.file_size for part in parts) > LARGEST_UNPACKED:
                raise SheetRefused("bomb")
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    _guard_xml(archive.read(part))
    except SheetRefused:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise SheetRefused("not_xlsx" if not content.startswith(b"PK") else "damaged") from error


def _guard_xml(text: bytes) -> None:
    """No entities (they multiply), and no encoding in which they could hide: spreadsheets need neither."""
    if b"\x00" in text[:200] or b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise SheetRefused("bomb")


def _lines(book: "Workbook") -> list[Line]:
    missing: list[str] = []
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # the file may claim any size
        rows = sheet.iter_rows(max_row=MOST_ROWS + HEADER_WITHIN + 1, max_col=MOST_COLUMNS, values_only=True)
        found = _header(rows)
        if isinstance(found, list):
            missing = missing or found
            continue
        number, columns = found
        lines = list(_below(rows, number, columns))
        if not lines:
            raise SheetRefused("no_rows")
        if len(lines) > MOST_ROWS:
            raise SheetRefused("too_many_rows", f"{MOST_ROWS}")
        return lines
    raise SheetRefused("no_header", ", ".join(NAMES[name][0].upper() for name in missing or REQUIRED))


def _header(rows: Iterator[tuple[object, ...]]) -> tuple[int, dict[int, str]] | list[str]:
    """The number of the header's row and which column is where; or the columns that the likeliest row lacks."""
    best: list[str] = []
    for number, row in zip(range(1, HEADER_WITHIN + 1), rows, strict=False):
        columns: dict[int, str] = {}
        for place, value in enumerate(row):
            title = " ".join(str(value or "").replace("*", " ").casefold().split())
            name = next((name for name, titles in NAMES.items() if title in titles), None)
            if name is not None:
                if name in columns.values():
                    raise SheetRefused("twice", NAMES[name][0].upper())
                columns[place] = name
        lacking = [name for name in REQUIRED if name not in columns.values()]
        if not lacking:
            return number, columns
        if len(columns) >= 2 and (not best or len(lacking) < len(best)):
            best = lacking
    return best


def _below(rows: Iterator[tuple[object, ...]], header: int, columns: Mapping[int, str]) -> Iterator[Line]:
    for number, row in enumerate(rows, header + 1):
        cells = {name: _cell(row[place]) for place, name in columns.items() if place < len(row)}
        if any(cell.text for cell in cells.values()):
            yield Line(number, cells)


def _cell(value: object) -> Cell:
    if value is None:
        return Cell("")
    if isinstance(value, bool):
        return Cell("TRUE" if value else "FALSE")
    if isinstance(value, float):
        # A spreadsheet keeps 15 digits of a number: an identity number that came through here has lost some.
        whole = value.is_integer() and abs(value) < 1e15
        return Cell(str(int(value)) if whole else repr(value), rounded=abs(value) >= 1e15)
    if isinstance(value, int):
        return Cell(str(value), rounded=abs(value) >= 10**15 and value % 10 == 0)
    if isinstance(value, datetime | date):
        return Cell(value.isoformat())
    return Cell(re.sub(r"[\s\u00a0]+", " ", str(value)[: LONGEST_CELL + 1]).strip())


# --- the template ---------------------------------------------------------------------------------

WIDTHS = {
    "nip": 24,
    "name": 34,
    "position": 40,
    "echelon": 9,
    "agency": 44,
    "email": 38,
    "nik": 22,
    "rank": 10,
}
TITLES = {
    "nip": "NIP*", "name": "Nama*", "position": "Jabatan*", "echelon": "Eselon*", "agency": "OPD*", "email": "E-mail*",
    "nik": "NIK", "rank": "Golongan",
}  # fmt: skip
NOTES = (
    "Isi lembar «Pejabat». Kolom bertanda * wajib ada; baris contoh boleh dihapus.",
    "NIP dan NIK harus berupa teks. Kolomnya sudah diatur; jangan ubah formatnya menjadi angka.",
    "Eselon: II.a, II.b, III.a, III.b, IV.a, IV.b. Kosongkan selnya bila jabatan tidak bereselon.",
    "OPD: kode atau nama persis seperti pada lembar «OPD».",
    "E-mail: alamat dinas milik pejabat itu sendiri, satu alamat untuk satu orang.",
    "NIK boleh kosong: pejabat mengisinya sendiri saat mengirim e-KTP.",
)


def template(agencies: Sequence[tuple[str, str]], *, domain: str, ranks: Sequence[str]) -> bytes:
    """The empty list with one example row, choices for echelon, OPD and rank, and the agencies' codes and names."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    sheet = book.active
    sheet.title = "Pejabat"
    example = {
        "nip": "198001012005011001", "name": "Contoh Nama, S.Sos", "position": "Kepala Bidang Contoh",
        "echelon": "III.b", "agency": agencies[0][0] if agencies else "", "email": f"contoh.nama@{domain}",
        "nik": "", "rank": "III/d",
    }  # fmt: skip
    for place, name in enumerate(NAMES, 1):
        letter = get_column_letter(place)
        head = sheet.cell(row=1, column=place, value=TITLES[name])
        head.font, head.fill = Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor="0A489F")
        head.alignment = Alignment(vertical="center")
        sheet.column_dimensions[letter].width = WIDTHS[name]
        sheet.column_dimensions[letter].number_format = "@"
        for row in range(
            2, 302
        ):  # typed numbers stay text: a whole column's format is not kept by every program
            sheet.cell(row=row, column=place).number_format = "@"
        sheet.cell(row=2, column=place, value=example[name] or None)
    sheet.freeze_panes = "A2"
    sheet.row_dimensions[1].height = 24
    _choices(sheet, "echelon", f'"{",".join(rules.ECHELONS)}"')
    _choices(sheet, "rank", f'"{",".join(ranks)}"')
    if agencies:
        _choices(sheet, "agency", f"OPD!$A$2:$A${len(agencies) + 1}", strict=False)
    length = DataValidation(type="textLength", operator="equal", formula1="18", allow_blank=True)
    length.error, length.errorTitle = "NIP terdiri atas 18 angka.", "NIP"
    sheet.add_data_validation(length)
    length.add(f"A2:A{MOST_ROWS + 1}")
    offices = book.create_sheet("OPD")
    offices.append(["Kode", "Nama"])
    for code, name in agencies:
        offices.append([code, name])
    offices.column_dimensions["A"].width, offices.column_dimensions["B"].width = 24, 70
    notes = book.create_sheet("Petunjuk")
    for note in NOTES:
        notes.append([note])
    notes.column_dimensions["A"].width = 100
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _choices(sheet: object, name: str, formula: str, *, strict: bool = True) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    choice = DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=strict)
    choice.error, choice.errorTitle = "Pilih salah satu dari daftar.", TITLES[name]
    sheet.add_data_validation(choice)  # type: ignore[attr-defined]
    letter = get_column_letter(list(NAMES).index(name) + 1)
    choice.add(f"{letter}2:{letter}{MOST_ROWS + 1}")
