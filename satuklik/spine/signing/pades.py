"""PAdES for our own letters: one incremental update, written by hand because it must be fast.

It accepts exactly one shape (what Typst writes: one revision, a classic cross-reference table, tagged, no
form) and refuses everything else; other PDFs go through `foreign`.
"""

import hashlib
import os
import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Protocol

from satuklik.spine.signing.errors import CannotSign, NotOurLetter
from satuklik.spine.signing.evidence import Evidence

_END = re.compile(rb"startxref\n(\d{1,10})\n%%EOF\n?\Z")
_XREF_HEAD = re.compile(rb"xref\n0 (\d{1,7})\n")
_REFERENCE = re.compile(rb"(\d{1,7}) 0 R")
_TOKEN = re.compile(
    rb"(?P<space>[\x00\t\n\x0c\r ]+)|(?P<open><<|\[)|(?P<close>>>|\])|(?P<name>/[^\x00\t\n\x0c\r ()<>\[\]{}/%]*)"
    rb"|(?P<text>\()|(?P<atom><[0-9A-Fa-f]*>|\d{1,7} 0 R\b|[+-]?[0-9.]+|true|false|null)"
)
# A key with a value that needs no look inside: most of them.
_PLAIN_ENTRY = re.compile(
    rb"(/[^\x00\t\n\x0c\r ()<>\[\]{}/%]+) ?(\d{1,7} 0 R\b|/[^\x00\t\n\x0c\r ()<>\[\]{}/%]+"
    rb"|[+-]?[0-9.]+(?= ?[/>])|true|false|null|\[[^\[\]()<>%]*\]|<<[^()<>%]*>>|\([^()\\]*\)|\[(?:\([^()\\]*\))+\])"
)
_PARENTHESIS = re.compile(rb"\\.|[()]", re.DOTALL)
_TAIL_BYTES = 64
_ENTRY_BYTES = 20
_DEEPEST = 40
WIDGET_FLAGS = 4 | 128  # Print, Locked: PDF/A wants Print and neither Hidden nor NoView


class Signer(Protocol):
    """What makes the CMS of a digest; `reserve` is its greatest length in bytes."""

    @property
    def reserve(self) -> int: ...
    def sign(self, digest: bytes) -> bytes: ...


@dataclass(frozen=True)
class SignatureWords:
    """What the signature dictionary says in words; a visible signature prints name, position and time."""

    field: str
    name: str
    reason: str
    location: str
    label: str
    """What a screen reader says of the signature."""
    at: datetime
    position: str = ""
    address: str = ""
    """What the QR code of a visible signature leads to."""
    seal: bool = False


def sign_letter(pdf: bytes, signer: Signer, words: SignatureWords, evidence: Evidence | None = None) -> bytes:
    """`pdf` with one signature over all of it. Raises NotOurLetter when it has another shape.

    With `evidence` the same update brings a document security store (B-LT), which the signature covers too.

    The result stays PDF/A and PDF/UA: the widget is invisible (an empty rectangle needs no appearance), has the
    Print flag, a description, and stands in the structure tree as a Form element (ISO 14289-1 §7.18).
    """
    letter = _Letter.read(pdf)
    first_new = letter.size
    widget, signature, form = first_new, first_new + 1, first_new + 2
    changed = letter.with_signature_field(widget, signature, form, words)
    if evidence is not None:
        changed |= letter.with_evidence(changed[letter.catalog.number], evidence, form + 1)
    return _append(pdf, letter, changed, signature, signer, words)


@dataclass(frozen=True)
class _Dictionary:
    """A dictionary object: its number, its bytes, and where each value stands in them."""

    number: int
    body: bytes
    values: dict[bytes, tuple[int, int]]

    def value(self, key: bytes) -> bytes:
        start, end = self.values[key]
        return self.body[start:end].strip()

    def reference(self, key: bytes) -> int:
        match = _REFERENCE.fullmatch(self.value(key))
        if match is None:
            raise NotOurLetter(f"{key.decode('latin-1')} is not a reference.")
        return int(match[1])

    def last_reference(self, key: bytes) -> int:
        value = self.value(key)
        references = _REFERENCE.findall(value)
        if not (value.startswith(b"[") and references):
            raise NotOurLetter(f"{key.decode('latin-1')} is not an array of references.")
        return int(references[-1])

    def with_changes(self, **changes: bytes) -> bytes:
        """The body with values replaced, or added where the key is not there."""
        added, places = [], []
        for name, new in changes.items():
            key = b"/" + name.encode()
            if key in self.values:
                places.append((*self.values[key], new))
            else:
                added += [key, new]
        parts, at = [], 0
        for start, end, new in sorted(places):
            parts += [self.body[at:start], new]
            at = end
        return b"".join([*parts, self.body[at:-2], *added, b">>"])


@dataclass(frozen=True)
class _Letter:
    """The few objects of a letter that a signature changes."""

    xref_at: int
    size: int
    trailer: _Dictionary
    catalog: _Dictionary
    page: _Dictionary
    structure: _Dictionary
    document: _Dictionary

    @classmethod
    def read(cls, pdf: bytes) -> "_Letter":
        """Find them, or raise NotOurLetter."""
        try:
            return cls._read(pdf)
        except (KeyError, IndexError, ValueError) as error:
            raise NotOurLetter(f"An expected part is missing: {error}.") from error

    @classmethod
    def _read(cls, pdf: bytes) -> "_Letter":
        end = _END.search(pdf, max(0, len(pdf) - _TAIL_BYTES))
        if not pdf.startswith(b"%PDF-1.7\n") or end is None:
            raise NotOurLetter("Not a PDF 1.7 that ends with startxref.")
        xref_at = int(end[1])
        head = _XREF_HEAD.match(pdf, xref_at)
        if head is None:
            raise NotOurLetter("No classic cross-reference table with one section.")
        size, entries = int(head[1]), head.end()
        trailer_at = entries + size * _ENTRY_BYTES
        if pdf[trailer_at : trailer_at + 8] != b"trailer\n":
            raise NotOurLetter("The cross-reference table has more than one section.")
        body = pdf[trailer_at + 8 : end.start()].rstrip()
        trailer = _Dictionary(0, body, _values(body))
        if (
            trailer.values.keys() & {b"/Prev", b"/XRefStm", b"/Encrypt"}
            or int(trailer.value(b"/Size")) != size
        ):
            raise NotOurLetter("More than one revision, or encrypted.")

        def object_(number: int) -> _Dictionary:
            if not 0 < number < size:
                raise NotOurLetter(f"Object {number} is not in the table.")
            entry = pdf[entries + number * _ENTRY_BYTES : entries + (number + 1) * _ENTRY_BYTES]
            if entry[10:18] != b" 00000 n":
                raise NotOurLetter(f"Object {number} is not in use.")
            start = b"%d 0 obj\n" % number
            at = int(entry[:10])
            if not pdf.startswith(start, at):
                raise NotOurLetter(f"Object {number} is not where the table says.")
            at += len(start)
            body = pdf[at : pdf.index(b"\nendobj", at)]
            return _Dictionary(number, body, _values_of_object(body))

        catalog = object_(trailer.reference(b"/Root"))
        if catalog.values.keys() & {b"/AcroForm", b"/Perms", b"/DSS"}:
            raise NotOurLetter("It has a form already.")
        structure = object_(catalog.reference(b"/StructTreeRoot"))
        document = object_(structure.last_reference(b"/K"))
        page = object_(catalog.reference(b"/Pages"))
        for _level in range(_DEEPEST):
            if page.value(b"/Type") == b"/Page":
                return cls(xref_at, size, trailer, catalog, page, structure, document)
            page = object_(page.last_reference(b"/Kids"))
        raise NotOurLetter("The page tree is too deep.")

    def with_signature_field(
        self, widget: int, signature: int, form: int, words: SignatureWords
    ) -> dict[int, bytes]:
        """The changed and new objects, without the signature dictionary itself."""
        key = int(self.structure.value(b"/ParentTreeNextKey"))
        tree = self.structure.value(b"/ParentTree")
        if not (tree.startswith(b"<</Nums[") and tree.endswith(b"]>>")):
            raise NotOurLetter("The parent tree has another shape.")
        label = _text(words.label)
        return {
            self.catalog.number: self.catalog.with_changes(
                AcroForm=b"<</SigFlags 3/Fields[%d 0 R]>>" % widget
            ),
            self.page.number: self.page.with_changes(
                Annots=_appended(
                    self.page.value(b"/Annots") if b"/Annots" in self.page.values else b"[]", widget
                ),
                Tabs=b"/S",
            ),
            self.structure.number: self.structure.with_changes(
                ParentTree=tree[:-3] + b" %d %d 0 R]>>" % (key, form),
                ParentTreeNextKey=b" %d" % (key + 1),
            ),
            self.document.number: self.document.with_changes(K=_appended(self.document.value(b"/K"), form)),
            widget: b"<</Type/Annot/Subtype/Widget/FT/Sig/Rect[0 0 0 0]/F %d/P %d 0 R/StructParent %d/V %d 0 R/T%s/TU%s>>"
            % (WIDGET_FLAGS, self.page.number, key, signature, _text(words.field), label),
            form: b"<</Type/StructElem/S/Form/P %d 0 R/Pg %d 0 R/Alt%s/K<</Type/OBJR/Obj %d 0 R/Pg %d 0 R>>>>"
            % (self.document.number, self.page.number, label, widget, self.page.number),
        }

    def with_evidence(self, catalog: bytes, evidence: Evidence, first: int) -> dict[int, bytes]:
        """The catalogue that names a document security store, and its objects from the number `first` on."""
        if b"/Extensions" in self.catalog.values:
            raise NotOurLetter("It names extensions already.")
        made: dict[int, bytes] = {}
        for number, stream in enumerate(evidence.streams, first + 1):
            made[number] = stream
        numbers = iter(made)
        store = b"<</Type/DSS"
        for key, some in (
            (b"/Certs", evidence.certificates),
            (b"/CRLs", evidence.crls),
            (b"/OCSPs", evidence.ocsps),
        ):
            if some:
                store += key + b"[%s]" % b" ".join(b"%d 0 R" % next(numbers) for _ in some)
        made[first] = store + b">>"
        # EN 319 142-1 §5.4.1: a PDF 1.7 says which extension it uses.
        names = b"/DSS %d 0 R/Extensions<</ESIC<</BaseVersion/1.7/ExtensionLevel 1>>>>>>" % first
        made[self.catalog.number] = catalog[:-2] + names
        return made


def _append(
    pdf: bytes,
    letter: _Letter,
    objects: dict[int, bytes],
    number: int,
    signer: Signer,
    words: SignatureWords,
) -> bytes:
    """Write the update, hash the file around the gap, put the CMS into the gap."""
    offsets: dict[int, int] = {}
    parts = [b"" if pdf.endswith(b"\n") else b"\n"]
    at = len(pdf) + len(parts[0])
    for object_number, body in objects.items():
        offsets[object_number] = at
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (object_number, body))
        at += len(parts[-1])
    offsets[number] = at
    parts.append(
        b"%d 0 obj\n<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M(%s)/Name%s/Reason%s/Location%s/Contents"
        % (number, _date(words.at), _text(words.name), _text(words.reason), _text(words.location))
    )
    before = b"".join(parts)
    gap_at = len(pdf) + len(before)
    gap_length = 2 * signer.reserve + 2
    range_length = len(b"/ByteRange[0 %10d %10d %10d]>>\nendobj\n" % (0, 0, 0))
    tail = _cross_references(letter, offsets, gap_at + gap_length + range_length)
    after_length = range_length + len(tail)
    after = (b"/ByteRange[0 %10d %10d %10d]>>\nendobj\n" % (gap_at, gap_at + gap_length, after_length)) + tail
    digest = hashlib.sha256(pdf)
    digest.update(before)
    digest.update(after)
    contents = signer.sign(digest.digest()).hex().encode()
    if len(contents) > gap_length - 2:
        raise CannotSign("The signature is longer than what was reserved for it.")
    return b"".join((pdf, before, b"<", contents.ljust(gap_length - 2, b"0"), b">", after))


def _cross_references(letter: _Letter, offsets: dict[int, int], at: int) -> bytes:
    """The update's cross-reference table and trailer; `at`: where they begin."""
    numbers = sorted(offsets)
    lines = [b"xref\n"]
    while numbers:
        run = 1
        while run < len(numbers) and numbers[run] == numbers[0] + run:
            run += 1
        lines.append(b"%d %d\n" % (numbers[0], run))
        lines += [b"%010d 00000 n \n" % offsets[number] for number in numbers[:run]]
        numbers = numbers[run:]
    # The first identifier stays, the second names this revision (ISO 32000-1 §14.4).
    identifiers = letter.trailer.value(b"/ID")
    first = identifiers[1 : _value_end(identifiers, 1)]
    lines.append(
        b"trailer\n%s\nstartxref\n%d\n%%%%EOF\n"
        % (
            letter.trailer.with_changes(
                Size=b" %d" % (max(offsets) + 1),
                Prev=b" %d" % letter.xref_at,
                ID=b"[%s<%s>]" % (first, os.urandom(16).hex().encode()),
            ),
            at,
        )
    )
    return b"".join(lines)


@lru_cache(256)
def _values_of_object(body: bytes) -> dict[bytes, tuple[int, int]]:
    """As `_values`, kept: the letters of a batch come from one template, and their frames are the same."""
    return _values(body)


def _values(body: bytes) -> dict[bytes, tuple[int, int]]:
    """Where the value of each key stands in `body`, which must be one dictionary and nothing else."""
    if not body.startswith(b"<<"):
        raise NotOurLetter(f"{body[:20]!r} begins no dictionary.")
    values: dict[bytes, tuple[int, int]] = {}
    place = 2
    while True:
        plain = _PLAIN_ENTRY.match(body, place)
        if plain is not None and plain[1] not in values:
            values[plain[1]] = plain.span(2)
            place = plain.end()
            continue
        token = _token(body, place)
        place = token.end()
        if token.lastgroup == "space":
            continue
        if token[0] == b">>":
            if place != len(body):
                raise NotOurLetter("More than a dictionary stands where one is expected.")
            return values
        if token.lastgroup != "name" or token[0] in values:
            raise NotOurLetter(f"{token[0][:40]!r} is no key, or stands twice.")
        end = _value_end(body, place)
        values[token[0]] = (place, end)
        place = end


def _value_end(pdf: bytes, at: int) -> int:
    """Where the value that begins at `at` (spaces before it allowed) ends."""
    depth = 0
    while True:
        token = _token(pdf, at)
        at = token.end()
        kind = token.lastgroup
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth -= 1
        elif kind == "text":
            at = _text_end(pdf, at)
        if kind != "space" and depth <= 0:
            if depth < 0:
                raise NotOurLetter("A value is missing.")
            return at


def _token(pdf: bytes, at: int) -> re.Match[bytes]:
    token = _TOKEN.match(pdf, at)
    if token is None:
        raise NotOurLetter(f"An unexpected byte at {at}.")
    return token


def _text_end(pdf: bytes, at: int) -> int:
    """Where a literal string ends whose opening parenthesis stands before `at`."""
    depth = 1
    for mark in _PARENTHESIS.finditer(pdf, at):
        if mark[0] == b"(":
            depth += 1
        elif mark[0] == b")":
            depth -= 1
            if depth == 0:
                return mark.end()
    raise NotOurLetter("A string does not end.")


def _appended(array: bytes, number: int) -> bytes:
    if not (array.startswith(b"[") and array.endswith(b"]")):
        raise NotOurLetter("An array was expected.")
    return array[:-1] + b" %d 0 R]" % number


@lru_cache(256)
def _text(words: str) -> bytes:
    """A PDF text string: literal where it is ASCII, else UTF-16 in hexadecimal."""
    if words.isascii():
        escaped = words.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)").replace("\r", "\\r")
        return b"(" + escaped.encode() + b")"
    return b"<feff" + words.encode("utf-16-be").hex().encode() + b">"


def _date(at: datetime) -> bytes:
    offset = at.utcoffset()
    if offset is None:
        raise ValueError("The time of a signature needs a time zone.")
    minutes = int(offset.total_seconds()) // 60
    sign = "-" if minutes < 0 else "+"
    hours, rest = divmod(abs(minutes), 60)
    return f"{at:D:%Y%m%d%H%M%S}{sign}{hours:02d}'{rest:02d}'".encode()
