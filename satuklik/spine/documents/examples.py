"""An invented person and office, for specimens of letters that belong to nobody."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings

from satuklik.kernel.dates_id import months_after
from satuklik.spine.documents import rules, typesetting
from satuklik.spine.documents.rules import LetterTemplate

SPECIMEN_DAY = date(2026, 11, 24)
PERSON = {
    "nik": "1209000000000000",  # day and month 00: no person can have it
    "name": "Nama Pemohon",
    "sex": "P",
    "birth_place": "Kisaran",
    "birth_date": "1998-04-21",
    "age": 28,
    "religion": "islam",
    "marital": "belum_kawin",
    "education": "slta",
    "occupation": "karyawan_swasta",
    "citizenship": "WNI",
    "relation": "anak",
    "father_name": "Nama Ayah",
    "mother_name": "Nama Ibu",
    "phone": "+620000000000",
    "dtsen_decile": 2,
}
HOUSEHOLD = {
    "kk": "1209000000000000",
    "address": "Jalan Contoh Nomor 1",
    "rt": "001",
    "rw": "002",
    "postal_code": "21200",
    "head_name": "Nama Ayah",
    "members": 4,
}


def page(letter: LetterTemplate, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that a letter's page needs, invented, marked as specimen."""
    regency = settings.REGENCY_NAME
    lines = ["Kelurahan Contoh", "Kecamatan Contoh", regency]
    said = rules.statement(
        seal=True, backend=settings.SIGNING_BACKEND, regency=regency, page=f"{settings.PUBLIC_URL}/verifikasi/"
    )
    made: dict[str, Any] = {
        "person": PERSON,
        "household": HOUSEHOLD,
        "village": {"name": "Contoh", "kind": "kelurahan", "code": "12.09.00.1000"},
        "district": {"name": "Contoh"},
        "regency": {"name": regency},
        "answer": rules.printable(answers),
        "choice": rules.choices_in_words(letter, answers),
        "office": {
            "code": "contoh",
            "name": lines[0],
            "head_title": "Lurah Contoh",
            "lines": [f"PEMERINTAH {regency.upper()}", lines[1].upper(), lines[0].upper()],
            "contact": "Jalan Contoh Nomor 1",
            "full_name": ", ".join(lines),
            "name_line": lines[0],
            "place": "Contoh",
            "place_line": ", ".join(lines[1:]),
        },
        "signer": {
            "kind": "seal", "name": lines[0], "position": "", "acting_as": "", "nip": "", "rank": "",
            "statement": said,
        },
        "letter": {
            "title": letter.title["id"],
            "gloss": "",
            "version": f"Satu Klik · {letter.slug} v{letter.version}",
        },
    }  # fmt: skip
    mark_specimen(made, letter, today=SPECIMEN_DAY)
    return made


def mark_specimen(made: dict[str, Any], letter: LetterTemplate, *, today: date) -> None:
    """Give a page what only an issued letter has, in a form that nobody can take for real."""
    address = f"{settings.PUBLIC_URL}/verifikasi/"
    until = months_after(today, letter.validity_months) if letter.validity_months else None
    made["letter"] |= {
        "number": f"{letter.code}/000/CONTOH/{today.year}",
        "date": today.isoformat(),
        "valid_until": until.isoformat() if until else None,
        "verify_url": address,
        "specimen": True,
    }
    made["qr"] = typesetting.qr_svg(address)
    made["machine"] = {"format": "satuklik.surat/1", "specimen": True}
