"""Hostile and changed PDFs, made from our own letters."""

import io
import re
import zlib
from collections.abc import Callable, Iterator

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

Change = Callable[[IncrementalPdfFileWriter], None]


def saved_with(pdf: bytes, change: Change) -> bytes:
    """`pdf` with one more revision."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def first_page(writer: IncrementalPdfFileWriter) -> generic.DictionaryObject:
    reference, _ = writer.find_page_for_modification(0)
    return reference.get_object()


def add_note(writer: IncrementalPdfFileWriter) -> None:
    """A visible free-text annotation over the letter."""
    page = first_page(writer)
    note = writer.add_object(
        generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Annot"),
                pdf_name("/Subtype"): pdf_name("/FreeText"),
                pdf_name("/Rect"): generic.ArrayObject(generic.NumberObject(n) for n in (0, 0, 500, 500)),
                pdf_name("/Contents"): generic.pdf_string("Rp 1.000.000.000"),
            }
        )
    )
    annotations = page.get("/Annots", generic.ArrayObject())
    page[pdf_name("/Annots")] = generic.ArrayObject(
        [*(annotations.raw_get(i) for i in range(len(annotations))), note]
    )
    writer.update_container(page)


def drop_annotations(writer: IncrementalPdfFileWriter) -> None:
    page = first_page(writer)
    page[pdf_name("/Annots")] = generic.ArrayObject()
    writer.update_container(page)


def replace_content(writer: IncrementalPdfFileWriter) -> None:
    """Shadow attack, replace: the page shows another content stream."""
    page = first_page(writer)
    page[pdf_name("/Contents")] = writer.add_object(generic.StreamObject(stream_data=b"BT ET"))
    writer.update_container(page)


def overwrite_content(writer: IncrementalPdfFileWriter) -> None:
    """The same object number, another stream."""
    reference = first_page(writer).raw_get("/Contents")
    old = reference.get_object()
    stream = generic.StreamObject(stream_data=b"BT ET")
    stream.update({key: value for key, value in old.items() if key not in ("/Length", "/Filter")})
    writer.objects[(0, reference.idnum)] = stream
    writer.objects[(reference.generation, reference.idnum)] = stream


def add_page(writer: IncrementalPdfFileWriter) -> None:
    page = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Page"),
            pdf_name("/MediaBox"): generic.ArrayObject(generic.NumberObject(n) for n in (0, 0, 595, 842)),
            pdf_name("/Contents"): writer.add_object(generic.StreamObject(stream_data=b"BT ET")),
            pdf_name("/Resources"): generic.DictionaryObject(),
        }
    )
    pages = writer.root["/Pages"]
    page[pdf_name("/Parent")] = writer.root.raw_get("/Pages")
    pages["/Kids"].append(writer.add_object(page))
    pages[pdf_name("/Count")] = generic.NumberObject(pages["/Count"] + 1)
    writer.mark_update(writer.root.raw_get("/Pages"))


def crop_page(writer: IncrementalPdfFileWriter) -> None:
    page = first_page(writer)
    page[pdf_name("/CropBox")] = generic.ArrayObject(generic.NumberObject(n) for n in (0, 0, 10, 10))
    writer.update_container(page)


def swap_font(writer: IncrementalPdfFileWriter) -> None:
    """Shadow attack by a font: what the page shows changes, its content does not."""
    page = first_page(writer)
    resources = page["/Resources"]
    fonts = resources["/Font"]
    name = next(iter(fonts))
    fonts[name] = writer.add_object(
        generic.DictionaryObject({pdf_name("/Type"): pdf_name("/Font"), pdf_name("/Subtype"): pdf_name("/Type1"),
                                  pdf_name("/BaseFont"): pdf_name("/Symbol")})
    )  # fmt: skip
    writer.mark_update(page.raw_get("/Resources"))


def add_text_field(writer: IncrementalPdfFileWriter) -> None:
    page = first_page(writer)
    field = writer.add_object(
        generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Annot"),
                pdf_name("/Subtype"): pdf_name("/Widget"),
                pdf_name("/FT"): pdf_name("/Tx"),
                pdf_name("/T"): generic.pdf_string("jumlah"),
                pdf_name("/V"): generic.pdf_string("1.000.000"),
                pdf_name("/Rect"): generic.ArrayObject(generic.NumberObject(n) for n in (0, 0, 99, 99)),
            }
        )
    )
    form = writer.root["/AcroForm"]
    form["/Fields"].append(field)
    page["/Annots"].append(field)
    writer.update_container(page)
    writer.update_root()


def second_field_for_the_signature(writer: IncrementalPdfFileWriter) -> None:
    fields = writer.root["/AcroForm"]["/Fields"]
    old = fields[0]
    copy = generic.DictionaryObject({key: old.raw_get(key) for key in old})
    copy[pdf_name("/T")] = generic.pdf_string("Salinan")
    fields.append(writer.add_object(copy))
    writer.update_root()


def open_action(writer: IncrementalPdfFileWriter) -> None:
    writer.root[pdf_name("/OpenAction")] = generic.DictionaryObject(
        {pdf_name("/S"): pdf_name("/JavaScript"), pdf_name("/JS"): generic.pdf_string("app.alert(1)")}
    )
    writer.update_root()


REVISIONS: list[Change] = [
    add_note, drop_annotations, replace_content, overwrite_content, add_page, crop_page, swap_font,
    add_text_field, second_field_for_the_signature, open_action,
]  # fmt: skip


def _range(pdf: bytes) -> tuple[int, int, int, re.Match[bytes]]:
    found = re.search(rb"/ByteRange ?\[0 +(\d+) +(\d+) +(\d+) *\]", pdf)
    assert found
    first, second, length = (int(part) for part in found.groups())
    return first, second, length, found


def odd_ranges(pdf: bytes) -> Iterator[tuple[str, bytes]]:
    """The same file with other numbers in the byte range (same length, so nothing else moves)."""
    first, second, length, found = _range(pdf)
    for what, numbers in {
        "starts later": (1, first, second, length),
        "overlaps": (0, first + 40, second - 40, length),
        "runs backwards": (0, second, first, length),
        "leaves the file": (0, first, second, length + 50),
        "ends early": (0, first, second, length - 20),
        "negative": (0, first, second, -5),
        "empty": (0, 0, 0, 0),
        "gap one longer": (0, first - 1, second, length),
    }.items():
        text = b"/ByteRange[%d %d %d %d" % numbers
        yield what, pdf[: found.start()] + text.ljust(len(found[0]) - 1) + b"]" + pdf[found.end() :]
    yield "five numbers", pdf.replace(found[0], b"/ByteRange[0 0 0 0 0]".ljust(len(found[0])))
    yield "words", pdf.replace(found[0], b"/ByteRange[/a /b /c /d]".ljust(len(found[0])))
    yield "missing", pdf.replace(b"/ByteRange[", b"/ByteXange[")
    yield "no contents", pdf.replace(b"/Contents<", b"/Contenxs<")


def stray_tails(pdf: bytes) -> Iterator[tuple[str, bytes]]:
    """Incremental saving attacks without a proper revision."""
    yield "spaces", pdf + b"\n \n"
    yield "a loose object", pdf + b"4 0 obj\n<</Type/Page>>\nendobj\n"
    end = pdf.rindex(b"startxref")
    yield "a loose object and the old end", pdf + b"4 0 obj\n<<>>\nendobj\n" + pdf[end:]
    yield "only a trailer", pdf + b"trailer\n<</Size 99/Root 1 0 R>>\n" + pdf[end:]
    yield "the file twice", pdf + pdf


def hostile() -> Iterator[tuple[str, bytes]]:
    """Files made to hurt a parser."""
    yield "empty", b""
    yield "html", b"<!doctype html><title>surat.pdf</title>"
    yield "garbage", bytes(range(256)) * 200
    yield "only a head", b"%PDF-1.7\n"
    yield "deep arrays", _document(b"[" * 100_000 + b"]" * 100_000)
    yield "deep dictionaries", _document(b"<</A" * 50_000 + b">>" * 50_000)
    yield (
        "a table that leads to itself",
        b"%PDF-1.7\nxref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 1/Root 1 0 R/Prev 9>>\nstartxref\n9\n%%EOF\n",
    )
    yield (
        "a huge table",
        b"%PDF-1.7\nxref\n0 999999999\ntrailer\n<</Size 999999999/Root 1 0 R>>\nstartxref\n9\n%%EOF\n",
    )
    yield "a bomb", _bomb()
    yield (
        "a page tree that loops",
        _document(b"<</Type/Catalog/Pages 1 0 R/Kids[1 0 R]/AcroForm<</Fields[1 0 R]>>/FT/Sig/V 1 0 R>>"),
    )
    yield (
        "fields that loop",
        _document(b"<</Type/Catalog/AcroForm<</Fields[1 0 R]>>/Kids[1 0 R]/T(a)/FT/Sig>>"),
    )


def _document(first_object: bytes) -> bytes:
    head = b"%PDF-1.7\n"
    body = b"1 0 obj\n" + first_object + b"\nendobj\n"
    table = b"xref\n0 2\n0000000000 65535 f \n%010d 00000 n \n" % len(head)
    return (
        head + body + table + b"trailer\n<</Size 2/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(head + body)
    )


def _bomb() -> bytes:
    """A cross-reference stream of 3 kB that unpacks twice, to a gigabyte."""
    once = zlib.compressobj(9)
    inner = b"".join(once.compress(bytes(1 << 20)) for _ in range(1024)) + once.flush()
    packed = zlib.compress(inner, 9)
    head = b"%PDF-1.7\n"
    stream = b"1 0 obj\n<</Type/XRef/Size 2/W[1 2 1]/Root 1 0 R/Filter[/FlateDecode/FlateDecode]/Length %d>>\nstream\n%s\nendstream\nendobj\n"
    return head + stream % (len(packed), packed) + b"startxref\n%d\n%%%%EOF\n" % len(head)
