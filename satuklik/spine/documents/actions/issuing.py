"""Issue letters: number, page, seal or signature, file, row."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from django.conf import settings
from django.db import connection
from django.utils import timezone

from satuklik.base.files import actions as files
from satuklik.base.postgres.actions import insert
from satuklik.base.postgres.queries import rows
from satuklik.kernel import codes, numbering
from satuklik.kernel.dates_id import months_after
from satuklik.spine.documents import office, retention, rules, typesetting
from satuklik.spine.documents.actions import pending
from satuklik.spine.documents.errors import NotPrintable, NoTransaction
from satuklik.spine.documents.models import IssuedDocument
from satuklik.spine.documents.rules import LetterTemplate
from satuklik.spine.signing import actions as signing
from satuklik.spine.signing import queries as backends

_NEXT_NUMBER = """
    INSERT INTO documents_numbersequence (agency_id, year, last) VALUES (%s, %s, 1)
    ON CONFLICT (agency_id, year) DO UPDATE SET last = documents_numbersequence.last + 1
    RETURNING last
"""


class Signer(Protocol):
    """Who signs and as what (agencies.Signer has it)."""

    @property
    def official(self) -> Any: ...
    @property
    def acting_as(self) -> str: ...


def issue(
    *,
    letter: LetterTemplate,
    agency: office.Agency,
    person_id: int | None,
    case_reference: str,
    data: Mapping[str, Any],
    now: datetime,
    key: Any = None,
    signer: Signer | None = None,
    language: str = "id",
    later: bool = False,
    number_of: IssuedDocument | None = None,
) -> IssuedDocument:
    """Issue one letter in the caller's transaction: number → Typst → seal or signature → file → row.

    `data` holds person, household, village, district, regency, answer and choice (the words of chosen
    options), as the letter reads them. The office's numbers stand in a row that stays locked until the caller commits: no number twice, and none
    lost when the transaction rolls back. So everything that needs no number happens before.

    Without `key` the agency's seal closes the letter; else `signer` signs with the unlocked `key`.

    With `later` a remote backend, which takes a second and may not answer, signs nothing here: the letter is PENDING,
    and `sign_pending` signs it after the commit (docs/adr/0024). `number_of` is a letter of the same case whose
    signature failed: its number and codes go to this one in the same month, else it is annulled with that reason.

    Raises NoTransaction, NotPrintable, LetterBroken, StillPending and what signing raises.
    """
    if not connection.in_atomic_block:
        raise NoTransaction
    today = timezone.localdate(now)
    taken = pending.take_number(number_of, today, now) if number_of is not None else None
    token = taken.token if taken else secrets.token_urlsafe(rules.TOKEN_BYTES)
    address = verify_url(token)
    open_code = taken.open_code if taken else codes.code(secrets.token_bytes(rules.OPEN_CODE_BYTES))
    content = rules.shown(letter, data)
    valid_until = months_after(today, letter.validity_months) if letter.validity_months else None
    page = page_data(letter, agency, data, language=language, signer=None if key is None else signer)
    page["qr"] = typesetting.qr_svg(address)
    check_printable(page["person"], page["household"], page["answer"])

    if taken:
        serial, number = taken.serial, taken.number
    else:
        serial = next_number(agency.pk, today.year)
        number = numbering.write(
            settings.LETTER_NUMBER, code=letter.code, serial=serial, office=agency.number_code, day=today
        )
    page["letter"] |= {
        "number": number,
        "date": today.isoformat(),
        "valid_until": valid_until.isoformat() if valid_until else None,
        "verify_url": address,
        "open_code": open_code,
        "specimen": False,
    }
    page["machine"] = _machine(letter, page, rules.shown(letter, data, masked=False))
    pdf = typesetting.pdf(letter.slug, letter.source, page, at=now)
    if later and _is_remote(key, agency, letter):
        closed = pending.facts(pdf, agency=agency, signer=None if key is None else signer)
    elif key is None:
        reference = case_reference or number
        closed = pending.closed(
            signing.seal(pdf, agency_id=agency.pk, now=now, purpose=letter.slug, reference=reference)
        )
    else:
        signed = signing.sign(
            pdf,
            key=key,
            now=now,
            acting_as=signer.acting_as if signer else "",
            head_title=agency.head_title,
            purpose=letter.slug,
            reference=case_reference or number,
        )
        closed = pending.closed(signed)
    files.store(closed.pdf, "application/pdf", at=now)
    kept = retention.of_letter(letter.code, today, valid_until)
    document = IssuedDocument(
        agency_id=agency.pk,
        year=today.year,
        serial=serial,
        number=number,
        token=token,
        open_code=open_code,
        case_reference=case_reference,
        service=letter.slug,
        service_version=letter.version,
        title=letter.title,
        title_en=letter.title_en,
        person_id=person_id,
        file_id=closed.sha256,
        content=content,
        signature=closed.signature,
        issued_at=now,
        valid_until=valid_until,
        level=closed.level,
        proof_until=closed.proof_until,
        status=closed.status,
        archive_class=kept.archive_class,
        keep_until=kept.keep_until,
        fate=kept.fate,
    )
    return keep(document, taken)


def keep(document: IssuedDocument, taken: IssuedDocument | None) -> IssuedDocument:
    """Write the row, in the place of the one whose number it took."""
    if taken is None:
        insert(document)
    else:
        document.pk = taken.pk
        document.save(force_update=True)
    return document


def _is_remote(key: Any, agency: office.Agency, letter: LetterTemplate) -> bool:
    if key is not None:
        return bool(key.remote)
    return backends.chosen_backend(agency.pk, letter.slug, "seal").remote


def next_number(agency_id: int, year: int) -> int:
    """The office's next number of the year; its row stays locked until the caller's transaction ends."""
    ((number,),) = rows(_NEXT_NUMBER, [agency_id, year])
    return int(number)


def verify_url(token: str) -> str:
    """The address that the QR code leads to."""
    return f"{settings.PUBLIC_URL}/v/{token}"


def check_printable(*parts: Mapping[str, Any]) -> None:
    """Raises NotPrintable for the first text that the letter's font cannot show."""
    for part in parts:
        for where, text in rules.texts(part):
            bad = rules.unprintable(text.replace("\u200b", ""))
            if bad:
                raise NotPrintable(where, bad)


def page_data(
    letter: LetterTemplate,
    agency: office.Agency,
    data: Mapping[str, Any],
    *,
    language: str,
    signer: Signer | None,
) -> dict[str, Any]:
    """All that the letter's page shows, but its number, dates and QR code."""
    names = ("person", "household", "village", "district", "regency", "answer", "choice")
    page: dict[str, Any] = {name: rules.printable(data.get(name, {})) for name in names}
    page["person"] = rules.person_in_words(page["person"])
    facts = office.facts(agency)
    page["office"] = facts
    page["letter"] = {
        "title": letter.title,
        # Letters are Indonesian (UU 24/2009 ps. 27); who reads English gets the title in English below it.
        "gloss": letter.title_en if language == "en" else "",
        "version": f"Satu Klik · {letter.slug} v{letter.version}",
    }
    page["signer"] = _signer(agency, facts, signer, letter.slug)
    return page


def _signer(
    agency: office.Agency, facts: Mapping[str, Any], signer: Signer | None, service: str
) -> dict[str, str]:
    chosen = (
        backends.chosen_backend(agency.pk, service, "seal")
        if signer is None
        else backends.chosen_backend(signer.official.agency_id, service, "official")
    )
    said = rules.statement(
        seal=signer is None,
        backend=chosen.wording,
        regency=settings.REGENCY_NAME,
        page=f"{settings.PUBLIC_URL}/verifikasi/",
    )
    if signer is None:
        return {
            "kind": "seal", "name": facts["name"], "position": "", "acting_as": "", "nip": "", "rank": "",
            "statement": said,
        }  # fmt: skip
    return {"kind": "official", **official_facts(agency, signer), "statement": said}


def official_facts(agency: office.Agency, signer: Signer) -> dict[str, str]:
    """How the official who signs is printed. Permendagri 1/2023 ps. 44."""
    official = signer.official
    ranked = rules.prints_rank(agency.code, signer.acting_as)
    return {
        "name": official.name if ranked else rules.without_titles(official.name),
        "position": agency.head_title if signer.acting_as else official.position,
        "acting_as": signer.acting_as,
        "nip": official.nip if ranked else "",
        "rank": official.rank if ranked else "",
    }


def _machine(
    letter: LetterTemplate, page: Mapping[str, Any], content: list[dict[str, Any]]
) -> dict[str, Any]:
    """What surat.json inside the PDF says: the letter's content for machines."""
    return {
        "format": "satuklik.surat/1",
        "service": letter.slug,
        "service_version": letter.version,
        "title": {"id": letter.title, "en": letter.title_en or letter.title},
        "number": page["letter"]["number"],
        "date": page["letter"]["date"],
        "valid_until": page["letter"]["valid_until"],
        "verify_url": page["letter"]["verify_url"],
        "office": {"code": page["office"]["code"], "name": page["office"]["full_name"]},
        "signer": {name: page["signer"][name] for name in ("kind", "name", "position", "acting_as")},
        "content": content,
    }
