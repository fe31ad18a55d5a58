"""Long-term proof inside a PDF: what its signatures need, and updates that bring it. Runs in the sandbox too.

It holds no key and fetches nothing: the caller gathers the evidence, hashes the file and fills the time stamp in.
"""

import base64
import io
from typing import Any

from asn1crypto import cms as asn1_cms
from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec, enumerate_sig_fields
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.signers.pdf_byterange import DocumentTimestamp
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError, SignatureValidationError
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter

from satuklik.spine.signing import cms
from satuklik.spine.signing.errors import HOSTILE
from satuklik.spine.signing.evidence import Evidence

BROKEN = (PdfError, SigningError, SignatureValidationError, StopIteration, *HOSTILE)
"""What is raised on files that are damaged, or made to hurt."""
FIELD = "StempelWaktu"
LABEL = "Stempel waktu elektronik"
_DEEPEST = 60


def survey(pdf: bytes) -> list[dict[str, Any]]:
    """The signatures and document time stamps of a file in their order, as JSON can hold it: `kind` ("signature" or
    "timestamp"), `signer` and `certificates` (base64 of DER; those that came with it), `time` (of a time stamp),
    `stamps` (the same of each time stamp over a signature), `signature` (base64), `store` (whether it covers a
    document security store). Raises what pyHanko raises on damaged files."""
    found = []
    reader = PdfFileReader(io.BytesIO(pdf))
    for signature in reader.embedded_signatures:
        timestamp = signature.sig_object_type == "/DocTimeStamp"
        told = _told(signature.signed_data, "timestamp" if timestamp else "signature")
        told["stamps"] = (
            []
            if timestamp
            else [
                _told(one, "timestamp") for one in extract_tst_data_iter(signature.signer_info, signed=False)
            ]
        )
        # Evidence that this one covers.
        told["store"] = "/DSS" in reader.get_historical_root(signature.signed_revision)
        # An imprint for a later time stamp over the signature itself.
        told["signature"] = _text(signature.signer_info["signature"].native)
        found.append(told)
    return found


def with_token(pdf: bytes, token: bytes) -> bytes | None:
    """`pdf` with a time-stamp token (DER) over its last signature, written into the room that was left for one when
    the authority could not be reached: not one signed byte changes. None where there is no such room: another
    signature came after it, it has a token already, or its place is too small."""
    signatures = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    if not signatures or signatures[-1].sig_object_type != "/Sig":
        return None
    last = signatures[-1]
    first, second, length = (int(last.byte_range[index]) for index in (1, 2, 3))
    if second + length != len(pdf) or pdf[first : first + 1] + pdf[second - 1 : second] != b"<>":
        return None
    made = cms.stamped(last.pkcs7_content, token)
    if made is None:
        return None
    contents = made.hex().encode()
    room = second - first - 2
    if len(contents) > room:
        return None
    return b"".join((pdf[: first + 1], contents.ljust(room, b"0"), pdf[second - 1 :]))


def store(pdf: bytes, evidence: Evidence) -> bytes:
    """The update (to be appended) that brings `evidence`."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    _add_evidence(writer, evidence)
    out = io.BytesIO()
    writer.write(out)
    return _tail(pdf, out.getbuffer())


def prepare_stamp(pdf: bytes, evidence: Evidence | None, reserve: int) -> tuple[tuple[int, int], bytes]:
    """The update that brings `evidence` and an empty document time stamp over the whole file: where in the whole
    file the gap for the token (`reserve` bytes) begins and ends, and the bytes to append."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    _declare(writer)
    if evidence is not None:
        _add_evidence(writer, evidence)
    name = _free_name(writer)
    spec = SigFieldSpec(name, on_page=0, readable_field_name=LABEL)
    steps = PdfCMSEmbedder(new_field_spec=spec).write_cms(name, writer)
    field = next(steps).get_object()
    # An annotation outside of the page needs no place in the structure tree (ISO 14289-1 §7.18.1), and no later
    # revision could give it one without changing what was signed.
    x, y = _corner(writer)
    field[pdf_name("/Rect")] = generic.ArrayObject(
        generic.FloatObject(side) for side in (x - 1, y - 1, x - 1, y - 1)
    )
    steps.send(SigObjSetup(sig_placeholder=DocumentTimestamp(bytes_reserved=2 * reserve)))
    prepared, output = steps.send(SigIOSetup(md_algorithm="sha256"))
    gap = (prepared.reserved_region_start, prepared.reserved_region_end)
    return gap, _tail(pdf, output.getbuffer())


def _told(data: asn1_cms.SignedData, kind: str) -> dict[str, Any]:
    (signer,) = data["signer_infos"]
    certificates = [one.chosen for one in data["certificates"] if one.name == "certificate"]
    named = signer["sid"].chosen
    own = next(
        one
        for one in certificates
        if (
            one.key_identifier == named.native
            if signer["sid"].name == "subject_key_identifier"
            else one.issuer == named["issuer"] and one.serial_number == named["serial_number"].native
        )
    )
    content = data["encap_content_info"]["content"]
    stated = content.parsed["gen_time"].native.isoformat() if kind == "timestamp" else None
    return {
        "kind": kind,
        "signer": _text(own.dump()),
        "certificates": [_text(one.dump()) for one in certificates],
        "time": stated,
    }


def _text(der: bytes) -> str:
    return base64.b64encode(der).decode()


def _declare(writer: IncrementalPdfFileWriter) -> None:
    """EN 319 142-1: the file says that it uses the extensions of PAdES."""
    writer.ensure_output_version(version=(1, 7))
    if writer.output_version < (2, 0):
        writer.register_extension(ESIC_EXTENSION_1)


def _add_evidence(writer: IncrementalPdfFileWriter, evidence: Evidence) -> None:
    """What is there already is not written twice."""
    _declare(writer)
    try:
        found, created = DocumentSecurityStore.read_dss(writer), False
    except NoDSSFoundError:
        found, created = DocumentSecurityStore(writer=writer), True
    found.register_vri(
        None,
        certs=[asn1_x509.Certificate.load(one) for one in evidence.certificates],
        crls=[asn1_crl.CertificateList.load(one) for one in evidence.crls],
        ocsps=[asn1_ocsp.OCSPResponse.load(one) for one in evidence.ocsps],
    )
    entry = found.as_pdf_object()
    if created:
        writer.root[pdf_name("/DSS")] = writer.add_object(entry)
        writer.update_root()


def _free_name(writer: IncrementalPdfFileWriter) -> str:
    taken = {name for name, _value, _reference in enumerate_sig_fields(writer)}
    number, name = 1, FIELD
    while name in taken:
        number += 1
        name = f"{FIELD}{number}"
    return name


def _corner(writer: IncrementalPdfFileWriter) -> tuple[float, float]:
    """The lower left corner of the first page."""
    node: Any = writer.find_page_for_modification(0)[0].get_object()
    for _level in range(_DEEPEST):
        if "/MediaBox" in node:
            sides = [float(node["/MediaBox"][index]) for index in range(4)]
            return min(sides[0], sides[2]), min(sides[1], sides[3])
        if "/Parent" not in node:
            break
        node = node["/Parent"]
    return 0.0, 0.0


def _tail(pdf: bytes, made: memoryview) -> bytes:
    if made[: len(pdf)] != pdf:
        raise ValueError("The update does not begin with the file.")
    return bytes(made[len(pdf) :])
