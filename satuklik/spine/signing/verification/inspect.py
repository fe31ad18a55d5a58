"""The verdict over one PDF: pyHanko reads and computes, we decide. Runs only inside the sandbox."""

import io
from datetime import datetime

from asn1crypto import crl, ocsp, x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.general import SigningError, UnacceptableSignerError
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError, SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko_certvalidator.errors import CRLValidationError, OCSPValidationError, PathError, ValidationError

from satuklik.spine.signing.errors import HOSTILE
from satuklik.spine.signing.rules import verdict_of
from satuklik.spine.signing.verification import changes, quicker, structure
from satuklik.spine.signing.verification.judging import Evidence, Judge
from satuklik.spine.signing.verification.report import Report, SignatureReport, Trust
from satuklik.spine.signing.verification.structure import Coverage, Odd

quicker.install()

MOST_SIGNATURES = 60
MOST_EVIDENCE = 400
UNREADABLE = (
    PdfError,
    SigningError,
    SignatureValidationError,
    UnacceptableSignerError,
    PathError,
    ValidationError,
    CRLValidationError,
    OCSPValidationError,
    NoDSSFoundError,
    *HOSTILE,
)


def inspect(pdf: bytes, trust: Trust, at: datetime | None = None) -> Report:
    """The verdict (never "annulled": only the register of letters knows that). `at`: a moment at which this very
    file is known to have existed, at which its certificates are judged; else now."""
    try:
        return _inspect(pdf, trust, at)
    except MemoryError:
        return Report("unreadable", reason="limit_memory")
    except Odd as odd:
        return Report("unreadable", reason=odd.problem, detail=odd.detail)
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
    judge = Judge(trust, at, _evidence(reader))
    covered: list[Coverage] = []
    reports: list[SignatureReport] = []
    reason = detail = ""
    # The last one first: a trusted timestamp proves that all before it existed then.
    for signature in reversed(signatures):
        try:
            place = structure.coverage_of(pdf, signature)
            report = judge.report(signature)
            report.covers_whole = place.end == len(pdf)
            covered.append(place)
        except Odd as odd:
            report = judge.unproven(signature, odd.problem)
            reason, detail = odd.problem, odd.detail
        report.later_revisions = reader.xrefs.total_revisions - 1 - signature.signed_revision
        reports.append(report)
    reports.reverse()
    covered.reverse()
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
    return Report(verdict, reports, reason, detail)


def _evidence(reader: PdfFileReader) -> Evidence:
    """Certificates and revocation data that the file brings (its document security store)."""
    if "/DSS" not in reader.root:
        return Evidence()
    store = DocumentSecurityStore.read_dss(reader)
    if len(store.certs) + len(store.crls) + len(store.ocsps) > MOST_EVIDENCE:
        raise Odd("damaged", "The document security store is too large.")
    return Evidence(
        tuple(x509.Certificate.load(one.get_object().data) for one in store.certs.values()),
        tuple(crl.CertificateList.load(one.get_object().data) for one in store.crls),
        tuple(ocsp.OCSPResponse.load(one.get_object().data) for one in store.ocsps),
    )


def _permission(signatures: list[EmbeddedPdfSignature]) -> MDPPerm | None:
    given = [signature.docmdp_level for signature in signatures]
    return min((one for one in given if one is not None), key=lambda one: one.value, default=None)
