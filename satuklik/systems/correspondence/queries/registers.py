"""The registers of letters: agenda masuk and agenda keluar, by year, searched and exported."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from django.db.models import Q, QuerySet
from django.utils import timezone

from satuklik.base.agencies import queries as agencies
from satuklik.systems.correspondence import catalogue, rules, words
from satuklik.systems.correspondence.models import AgendaEntry, Incoming, Naskah
from satuklik.systems.correspondence.queries import reading, searching
from satuklik.systems.correspondence.queries.views import AgendaRow

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

Direction = Literal["in", "out"]
HEADINGS = (
    "No.",
    "Diterima/dikirim",
    "Nomor surat",
    "Tanggal surat",
    "Dari/kepada",
    "Hal",
    "Klasifikasi",
    "Sifat",
)
_WIDTHS = (8, 18, 34, 14, 44, 60, 14, 16)


def agenda(
    official: "Official", direction: Direction, year: int, text: str = "", now: datetime | None = None
) -> list[AgendaRow]:
    """The register of the official's office, the newest line first; `text` searches in Indonesian (a number also by
    its beginning). A secret letter shows its subject and correspondent only to who may read it."""
    return list(_rows(official, direction, year, text, now or timezone.now()))


def agenda_xlsx(
    official: "Official", direction: Direction, year: int, text: str = "", now: datetime | None = None
) -> bytes:
    """The same lines as a workbook, in the order of their numbers."""
    # 36 MB in every process for something that is asked for a few times a day: only where it is used.
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    sheet = book.create_sheet(f"Agenda {'masuk' if direction == 'in' else 'keluar'} {year}")
    for number, width in enumerate(_WIDTHS):
        sheet.column_dimensions["ABCDEFGH"[number]].width = width
    sheet.freeze_panes = "A2"
    head = []
    for heading in HEADINGS:
        cell = WriteOnlyCell(sheet, heading)
        cell.font = Font(bold=True)
        head.append(cell)
    sheet.append(head)
    for cells in _cells(agenda(official, direction, year, text, now)):
        sheet.append(cells)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def agenda_csv(
    official: "Official", direction: Direction, year: int, text: str = "", now: datetime | None = None
) -> str:
    """The same lines as CSV (UTF-8, comma), safe to open in a spreadsheet."""
    made = io.StringIO()
    writer = csv.writer(made)
    writer.writerow(HEADINGS)
    writer.writerows(_cells(agenda(official, direction, year, text, now)))
    return made.getvalue()


def _cells(rows: Iterable[AgendaRow]) -> Iterator[list[object]]:
    for row in sorted(rows, key=lambda one: one.serial):
        at = timezone.localtime(row.at)
        yield [
            row.serial,
            f"{at:%Y-%m-%d %H:%M}",
            *(
                rules.spreadsheet_safe(text)
                for text in (row.number, row.dated.isoformat(), row.correspondent)
            ),
            *(rules.spreadsheet_safe(text) for text in (row.subject, row.classification, row.secrecy_words)),
        ]


def _rows(
    official: "Official", direction: Direction, year: int, text: str, now: datetime
) -> Iterator[AgendaRow]:
    offices = agencies.offices_of(official, now)
    found = AgendaEntry.objects.filter(agency__in=offices, direction=direction, year=year)
    hidden = _hidden(official, found, now)
    wanted = searching.tidy(text)
    if wanted:
        # A search finds nothing in what may not be read.
        matches = Q(searching.in_agenda(wanted)) | Q(number__istartswith=wanted)
        found = found.filter(matches).exclude(pk__in=hidden)
    keys = _keys(found, direction)
    terms = catalogue.current().secrecies
    for entry in found.order_by("-serial", "-pk"):
        secret = entry.pk in hidden
        yield AgendaRow(
            serial=entry.serial,
            year=entry.year,
            at=entry.at,
            number=entry.number,
            dated=entry.dated,
            correspondent="" if secret else entry.correspondent,
            subject=str(words.HIDDEN_SUBJECT) if secret else entry.subject,
            classification=entry.classification,
            secrecy=entry.secrecy,
            secrecy_words=words.said(terms[entry.secrecy].words),
            key="" if secret else keys.get(entry.pk, ""),
        )


def _hidden(official: "Official", found: QuerySet[AgendaEntry], now: datetime) -> set[int]:
    """The lines whose letter this official may not read."""
    closed = found.exclude(secrecy="biasa")
    ids = set(closed.values_list("pk", flat=True))
    if not ids:
        return set()
    arrived = reading.readable_incoming(official, Incoming.objects.filter(entry__in=ids), now)
    sent = reading.readable(official, Naskah.objects.filter(document__agenda__in=ids), now)
    shown = set(arrived.values_list("entry_id", flat=True))
    shown |= set(
        closed.filter(direction="out", document__naskah__in=sent.values("pk")).values_list("pk", flat=True)
    )
    return ids - shown


def _keys(found: QuerySet[AgendaEntry], direction: Direction) -> dict[int, str]:
    if direction == "in":
        return {
            entry: str(incoming)
            for entry, incoming in found.values_list("pk", "incoming__pk")
            if incoming is not None
        }
    return dict(found.exclude(document=None).values_list("pk", "document__naskah__reference"))
