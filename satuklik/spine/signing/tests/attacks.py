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


def one_field_two_places(writer: IncrementalPdfFileWriter) -> None:
    """The same field object stands twice in the form."""
    fields = writer.root["/AcroForm"]["/Fields"]
    fields.append(fields.raw_get(0))
    writer.update_root()


def move_the_signature(writer: IncrementalPdfFileWriter) -> None:
    """The widget is laid over the page."""
    widget = writer.root["/AcroForm"]["/Fields"][0]
    widget[pdf_name("/Rect")] = generic.ArrayObject(generic.NumberObject(n) for n in (0, 0, 500, 800))
    writer.update_container(widget)


def dress_the_signature(writer: IncrementalPdfFileWriter) -> None:
    """The signature's widget shows another amount."""
    widget = writer.root["/AcroForm"]["/Fields"][0]
    look = generic.StreamObject(
        {
            pdf_name("/Type"): pdf_name("/XObject"),
            pdf_name("/Subtype"): pdf_name("/Form"),
            pdf_name("/BBox"): generic.ArrayObject(generic.NumberObject(n) for n in (0, 0, 500, 800)),
        },
        stream_data=b"1 0 0 rg 0 0 500 800 re f",
    )
    widget[pdf_name("/AP")] = generic.DictionaryObject({pdf_name("/N"): writer.add_object(look)})
    widget[pdf_name("/Rect")] = generic.ArrayObject(generic.NumberObject(n) for n in (0, 0, 500, 800))
    writer.update_container(widget)


def empty_the_signature(writer: IncrementalPdfFileWriter) -> None:
    """Universal signature forgery: the field's value loses its contents."""
    signature = writer.root["/AcroForm"]["/Fields"][0]["/V"]
    signature[pdf_name("/Contents")] = generic.ByteStringObject(b"")
    writer.update_container(signature)


def forget_the_range(writer: IncrementalPdfFileWriter) -> None:
    """Universal signature forgery: no byte range."""
    signature = writer.root["/AcroForm"]["/Fields"][0]["/V"]
    del signature["/ByteRange"]
    writer.update_container(signature)


def null_range(writer: IncrementalPdfFileWriter) -> None:
    """Universal signature forgery: a byte range of nothing."""
    signature = writer.root["/AcroForm"]["/Fields"][0]["/V"]
    signature[pdf_name("/ByteRange")] = generic.NullObject()
    writer.update_container(signature)


def copy_the_signature(writer: IncrementalPdfFileWriter) -> None:
    """The same signature dictionary once more, as an object of the new revision."""
    widget = writer.root["/AcroForm"]["/Fields"][0]
    old = widget["/V"]
    copy = generic.DictionaryObject({key: old.raw_get(key) for key in old})
    widget[pdf_name("/V")] = writer.add_object(copy)
    writer.update_container(widget)


def swap_pages_tree(writer: IncrementalPdfFileWriter) -> None:
    """The catalogue leads to other pages."""
    page = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Page"),
            pdf_name("/MediaBox"): generic.ArrayObject(generic.NumberObject(n) for n in (0, 0, 595, 842)),
            pdf_name("/Contents"): writer.add_object(generic.StreamObject(stream_data=b"BT ET")),
        }
    )
    tree = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Pages"),
            pdf_name("/Kids"): generic.ArrayObject([writer.add_object(page)]),
            pdf_name("/Count"): generic.NumberObject(1),
        }
    )
    writer.root[pdf_name("/Pages")] = page[pdf_name("/Parent")] = writer.add_object(tree)
    writer.update_root()


def need_appearances(writer: IncrementalPdfFileWriter) -> None:
    """Readers are told to draw the fields themselves."""
    form = writer.root["/AcroForm"]
    form[pdf_name("/NeedAppearances")] = generic.BooleanObject(True)
    writer.update_container(form)


REVISIONS: list[Change] = [
    add_note, drop_annotations, replace_content, overwrite_content, add_page, crop_page, swap_font,
    add_text_field, second_field_for_the_signature, open_action, one_field_two_places, move_the_signature,
    dress_the_signature, empty_the_signature, forget_the_range, null_range, copy_the_signature, swap_pages_tree,
    need_appearances,
]  # fmt: skip


def _each(array: generic.ArrayObject) -> Iterator[generic.DictionaryObject]:
    return (array[index] for index in range(len(array)))


def fill_in(writer: IncrementalPdfFileWriter) -> None:
    """Another value in a form field that was signed."""
    field = next(one for one in _each(writer.root["/AcroForm"]["/Fields"]) if one["/FT"] == "/Tx")
    field[pdf_name("/V")] = generic.pdf_string("9.000.000.000")
    writer.update_container(field)


def retitle_note(writer: IncrementalPdfFileWriter) -> None:
    """Another text in a note that was signed."""
    note = next(one for one in _each(first_page(writer)["/Annots"]) if one["/Subtype"] == "/FreeText")
    note[pdf_name("/Contents")] = generic.pdf_string("Rp 9")
    writer.update_container(note)


def unhide(writer: IncrementalPdfFileWriter) -> None:
    """Shadow attack, hide: an annotation that covers something is turned invisible."""
    note = next(one for one in _each(first_page(writer)["/Annots"]) if one["/Subtype"] == "/FreeText")
    note[pdf_name("/F")] = generic.NumberObject(2)
    writer.update_container(note)


# On a file that has a form and a note before it is signed.
REVISIONS_OF_FORMS: list[Change] = [fill_in, retitle_note, unhide]


def with_form_and_note(pdf: bytes) -> bytes:
    """A file to be signed, with a text field and a note on its page."""
    return saved_with(saved_with(pdf, _form), add_note)


def _form(writer: IncrementalPdfFileWriter) -> None:
    page = first_page(writer)
    page.setdefault(pdf_name("/Annots"), generic.ArrayObject())
    writer.root[pdf_name("/AcroForm")] = generic.DictionaryObject(
        {pdf_name("/Fields"): generic.ArrayObject()}
    )
    add_text_field(writer)


SHADOW_GOOD, SHADOW_EVIL = b"BT /F1 12 Tf 50 700 Td (Rp 100) Tj ET", b"BT /F1 12 Tf 50 700 Td (Rp 999) Tj ET"


def shadow_file() -> bytes:
    """Shadow attack, hide and replace, before signing: object 4 (the page's content) is there twice; the table leads
    to the harmless one."""
    bodies = [
        b"1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n",
        b"2 0 obj\n<</Type/Pages/Count 1/Kids[3 0 R]>>\nendobj\n",
        b"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>\nendobj\n",
        b"4 0 obj\n<</Length %d>>\nstream\n%s\nendstream\nendobj\n" % (len(SHADOW_EVIL), SHADOW_EVIL),
        b"4 0 obj\n<</Length %d>>\nstream\n%s\nendstream\nendobj\n" % (len(SHADOW_GOOD), SHADOW_GOOD),
        b"5 0 obj\n<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>\nendobj\n",
    ]
    out, places = bytearray(b"%PDF-1.7\n"), {}
    for body in bodies:
        places[int(body[:1])] = len(out)  # of the two, the second
        out += body
    at = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(
        b"%010d 00000 n \n" % places[n] for n in range(1, 6)
    )
    return bytes(out) + b"trailer\n<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % at


def shadow_switch(signed: bytes) -> bytes:
    """… and after signing: a table alone that leads to the other one."""
    evil = signed.index(b"4 0 obj")
    root = re.findall(rb"/Root (\d+ 0 R)", signed)[-1]
    size = max(int(number) for number in re.findall(rb"/Size (\d+)", signed))
    before = int(re.findall(rb"startxref\s+(\d+)", signed)[-1])
    at = len(signed)
    return signed + (
        b"xref\n4 1\n%010d 00000 n \ntrailer\n<</Size %d/Root %s/Prev %d>>\nstartxref\n%d\n%%%%EOF\n"
        % (evil, size, root, before, at)
    )


def wrapped(pdf: bytes) -> Iterator[tuple[str, bytes]]:
    """Signature wrapping: the second signed part moves back, and something else stands in between."""
    first, second, length, _found = _range(pdf)
    contents, tail = pdf[first:second], pdf[second:]
    evil = b"\n4 0 obj\n<</Length 5>>\nstream\nBT ET\nendstream\nendobj\n"
    for what, between in {
        "behind the contents": contents + evil,
        "in the contents": contents[:-1] + b"00" * 400 + b">" + evil,
        "another range first": contents + b"/ByteRange[0 %d %d %d]" % (first, second + 400, length) + evil,
    }.items():
        yield what, pdf[:first] + between + tail
        # The old part once more where the range leads.
        yield f"{what}, padded", pdf[:first] + between.ljust(second - first + 4000, b" ") + tail


def forged_contents(pdf: bytes) -> Iterator[tuple[str, bytes]]:
    """Universal signature forgery in place: the same length, nothing else moves."""
    first, second, _length, _found = _range(pdf)
    room = second - first - 2
    for what, inside in {
        "zeros": b"0" * room,
        "an empty sequence": b"3000".ljust(room, b"0"),
        "no signer": b"300f06092a864886f70d010702a0023000".ljust(room, b"0"),
        "letters": b"zz" * (room // 2),
        "spaces": b" " * room,
        "data behind the CMS": pdf[first + 1 : second - 9] + b"deadbeef",
    }.items():
        yield what, pdf[: first + 1] + inside[:room].ljust(room, b"0") + pdf[second - 1 :]


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
    # Found by the fuzzer: zlib.error is no ValueError.
    yield "a table that does not unpack", _xref_stream(b"x\x9c\xff\xff\xff\xff")
    yield (
        "a page tree that loops",
        _document(b"<</Type/Catalog/Pages 1 0 R/Kids[1 0 R]/AcroForm<</Fields[1 0 R]>>/FT/Sig/V 1 0 R>>"),
    )
    yield (
        "fields that loop",
        _document(b"<</Type/Catalog/AcroForm<</Fields[1 0 R]>>/Kids[1 0 R]/T(a)/FT/Sig>>"),
    )


def heavy() -> Iterator[tuple[str, bytes]]:
    """Files that say they are large, or are."""
    page = b"<</Type/Catalog/Pages 2 0 R>>"
    kids = b"<</Type/Pages/Count 1/Kids[3 0 R]>>"
    yield (
        "a cyclic page tree",
        _objects(
            [page, b"<</Type/Pages/Count 1/Kids[2 0 R 3 0 R]/Parent 3 0 R>>", b"<</Type/Pages/Kids[2 0 R]>>"]
        ),
    )
    yield (
        "a page tree of a billion pages",
        _objects(
            [page, b"<</Type/Pages/Count 1000000000/Kids[3 0 R]>>", b"<</Type/Page/MediaBox[0 0 9 9]>>"]
        ),
    )
    yield (
        "a length of a gigabyte",
        _objects(
            [
                page,
                kids,
                b"<</Type/Page/Contents 4 0 R>>",
                b"<</Length 1073741824>>\nstream\nBT ET\nendstream",
            ]
        ),
    )
    yield (
        "a picture of a gigapixel",
        _objects(
            [
                page, kids,
                b"<</Type/Page/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>",
                b"<</Length 22>>\nstream\n99 0 0 99 0 0 cm /I Do\nendstream",
                b"<</Type/XObject/Subtype/Image/Width 32768/Height 32768/BitsPerComponent 8/ColorSpace/DeviceRGB"
                b"/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream" % _packed_zeros(1 << 30),
            ]
        ),
    )  # fmt: skip
    yield (
        "a page that unpacks to a gigabyte",
        _objects(
            [
                page, kids, b"<</Type/Page/MediaBox[0 0 99 99]/Contents 4 0 R>>",
                b"<</Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream" % _packed_zeros(1 << 30),
            ]
        ),
    )  # fmt: skip
    yield (
        "an object stream of a million objects",
        _objects(
            [
                b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[9 0 R]>>>>", kids, b"<</Type/Page>>",
                b"<</Type/ObjStm/N 1000000/First 99999999/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream"
                % _packed_zeros(1 << 28),
            ]
        ),
    )  # fmt: skip
    yield (
        "a hundred thousand objects",
        _objects([page, kids, b"<</Type/Page>>", *[b"<</A 1 0 R>>"] * 100_000]),
    )
    yield (
        "a hundred thousand pages",
        _objects(
            [
                page,
                b"<</Type/Pages/Count 100000/Kids[%s]>>" % b"3 0 R ".join([b""] * 100_001),
                b"<</Type/Page/MediaBox[0 0 9 9]>>",
            ]
        ),
    )
    yield (
        "a page of ten kilometres",
        _objects([page, kids, b"<</Type/Page/MediaBox[0 0 28346000 28346000]>>"]),
    )
    yield (
        "a page that draws itself",
        _objects(
            [
                page, kids,
                b"<</Type/Page/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>",
                b"<</Length 5>>\nstream\n/X Do\nendstream",
                b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>/Length 11>>\nstream\n"
                b"/X Do /X Do\nendstream",
            ]
        ),
    )  # fmt: skip
    yield (
        "fields that loop through their parents",
        _objects(
            [
                b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]>>>>", kids, b"<</Type/Page>>",
                b"<</T(a)/Kids[5 0 R]/Parent 5 0 R>>", b"<</T(b)/FT/Sig/Kids[4 0 R]/Parent 4 0 R/V 4 0 R>>",
            ]
        ),
    )  # fmt: skip
    yield (
        "revisions that lead in a circle",
        _objects([page, kids, b"<</Type/Page>>"]) + b"xref\n0 0\ntrailer\n<</Size 4/Root 1 0 R/Prev 99>>\n"
        b"startxref\n99\n%%EOF\n",
    )
    yield "ten thousand revisions", _revisions(10_000)


def _packed_zeros(size: int) -> tuple[int, bytes]:
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(1 << 20)) for _ in range(size >> 20)) + packer.flush()
    return len(packed), packed


def _objects(bodies: list[bytes]) -> bytes:
    """A file of these objects, numbered from 1; the first is the catalogue."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    at, size = len(out), len(bodies) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size + b"".join(
        b"%010d 00000 n \n" % place for place in places
    )
    return bytes(out) + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, at)


def _revisions(count: int) -> bytes:
    out = bytearray(_objects([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 0/Kids[]>>"]))
    before = int(re.findall(rb"startxref\s+(\d+)", bytes(out))[-1])
    for _ in range(count):
        at = len(out)
        out += b"xref\n0 0\ntrailer\n<</Size 3/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (before, at)
        before = at
    return bytes(out)


def _document(first_object: bytes) -> bytes:
    head = b"%PDF-1.7\n"
    body = b"1 0 obj\n" + first_object + b"\nendobj\n"
    table = b"xref\n0 2\n0000000000 65535 f \n%010d 00000 n \n" % len(head)
    return (
        head + body + table + b"trailer\n<</Size 2/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(head + body)
    )


def _xref_stream(packed: bytes) -> bytes:
    head = b"%PDF-1.7\n"
    stream = b"1 0 obj\n<</Type/XRef/Size 2/W[1 2 1]/Root 1 0 R/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream\nendobj\n"
    return head + stream % (len(packed), packed) + b"startxref\n%d\n%%%%EOF\n" % len(head)


def _bomb() -> bytes:
    """A cross-reference stream of 3 kB that unpacks twice, to a gigabyte."""
    once = zlib.compressobj(9)
    inner = b"".join(once.compress(bytes(1 << 20)) for _ in range(1024)) + once.flush()
    packed = zlib.compress(inner, 9)
    head = b"%PDF-1.7\n"
    stream = b"1 0 obj\n<</Type/XRef/Size 2/W[1 2 1]/Root 1 0 R/Filter[/FlateDecode/FlateDecode]/Length %d>>\nstream\n%s\nendstream\nendobj\n"
    return head + stream % (len(packed), packed) + b"startxref\n%d\n%%%%EOF\n" % len(head)
