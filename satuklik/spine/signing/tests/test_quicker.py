"""What is read quickly is what the libraries read themselves."""

import io

import pytest
from asn1crypto import x509
from hypothesis import given
from hypothesis import strategies as some
from pyhanko.pdf_utils.misc import PdfError

from satuklik.spine.signing.verification import quicker


def told(read: object, content: bytes) -> tuple[object, ...]:
    """What a reader gives and where it stops; its error instead."""
    stream = io.BytesIO(b"12 " + content)
    stream.seek(3)
    try:
        value = read(stream)  # type: ignore[operator]
    except (PdfError, ValueError) as error:
        return (type(error), str(error))
    return (type(value), value, getattr(value, "autodetected_encoding", None), stream.tell())


HEX = some.text("0123456789abcdefABCDEF", max_size=600).map(str.encode)
ODD = some.binary(max_size=40) | some.sampled_from([b" ", b"\n", b"%x\n", b"<", b">", b"FEFF", b"g", b""])


@given(some.lists(HEX | ODD, max_size=4).map(b"".join), some.booleans())
def test_a_hex_string(content: bytes, closed: bool) -> None:
    whole = b"<" + content + (b"> 7 0 R" if closed else b"")
    assert told(quicker.read_hex_string, whole) == told(quicker._read_slowly, whole)


@pytest.mark.parametrize("digits", [255, 256, 257, 12_000, 1 << 21])
def test_a_long_one(digits: int) -> None:
    whole = b"<" + b"a" * digits + b">"
    assert told(quicker.read_hex_string, whole) == told(quicker._read_slowly, whole)


@given(some.text(max_size=300))
def test_a_name(text: str) -> None:
    value = x509.NameTypeAndValue()

    def outcome(prepare: object) -> object:
        try:
            return prepare(value, text)  # type: ignore[operator]
        except ValueError as error:
            return str(error)

    for _twice in range(2):
        assert outcome(quicker.prepare_name) == outcome(quicker._prepare_slowly)
