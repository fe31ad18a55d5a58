"""Long-term proof: gather the evidence of a file's signatures, and stamp the whole (B-LT, B-LTA)."""

import base64
import hashlib
import itertools
import logging
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from satuklik.spine.signing import queries, responder
from satuklik.spine.signing.actions.authority import renew_crl
from satuklik.spine.signing.actions.levels import Made, proven_until, stamper_at
from satuklik.spine.signing.certificates import certificate_der
from satuklik.spine.signing.errors import (
    CannotSign,
    EvidenceMissing,
    TimestampUnavailable,
)
from satuklik.spine.signing.evidence import Evidence
from satuklik.spine.signing.models import Authority

log = logging.getLogger(__name__)
FETCH_SECONDS = 5.0
LARGEST_FETCH = 5_000_000
LONGEST_PATH = 8


def augment(pdf: bytes, gathered: "Gathering", *, now: datetime) -> Made:
    """`pdf` one step further: without a proven time it gets a time stamp (B-T), over the signature where there is room
    for it, else over the document; with one, the evidence of all its signatures and stamps, and a new stamp over
    everything (B-LTA, also where it had one that ends soon).

    The evidence has to be younger than the proven time, so a letter without any takes two nights. Raises
    TimestampUnavailable, EvidenceMissing (nothing is changed), CannotSign (damaged, without a signature)."""
    found: list[dict[str, Any]] = _asked("survey", pdf)
    if not any(one["kind"] == "signature" for one in found):
        raise CannotSign("The file has no signature to prove.")
    stamper = stamper_at(now)
    if stamper is None:
        raise TimestampUnavailable("SATUKLIK_TSA", "no authority is set, or it has no key")
    evidence = None
    if _times(found):
        evidence = gathered.evidence(found)
    else:
        stamp = stamper.stamp(hashlib.sha256(base64.b64decode(found[-1]["signature"])).digest())
        filled: bytes | None = _asked("with_token", pdf, stamp.token)
        if filled is not None:
            return Made(filled, "B-T", proven_until(stamp))
    (first, last), tail = _asked("prepare_stamp", pdf, evidence, stamper.reserve)
    before, after = tail[: first - len(pdf)], tail[last - len(pdf) :]
    digest = hashlib.sha256(pdf)
    digest.update(before)
    digest.update(after)
    stamp = stamper.stamp(digest.digest())
    contents = stamp.token.hex().encode()
    room = last - first - 2
    if len(contents) > room:
        raise TimestampUnavailable("SATUKLIK_TSA", f"a token of {len(stamp.token)} bytes is too long")
    whole = b"".join((pdf, before, b"<", contents.ljust(room, b"0"), b">", after))
    return Made(whole, "B-T" if evidence is None else "B-LTA", proven_until(stamp))


def with_store(pdf: bytes, evidence: Evidence) -> bytes:
    """`pdf` with one more update that brings `evidence`. Raises CannotSign."""
    tail: bytes = _asked("store", pdf, evidence)
    return pdf + tail


class Gathering:
    """Evidence for many files of one night: own lists are read once and renewed when a file needs a younger one;
    others' are fetched once."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._fetched: dict[str, bytes] = {}
        trust = queries.trust()
        self._anchors = {_name(x509.load_der_x509_certificate(one)): one for one in _all(trust)}
        self._intermediates = [x509.load_der_x509_certificate(one) for one in trust.intermediates]
        self._own: dict[bytes, Authority] = {
            bytes(row.certificate): row for row in Authority.objects.exclude(crl=None)
        }

    def evidence(self, found: list[dict[str, Any]]) -> Evidence:
        """For all signatures and stamps of a survey; where they have theirs already, for the newest document time
        stamp alone. Raises EvidenceMissing."""
        since = max(_times(found))
        wanted = list(_flat(found[-1:] if found[-1]["kind"] == "timestamp" and found[-1]["store"] else found))
        certificates: dict[bytes, None] = {}
        crls: dict[bytes, None] = {}
        ocsps: dict[bytes, None] = {}
        for one in wanted:
            path = self._path(one)
            certificates |= dict.fromkeys(certificate_der(each) for each in path)
            for below, above in itertools.pairwise(path):
                kind, proof = self._proof(below, above, since)
                (crls if kind == "crl" else ocsps)[proof] = None
        return Evidence(tuple(certificates), tuple(crls), tuple(ocsps))

    def _path(self, one: dict[str, Any]) -> list[x509.Certificate]:
        """From the signer up to a root that is trusted here."""
        pool = [x509.load_der_x509_certificate(base64.b64decode(text)) for text in one["certificates"]]
        anchors = [x509.load_der_x509_certificate(der) for der in self._anchors.values()]
        path = [x509.load_der_x509_certificate(base64.b64decode(one["signer"]))]
        while _name(path[-1]) not in self._anchors:
            above = next(
                (each for each in (*anchors, *pool, *self._intermediates) if _issued(path[-1], each)), None
            )
            if above is None or len(path) >= LONGEST_PATH:
                who = path[0].subject.rfc4514_string()
                raise EvidenceMissing(who, "its path leads to no root that is trusted here.")
            path.append(above)
        return path

    def _proof(self, below: x509.Certificate, above: x509.Certificate, since: datetime) -> tuple[str, bytes]:
        """What says whether `below` was revoked: ("crl" or "ocsp", DER)."""
        own = self._own.get(certificate_der(above))
        if own is not None:
            # An answer speaks of one certificate alone. A list that is added years later, for a stamp's certificate,
            # would be the newest word on a signer's too, from a time when that has ended.
            answer = responder.about(below, own, now=self._now) if own.parent_id is not None else None
            return ("ocsp", answer) if answer is not None else ("crl", self._own_list(own, since))
        # Only certificates under a root that was configured here get so far: nobody else makes us fetch.
        for url in _addresses_of_lists(below):
            crl = self._fetch(url, above)
            if crl is not None:
                return "crl", crl
        for url in _responders(below):
            answer = _ask_responder(url, below, above)
            if answer is not None:
                return "ocsp", answer
        raise EvidenceMissing(below.subject.rfc4514_string(), "neither list nor responder can be reached.")

    def _own_list(self, own: Authority, since: datetime) -> bytes:
        crl = bytes(own.crl or b"")
        made = x509.load_der_x509_crl(crl).last_update_utc
        if made < since and own.wrapped_key is not None:
            # A list that is older than the signature proves nothing about it.
            own.crl = crl = renew_crl(own.name, now=self._now)
        return crl

    def _fetch(self, url: str, issuer: x509.Certificate) -> bytes | None:
        if url not in self._fetched:
            self._fetched[url] = _got(url)
        try:
            crl = x509.load_der_x509_crl(self._fetched[url])
        except ValueError:
            return None
        good = crl.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]
        return self._fetched[url] if good else None


def _asked(job: str, *facts: Any) -> Any:
    """What a function of verification.augmenting answers. Raises CannotSign for files that it cannot read."""
    # pyHanko takes 60 MB: only who augments loads it.
    from satuklik.spine.signing.verification import augmenting

    try:
        return getattr(augmenting, job)(*facts)
    except augmenting.BROKEN as error:
        raise CannotSign(f"The file takes no proof: {type(error).__name__}: {error}"[:300]) from error


def _flat(found: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for one in found:
        yield one
        yield from one["stamps"]


def _times(found: list[dict[str, Any]]) -> list[datetime]:
    """The proven times, where every signature has one: a stamp of its own, or a document time stamp behind it."""
    for index, one in enumerate(found):
        later = any(each["kind"] == "timestamp" for each in found[index + 1 :])
        if one["kind"] == "signature" and not one["stamps"] and not later:
            return []
    return [datetime.fromisoformat(one["time"]) for one in _flat(found) if one["time"]]


def _all(trust: Any) -> Iterable[bytes]:
    return (*trust.own, *trust.others, *trust.certified)


def _name(certificate: x509.Certificate) -> bytes:
    return certificate.fingerprint(hashes.SHA256())


def _issued(below: x509.Certificate, above: x509.Certificate) -> bool:
    if below.issuer != above.subject or below == above:
        return False
    try:
        below.verify_directly_issued_by(above)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _addresses_of_lists(certificate: x509.Certificate) -> list[str]:
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return []
    names = [name.value for point in points for name in point.full_name or []]
    return [name for name in names if isinstance(name, str) and name.startswith(("http://", "https://"))]


def _responders(certificate: x509.Certificate) -> list[str]:
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except x509.ExtensionNotFound:
        return []
    return [
        one.access_location.value
        for one in access
        if one.access_method == x509.AuthorityInformationAccessOID.OCSP
        and str(one.access_location.value).startswith(("http://", "https://"))
    ]


def _got(url: str, asked: bytes | None = None) -> bytes:
    """What lies there; nothing where it cannot be had."""
    import requests  # 18 MB a process: only the nightly pass asks others

    try:
        with requests.request(
            "GET" if asked is None else "POST", url, data=asked, timeout=FETCH_SECONDS, stream=True,
            headers={} if asked is None else {"Content-Type": "application/ocsp-request"},
        ) as answer:  # fmt: skip
            content = answer.raw.read(LARGEST_FETCH + 1, decode_content=True)
            return content if answer.status_code == 200 and len(content) <= LARGEST_FETCH else b""
    except OSError as error:
        log.warning("%s cannot be fetched: %s", url, error)
        return b""


def _ask_responder(url: str, below: x509.Certificate, above: x509.Certificate) -> bytes | None:
    request = ocsp.OCSPRequestBuilder().add_certificate(below, above, hashes.SHA1()).build()  # noqa: S303
    content = _got(url, request.public_bytes(Encoding.DER))
    try:
        answer = ocsp.load_der_ocsp_response(content)
        known = answer.certificate_status in (ocsp.OCSPCertStatus.GOOD, ocsp.OCSPCertStatus.REVOKED)
        if not known or answer.serial_number != below.serial_number:
            return None
        _check_answer(answer, above)
        return content
    except (ValueError, TypeError, InvalidSignature):
        return None


def _check_answer(answer: ocsp.OCSPResponse, above: x509.Certificate) -> None:
    """Signed by the issuer itself, or by a responder that the issuer certified. Raises InvalidSignature."""
    signer = answer.certificates[0] if answer.certificates else above
    if signer != above:
        signer.verify_directly_issued_by(above)
    public, digest = signer.public_key(), answer.signature_hash_algorithm
    if digest is None:
        raise InvalidSignature
    if isinstance(public, rsa.RSAPublicKey):
        public.verify(answer.signature, answer.tbs_response_bytes, padding.PKCS1v15(), digest)
    elif isinstance(public, ec.EllipticCurvePublicKey):
        public.verify(answer.signature, answer.tbs_response_bytes, ec.ECDSA(digest))
    else:
        raise InvalidSignature
