"""Decisions about letters: what the page of an annulment or a replacement says."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import timezone

from satuklik.spine.documents.models import IssuedDocument
from satuklik.spine.documents.rules import LetterTemplate

SOURCE = (Path(__file__).parent / "letters" / "pencabutan.typ").read_text()
ANNULMENT, REPLACEMENT = "keputusan-pencabutan", "keputusan-penggantian"
# UU 30/2014 ps. 64(1): a decision is revoked only for a defect of authority, procedure or substance.
DEFECTS = {"authority": "cacat wewenang", "procedure": "cacat prosedur", "substance": "cacat substansi"}
ANNULMENT_LAW = "Pasal 64 Undang-Undang Nomor 30 Tahun 2014 tentang Administrasi Pemerintahan"
# UU 30/2014 ps. 63(1): a decision is changed for mistakes of grounds or wording, a changed basis, or new facts.
REPLACEMENT_LAW = "Pasal 63 ayat (1) Undang-Undang Nomor 30 Tahun 2014 tentang Administrasi Pemerintahan"
MISTAKE = "kesalahan"
# Where the letter's own class is not known: "Hukum" (Permendagri 83/2022; not confirmed for this kind of decision).
CLASS_OF_DECISIONS = "100.3"
_SHOWS = (
    ("answer.letter_number", {"id": "Nomor surat yang diputuskan", "en": "Number of the letter decided on"}),
    ("answer.letter_title", {"id": "Surat", "en": "Letter"}),
    ("answer.reason", {"id": "Alasan", "en": "Reason"}),
    ("answer.by_number", {"id": "Nomor surat pengganti", "en": "Number of the replacement"}),
)


def template(document: IssuedDocument, *, replacing: bool) -> LetterTemplate:
    """The decision's letter; its class is the one of the letter that it is about: both lie in one file."""
    return LetterTemplate(
        slug=REPLACEMENT if replacing else ANNULMENT,
        source=SOURCE,
        code=document.archive_class or CLASS_OF_DECISIONS,
        title="KEPUTUSAN PENGGANTIAN SURAT" if replacing else "KEPUTUSAN PENCABUTAN SURAT",
        title_en="Decision to replace a letter" if replacing else "Decision to annul a letter",
        validity_months=None,
        shows=_SHOWS,
    )


def data(
    document: IssuedDocument,
    reason: str,
    *,
    defect: str,
    position: str,
    by: IssuedDocument | None = None,
) -> dict[str, Any]:
    """What the decision's page says, as `issue` takes it. A replacement (`by`) needs no defect and stands on another
    article than an annulment."""
    answer = {
        "kind": "annul" if by is None else "replace",
        "letter_number": document.number,
        "letter_title": document.title,
        "letter_date": _day(document.issued_at),
        "holder": document.person.name if document.person is not None else "",
        "reason": reason.strip().rstrip("."),
        "defect_words": DEFECTS[defect] if by is None else MISTAKE,
        "law": ANNULMENT_LAW if by is None else REPLACEMENT_LAW,
        "position": position,
        "by_number": by.number if by is not None else "",
        "by_date": _day(by.issued_at) if by is not None else "",
    }
    return {"answer": answer}


def _day(at: datetime) -> str:
    return timezone.localdate(at).isoformat()
