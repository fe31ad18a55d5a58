"""What the letters of the press desk say: frozen when they go up to be signed, printed when they are signed."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from satuklik.base.agencies import queries as agencies
from satuklik.spine.documents import actions as documents
from satuklik.spine.documents import queries as issued
from satuklik.systems.press.models import Enquiry, PressLetter, ReplyLetter

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Agency

LETTERS = Path(__file__).parent / "letters"
CODE = "400.14"  # archive class "Hubungan masyarakat" (Permendagri 83/2022); the archivist may name a finer one [?]
FILES = {PressLetter.Kind.REPLY: "hak-jawab", PressLetter.Kind.COUNCIL: "dewan-pers"}
TITLES = {
    PressLetter.Kind.REPLY: ("Hak jawab", "Right of reply"),
    PressLetter.Kind.COUNCIL: ("Pengaduan penolakan hak jawab", "Complaint about a refused reply"),
}
COUNCIL = "Dewan Pers"


class _Blank:
    """Stands on a draft where nobody heads the office."""

    name, nip, rank, pk, agency_id = "………………………", "", "", 0, 0

    def __init__(self, position: str) -> None:
        self.position = position


class _Nobody:
    """Who would sign, where there is nobody."""

    def __init__(self, position: str) -> None:
        self.official, self.acting_as = _Blank(position), ""


@cache
def source(kind: str) -> str:
    """The Typst source of a letter."""
    return (LETTERS / f"{FILES[PressLetter.Kind(kind)]}.typ").read_text()


def content(
    kind: str, enquiry: Enquiry, text: str, reply: ReplyLetter, sent: PressLetter | None
) -> dict[str, Any]:
    """What the letter says. `sent`: the letter of reply that the newsroom refused, for the Press Council."""
    outlet = issued.legible(enquiry.outlet.name) if enquiry.outlet else ""
    council = kind == PressLetter.Kind.COUNCIL
    return {
        "reference": enquiry.reference,
        "to": COUNCIL if council else f"Pemimpin Redaksi {outlet}".strip(),
        "outlet": outlet,
        "published_on": enquiry.published_on.isoformat() if enquiry.published_on else "",
        "link": issued.legible(enquiry.link),
        "text": text,
        "reply_number": sent.document.number if council and sent and sent.document else "",
        "sent_on": timezone.localdate(sent.sent_at).isoformat() if council and sent and sent.sent_at else "",
        "refused_on": reply.refused_on.isoformat() if council and reply.refused_on else "",
        "refusal": issued.legible(reply.refusal) if council else "",
    }


def paper(kind: str, said: Mapping[str, Any], typst: str = "") -> documents.Paper:
    """What is printed and signed."""
    title, title_en = TITLES[PressLetter.Kind(kind)]
    return documents.Paper(
        service=f"press:{kind}", title=title, title_en=title_en, printed_title=title, code=CODE,
        source=typst or source(kind),
        page={
            "f": {}, "to": [{"name": said["to"], "address": ""}], "copies": [],
            "naskah": {"subject": title, "kind": title, "nature": "Penting", "secrecy": "biasa", "secret": False},
            "press": dict(said),
        },
    )  # fmt: skip


def shown(kind: str, said: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a stranger who verifies the letter sees: to whom it went."""
    return [{"key": "to", "label": {"id": "Kepada", "en": "To"}, "value": said["to"]}]


def machine(kind: str, said: Mapping[str, Any]) -> dict[str, Any]:
    """What naskah.json inside the PDF says beside number, date, office and signer."""
    return {"subject": TITLES[PressLetter.Kind(kind)][0], "to": said["to"], "link": said["link"]}


def preview(kind: str, said: Mapping[str, Any], agency: "Agency", now: datetime) -> bytes:
    """The letter as it would be: marked as a draft. Raises NotPrintable, LetterBroken."""
    try:
        signer: Any = agencies.head_of(agency, now)
    except LookupError:
        signer = _Nobody(agency.head_title)
    return documents.draft(paper(kind, said), agency=agency, signer=signer, now=now)
