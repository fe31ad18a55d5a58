"""What others read of naskah dinas, one noun a file below."""

from satuklik.systems.correspondence.queries.boxes import box, counts
from satuklik.systems.correspondence.queries.detail import incoming_for, naskah_for
from satuklik.systems.correspondence.queries.kinds import (
    classification_name,
    classifications,
    instructions,
    kind,
    kinds,
    secrecies,
    urgencies,
)
from satuklik.systems.correspondence.queries.people import colleagues, offices, proposed_chain
from satuklik.systems.correspondence.queries.reading import may_read, may_read_incoming
from satuklik.systems.correspondence.queries.registers import agenda, agenda_csv, agenda_xlsx
from satuklik.systems.correspondence.queries.sheets import (
    control_sheet,
    disposition_sheet,
    incoming_file,
    preview,
    sample,
)
from satuklik.systems.correspondence.queries.verifying import ChainReport, verify_chain, verify_chains
from satuklik.systems.correspondence.queries.views import (
    AgendaRow,
    Box,
    DispositionView,
    HistoryLine,
    IncomingView,
    NaskahView,
    RecipientView,
    Row,
    StepView,
    VersionView,
    Who,
)
from satuklik.systems.correspondence.rules import Classification, Column, Field, Kind, Term, To

__all__ = [
    "AgendaRow", "Box", "ChainReport", "Classification", "Column", "DispositionView", "Field", "HistoryLine",
    "IncomingView", "Kind", "NaskahView", "RecipientView", "Row", "StepView", "Term", "To", "VersionView", "Who",
    "agenda", "agenda_csv", "agenda_xlsx", "box", "classification_name", "classifications", "colleagues",
    "control_sheet", "counts", "disposition_sheet", "incoming_file", "incoming_for", "instructions", "kind", "kinds",
    "may_read", "may_read_incoming", "naskah_for", "offices", "preview", "proposed_chain", "sample", "secrecies",
    "urgencies", "verify_chain", "verify_chains",
]  # fmt: skip
