"""The verdict over one PDF: pyHanko reads and computes, we decide. Runs only inside the sandbox."""

import io
from datetime import datetime

from asn1crypto import x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.general import SigningError, UnacceptableSignerError
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import DocumentTimestampStatus, PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError

from satuklik.spine.signing.errors import HOSTILE
from satuklik.spine.signing.rules import verdict_of
from satuklik.spine.signing.verification import changes, structure
from satuklik.spine.signing.verification.report import Report, SignatureReport, Trust
from satuklik.spine.signing.verification.structure import Coverage, Odd

MOST_SIGNATURES = 60
UNREADABLE = (PdfError, SigningError, SignatureValidationError, UnacceptableSignerError, PathError, *HOSTILE)


def inspect(pdf: bytes, trust: Trust, at: datetime | None = None) -> Report:
    """The verdict (never "annulled": only the register of letters knows that). `at`: a moment at which this very
    file is known to have existed, at which its certificates are judged; else now."""
    try:
        return _inspect(pdf, trust, at)
    except UNREADABLE as error:
        return Report("unreadable", reason="damaged", detail=f"{type(error).__name__}: {error}"[:300])


def _inspect(pdf: bytes, trust: Trust, at: datetime | None) -> Report:
    if not pdf.startswith(b"%PDF-"):
        return Report("unreadable", reason="not_pdf")
    reader = PdfFileReader(io.BytesIO(pdf))
    if reader.encrypted:
        return Report("unreadable", reason="encrypted")
    signatures = reader.embedded_signatures
    if not signatures:
        return Report("unsigned", reason="unsigned")
    if len(signatures) > MOST_SIGNATURES:
        return Report("unreadable", reason="too_many")
    judge = _Judge(trust, at)
    covered: list[Coverage] = []
    reports: list[SignatureReport] = []
    reason = detail = ""
    for signature in signatures:
        report = judge.report(signature)
        reports.append(report)
        try:
            place = structure.coverage_of(pdf, signature)
            report.covers_whole = place.end == len(pdf)
            covered.append(place)
            if judge.own_path is not None:
                structure.check_cms(signature, judge.own_path)
        except Odd as odd:
            report.intact, report.trusted, report.problem = False, False, odd.problem
            reason, detail = odd.problem, odd.detail
    changed = False
    try:
        structure.check_references(reader)
        structure.check_order(covered)
        if len(covered) == len(signatures):
            structure.check_tail(pdf, reader, covered[-1], signatures[-1].signed_revision)
            changes.check_changes(reader, signatures[0].signed_revision, _permission(signatures))
    except Odd as odd:
        changed, reason, detail = True, odd.problem, odd.detail
    verdict = verdict_of(reports, changed=changed)
    if not reason and verdict in ("altered", "untrusted"):
        reason = next((one.problem for one in reports if one.problem), "")
    _name_levels(reports, reader)
    return Report(verdict, reports, reason, detail)


def _permission(signatures: list[EmbeddedPdfSignature]) -> MDPPerm | None:
    given = [signature.docmdp_level for signature in signatures]
    return min((one for one in given if one is not None), key=lambda one: one.value, default=None)


class _Judge:
    """Judges signatures one after the other against the same trust."""

    def __init__(self, trust: Trust, at: datetime | None) -> None:
        roots = [x509.Certificate.load(der) for der in (*trust.own, *trust.others, *trust.certified)]
        self._own = set(trust.own)
        self._certified = set(trust.certified)
        self._intermediates = [x509.Certificate.load(der) for der in trust.intermediates]
        self._roots = roots
        self._at = at
        self.own_path: set[bytes] | None = None
        """Certificates (DER) of the last signature's path, where it leads to one of our own roots."""

    def report(self, signature: EmbeddedPdfSignature) -> SignatureReport:
        """Validate one signature: is it intact, who made it, does its certificate lead to a trusted root."""
        self.own_path = None
        timestamp = signature.sig_object_type == "/DocTimeStamp"
        context = ValidationContext(
            trust_roots=self._roots,
            other_certs=self._intermediates,
            allow_fetching=False,
            revocation_mode="soft-fail",
            moment=self._at,
        )
        status: PdfSignatureStatus | DocumentTimestampStatus
        if timestamp:
            status = validate_pdf_timestamp(signature, context, skip_diff=True)
        else:
            status = validate_pdf_signature(signature, context, skip_diff=True)
        certificate = status.signing_cert
        intact = bool(status.intact and status.valid)
        path = status.validation_path
        trusted = bool(intact and status.trusted and path is not None)
        anchor = path.first.dump() if trusted and path is not None else b""
        if anchor in self._own and path is not None:
            self.own_path = {one.dump() for one in path}
        subject = certificate.subject.native
        time, proven = _time(signature, status)
        return SignatureReport(
            # pyHanko's strings hold on to the whole reader.
            field=str(signature.field_name)[:100],
            kind="timestamp" if timestamp else "signature",
            signer=_words(subject, "common_name"),
            position=_words(subject, "title"),
            organisation=_words(subject, "organization_name"),
            issuer=_words(certificate.issuer.native, "common_name"),
            serial=f"{certificate.serial_number:x}",
            time=time,
            time_proven=proven,
            level=_level(signature, status),
            reason=str(signature.sig_object.get("/Reason", ""))[:300],
            algorithm=_algorithm(certificate),
            covers_whole=False,
            intact=intact,
            trusted=trusted,
            certified=anchor in self._certified,
            problem="" if trusted else _problem(certificate, intact, self._at),
        )


def _problem(certificate: x509.Certificate, intact: bool, at: datetime | None) -> str:
    if not intact:
        return "changed"
    moment = at or datetime.now(certificate.not_valid_after.tzinfo)
    return "expired" if moment > certificate.not_valid_after else "unknown_root"


def _time(
    signature: EmbeddedPdfSignature, status: PdfSignatureStatus | DocumentTimestampStatus
) -> tuple[str | None, bool]:
    if isinstance(status, DocumentTimestampStatus):
        return status.timestamp.isoformat(), bool(status.trusted)
    proof = status.timestamp_validity
    if proof is not None and proof.valid and proof.intact:
        return proof.timestamp.isoformat(), bool(proof.trusted)
    said = signature.self_reported_timestamp
    return (said.isoformat() if said else None), False


def _level(signature: EmbeddedPdfSignature, status: PdfSignatureStatus | DocumentTimestampStatus) -> str:
    if isinstance(status, DocumentTimestampStatus):
        return "timestamp"
    if signature.sig_object.get("/SubFilter") != "/ETSI.CAdES.detached":
        return "CMS"
    proof = status.timestamp_validity
    return "B-T" if proof is not None and proof.valid and proof.intact else "B-B"


def _name_levels(reports: list[SignatureReport], reader: PdfFileReader) -> None:
    """B-T with validation data is B-LT; with a later document timestamp over it B-LTA (EN 319 142-1 §6)."""
    has_data = "/DSS" in reader.root
    for index, report in enumerate(reports):
        if report.level == "B-T" and has_data:
            later = any(one.kind == "timestamp" and one.intact for one in reports[index + 1 :])
            report.level = "B-LTA" if later else "B-LT"


def _words(name: dict[str, object], part: str) -> str:
    value = name.get(part, "")
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _algorithm(certificate: x509.Certificate) -> str:
    key = certificate.public_key
    return f"RSA-{key.bit_size}" if key.algorithm == "rsa" else f"EC-{key.bit_size}"
