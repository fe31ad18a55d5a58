"""PAdES B-B for PDFs that are not our own letters, and for second signatures: pyHanko writes, our CMS signs."""

import io

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from satuklik.spine.signing.errors import HOSTILE, CannotSign
from satuklik.spine.signing.pades import SignatureWords, Signer


def sign_foreign(pdf: bytes, signer: Signer, words: SignatureWords) -> bytes:
    """`pdf` with one more signature over all of it. Raises CannotSign: not a PDF, encrypted, damaged, or an
    earlier signature forbids any change."""
    try:
        return _sign(pdf, signer, words)
    except (PdfError, *HOSTILE) as error:
        raise CannotSign(f"The PDF cannot be signed: {error}") from error


def _sign(pdf: bytes, signer: Signer, words: SignatureWords) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    if writer.prev.encrypted:
        raise CannotSign("The PDF is encrypted.")
    if any(signature.docmdp_level is MDPPerm.NO_CHANGES for signature in writer.prev.embedded_signatures):
        raise CannotSign("An earlier signature forbids any further one.")
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
