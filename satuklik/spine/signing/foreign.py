"""PAdES for PDFs that are not our own letters, and for second signatures: pyHanko writes, our CMS signs."""

import io

from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.signers.pdf_byterange import SignatureObject
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError

from satuklik.spine.signing.errors import HOSTILE, CannotSign
from satuklik.spine.signing.evidence import Evidence
from satuklik.spine.signing.pades import SignatureWords, Signer


def sign_foreign(
    pdf: bytes, signer: Signer, words: SignatureWords, *, evidence: Evidence | None = None
) -> bytes:
    """`pdf` with one more signature over all of it, and with `evidence` in the same update. Raises CannotSign: not a
    PDF, encrypted, damaged, or an earlier signature forbids any change."""
    try:
        return _sign(pdf, signer, words, evidence)
    except (PdfError, *HOSTILE) as error:
        raise CannotSign(f"The PDF cannot be signed: {error}") from error


def _sign(pdf: bytes, signer: Signer, words: SignatureWords, evidence: Evidence | None) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    if writer.prev.encrypted:
        raise CannotSign("The PDF is encrypted.")
    if any(signature.docmdp_level is MDPPerm.NO_CHANGES for signature in writer.prev.embedded_signatures):
        raise CannotSign("An earlier signature forbids any further one.")
    if evidence is not None:
        add_evidence(writer, evidence)
    name = _free_name(writer, words.field)
    spec = SigFieldSpec(name, on_page=0, readable_field_name=words.label)
    steps = PdfCMSEmbedder(new_field_spec=spec).write_cms(name, writer)
    next(steps)
    placeholder = SignatureObject(
        timestamp=words.at,
        subfilter=SigSeedSubFilter.PADES,
        name=words.name,
        location=words.location,
        reason=words.reason,
        bytes_reserved=2 * signer.reserve,
    )
    steps.send(SigObjSetup(sig_placeholder=placeholder))
    prepared, output = steps.send(SigIOSetup(md_algorithm="sha256"))
    prepared.fill_with_cms(output, signer.sign(prepared.document_digest))
    return bytes(output.getbuffer())


def _free_name(writer: IncrementalPdfFileWriter, wanted: str) -> str:
    taken = {name for name, _value, _reference in enumerate_sig_fields(writer)}
    number, name = 1, wanted
    while name in taken:
        number += 1
        name = f"{wanted}{number}"
    return name


def add_evidence(writer: IncrementalPdfFileWriter, evidence: Evidence) -> None:
    """Put `evidence` into the document security store; what is there already is not written twice."""
    writer.ensure_output_version(version=(1, 7))
    if writer.output_version < (2, 0):
        writer.register_extension(ESIC_EXTENSION_1)
    try:
        store = DocumentSecurityStore.read_dss(writer)
        created = False
    except NoDSSFoundError:
        store, created = DocumentSecurityStore(writer=writer), True
    store.register_vri(
        None,
        certs=[asn1_x509.Certificate.load(one) for one in evidence.certificates],
        crls=[asn1_crl.CertificateList.load(one) for one in evidence.crls],
        ocsps=[asn1_ocsp.OCSPResponse.load(one) for one in evidence.ocsps],
    )
    if created:
        writer.root[pdf_name("/DSS")] = writer.add_object(store.as_pdf_object())
        writer.update_root()
    else:
        store.as_pdf_object()
