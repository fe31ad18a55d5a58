"""An incremental update with an empty signature, for PDFs that are not our own letters: everything but the signature.

Runs only inside the sandbox, which holds no key: the caller hashes the file itself and fills the signature in.
"""

import io
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from satuklik.spine.signing.errors import HOSTILE
from satuklik.spine.signing.placement import Frame, Placement
from satuklik.spine.signing.verification import appearance, pages
from satuklik.spine.signing.verification.report import Refused

_DEEPEST = 60
_UPRIGHT = {0: (1, 0, 0, 1), 90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}


@dataclass(frozen=True)
class Wish:
    """What the signature dictionary says, how many bytes to keep free, and where it shows (nowhere: None)."""

    field: str
    name: str
    reason: str
    location: str
    label: str
    at: datetime
    reserve: int
    placement: Placement | None = None
    face: appearance.Face | None = None

    def facts(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return {
            **vars(self),
            "at": self.at.isoformat(),
            "placement": self.placement.facts() if self.placement else None,
            "face": vars(self.face) if self.face else None,
        }

    @classmethod
    def from_facts(cls, facts: dict[str, Any]) -> "Wish":
        """The reverse of `facts`."""
        placement, face = facts["placement"], facts["face"]
        return cls(
            **{
                **facts,
                "at": datetime.fromisoformat(facts["at"]),
                "placement": Placement.from_facts(placement) if placement else None,
                "face": appearance.Face(**face) if face else None,
            }
        )


class _Writer(IncrementalPdfFileWriter):
    """Leaves the document's metadata as they are: whoever made it made them, and when it was signed stands in the
    signature. (pyHanko would rewrite them, in half of the time that the whole update takes.)"""

    def _update_meta(self) -> None:
        return


def prepare(pdf: bytes, wish: Wish) -> tuple[dict[str, Any], bytes]:
    """The bytes to append to `pdf`, and where in the whole file the gap for the signature begins and ends. Raises
    Refused: encrypted, damaged, "locked" by an earlier signature, "off_page", "no_page"."""
    try:
        return _prepare(pdf, wish)
    except MemoryError as error:
        raise Refused("limit_memory") from error
    except (PdfError, SigningError, *HOSTILE) as error:
        raise Refused("damaged", f"{type(error).__name__}: {error}"[:300]) from error


def _prepare(pdf: bytes, wish: Wish) -> tuple[dict[str, Any], bytes]:
    if not pdf.startswith(b"%PDF-"):
        raise Refused("not_pdf")
    writer = _Writer(io.BytesIO(pdf))
    if writer.prev.encrypted:
        raise Refused("encrypted")
    if any(signature.docmdp_level is MDPPerm.NO_CHANGES for signature in writer.prev.embedded_signatures):
        raise Refused("locked")
    name = _free_name(writer, wish.field)
    spec = SigFieldSpec(name, on_page=0, readable_field_name=wish.label)
    frame = None
    if wish.placement is not None:
        frame, spec = _placed(writer, wish.placement, spec)
    steps = PdfCMSEmbedder(new_field_spec=spec).write_cms(name, writer)
    field = next(steps)
    if wish.face is not None and wish.placement is not None and frame is not None:
        _show(writer, field.get_object(), wish.face, wish.placement, frame)
    placeholder = SignatureObject(
        timestamp=wish.at,
        subfilter=SigSeedSubFilter.PADES,
        name=wish.name,
        location=wish.location,
        reason=wish.reason,
        bytes_reserved=2 * wish.reserve,
    )
    steps.send(SigObjSetup(sig_placeholder=placeholder))
    prepared, output = steps.send(SigIOSetup(md_algorithm="sha256"))
    made = output.getbuffer()
    if made[: len(pdf)] != pdf:
        raise Refused("damaged", "The update does not begin with the file.")
    gap = [prepared.reserved_region_start, prepared.reserved_region_end]
    return {"gap": gap}, bytes(made[len(pdf) :])


def _free_name(writer: IncrementalPdfFileWriter, wanted: str) -> str:
    taken = {name for name, _value, _reference in enumerate_sig_fields(writer)}
    number, name = 1, wanted
    while name in taken:
        number += 1
        name = f"{wanted}{number}"
    return name


def _placed(
    writer: IncrementalPdfFileWriter, placement: Placement, spec: SigFieldSpec
) -> tuple[Frame, SigFieldSpec]:
    """The page's frame, and the field as it stands there."""
    count = int(writer.root["/Pages"]["/Count"])
    index = placement.page - 1 if placement.page > 0 else count + placement.page
    if not 0 <= index < count:
        raise Refused("no_page", f"{count} pages.")
    page = writer.find_page_for_modification(index)[0].get_object()
    media = _boxed(page, "/MediaBox") or [0.0, 0.0, 612.0, 792.0]
    crop = _boxed(page, "/CropBox") or media
    rotation, unit = _inherited(page, "/Rotate"), page.get("/UserUnit", 1.0)
    frame = pages.frame(media, crop, int(rotation or 0), float(unit))
    if not frame.holds(placement):
        raise Refused("off_page", f"The page is {frame.size[0]:.0f} by {frame.size[1]:.0f} points.")
    rectangle = tuple(round(side, 2) for side in frame.rectangle(placement))
    return frame, SigFieldSpec(
        spec.sig_field_name,
        on_page=index,
        box=rectangle,  # type: ignore[arg-type]
        readable_field_name=spec.readable_field_name,
    )


def _show(
    writer: IncrementalPdfFileWriter,
    widget: generic.DictionaryObject,
    face: appearance.Face,
    placement: Placement,
    frame: Frame,
) -> None:
    """Give the widget its appearance, upright as the reader turns the page (ISO 32000-1 §12.5.5)."""
    width, height = placement.width, placement.height
    drawn = appearance.drawn(face, width, height)
    form = writer.import_page_as_xobject(PdfFileReader(io.BytesIO(drawn)))
    matrix = (*_UPRIGHT[frame.rotation], 0, 0)
    form.get_object()[pdf_name("/Matrix")] = generic.ArrayObject(generic.NumberObject(n) for n in matrix)
    widget[pdf_name("/AP")] = generic.DictionaryObject({pdf_name("/N"): form})
    writer.update_container(widget)


def _inherited(page: generic.DictionaryObject, key: str) -> Any:
    """An entry that a page may have from the nodes above it (ISO 32000-1 §7.7.3.4)."""
    node: Any = page
    for _level in range(_DEEPEST):
        if not isinstance(node, generic.DictionaryObject):
            break
        if key in node:
            return node[key]
        node = node.get("/Parent")
    return None


def _boxed(page: generic.DictionaryObject, key: str) -> list[float] | None:
    found = _inherited(page, key)
    if not isinstance(found, generic.ArrayObject) or len(found) != 4:
        return None
    return [float(found[index]) for index in range(4)]
