"""Find letters and judge whether one is genuine."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from satuklik.base.files import queries as files
from satuklik.base.postgres.queries import row
from satuklik.kernel.dates_id import months_after
from satuklik.spine.documents import rules, typesetting
from satuklik.spine.documents.decisions import ANNULMENT, REPLACEMENT
from satuklik.spine.documents.errors import UnknownLetter, UploadTooLarge
from satuklik.spine.documents.models import IssuedDocument
from satuklik.spine.signing import queries as signing

_TOKEN = re.compile(r"(?:^|/v/)([A-Za-z0-9_-]{22})/?$")
# The letter's own address stands unpacked in its XMP data (PDF/A wants that), so no parser of hostile
# files is needed to read it.
_TOKEN_IN_PDF = re.compile(rb"/v/([A-Za-z0-9_-]{22})(?![A-Za-z0-9_-])")

_END = re.compile(rb"%%EOF(?:\r\n|\n|\r)?")
_SIZE = re.compile(r'width="(\d+)" height="(\d+)"')
RUNNING_OUT_SQL = """SELECT json_agg(row_to_json(letter)) FROM (
  SELECT service, title, title_en, valid_until FROM documents_issueddocument
   WHERE person_id = me.person_id AND status = 'in_force'
     AND valid_until BETWEEN %(today)s AND (%(today)s + interval '1 month')
   ORDER BY valid_until LIMIT 2) letter"""
"""`running_out` as a scalar sub-select beside a row `me`: a list of {service, title, title_en, valid_until}."""
MOST_TOKENS = 20
MOST_REVISIONS = 20
UNSIGNED = Q(signature__has_key="pending")
"""Letters that wait for their signature, and those that never got it."""


_KNOWN = """
    SELECT id, issued_at, issued_at FROM documents_issueddocument WHERE file_id = %s AND signature ->> 'pending' IS NULL
    UNION ALL
    SELECT later.document_id, later.made_at, letter.issued_at
      FROM documents_documentfile later JOIN documents_issueddocument letter ON letter.id = later.document_id
     WHERE later.file_id = %s
    LIMIT 1
"""


@dataclass(frozen=True)
class KnownFile:
    """A registered file: of which letter, since when this very file exists, and since when its signature does."""

    document_id: int
    made_at: datetime
    signed_at: datetime


@dataclass(frozen=True)
class Verdict:
    """What is known of a letter that somebody holds.

    `verdict`: valid, valid_with_additions, annulled, altered, untrusted, unsigned, unreadable.
    `document` is the registered letter that the file is, or says it is; `same_file` tells which.
    """

    verdict: str
    signatures: list[dict[str, Any]] = field(default_factory=list)
    reason: str = ""
    """A code of signing.queries.PROBLEMS where the file is not valid."""
    document: IssuedDocument | None = None
    same_file: bool = False
    standing: str = ""
    """Of the registered letter: in_force, expired, replaced, annulled; empty where none is known."""

    def facts(self) -> dict[str, Any]:
        """The JSON shape of `POST /api/verify`."""
        signatures = [_for_machines(signature) for signature in self.signatures]
        said: dict[str, Any] = {"verdict": self.verdict, "signatures": signatures}
        if self.reason:
            said["reason"] = self.reason
        if self.document is not None:
            said["letter"] = letter_facts(self.document, self.standing) | {"same_file": self.same_file}
        return said


def _for_machines(signature: dict[str, Any]) -> dict[str, Any]:
    """Without what templates alone need."""
    shown = {k: v for k, v in signature.items() if k not in ("moment", "revoked", "revocation_moment")}
    if "chain" in shown:
        shown["chain"] = [
            {k: v for k, v in one.items() if k not in ("start", "end", "print")} for one in shown["chain"]
        ]
    return shown


def letter_facts(document: IssuedDocument, standing: str) -> dict[str, Any]:
    """What a stranger may know of a registered letter; identity numbers are masked."""
    return {
        "number": document.number,
        "title": {"id": document.title, "en": document.title_en or document.title},
        "office": document.agency.name,
        "issued_at": document.issued_at.isoformat(),
        "valid_until": document.valid_until.isoformat() if document.valid_until else None,
        "status": standing,
        "status_reason": document.status_reason,
        "replaced_by": document.replaced_by.number if document.replaced_by else None,
        "sha256": document.file_id,
        "verify_url": f"{settings.PUBLIC_URL}/v/{document.token}",
        "content": document.content,
    }


def by_token(token: str) -> IssuedDocument | None:
    """The letter whose QR code holds `token`."""
    return _letters().filter(token=token).first()


def by_number(number: str) -> IssuedDocument | None:
    """The letter with this printed number (spaces around it do not matter)."""
    return _letters().filter(number=number.strip()).first()


def by_sha256(sha256: str) -> IssuedDocument | None:
    """The letter of which a registered PDF has exactly this SHA-256: the one that was signed, or a later one with
    more proof."""
    found = known(sha256)
    return _letters().filter(pk=found.document_id).first() if found is not None else None


def known(sha256: str) -> KnownFile | None:
    """Which letter a file is, by its SHA-256 alone (one short statement: 0.1 ms of CPU)."""
    found = row(_KNOWN, [sha256, sha256])
    return KnownFile(*found) if found is not None else None


def levels() -> dict[str, int]:
    """How many letters stand at each level of proof (B-B, B-T, B-LT, B-LTA)."""
    counted = IssuedDocument.objects.exclude(UNSIGNED).values_list("level")
    return dict(counted.annotate(number=Count("pk")).order_by("level"))


def of_person(person: Any) -> QuerySet[IssuedDocument]:
    """A person's letters, newest first."""
    own = _letters().filter(person_id=person.pk).exclude(UNSIGNED)
    return own.order_by("-issued_at", "-pk")


def newer_of(document: IssuedDocument) -> list[IssuedDocument]:
    """The letters in force that may take a letter's place: of the same office and holder, issued after it; the newest
    first. None for a letter without a holder."""
    if document.person is None:
        return []
    own = of_person(document.person).filter(
        agency_id=document.agency_id, status=IssuedDocument.Status.IN_FORCE, issued_at__gt=document.issued_at
    )
    return list(own.exclude(service__in=(ANNULMENT, REPLACEMENT)).exclude(pk=document.pk))


def by_case(case_reference: str) -> IssuedDocument | None:
    """The newest letter that came out of a case."""
    return _letters().filter(case_reference=case_reference).order_by("-pk").first()


def was_signed(document: IssuedDocument) -> bool:
    """Whether the registered PDF is a signed one: not of a letter that waits, nor of one that was never signed."""
    return "pending" not in document.signature


def is_pending(document: IssuedDocument) -> bool:
    """Whether its number is given and its signature is not there (yet)."""
    return document.status == IssuedDocument.Status.PENDING


def pending_of_case(case_reference: str) -> IssuedDocument | None:
    """The letter of a case that waits for its signature."""
    found = _letters().filter(case_reference=case_reference, status=IssuedDocument.Status.PENDING)
    return found.order_by("-pk").first()


def pending() -> list[IssuedDocument]:
    """All letters that wait for their signature, the oldest first."""
    return list(_letters().filter(status=IssuedDocument.Status.PENDING).order_by("issued_at", "pk"))


def running_out(person: Any, today: date, within_months: int = 1) -> QuerySet[IssuedDocument]:
    """A person's letters in force that end soon: what the home page offers to renew."""
    return of_person(person).filter(
        status=IssuedDocument.Status.IN_FORCE,
        valid_until__gte=today,
        valid_until__lte=months_after(today, within_months),
    )


def due_for_archive(on: date, *, agency_code: str = "") -> Iterator[IssuedDocument]:
    """Letters whose retention has ended by this day, the oldest first; of one agency where it is named."""
    found = _letters().filter(keep_until__lt=on)
    if agency_code:
        found = found.filter(agency__code=agency_code)
    return found.order_by("keep_until", "pk").iterator(2_000)


def read(document: IssuedDocument) -> bytes:
    """The newest registered PDF: with all proof that was added since. Raises files.queries.FileDamaged."""
    return files.read(newest_file(document))


def newest_file(document: IssuedDocument) -> str:
    """The SHA-256 of the newest registered PDF."""
    later = document.files.order_by("-pk").values_list("file_id", flat=True).first()
    return later or document.file_id


def picture_of(sha256: str, *, page: int = 1) -> bytes:
    """A page of a stored PDF as PNG, drawn from its very bytes; the last page for a number beyond it. Raises
    FileDamaged."""
    path = files.path_of(sha256)
    if not path.exists():
        raise files.FileDamaged(f"The file {sha256} is missing.")
    return typesetting.picture_of_file(
        settings.FILES_ROOT, path.relative_to(settings.FILES_ROOT).as_posix(), page=page
    )


def verify_url(document: IssuedDocument) -> str:
    """The address at which anybody can check the letter."""
    return f"{settings.PUBLIC_URL}/v/{document.token}"


def qr(document: IssuedDocument) -> str:
    """The QR code that leads to that address, as an SVG element that fills the place it is given."""
    svg = typesetting.qr_svg(verify_url(document))
    size = _SIZE.search(svg)
    inner = svg[svg.index(">", svg.index("<svg")) + 1 :]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size[1]} {size[2]}">{inner}' if size else svg
    )


def standing(document: IssuedDocument, now: datetime) -> str:
    """in_force, expired, replaced, annulled or pending."""
    return rules.standing(document.status, document.valid_until, timezone.localdate(now))


def unprintable(text: str) -> str:
    """The characters of `text` that no letter can show; for forms, so that they say so at once."""
    return rules.unprintable(text)


def legible(value: Any) -> Any:
    """What somebody else typed, as a letter can show it: signs that its font lacks (emoji, other scripts) become "?".
    Text, or lists and mappings of it."""
    if isinstance(value, str):
        lacking = unprintable(value)
        return value.translate({ord(sign): "?" for sign in lacking}) if lacking else value
    if isinstance(value, Mapping):
        return {name: legible(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [legible(inner) for inner in value]
    return value


def token_of(text: str) -> str | None:
    """The token in a pasted address or a bare token; None for anything else."""
    match = _TOKEN.search(text.strip())
    return match[1] if match else None


def verdict_of_token(token: str, *, now: datetime) -> Verdict:
    """What the register says of the letter with this token. Raises UnknownLetter."""
    document = by_token(token_of(token) or "")
    if document is None:
        raise UnknownLetter(token)
    return _registered(document, now, Verdict("valid", [document.signature]), same_file=True)


def verdict_of_pdf(pdf: bytes, *, now: datetime) -> Verdict:
    """What the signatures inside a file and the register say of it. Raises UploadTooLarge."""
    if len(pdf) > rules.LARGEST_UPLOAD:
        raise UploadTooLarge(len(pdf), rules.LARGEST_UPLOAD)
    registered = known(hashlib.sha256(pdf).hexdigest())
    document = _letters().filter(pk=registered.document_id).first() if registered is not None else None
    if registered is not None and document is not None:
        # The register proves that this very file existed when it was made, and its signature when it was issued.
        report = signing.verify(pdf, at=registered.made_at, signed_by=registered.signed_at)
        return _registered(document, now, _of(report), same_file=True)
    found = _of(signing.verify(pdf))
    document = _begins_with(pdf) or _said_to_be(pdf)
    if document is not None:
        return _registered(document, now, found, same_file=False)
    return found


def _begins_with(pdf: bytes) -> IssuedDocument | None:
    """The letter that the file is with something added: up to one of its ends it is a registered file."""
    digest, done = hashlib.sha256(), 0
    for end in islice(_END.finditer(pdf), MOST_REVISIONS):
        for place in sorted({end.start() + len(b"%%EOF"), end.end()}):
            digest.update(pdf[done:place])
            done = place
            found = known(digest.hexdigest())
            if found is not None:
                return _letters().get(pk=found.document_id)
    return None


def _said_to_be(pdf: bytes) -> IssuedDocument | None:
    """The letter whose address stands in the file. Anybody can write more addresses into a file: of all the letters that
    it names, only the first few being looked up, one that holds no more comes first."""
    tokens = (match[1].decode() for match in _TOKEN_IN_PDF.finditer(pdf))
    named = list(dict.fromkeys(islice(tokens, MOST_TOKENS)))
    letters = list(_letters().filter(token__in=named)) if named else []
    return min(
        letters, key=lambda one: (one.status == one.Status.IN_FORCE, named.index(one.token)), default=None
    )


def _of(report: signing.Report) -> Verdict:
    facts = report.facts()
    for signature in facts["signatures"]:
        moment = signature.get("time")
        signature["moment"] = datetime.fromisoformat(moment) if moment else None
        _with_moments(signature)
    return Verdict(facts["verdict"], facts["signatures"], facts["reason"])


def _with_moments(signature: dict[str, Any]) -> None:
    """Times as templates write them, beside the ISO texts of the API."""
    revoked, told = signature.get("revoked_at"), signature.get("revocation", {}).get("at")
    signature["revoked"] = datetime.fromisoformat(revoked) if revoked else None
    signature["revocation_moment"] = datetime.fromisoformat(told) if told else None
    for one in signature.get("chain", ()):
        one["print"] = signing.grouped(one["fingerprint"])
        one["start"], one["end"] = (datetime.fromisoformat(one[name]) for name in ("not_before", "not_after"))


def _registered(document: IssuedDocument, now: datetime, found: Verdict, *, same_file: bool) -> Verdict:
    stands = standing(document, now)
    good = found.verdict in ("valid", "valid_with_additions")
    ended = stands in ("annulled", "replaced") and good
    unsigned = stands == "pending" and good
    return replace(
        found,
        verdict="annulled" if ended else "unsigned" if unsigned else found.verdict,
        document=document,
        same_file=same_file,
        standing=stands,
    )


def _letters() -> QuerySet[IssuedDocument]:
    return IssuedDocument.objects.select_related("agency", "replaced_by", "status_decision", "person")
