"""The registers of letters: agenda masuk and agenda keluar, by year, searched and exported."""

from typing import TYPE_CHECKING, Literal

from satuklik.systems.correspondence.queries.views import AgendaRow

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

Direction = Literal["in", "out"]


def agenda(official: "Official", direction: Direction, year: int, text: str = "") -> list[AgendaRow]:
    """The register of the official's office, the newest line first; `text` searches in Indonesian."""
    raise NotImplementedError


def agenda_xlsx(official: "Official", direction: Direction, year: int, text: str = "") -> bytes:
    """The same lines as a workbook."""
    raise NotImplementedError


def agenda_csv(official: "Official", direction: Direction, year: int, text: str = "") -> str:
    """The same lines as CSV (UTF-8, comma), safe to open in a spreadsheet."""
    raise NotImplementedError
