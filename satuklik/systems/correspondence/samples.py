"""Invented content for each template: what a sample shows, and what the linter prints."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from satuklik.spine.documents import actions as documents
from satuklik.systems.correspondence import rules


@dataclass
class _Agency:
    """An office that does not exist."""

    pk: int = 0
    code: str = "contoh"
    kind: str = "opd"
    name: str = "Dinas Contoh"
    short_name: str = "Dinas Contoh"
    head_title: str = "Kepala Dinas Contoh"
    number_code: str = "CONTOH"
    address: str = "Jalan Contoh Nomor 1"
    postal_code: str = "00000"
    phone: str = ""
    email: str = "dinas@contoh.example"
    website: str = ""
    parent: Any = None
    region: Any = None


@dataclass(frozen=True)
class _Official:
    """Somebody who does not exist."""

    name: str = "Nama Pejabat, S.H."
    nip: str = "199900002020001000"  # no day and month are 00
    rank: str = "Pembina (IV/a)"
    position: str = "Kepala Dinas Contoh"


@dataclass(frozen=True)
class _Signer:
    """In his own capacity."""

    official: _Official = _Official()
    acting_as: str = ""


AGENCY = _Agency()
DAY = datetime(2026, 11, 24, tzinfo=UTC)
SIGNER = _Signer()
_TEXT = (
    "Sehubungan dengan kegiatan contoh, bersama ini disampaikan hal-hal sebagai berikut:\n"
    "1. uraian pertama, ditulis cukup panjang supaya terlihat bagaimana sebuah butir dilanjutkan pada baris berikutnya;\n"
    "2. uraian kedua; dan\n"
    "3. uraian ketiga.\n\n"
    "Untuk itu dimohon bantuan dan kerja sama Saudara."
)
_PERSON = {
    "name": "Nama Pegawai, S.Kom.", "nip": "199900002020002000", "rank": "Penata Muda (III/a)",
    "position": "Analis Contoh", "office": "Dinas Contoh",
}  # fmt: skip


def content(kind: rules.Kind) -> dict[str, Any]:
    """Something for each field, as it would be typed (officials aside)."""
    made: dict[str, Any] = {}
    for field in kind.fields:
        if field.type == "paragraphs":
            made[field.id] = field.default or _TEXT
        elif field.type == "date":
            made[field.id] = "2026-11-24"
        elif field.type == "time":
            made[field.id] = "09.00"
        elif field.type == "choice":
            made[field.id] = field.choices[0][0]
        elif field.type == "table":
            made[field.id] = [
                [f"{column.label['id']} {row}" for column in field.columns] for row in ("A", "B", "C")
            ]
        elif field.type == "text":
            made[field.id] = field.default or "isian contoh"
    return made


def paper(kind: rules.Kind) -> documents.Paper:
    """The template with that content."""
    typed = content(kind)
    shown: dict[str, Any] = {}
    for field in kind.fields:
        value = typed.get(field.id)
        if field.type == "paragraphs":
            shown[field.id] = rules.blocks(value or "")
        elif field.type == "officials":
            shown[field.id] = [_PERSON, _PERSON | {"name": "Nama Pegawai Lain, A.Md."}]
        elif field.type == "choice":
            shown[field.id] = dict(field.choices)[str(value)]["id"]
        else:
            shown[field.id] = value
    recipients = [] if kind.recipients == "none" else [{"name": "Kepala Badan Contoh", "address": "Kisaran"}]
    return documents.Paper(
        service=f"naskah:{kind.slug}",
        title=kind.name["id"],
        title_en=kind.name["en"],
        printed_title=kind.title or kind.name["id"],
        code=kind.classification,
        source=kind.source,
        version=kind.version,
        page={
            "f": shown,
            "to": recipients,
            "copies": [{"name": "Bupati Contoh", "address": ""}],
            "naskah": {
                "subject": "Contoh hal naskah dinas",
                "kind": kind.name["id"],
                "nature": "Biasa",
                "secrecy": "Biasa",
                "secret": False,
            },
        },
    )
