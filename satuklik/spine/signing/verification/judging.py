"""Judges one signature: is it intact, who made it, does its certificate lead to a trusted root, and at what moment."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from asn1crypto import crl, ocsp, tsp, x509
from pyhanko.sign.validation import async_validate_pdf_signature, async_validate_pdf_timestamp
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import (
    DocumentTimestampStatus,
    PdfSignatureStatus,
    TimestampSignatureStatus,
)
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.path import ValidationPath

from satuklik.spine.signing.verification import der
from satuklik.spine.signing.verification.report import CertificateReport, SignatureReport, Trust
from satuklik.spine.signing.verification.structure import Odd, check_cms, check_issued

Status = PdfSignatureStatus | DocumentTimestampStatus
T = TypeVar("T")


@cache
def event_loop() -> asyncio.AbstractEventLoop:
    """pyHanko's functions are asynchronous, so that they could fetch; here nothing is fetched and one loop serves
    all. It is made before the process loses the right to make one."""
    return asyncio.new_event_loop()


def _waited_for(work: Coroutine[object, object, T]) -> T:
    return event_loop().run_until_complete(work)


@dataclass(frozen=True)
class Evidence:
    """What the file itself brings for checking its certificates."""

    certificates: tuple[x509.Certificate, ...] = ()
    crls: tuple[crl.CertificateList, ...] = ()
    ocsps: tuple[ocsp.OCSPResponse, ...] = ()


class Judge:
    """Judges the signatures of one file, the last one first."""

    def __init__(self, trust: Trust, at: datetime | None, evidence: Evidence) -> None:
        self._roots = [x509.Certificate.load(der) for der in (*trust.own, *trust.others, *trust.certified)]
        self._own = set(trust.own)
        self._certified = set(trust.certified)
        self._intermediates = [x509.Certificate.load(der) for der in trust.intermediates]
        self._known = [*trust.own, *trust.others, *trust.certified, *trust.intermediates]
        self._evidence = evidence
        self._at = at
        # A moment at which what comes before is known to have existed; None: now.
        self._proven = at
        self._later_stamps = 0

    def report(self, signature: EmbeddedPdfSignature) -> SignatureReport:
        """What one signature says and is worth. Raises Odd where its bytes are not as they must be."""
        if signature.sig_object_type == "/DocTimeStamp":
            status: Status = _waited_for(
                async_validate_pdf_timestamp(signature, self._context(self._proven), skip_diff=True)
            )
            moment, stamp = self._proven, None
        else:
            status, moment, stamp = self._signature(signature)
        path = status.validation_path
        intact = bool(status.intact and status.valid)
        if stamp is not None and not (stamp.intact and stamp.valid):
            intact = False  # somebody changed the timestamp, or put another one in its place
        trusted = bool(intact and status.trusted and path is not None)
        anchor = path.first.dump() if trusted and path is not None else b""
        if anchor in self._own and path is not None:
            self._check_own(signature, path, stamp)
        elif isinstance(status, DocumentTimestampStatus) and not trusted:
            check_issued(_unpadded(signature.pkcs7_content), self._known)
        report = self._described(signature, status, stamp, moment)
        report.intact, report.trusted = intact, trusted
        report.trusted_by = self._list_of(anchor)
        report.certified = anchor in self._certified
        report.problem = "" if trusted else self._problem(status, intact, moment)
        report.chain = _chain(path, status.signing_cert) if trusted else [_certificate(status.signing_cert)]
        self._tell_revocation(report, status.signing_cert)
        if report.kind == "timestamp" and trusted and isinstance(status, DocumentTimestampStatus):
            self._proven = status.timestamp
            self._later_stamps += 1
        return report

    def unproven(self, signature: EmbeddedPdfSignature, problem: str) -> SignatureReport:
        """The report on a signature whose bytes are odd: what it says is not worth computing with."""
        certificate = signature.signer_cert
        report = _named(signature, certificate)
        report.problem = problem
        report.chain = [_certificate(certificate)]
        return report

    def _context(self, moment: datetime | None) -> ValidationContext:
        return ValidationContext(
            trust_roots=self._roots,
            other_certs=[*self._intermediates, *self._evidence.certificates],
            allow_fetching=False,
            crls=list(self._evidence.crls),
            ocsps=list(self._evidence.ocsps),
            revocation_mode="soft-fail",
            # What was fetched after the moment tells of revocations before it.
            retroactive_revinfo=moment is not None,
            moment=moment,
        )

    def _signature(
        self, signature: EmbeddedPdfSignature
    ) -> tuple[PdfSignatureStatus, datetime | None, TimestampSignatureStatus | None]:
        """Its status, the moment at which its certificate was judged, and its timestamp's status."""
        stamped = _stamped_at(signature)
        for moment in (stamped, self._proven) if stamped is not None else (self._proven,):
            status = _waited_for(
                async_validate_pdf_signature(
                    signature, self._context(moment), self._context(self._proven), skip_diff=True
                )
            )
            stamp = status.timestamp_validity
            if moment is None or moment is not stamped or _proves(stamp):
                break
        return status, moment, stamp

    def _check_own(
        self, signature: EmbeddedPdfSignature, path: ValidationPath, stamp: TimestampSignatureStatus | None
    ) -> None:
        """Raises Odd where a signature under one of our own roots is not byte for byte as we write it."""
        check_cms(signature.pkcs7_content, _upward(path))
        if stamp is None:
            return
        above = stamp.validation_path if stamp.trusted else None
        if above is None:
            check_issued(_only_token(signature), self._known)
        elif above.first.dump() in self._own:
            check_cms(_only_token(signature), _upward(above), token=True)

    def _described(
        self,
        signature: EmbeddedPdfSignature,
        status: Status,
        stamp: TimestampSignatureStatus | None,
        moment: datetime | None,
    ) -> SignatureReport:
        report = _named(signature, status.signing_cert)
        if isinstance(status, DocumentTimestampStatus):
            report.time, report.time_proven = status.timestamp.isoformat(), bool(status.trusted)
            report.timestamp_by = report.signer
            report.level = "timestamp"
        elif stamp is not None:
            report.time, report.time_proven = stamp.timestamp.isoformat(), _proves(stamp)
            report.timestamp_by = _words(stamp.signing_cert.subject.native, "common_name")
            report.level = self._level(signature, status.signing_cert)
        else:
            report.level = self._level(signature, status.signing_cert)
        if (
            not report.time_proven
            and self._later_stamps
            and moment is not None
            and report.kind == "signature"
        ):
            report.time, report.time_proven = moment.isoformat(), True
        return report

    def _level(self, signature: EmbeddedPdfSignature, certificate: x509.Certificate) -> str:
        """A timestamp, in the signature or over it, makes B-T of B-B; revocation data of its certificate B-LT; a document
        timestamp over that B-LTA (EN 319 142-1 §6)."""
        if signature.sig_object.get("/SubFilter") != "/ETSI.CAdES.detached":
            return "CMS"
        over = self._later_stamps
        if _stamped_at(signature) is None:
            if not over:
                return "B-B"
            over -= 1
        told = any(one.issuer == certificate.issuer for one in self._evidence.crls) or any(
            _answer(one, certificate) is not None for one in self._evidence.ocsps
        )
        if not told:
            return "B-T"
        return "B-LTA" if over else "B-LT"

    def _list_of(self, anchor: bytes) -> str:
        if not anchor:
            return ""
        if anchor in self._own:
            return "own"
        return "certified" if anchor in self._certified else "other"

    def _problem(self, status: Status, intact: bool, moment: datetime | None) -> str:
        if not intact:
            return "changed"
        certificate = status.signing_cert
        if status.revocation_details is not None:
            return "revoked"
        judged = moment or datetime.now(certificate.not_valid_after.tzinfo)
        if not certificate.not_valid_before <= judged <= certificate.not_valid_after:
            return "expired"
        return "unknown_root"

    def _tell_revocation(self, report: SignatureReport, certificate: x509.Certificate) -> None:
        """What the file's own lists and answers say of the certificate. Only where its path is trusted: an untrusted
        file may bring any list it likes."""
        if not report.trusted and report.problem != "revoked":
            return
        for one in self._evidence.crls:
            if one.issuer != certificate.issuer:
                continue
            report.revocation = {
                "source": "crl",
                "at": one["tbs_cert_list"]["this_update"].native.isoformat(),
            }
            for entry in one["tbs_cert_list"]["revoked_certificates"]:
                if entry["user_certificate"].native == certificate.serial_number:
                    report.revoked_at = entry["revocation_date"].native.isoformat()
        for response in self._evidence.ocsps:
            answer = _answer(response, certificate)
            if answer is None:
                continue
            report.revocation = {"source": "ocsp", "at": answer["this_update"].native.isoformat()}
            if answer["cert_status"].name == "revoked":
                report.revoked_at = answer["cert_status"].chosen["revocation_time"].native.isoformat()


def _proves(stamp: TimestampSignatureStatus | None) -> bool:
    return stamp is not None and bool(stamp.intact and stamp.valid and stamp.trusted)


def _only_token(signature: EmbeddedPdfSignature) -> bytes:
    """The timestamp token inside a signature. Raises Odd unless it is the only unsigned attribute and the only one of its
    kind."""
    attributes = signature.signer_info["unsigned_attrs"]
    if len(attributes) != 1 or len(attributes[0]["values"]) != 1:
        raise Odd("cms", "The signature has other unsigned attributes than one timestamp.")
    token: bytes = attributes[0]["values"][0].dump()
    return token


def _unpadded(content: bytes) -> bytes:
    return content[: der.length_of(content)]


def _stamped_at(signature: EmbeddedPdfSignature) -> datetime | None:
    """When its timestamp says that it was made; whether that is true is found out with it."""
    for token in extract_tst_data_iter(signature.signer_info, signed=False):
        content = token["encap_content_info"]["content"].parsed
        if not isinstance(content, tsp.TSTInfo):
            raise Odd("cms", "The timestamp holds something else.")
        moment: datetime = content["gen_time"].native
        return moment
    return None


def _answer(response: ocsp.OCSPResponse, certificate: x509.Certificate) -> Any:
    """The part of an OCSP response that is about this certificate."""
    if response["response_status"].native != "successful":
        return None
    for one in response.response_data["responses"]:
        name = one["cert_id"]
        same_issuer = name["issuer_name_hash"].native == getattr(
            certificate.issuer, name["hash_algorithm"]["algorithm"].native, None
        )
        if name["serial_number"].native == certificate.serial_number and same_issuer:
            return one
    return None


def _named(signature: EmbeddedPdfSignature, certificate: x509.Certificate) -> SignatureReport:
    subject = certificate.subject.native
    said = signature.self_reported_timestamp
    cades = signature.sig_object.get("/SubFilter") == "/ETSI.CAdES.detached"
    timestamp = signature.sig_object_type == "/DocTimeStamp"
    permission = signature.docmdp_level
    return SignatureReport(
        # pyHanko's strings hold on to the whole reader.
        field=str(signature.field_name)[:100],
        kind="timestamp" if timestamp else "signature",
        signer=_words(subject, "common_name"),
        position=_words(subject, "title"),
        organisation=_words(subject, "organization_name"),
        issuer=_words(certificate.issuer.native, "common_name"),
        serial=f"{certificate.serial_number:x}",
        time=said.isoformat() if said is not None else None,
        time_proven=False,
        level="timestamp" if timestamp else "B-B" if cades else "CMS",
        reason=str(signature.sig_object.get("/Reason", ""))[:300],
        algorithm=_algorithm(certificate),
        covers_whole=False,
        intact=False,
        trusted=False,
        certified=False,
        permission=permission.value if permission is not None else 0,
    )


def _upward(path: ValidationPath) -> list[x509.Certificate]:
    return list(reversed(list(path)))


def _chain(path: ValidationPath | None, certificate: x509.Certificate) -> list[CertificateReport]:
    """From the signer up to the root."""
    return [_certificate(one) for one in _upward(path)] if path is not None else [_certificate(certificate)]


def _certificate(certificate: x509.Certificate) -> CertificateReport:
    return CertificateReport(
        subject=_words(certificate.subject.native, "common_name")
        or _words(certificate.subject.native, "organization_name"),
        issuer=_words(certificate.issuer.native, "common_name"),
        serial=f"{certificate.serial_number:x}",
        not_before=certificate.not_valid_before.isoformat(),
        not_after=certificate.not_valid_after.isoformat(),
        fingerprint=certificate.sha256.hex(),
        algorithm=_algorithm(certificate),
    )


def _words(name: Any, part: str) -> str:
    value = name.get(part, "")
    return (", ".join(map(str, value)) if isinstance(value, list) else str(value))[:200]


def _algorithm(certificate: x509.Certificate) -> str:
    key = certificate.public_key
    if key.algorithm == "rsa":
        return f"RSA-{key.bit_size}"
    return f"EC-{key.bit_size}" if key.algorithm == "ec" else str(key.algorithm)
