"""Personal data in a text that is to be published: found, so that a person can look at them and approve. Pure.

It suggests; it never publishes. What looks like an identity number, a telephone number, an e-mail address, a street
address or the applicant's own name is masked, also where it is written with other digits, spaces or invisible signs.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

WORDS = {
    "nik": "[NIK disamarkan]",
    "phone": "[nomor telepon disamarkan]",
    "email": "[surel disamarkan]",
    "street": "[alamat disamarkan]",
    "name": "[nama disamarkan]",
}
# Signs that nobody sees: zero width, direction marks, soft hyphen, variation selectors.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_GAP = r"[ \t\n.,\-–—/_()]{0,3}"
# Sixteen digits, however they are grouped: NIK, and KK numbers too.
_NIK = re.compile(rf"(?<![0-9])[0-9](?:{_GAP}[0-9]){{15}}(?!{_GAP}[0-9])")
_LONG = re.compile(r"(?<![0-9])[0-9]{16,}(?![0-9])")
# +62 812 …, 62812…, 0812…, (0623) 41xxx: nine to fourteen digits.
_PHONE = re.compile(
    rf"(?<![0-9])(?:\+{_GAP}6{_GAP}2|6{_GAP}2|\(?0){_GAP}(?:\(0\){_GAP})?[1-9](?:{_GAP}[0-9]){{6,12}}(?!{_GAP}[0-9])"
)
_AT = r"\s*(?:@|\[\s*at\s*\]|\(\s*at\s*\)|\{\s*at\s*\}|&#64;|\s(?:at|AT)\s)\s*"
_DOT = r"(?:\s*(?:\.|\[\s*(?:dot|titik)\s*\]|\(\s*(?:dot|titik)\s*\))\s*)"
_EMAIL = re.compile(
    rf"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9][A-Za-z0-9._%+\-]{{0,63}}{_AT}[A-Za-z0-9\-]{{1,63}}(?:{_DOT}[A-Za-z0-9\-]{{1,63}}){{1,5}}",
    re.IGNORECASE,
)
_STREET = re.compile(
    r"\b(?:jalan|jln?|gang|gg|lorong|lrg?|dusun|dsn|lingkungan|lk|kompleks?|komp|perumahan|perum|blok)\b\.?,?\s*"
    r"(?:[A-Z0-9][\w'’./\-]*\.?,?[ \t]*\n?){1,6}?"
    r"(?:(?i:no(?:mor|mer)?\.?|#)\s*:?\s*[0-9]+\s*[A-Za-z]?(?:\s*[/\-]\s*[0-9A-Za-z]+)?|(?=[.,;:\n)]|$)|(?=\s+[a-z]))"
    r"(?:[\s,]*\b(?i:RT|RW|R\.T|R\.W)\b\.?\s*[:/]?\s*[0-9]{1,3}(?:\s*/\s*(?:RW\s*)?[0-9]{1,3})?)*",
)
_STREET_WORD = re.compile(
    r"\b(jalan|jln?|gang|gg|lorong|lrg?|dusun|dsn|lingkungan|lk|kompleks?|komp|perumahan|perum|blok)\b",
    re.IGNORECASE,
)
_RT_RW = re.compile(
    r"\bR\.?T\.?\s*[:/.]?\s*[0-9]{1,3}\s*[,/\-]?\s*(?:R\.?W\.?\s*[:/.]?\s*[0-9]{1,3})?", re.IGNORECASE
)


@dataclass(frozen=True)
class Span:
    """A piece of a text that looks like personal data: text[start:end]."""

    start: int
    end: int
    kind: str


def find(text: str, *, names: Iterable[str] = ()) -> list[Span]:
    """What looks like personal data, in order, without overlaps. `names`: names that must not be told either."""
    plain, places = _plain(text)
    found: list[Span] = []
    for kind, pattern in (
        ("email", _EMAIL), ("nik", _NIK), ("nik", _LONG), ("phone", _PHONE), ("street", _RT_RW),
    ):  # fmt: skip
        found += [_span(match, kind, plain, places) for match in pattern.finditer(plain)]
    # Street words in any case; what follows them is read as written, names of streets begin with a capital.
    shown = _STREET_WORD.sub(lambda match: match[0].lower(), plain)
    found += [_span(match, "street", plain, places) for match in _STREET.finditer(shown)]
    for name in names:
        found += _of_name(name, plain, places)
    return _apart(found)


def mask(text: str, *, names: Iterable[str] = ()) -> str:
    """The text with every finding of `find` replaced by a word that says what stood there."""
    out, at = [], 0
    for span in find(text, names=names):
        out += [text[at : span.start], WORDS[span.kind]]
        at = span.end
    return "".join([*out, text[at:]])


def pieces(text: str, *, names: Iterable[str] = ()) -> list[tuple[str, str]]:
    """The text in pieces (text, kind), kind "" where nothing was found: for the page that shows both side by side."""
    out: list[tuple[str, str]] = []
    at = 0
    for span in find(text, names=names):
        if span.start > at:
            out.append((text[at : span.start], ""))
        out.append((text[span.start : span.end], span.kind))
        at = span.end
    return [*out, (text[at:], "")] if at < len(text) else out


def _plain(text: str) -> tuple[str, list[int]]:
    """The text as a reader takes it (NFKC, no unseen signs), and for each of its characters where it stood."""
    letters: list[str] = []
    places: list[int] = []
    for index, sign in enumerate(text):
        if _UNSEEN.match(sign):
            continue
        for plain in _digit(sign):
            letters.append(plain)
            places.append(index)
    return "".join(letters), places


def _digit(sign: str) -> str:
    if sign.isascii():
        return sign
    value = unicodedata.decimal(sign, None)  # Arabic-Indic and other digits are digits
    return str(value) if value is not None else unicodedata.normalize("NFKC", sign)


def _span(match: re.Match[str], kind: str, plain: str, places: list[int]) -> Span:
    start, end = match.span()
    while start < end and plain[start].isspace():
        start += 1
    while end > start and plain[end - 1].isspace():
        end -= 1
    return Span(places[start], places[max(start, end - 1)] + 1, kind)


def _of_name(name: str, plain: str, places: list[int]) -> list[Span]:
    words = [word for word in re.findall(r"\w+", name) if len(word) > 2]
    if not words:
        return []
    # The whole name, or any two neighbouring words of it; a single common word would mask half the text.
    patterns = [r"\W+".join(map(re.escape, words))]
    patterns += [rf"{re.escape(first)}\W+{re.escape(second)}" for first, second in pairwise(words)]
    return [
        _span(match, "name", plain, places)
        for pattern in patterns
        for match in re.finditer(rf"\b{pattern}\b", plain, re.IGNORECASE)
    ]


def _apart(spans: list[Span]) -> list[Span]:
    """Longest first wins; what overlaps is one span from the first to the last of them."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.start, -one.end)):
        if kept and span.start < kept[-1].end:
            if span.end > kept[-1].end:
                kept[-1] = Span(kept[-1].start, span.end, kept[-1].kind)
            continue
        kept.append(span)
    return kept
