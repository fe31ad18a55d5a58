"""Our own checks of a signature's bytes: where it stands, what it covers, whether its CMS is exactly one."""

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass

from asn1crypto import cms, x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509 import Certificate, load_der_x509_certificate
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from satuklik.spine.signing.verification import der

_REVISION_END = re.compile(rb"startxref\s+\d+\s+%%EOF(?:\r\n|\n|\r)?\Z")
_HEX = re.compile(rb"[0-9a-f]*|[0-9A-F]*")
_END_WINDOW = 64
# SHA-256, -384 and -512 without parameters (RFC 5754 §2); RSA with NULL (RFC 4055), ECDSA without (RFC 5754 §3.2).
_DIGESTS = {bytes.fromhex("300b06096086480165030402") + bytes([n]) for n in (1, 2, 3)}
_SIGNATURES = {bytes.fromhex("300d06092a864886f70d0101") + bytes([n, 5, 0]) for n in (11, 12, 13)} | {
    bytes.fromhex("300a06082a8648ce3d0403") + bytes([n]) for n in (2, 3, 4)
}

# The tags of what we write, from the outside to the inside (RFC 5652 §3, §5.1, §5.3): type and content; version, digest
# algorithms, content, (certificates,) signers; version, signer, digest algorithm, signed attributes, signature
# algorithm, signature(, unsigned attributes).
_OUTER = "06 a0"
_SIGNED_DATA = ("02 31 30 31", "02 31 30 a0 31")
_SIGNER = ("02 30 30 a0 30 04", "02 30 30 a0 30 04 a1")


@dataclass(frozen=True)
class Coverage:
    """The bytes [0, gap_start) and [gap_end, end) are signed."""

    gap_start: int
    gap_end: int
    end: int


class Odd(Exception):
    """A signature that does not stand where and as it must; carries a code of queries.PROBLEMS."""

    def __init__(self, problem: str, detail: str) -> None:
        super().__init__(detail)
        self.problem = problem
        self.detail = detail


def coverage_of(pdf: bytes, signature: EmbeddedPdfSignature) -> Coverage:
    """What the signature covers. Raises Odd unless the byte range is [0 a b c], the gap is exactly the hex
    string of this very signature dictionary, and the covered part ends with a revision."""
    raw = signature.byte_range
    if not (isinstance(raw, generic.ArrayObject) and len(raw) == 4):
        raise Odd("byte_range", "The byte range has not four parts.")
    numbers = [raw.raw_get(index) for index in range(4)]
    if not all(type(number) is generic.NumberObject for number in numbers):
        raise Odd("byte_range", "The byte range holds something else than numbers.")
    start, first, second, length = (int(number) for number in numbers)
    end = second + length
    if not (start == 0 < first < second < end <= len(pdf)):
        raise Odd("byte_range", "The byte range overlaps, runs backwards or leaves the file.")
    if pdf[first : first + 1] != b"<" or pdf[second - 1 : second] != b">":
        raise Odd("byte_range", "The gap is not one hex string.")
    inside = pdf[first + 1 : second - 1]
    # Mixed case would be another file with the same signature: no signer writes that.
    if len(inside) % 2 or not _HEX.fullmatch(inside):
        raise Odd("byte_range", "The gap holds something else than hexadecimal digits of one case.")
    if bytes.fromhex(inside.decode("ascii")) != signature.pkcs7_content:
        raise Odd("byte_range", "The gap is not the signature's own contents.")
    _check_place(pdf, signature, first)
    if not _REVISION_END.search(pdf, max(0, end - _END_WINDOW), end):
        raise Odd("byte_range", "The covered part does not end with a revision.")
    return Coverage(first, second, end)


def _check_place(pdf: bytes, signature: EmbeddedPdfSignature, gap: int) -> None:
    """The gap must lie inside the dictionary that the form field refers to (a copy elsewhere is an attack)."""
    reference = signature.sig_field.raw_get("/V")
    if not isinstance(reference, generic.IndirectObject):
        raise Odd("byte_range", "The signature dictionary is not an object of its own.")
    place = signature.reader.xrefs[reference.reference]
    if not isinstance(place, int) or not place < gap:
        raise Odd("byte_range", "The signature dictionary lies elsewhere.")
    head = b"%d %d obj" % (reference.idnum, reference.generation)
    if not pdf[place : place + len(head) + 2].lstrip().startswith(head) or b"endobj" in pdf[place:gap]:
        raise Odd("byte_range", "The gap does not lie inside the signature dictionary.")


def check_order(found: list[Coverage]) -> None:
    """Each signature covers all of the ones before it. Raises Odd."""
    for before, after in itertools.pairwise(found):
        if not before.end <= after.gap_start:
            raise Odd("byte_range", "Two signatures cover parts that overlap.")


def check_references(reader: PdfFileReader) -> None:
    """Each signature is the value of exactly one field. Raises Odd."""
    seen: set[tuple[int, int]] = set()
    for name, value, _field in enumerate_sig_fields(reader, filled_status=True):
        raw = _field.get_object().raw_get("/V")
        key = (raw.idnum, raw.generation) if isinstance(raw, generic.IndirectObject) else (0, 0)
        if value is None or key in seen:
            raise Odd("two_fields", f"The signature in the field {name!r} is used twice.")
        seen.add(key)


def check_cms(padded: bytes, path: list[x509.Certificate], *, token: bool = False) -> None:
    """The CMS of a signature under one of our own authorities is exactly what we write: DER, one signer, only the
    certificates of its path (the signer's first), no unsigned attribute but a timestamp, nothing behind it. So no bit
    of it can be changed unnoticed. `token`: a timestamp token inside a signature, which has no padding. Raises Odd."""
    end = der.length_of(padded)
    if not der.is_der(padded[:end]) or padded[end:].strip(b"\x00") or (token and end != len(padded)):
        raise Odd("cms", "The CMS is not DER, or something stands behind it.")
    _check_parts(padded[:end])
    data = cms.ContentInfo.load(padded[:end])["content"]
    (signer,) = data["signer_infos"]
    stamp = data["encap_content_info"]["content_type"].native == "tst_info"
    named = signer["sid"].chosen
    if (
        data["version"].native != ("v3" if stamp else "v1")
        or signer["version"].native != "v1"
        or signer["sid"].name != "issuer_and_serial_number"
        # Names compare without regard to case; these bytes must be the certificate's own.
        or named["issuer"].dump() != path[0].issuer.dump()
        or named["serial_number"].native != path[0].serial_number
    ):
        raise Odd("cms", "The CMS has another version or names its signer in another way.")
    digest = signer["digest_algorithm"].dump()
    if (
        [one.dump() for one in data["digest_algorithms"]] != [digest]
        or digest not in _DIGESTS
        or signer["signature_algorithm"].dump() not in _SIGNATURES
    ):
        raise Odd("cms", "The CMS has other algorithms than it says.")
    certificates = [one.chosen.dump() for one in data["certificates"]]
    if not {*certificates} <= {one.dump() for one in path} or len({*certificates}) != len(certificates):
        raise Odd("cms", "The CMS holds a certificate that does not belong to it.")
    if data["crls"].native:
        raise Odd("cms", "The CMS holds a revocation list that does not belong to it.")
    unsigned = [one["type"].native for one in signer["unsigned_attrs"]]
    if unsigned not in ([], [] if stamp else ["signature_time_stamp_token"]):
        raise Odd("cms", "The CMS holds an unsigned attribute that does not belong to it.")


def _check_parts(whole: bytes) -> None:
    """Nothing stands beside the fields that we write, or under another tag, where a reader would skip it. Raises Odd."""
    outer = der.parts(whole)
    wrapped = der.parts(outer[1]) if _tags(outer) == _OUTER else []
    data = der.parts(wrapped[0]) if len(wrapped) == 1 else []
    signers = der.parts(data[-1]) if _tags(data) in _SIGNED_DATA else []
    if len(signers) != 1 or _tags(der.parts(signers[0])) not in _SIGNER:
        raise Odd("cms", "The CMS holds a field that does not belong to it.")


def _tags(parts: list[bytes]) -> str:
    return " ".join(f"{part[0]:02x}" for part in parts)


def check_issued(token: bytes, known: Iterable[bytes]) -> None:
    """Every certificate in a timestamp token was issued by another one in it or by one of `known` (DER): so none of
    their bits was changed. Whether they are trusted, or in force, is another question. Raises Odd."""
    brought = [one.dump() for one in cms.ContentInfo.load(token)["content"]["certificates"]]
    try:
        certificates = [load_der_x509_certificate(one) for one in brought]
        issuers = [*certificates, *map(load_der_x509_certificate, known)]
    except ValueError as error:
        raise Odd("cms", f"A certificate of the timestamp is damaged: {error}") from error
    for one in certificates:
        if not any(_issued_by(one, issuer) for issuer in issuers):
            raise Odd("cms", "A certificate of the timestamp is damaged, or of an unknown issuer.")


def _issued_by(one: Certificate, issuer: Certificate) -> bool:
    try:
        one.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def check_tail(pdf: bytes, reader: PdfFileReader, last: Coverage, signed_revision: int) -> None:
    """Every byte behind the last signature belongs to a later revision. Raises Odd."""
    later = reader.xrefs.total_revisions - 1 - signed_revision
    tail = pdf[last.end :]
    if tail and (later < 1 or tail.count(b"startxref") != later or tail.count(b"%%EOF") != later):
        raise Odd("additions", "Something stands behind the signature that is no revision.")
    if not tail and later:
        raise Odd("additions", "A later revision hides inside the signed part.")
    if tail and not _REVISION_END.search(pdf, max(0, len(pdf) - _END_WINDOW)):
        raise Odd("additions", "The file does not end with a revision.")
