"""An invented person and office, for specimens of letters that belong to nobody."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings

from satuklik.kernel.dates_id import months_after
from satuklik.spine.documents import rules, typesetting
from satuklik.spine.documents.rules import LetterTemplate
from satuklik.spine.signing import queries as signing

SPECIMEN_DAY = date(2026, 11, 24)
_PERSON = {
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
_HOUSEHOLD = {
    "kk": "1209000000000000",
    "address": "Jalan Contoh Nomor 1",
    "rt": "001",
    "rw": "002",
    "postal_code": "21200",
    "head_name": "Nama Ayah",
    "members": 4,
}
_OFFICES = {"village": ("Kelurahan Contoh", "Kecamatan Contoh"), "district": ("Kecamatan Contoh",)}
_HEADS = {"village": "Lurah Contoh", "district": "Camat Contoh"}
_INVENTED: dict[str, dict[str, Any]] = {
    "person": _PERSON,
    "household": _HOUSEHOLD,
    "village": {"name": "Contoh", "kind": "kelurahan", "code": "12.09.00.1000"},
    "district": {"name": "Contoh", "code": "12.09.00"},
    "regency": {"name": "Kabupaten Contoh"},
    "answer": {},
    "choice": {},
}


def page(
    letter: LetterTemplate,
    data: Mapping[str, Any],
    *,
    today: date,
    signed: bool = False,
    issuer: str = "village",
) -> dict[str, Any]:
    """Everything that a letter's page needs: `data`, invented facts for what it lacks, an invented office,
    and marks that nobody can take for real."""
    regency = settings.REGENCY_NAME
    names = [*_OFFICES.get(issuer, ("Dinas Contoh",)), regency]
    head = _HEADS.get(issuer, "Kepala Dinas Contoh")
    verification = f"{settings.PUBLIC_URL}/verifikasi/"
    until = months_after(today, letter.validity_months) if letter.validity_months else None
    said = rules.statement(
        seal=not signed,
        backend=signing.backend_of(settings.SATUKLIK_SIGNING_BACKEND).wording,
        regency=regency,
        page=verification,
    )
    made: dict[str, Any] = {
        name: rules.printable({**invented, **data.get(name, {})}) for name, invented in _INVENTED.items()
    }
    made["person"] = rules.person_in_words(made["person"])
    return made | {
        "office": {
            "code": "contoh",
            "name": names[0],
            "head_title": head,
            "lines": [f"PEMERINTAH {regency.upper()}", *(name.upper() for name in reversed(names[:-1]))],
            "contact": "Jalan Contoh Nomor 1",
            "full_name": ", ".join(names),
            "name_line": names[0],
            "place": "Contoh",
            "place_line": ", ".join(names[1:]),
        },
        "signer": {
            "kind": "official" if signed else "seal",
            "name": "Nama Pejabat" if signed else names[0],
            "position": head if signed else "",
            "acting_as": "",
            "nip": "",
            "rank": "",
            "statement": said,
        },
        "letter": {
            "title": letter.title,
            "gloss": "",
            "version": f"Satu Klik · {letter.slug} v{letter.version}",
            "number": f"{letter.code}/000/CONTOH/{today.year}",
            "date": today.isoformat(),
            "valid_until": until.isoformat() if until else None,
            "verify_url": verification,
            "open_code": "0000-0000",
            "specimen": True,
        },
        "qr": typesetting.qr_svg(verification),
        "machine": {"format": "satuklik.surat/1", "specimen": True},
    }
