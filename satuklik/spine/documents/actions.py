"""Issue letters, end their force, and make pictures of them."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, Protocol

from django.conf import settings
from django.core.cache import caches
from django.db import connection, transaction
from django.utils import timezone

from satuklik.base.audit import actions as audit
from satuklik.base.files import actions as files
from satuklik.base.files.queries import path_of
from satuklik.base.postgres.actions import insert
from satuklik.base.postgres.queries import rows
from satuklik.kernel import codes, numbering
from satuklik.kernel.dates_id import months_after
from satuklik.spine.documents import examples, office, rules, typesetting
from satuklik.spine.documents.errors import NotInForce, NotPrintable, NoTransaction
from satuklik.spine.documents.models import IssuedDocument
from satuklik.spine.documents.rules import LetterTemplate
from satuklik.spine.signing import actions as signing

SAMPLE_SECONDS = 24 * 3600
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
    person_id: int,
    case_reference: str,
    data: Mapping[str, Any],
    now: datetime,
    key: Any = None,
    signer: Signer | None = None,
    language: str = "id",
) -> IssuedDocument:
    """Issue one letter in the caller's transaction: number → Typst → seal or signature → file → row.

    `data` holds person, household, village, district, regency, answer and choice (the words of chosen
    options), as the letter reads them. The office's numbers stand in a row that stays locked until the caller commits: no number twice, and none
    lost when the transaction rolls back. So everything that needs no number happens before.

    Without `key` the agency's seal closes the letter; else `signer` signs with the unlocked `key`.
    Raises NoTransaction, NotPrintable, LetterBroken and what signing raises.
    """
    if not connection.in_atomic_block:
        raise NoTransaction
    today = timezone.localdate(now)
    token = secrets.token_urlsafe(rules.TOKEN_BYTES)
    address, open_code = verify_url(token), codes.code(secrets.token_bytes(rules.OPEN_CODE_BYTES))
    content = rules.shown(letter, data)
    valid_until = months_after(today, letter.validity_months) if letter.validity_months else None
    page = _page_data(letter, agency, data, language=language, signer=None if key is None else signer)
    page["qr"] = typesetting.qr_svg(address)
    check_printable(page["person"], page["household"], page["answer"])

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
    if key is None:
        signed = signing.seal(pdf, agency_id=agency.pk, now=now)
    else:
        acting_as = signer.acting_as if signer else ""
        signed = signing.sign(pdf, key=key, now=now, acting_as=acting_as, head_title=agency.head_title)
    files.store(signed.pdf, "application/pdf", at=now)
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
        file_id=signed.sha256,
        content=content,
        signature=signed.facts(),
        issued_at=now,
        valid_until=valid_until,
    )
    insert(document)
    return document


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


@transaction.atomic
def annul(document: IssuedDocument, reason: str, *, actor: str, now: datetime) -> IssuedDocument:
    """Take a letter out of force for good. Raises NotInForce where it no longer is."""
    return _end(document, IssuedDocument.Status.ANNULLED, reason, actor=actor, now=now)


@transaction.atomic
def replace(
    document: IssuedDocument, by: IssuedDocument, reason: str, *, actor: str, now: datetime
) -> IssuedDocument:
    """Let the letter `by` take the place of `document`. Raises NotInForce where it is no longer in force."""
    return _end(document, IssuedDocument.Status.REPLACED, reason, actor=actor, now=now, replaced_by=by)


@transaction.atomic
def note_opening(document: IssuedDocument, *, now: datetime) -> None:
    """Record that somebody without login opened the registered PDF."""
    IssuedDocument.objects.select_for_update().get(pk=document.pk)
    opened = audit.Happening("letter.opened", "stranger", {"number": document.number})
    audit.record(f"letter:{document.token}", [opened], at=now)


def _end(
    document: IssuedDocument,
    status: str,
    reason: str,
    *,
    actor: str,
    now: datetime,
    replaced_by: IssuedDocument | None = None,
) -> IssuedDocument:
    locked = IssuedDocument.objects.select_for_update().get(pk=document.pk)
    if locked.status != IssuedDocument.Status.IN_FORCE:
        raise NotInForce(locked.number, locked.status)
    locked.status, locked.status_reason, locked.status_at = status, reason, now
    locked.replaced_by = replaced_by
    locked.save(update_fields=["status", "status_reason", "status_at", "replaced_by"])
    happening = audit.Happening(f"letter.{status}", actor, {"number": locked.number, "reason": reason})
    audit.record(f"letter:{locked.token}", [happening], at=now)
    return locked


def warm_up() -> None:
    """Compile one letter, so that the first click of this process is as quick as the next."""
    with_body = LetterTemplate(
        slug="pemanasan",
        source='#import "/surat.typ": *\n#show: surat\n#pembuka()\n#tabel(baris-nama())\n#penutup()\n',
        code="000",
        title="PEMANASAN",
        validity_months=None,
        shows=(),
    )
    typesetting.pdf(
        with_body.slug,
        with_body.source,
        examples.page(with_body, {}, today=examples.SPECIMEN_DAY),
        at=timezone.now(),
    )


def specimen(
    *,
    letter: LetterTemplate,
    data: Mapping[str, Any],
    now: datetime,
    signed: bool = False,
    issuer: str = "village",
) -> bytes:
    """The letter of an invented office as PDF, marked CONTOH: without number, seal or row. With `signed`
    its signature block is an official's; `issuer` as in service.toml. Raises NotPrintable, LetterBroken."""
    page = examples.page(letter, data, today=timezone.localdate(now), signed=signed, issuer=issuer)
    check_printable(page["person"], page["household"], page["answer"])
    return typesetting.pdf(letter.slug, letter.source, page, at=now)


def preview(
    *,
    letter: LetterTemplate,
    agency: office.Agency,
    data: Mapping[str, Any],
    signer: Signer | None,
    now: datetime,
    format: Literal["pdf", "png"] = "png",
) -> bytes:
    """The letter as it would be, of its real office and person, marked CONTOH: without number, seal or row.
    Raises NotPrintable, LetterBroken."""
    page = _page_data(letter, agency, data, language="id", signer=signer)
    check_printable(page["person"], page["household"], page["answer"])
    invented = examples.page(letter, data, today=timezone.localdate(now), signed=signer is not None)
    page |= {name: invented[name] for name in ("letter", "qr", "machine")}
    if format == "png":
        return typesetting.picture(letter.slug, letter.source, page)
    return typesetting.pdf(letter.slug, letter.source, page, at=now)


def sample(
    letter: LetterTemplate, data: Mapping[str, Any], *, signed: bool = False, issuer: str = "village"
) -> bytes:
    """A PNG of the letter with invented facts where `data` has none, marked CONTOH; made once a day per
    process. Raises LetterBroken."""
    mark = json.dumps([letter.slug, letter.source, letter.title, data, signed, issuer], default=str).encode()
    key = f"documents.sample:{hashlib.sha256(mark).hexdigest()}"
    made: bytes | None = caches["local"].get(key)
    if made is None:
        page = examples.page(letter, data, today=examples.SPECIMEN_DAY, signed=signed, issuer=issuer)
        made = typesetting.picture(letter.slug, letter.source, page)
        caches["local"].set(key, made, SAMPLE_SECONDS)
    return made


def picture(document: IssuedDocument, *, page: int = 1, ppi: float = typesetting.PICTURE_PPI) -> bytes:
    """A page of the registered letter as PNG, drawn from the very bytes that were signed."""
    path = path_of(document.file_id).relative_to(settings.FILES_ROOT)
    return typesetting.picture_of_file(settings.FILES_ROOT, path.as_posix(), page=page, ppi=ppi)


def _page_data(
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
    page["signer"] = _signer(agency, facts, signer)
    return page


def _signer(agency: office.Agency, facts: Mapping[str, Any], signer: Signer | None) -> dict[str, str]:
    said = rules.statement(
        seal=signer is None,
        backend=settings.LETTER_BACKEND,
        regency=settings.REGENCY_NAME,
        page=f"{settings.PUBLIC_URL}/verifikasi/",
    )
    if signer is None:
        return {
            "kind": "seal", "name": facts["name"], "position": "", "acting_as": "", "nip": "", "rank": "",
            "statement": said,
        }  # fmt: skip
    official = signer.official
    ranked = rules.prints_rank(agency.code, signer.acting_as)
    return {
        "kind": "official",
        "name": official.name,
        "position": agency.head_title if signer.acting_as else official.position,
        "acting_as": signer.acting_as,
        "nip": official.nip if ranked else "",
        "rank": official.rank if ranked else "",
        "statement": said,
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
