"""Issue any page of an office under its next number: what is no service letter, such as naskah dinas."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from django.conf import settings
from django.db import connection
from django.utils import timezone

from satuklik.base.files import actions as files
from satuklik.kernel import codes, numbering
from satuklik.spine.documents import office, retention, rules, typesetting
from satuklik.spine.documents.actions import pending
from satuklik.spine.documents.actions.issuing import (
    Signer,
    _signer,
    check_printable,
    keep,
    next_number,
    official_facts,
    verify_url,
)
from satuklik.spine.documents.errors import NoTransaction
from satuklik.spine.documents.models import IssuedDocument
from satuklik.spine.signing import actions as signing

if TYPE_CHECKING:
    from satuklik.spine.signing.keys import UnlockedKey
    from satuklik.spine.signing.placement import Placement


@dataclass(frozen=True)
class Paper:
    """What is issued: a page of ours (`source` and `page`), or a PDF that was made elsewhere (`pdf`)."""

    service: str
    """As the register names it: "naskah:surat-dinas"."""
    title: str
    """Indonesian, as the register shows it."""
    title_en: str
    code: str
    """Class of the archive, Permendagri 83/2022: part of the number."""
    source: str = ""
    """Typst; imports "/naskah.typ"."""
    page: Mapping[str, Any] | None = None
    """What the source reads beside office, signer, letter, qr and machine."""
    printed_title: str = ""
    version: int = 1
    on_behalf: str = ""
    """Whose place the signer takes ("a.n. …"); empty when he signs as what he is."""
    pdf: bytes = b""
    placement: "Placement | None" = None
    """Where the visible signature stands on `pdf`."""


def register(
    paper: Paper,
    *,
    agency: office.Agency,
    signer: Signer,
    key: "UnlockedKey",
    now: datetime,
    reference: str,
    content: Sequence[Mapping[str, Any]],
    machine: Mapping[str, Any],
    secret: bool = False,
    number_of: IssuedDocument | None = None,
) -> IssuedDocument:
    """Number, print, sign, store and register `paper` in the caller's transaction.

    The number is the next one of the office's only sequence, which service letters use too: its row stays locked until
    the caller commits. `content` is what a verifier sees, [{"key", "label": {"id","en"}, "value"}]. A PDF made
    elsewhere keeps its bytes; its number stands in the register only, and where it shows a signature, that has the QR
    code to its page. A `secret` one has no code that opens it to whoever holds a copy.

    A `key` at a remote backend signs nothing here: the letter is PENDING, and `sign_pending` signs it after the commit
    (docs/adr/0024). `number_of`: as for `issue`. Raises NoTransaction, NotPrintable, LetterBroken, StillPending and what
    `signing.sign` raises.
    """
    if not connection.in_atomic_block:
        raise NoTransaction
    today = timezone.localdate(now)
    taken = pending.take_number(number_of, today, now) if number_of is not None else None
    token = taken.token if taken else secrets.token_urlsafe(rules.TOKEN_BYTES)
    open_code = "" if secret else codes.code(secrets.token_bytes(rules.OPEN_CODE_BYTES))
    address = verify_url(token)
    page: dict[str, Any] = {}
    if not paper.pdf:
        page = _page(paper, agency, signer)
        said = _signer(agency, page["office"], signer, paper.service)["statement"]
        page["signer"]["statement"] = said.replace("Surat ini", "Naskah ini", 1)
        page["qr"] = typesetting.qr_svg(address)

    serial = taken.serial if taken else next_number(agency.pk, today.year)
    number = numbering.write(
        settings.LETTER_NUMBER, code=paper.code, serial=serial, office=agency.number_code, day=today
    )
    if paper.pdf:
        pdf = paper.pdf
    else:
        page["letter"] |= {
            "number": number, "date": today.isoformat(), "verify_url": address, "open_code": open_code,
            "mark": "", "specimen": False,
        }  # fmt: skip
        page["machine"] = {
            "format": "satuklik.naskah/1",
            "service": paper.service,
            "service_version": paper.version,
            "number": number,
            "date": today.isoformat(),
            "verify_url": address,
            "office": {"code": agency.code, "name": page["office"]["full_name"]},
            "signer": {name: page["signer"][name] for name in ("name", "position", "acting_as", "on_behalf")},
            **machine,
        }
        pdf = typesetting.pdf(paper.service, paper.source, page, at=now)
    shown_at = address if paper.placement is not None else ""
    if key.remote:
        closed = pending.facts(pdf, agency=agency, signer=signer, placement=paper.placement, address=shown_at)
    else:
        signed = signing.sign(
            pdf,
            key=key,
            now=now,
            acting_as=signer.acting_as,
            head_title=agency.head_title,
            purpose=paper.service,
            reference=reference,
            placement=paper.placement,
            address=shown_at,
        )
        closed = pending.closed(signed)
    kept = retention.of_letter(paper.code, today, None)
    files.store(closed.pdf, "application/pdf", at=now)
    document = IssuedDocument(
        agency_id=agency.pk,
        year=today.year,
        serial=serial,
        number=number,
        token=token,
        open_code=open_code,
        case_reference=reference,
        service=paper.service,
        service_version=paper.version,
        title=paper.title,
        title_en=paper.title_en,
        person_id=None,
        file_id=closed.sha256,
        content=list(content),
        signature=closed.signature,
        issued_at=now,
        level=closed.level,
        proof_until=closed.proof_until,
        status=closed.status,
        archive_class=kept.archive_class,
        keep_until=kept.keep_until,
        fate=kept.fate,
    )
    return keep(document, taken)


def draft(
    paper: Paper,
    *,
    agency: office.Agency,
    signer: Signer,
    now: datetime,
    mark: str = "KONSEP",
    format: Literal["pdf", "png"] = "pdf",
    number: int = 1,
) -> bytes:
    """`paper` as it would be: marked, without number, date and signature. As PDF, or page `number` of it as PNG.
    The same input gives the same bytes. Raises NotPrintable, LetterBroken."""
    page = _page(paper, agency, signer)
    page["letter"] |= {
        "number": "", "date": "", "verify_url": "", "open_code": "", "mark": mark, "specimen": True,
    }  # fmt: skip
    page["qr"] = ""
    page["machine"] = {"format": "satuklik.naskah/1", "draft": True}
    if format == "png":
        return typesetting.picture(paper.service, paper.source, page, number=number)
    return typesetting.pdf(paper.service, paper.source, page, at=now)


def sheet(paper: Paper, *, agency: office.Agency, now: datetime) -> bytes:
    """A sheet that is drawn from the register and signed by nobody, as PDF. Raises NotPrintable, LetterBroken."""
    page: dict[str, Any] = rules.printable(dict(paper.page or {}))
    check_printable(page)
    page["office"] = office.facts(agency)
    page["signer"] = {"statement": "", "name": "", "position": "", "acting_as": "", "nip": "", "rank": ""}
    page["letter"] = {
        "title": paper.printed_title or paper.title, "version": "", "number": "", "date": "", "mark": "",
        "verify_url": "", "open_code": "", "specimen": False,
    }  # fmt: skip
    page["qr"] = ""
    page["machine"] = {"format": "satuklik.lembar/1", "service": paper.service}
    return typesetting.pdf(paper.service, paper.source, page, at=now)


def _page(paper: Paper, agency: office.Agency, signer: Signer) -> dict[str, Any]:
    page: dict[str, Any] = rules.printable(dict(paper.page or {}))
    check_printable(page)
    facts = office.facts(agency)
    signs = official_facts(agency, signer)
    title = f"{signs['acting_as']}. {signs['position']}" if signs["acting_as"] else signs["position"]
    # A draft states nothing of a signature: which backend will make it is asked when it is made.
    signs |= {"kind": "official", "on_behalf": paper.on_behalf, "office_title": title, "statement": ""}
    page["office"] = facts
    page["signer"] = signs
    page["letter"] = {
        "title": paper.printed_title or paper.title,
        "version": f"Satu Klik · {paper.service.partition(':')[2]} v{paper.version}",
    }
    return page
