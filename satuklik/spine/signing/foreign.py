"""PDFs that are not our own letters: signed, measured and shown, without ever being read in this process.

Hostile files are parsed in the sandbox. It prepares the update; the key stays here, and so does the hashing.
"""

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from satuklik.spine.signing.errors import CannotRead, CannotSign
from satuklik.spine.signing.pades import SignatureWords, Signer
from satuklik.spine.signing.placement import HEIGHT, WIDTH, Placement
from satuklik.spine.signing.verification.report import Refused
from satuklik.spine.signing.verification.sandbox import DESK, SANDBOX

HEADING = "Ditandatangani secara elektronik oleh:"
SEAL_HEADING = "Disegel secara elektronik oleh:"
TAG = "#tte"


def sign_foreign(
    pdf: bytes, signer: Signer, words: SignatureWords, placement: Placement | None = None
) -> bytes:
    """`pdf` with one more signature over all of it, visible at `placement`. Raises CannotRead (a CannotSign with a
    code of queries.PROBLEMS): not a PDF, encrypted, damaged, locked by an earlier signature, off the page, or a
    limit was reached."""
    wish = {
        "field": words.field,
        "name": words.name,
        "reason": words.reason,
        "location": words.location,
        "label": words.label,
        "at": words.at.isoformat(),
        "reserve": signer.reserve,
        "placement": placement.facts() if placement else None,
        "face": _face(words) if placement else None,
    }
    told, tail = _ask("prepare", wish, pdf)
    first, last = _gap(told, pdf, tail, signer.reserve)
    before, after = tail[: first - len(pdf)], tail[last - len(pdf) :]
    digest = hashlib.sha256(pdf)
    digest.update(before)
    digest.update(after)
    contents = signer.sign(digest.digest()).hex().encode()
    room = last - first - 2
    if len(contents) > room:
        raise CannotSign("The signature is longer than what was reserved for it.")
    return b"".join((pdf, before, b"<", contents.ljust(room, b"0"), b">", after))


def page_sizes(pdf: bytes) -> list[tuple[float, float]]:
    """Width and height in points of each page, as a reader shows it (turned and cropped). Raises CannotRead."""
    told, _ = _ask("sizes", {}, pdf)
    return [(float(width), float(height)) for width, height in told["sizes"]]


def page_picture(pdf: bytes, page: int, ppi: float = 110) -> bytes:
    """A page (1 …) as PNG; pages of many metres come smaller than asked for. Raises CannotRead."""
    return _ask("picture", {"page": page, "ppi": ppi}, pdf)[1]


def find_tag(pdf: bytes, tag: str = TAG, width: float = WIDTH, height: float = HEIGHT) -> Placement | None:
    """Where `tag` first stands in the text as a word of its own: a rectangle of this size, its upper left corner at
    the tag. None where it stands nowhere (also: in pictures of scanned text). Raises CannotRead."""
    found = _ask("tag", {"tag": tag, "width": width, "height": height}, pdf)[0]["found"]
    return Placement.from_facts(found) if found else None


@dataclass(frozen=True)
class PagePair:
    """One page of two files as PNG: `original`, and `other` with what differs framed in red. Empty bytes where a file
    has no such page."""

    number: int
    differs: bool
    original: bytes
    other: bytes


def compare_pages(original: bytes, other: bytes, most: int = 10, ppi: float = 60) -> list[PagePair]:
    """The first `most` (up to ten) pages of two files side by side. Raises CannotRead."""
    facts = {"most": most, "ppi": ppi}
    try:
        told, body = SANDBOX.ask("compare", facts, original, other)
    except Refused as refused:
        raise CannotRead(refused.problem, refused.detail) from refused
    pairs, at = [], 0
    for page, (left, right) in zip(told["pages"], _in_pairs(told["lengths"]), strict=True):
        pictures = body[at : at + left], body[at + left : at + left + right]
        pairs.append(PagePair(int(page["number"]), bool(page["differs"]), *pictures))
        at += left + right
    return pairs


def _in_pairs(lengths: list[int]) -> list[tuple[int, int]]:
    """[a, b, c, d] as [(a, b), (c, d)]."""
    return list(zip(lengths[::2], lengths[1::2], strict=True))


def _face(words: SignatureWords) -> dict[str, str]:
    return {
        "address": words.address,
        "heading": SEAL_HEADING if words.seal else HEADING,
        "name": words.name,
        "position": words.position,
        "moment": f"{words.at:%d-%m-%Y %H.%M} WIB",
    }


def _ask(job: str, facts: dict[str, Any], pdf: bytes) -> tuple[dict[str, Any], bytes]:
    try:
        return DESK.ask(job, facts, pdf)
    except Refused as refused:
        raise CannotRead(refused.problem, refused.detail) from refused


def _gap(told: dict[str, Any], pdf: bytes, tail: bytes, reserve: int) -> tuple[int, int]:
    """The gap that the sandbox says it left, where it is one: behind the given file, empty, as long as the signature
    needs, and named by a byte range over all the rest. Raises CannotSign."""
    gap = told.get("gap")
    if isinstance(gap, list) and len(gap) == 2 and all(type(place) is int for place in gap):
        first, last = gap
        end = len(pdf) + len(tail)
        hole = tail[max(0, first - len(pdf)) : max(0, last - len(pdf))]
        says = rb"/ByteRange ?\[ ?0 +%d +%d +%d *\]" % (first, last, end - last)
        if (
            len(pdf) < first < last < end
            and hole == b"<" + b"0" * (2 * reserve) + b">"
            and re.search(says, tail)
        ):
            return first, last
    raise CannotSign("The prepared file does not keep a place for the signature.")
