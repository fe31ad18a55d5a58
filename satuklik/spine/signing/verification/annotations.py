"""One page with its annotations drawn into it, as a reader shows them (ISO 32000-1 §12.5.5)."""

import io
from collections.abc import Iterator
from typing import Any

from pypdf import PageObject, PdfReader, PdfWriter, Transformation
from pypdf.errors import PyPdfError
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    StreamObject,
)

from satuklik.spine.signing.errors import HOSTILE
from satuklik.spine.signing.verification.report import Refused

MOST = 500
_HIDDEN, _NO_VIEW = 1 << 1, 1 << 5
_NEVER_DRAWN = {"/Link", "/Popup"}
_FRAME = b"q 0.7 0.15 0.12 RG 1.5 w [4 3] 0 d %.2f %.2f %.2f %.2f re S Q\n"


def drawn_in(pdf: bytes, number: int) -> bytes | None:
    """A file of the one page `number` (1 …) with its annotations as part of its content; None where it has none that
    shows. An annotation without an appearance of its own is framed: each reader draws it in its own way. Raises
    Refused."""
    try:
        page = PdfReader(io.BytesIO(pdf)).pages[number - 1]
        if not any(True for _ in _shown(page)):
            return None
        return _flattened(page)
    except MemoryError as error:
        raise Refused("limit_memory") from error
    except (PyPdfError, *HOSTILE) as error:
        raise Refused("damaged", f"{type(error).__name__}: {error}"[:300]) from error


def _shown(page: PageObject) -> Iterator[DictionaryObject]:
    for reference in (page.get("/Annots") or ArrayObject())[:MOST]:
        annotation = reference.get_object()
        if not isinstance(annotation, DictionaryObject) or annotation.get("/Subtype") in _NEVER_DRAWN:
            continue
        if int(annotation.get("/F", 0)) & (_HIDDEN | _NO_VIEW):
            continue
        left, bottom, right, top = _rectangle(annotation)
        if right - left > 0 and top - bottom > 0:
            yield annotation


def _flattened(page: PageObject) -> bytes:
    writer = PdfWriter()
    copy = writer.add_page(page)
    forms = DictionaryObject()
    drawing = [b"Q\n"]
    for index, annotation in enumerate(_shown(copy)):
        left, bottom, right, top = _rectangle(annotation)
        form = _appearance(annotation)
        if form is None:
            drawing.append(_FRAME % (left, bottom, right - left, top - bottom))
            continue
        name = f"/SatuKlikAnnotation{index}"
        forms[NameObject(name)] = form.indirect_reference or form
        matrix = " ".join(f"{part:.5f}" for part in _fitted(form, (left, bottom, right, top)))
        drawing.append(f"q {matrix} cm {name} Do Q\n".encode())
    _append(writer, copy, forms, b"".join(drawing))
    del copy["/Annots"]
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _append(writer: PdfWriter, page: PageObject, forms: DictionaryObject, drawing: bytes) -> None:
    """More content behind the page's own, which is wrapped so that it leaves no transformation behind."""
    resources = DictionaryObject(page.get("/Resources", DictionaryObject()).get_object())
    xobjects = DictionaryObject(resources.get("/XObject", DictionaryObject()).get_object())
    xobjects.update(forms)
    resources[NameObject("/XObject")] = xobjects
    page[NameObject("/Resources")] = resources
    own = page.get("/Contents")
    contents = own.get_object() if own is not None else None
    parts = list(contents) if isinstance(contents, ArrayObject) else [own] if own is not None else []
    before, after = DecodedStreamObject(), DecodedStreamObject()
    before.set_data(b"q\n")
    after.set_data(b"\n" + drawing)
    page[NameObject("/Contents")] = ArrayObject(
        [writer._add_object(before), *parts, writer._add_object(after)]
    )


def _appearance(annotation: DictionaryObject) -> StreamObject | None:
    """The normal appearance, of the state that is shown where there are several."""
    looks: Any = annotation.get("/AP", DictionaryObject()).get_object().get("/N")
    looks = looks.get_object() if looks is not None else None
    if isinstance(looks, DictionaryObject) and not isinstance(looks, StreamObject):
        looks = looks.get(annotation.get("/AS", ""))
        looks = looks.get_object() if looks is not None else None
    return looks if isinstance(looks, StreamObject) else None


def _fitted(form: StreamObject, place: tuple[float, float, float, float]) -> tuple[float, ...]:
    """The matrix that lays the form's box (after its own matrix) over the annotation's rectangle."""
    box = [float(n) for n in form.get("/BBox", ArrayObject([FloatObject(n) for n in (0, 0, 1, 1)]))]
    own = [float(n) for n in form.get("/Matrix", (1, 0, 0, 1, 0, 0))]
    turned = Transformation(tuple(own))  # type: ignore[arg-type]
    corners = [turned.apply_on((x, y)) for x in (box[0], box[2]) for y in (box[1], box[3])]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    wide, tall = max(xs) - min(xs), max(ys) - min(ys)
    left, bottom, right, top = place
    across, up = (right - left) / wide if wide else 1.0, (top - bottom) / tall if tall else 1.0
    return across, 0, 0, up, left - min(xs) * across, bottom - min(ys) * up


def _rectangle(annotation: DictionaryObject) -> tuple[float, float, float, float]:
    one, two, three, four = (float(n) for n in annotation.get("/Rect", (0, 0, 0, 0)))
    return min(one, three), min(two, four), max(one, three), max(two, four)
