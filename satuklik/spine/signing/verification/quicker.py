"""Two places where the libraries that read files spend most of their time, done quickly where the outcome is the same.

pyHanko reads a hex string one digit at a time, and a signature is one of 12,000 digits; asn1crypto prepares the same
names for every comparison (RFC 4518). Whatever is not plain goes the library's own way.
"""

import re
from functools import lru_cache
from typing import Any, BinaryIO

from asn1crypto import x509
from pyhanko.pdf_utils import generic

_DIGITS = re.compile(rb"[0-9A-Fa-f]*")
_SHORT, _LONG = 256, 1 << 20
_LONGEST_NAME = 256
_read_slowly = generic.read_hex_string_from_stream
_prepare_slowly = x509.NameTypeAndValue._ldap_string_prep


def read_hex_string(stream: BinaryIO) -> Any:
    """What pyHanko's own reader gives for a hex string at the stream's position, and the same errors."""
    start = stream.tell()
    text = stream.read(_SHORT)
    end = text.find(b">")
    if end < 0:
        text += stream.read(_LONG)
        end = text.find(b">")
    if end < 0 or not _DIGITS.fullmatch(text, 1, end):
        stream.seek(start)
        return _read_slowly(stream)
    stream.seek(start + end + 1)
    digits = text[1:end].decode("ascii")
    return generic.pdf_string(bytes.fromhex(digits + "0" * (len(digits) % 2)))


@lru_cache(maxsize=512)
def _prepared(text: str) -> str:
    prepared: str = _prepare_slowly(x509.NameTypeAndValue(), text)
    return prepared


def prepare_name(value: x509.NameTypeAndValue, text: str) -> str:
    """A part of a name, ready to be compared (RFC 4518 §2)."""
    if len(text) <= _LONGEST_NAME:
        return _prepared(text)
    prepared: str = _prepare_slowly(value, text)
    return prepared


def install() -> None:
    """Let both libraries read so in this process. Doing it twice changes nothing."""
    generic.read_hex_string_from_stream = read_hex_string
    x509.NameTypeAndValue._ldap_string_prep = prepare_name
