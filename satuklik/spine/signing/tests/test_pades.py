"""The fast path: exactly one shape is accepted, and what it writes stays a tagged archive PDF."""

import hashlib
import re
from dataclasses import replace

import pytest

from satuklik.spine.signing.errors import CannotSign, NotOurLetter
from satuklik.spine.signing.pades import SignatureWords, sign_letter
from satuklik.spine.signing.tests.conftest import NOW, letter

WORDS = SignatureWords(
    field="Segel",
    name="Kelurahan Kisaran Naga",
    reason="Segel elektronik (instansi)",
    location="Kabupaten Asahan",
    label="Segel elektronik: Kelurahan Kisaran Naga",
    at=NOW,
)


class FakeSigner:
    """Signs with the digest itself, so that a test can see what was hashed."""

    reserve = 100

    def sign(self, digest: bytes) -> bytes:
        return b"\x30\x20" + digest


def covered(signed: bytes) -> tuple[bytes, bytes]:
    """The bytes that the signature covers, and the gap between them."""
    found = re.search(rb"/ByteRange\[0 +(\d+) +(\d+) +(\d+)\]", signed)
    assert found
    first, second, length = (int(part) for part in found.groups())
    assert second + length == len(signed)
    return signed[:first] + signed[second:], signed[first:second]


def test_the_digest_covers_all_but_the_gap(pdf: bytes) -> None:
    content, gap = covered(sign_letter(pdf, FakeSigner(), WORDS))
    assert gap[:1] + gap[-1:] == b"<>"
    assert bytes.fromhex(gap[1:-1].decode())[2:34] == hashlib.sha256(content).digest()
    assert len(gap) == 2 * FakeSigner.reserve + 2


def test_the_letter_itself_stays_byte_for_byte(pdf: bytes) -> None:
    assert sign_letter(pdf, FakeSigner(), WORDS).startswith(pdf)


def test_the_widget_stands_in_the_structure_tree(pdf: bytes) -> None:
    added = sign_letter(pdf, FakeSigner(), WORDS)[len(pdf) :]
    assert b"/Subtype/Widget/FT/Sig/Rect[0 0 0 0]/F 132" in added
    assert b"/S/Form/" in added
    assert b"/Type/OBJR" in added
    key = re.search(rb"/StructParent (\d+)", added)
    assert key
    assert re.search(
        rb"/ParentTree<</Nums\[.* %s \d+ 0 R\]>>/ParentTreeNextKey +%d" % (key[1], int(key[1]) + 1), added
    )
    assert b"/Annots[" in added
    assert re.search(rb"/Annots\[\d+ 0 R \d+ 0 R\]", added), "the letter's own link was lost"


def test_words_of_any_script_are_written(pdf: bytes) -> None:
    added = sign_letter(pdf, FakeSigner(), replace(WORDS, name="Siti Ānurōga", reason="a) (b \\ c"))
    assert "Siti Ānurōga".encode("utf-16-be").hex().encode() in added
    assert rb"/Reason(a\) \(b \\ c)" in added


@pytest.mark.parametrize(
    ("what", "change"),
    [
        ("signed already", lambda pdf: sign_letter(pdf, FakeSigner(), WORDS)),
        ("empty", lambda _: b""),
        ("not a PDF", lambda _: b"<html>" * 100),
        ("cut", lambda pdf: pdf[:-10]),
        ("something after the end", lambda pdf: pdf + b"\n% more"),
        ("something before the start", lambda pdf: b"\n" + pdf),
        ("another version", lambda pdf: pdf.replace(b"%PDF-1.7", b"%PDF-2.0", 1)),
        ("encrypted", lambda pdf: pdf.replace(b"/ID[", b"/Encrypt 1 0 R/ID[")),
        ("an earlier revision", lambda pdf: pdf.replace(b"/ID[", b"/Prev 5/ID[")),
        ("a hybrid table", lambda pdf: pdf.replace(b"/ID[", b"/XRefStm 5/ID[")),
        ("a wrong size", lambda pdf: re.sub(rb"/Size (\d+)", rb"/Size 1\1", pdf)),
        ("a wrong offset", lambda pdf: re.sub(rb"\n(\d{9})\d 00000 n", rb"\n\g<1>9 00000 n", pdf)),
        ("no structure", lambda pdf: pdf.replace(b"/StructTreeRoot ", b"/StructTreeRooo ")),
        ("a doubled key", lambda pdf: pdf.replace(b"/Type/Catalog", b"/Lang/x/Lang/y")),
    ],
)  # fmt: skip
def test_every_other_shape_is_refused(what: str, change: object, pdf: bytes) -> None:
    with pytest.raises(NotOurLetter):
        sign_letter(change(pdf), FakeSigner(), WORDS)  # type: ignore[operator]


def test_untagged_letters_are_refused() -> None:
    with pytest.raises(NotOurLetter):
        sign_letter(letter(standards=("a-2u",)).replace(b"/StructTreeRoot", b"/Xxx"), FakeSigner(), WORDS)


def test_a_signature_longer_than_its_reserve_is_refused(pdf: bytes) -> None:
    class Long(FakeSigner):
        def sign(self, digest: bytes) -> bytes:
            return b"x" * 101

    with pytest.raises(CannotSign):
        sign_letter(pdf, Long(), WORDS)


def test_many_pages_and_odd_titles() -> None:
    source = '#set document(title: "Judul (satu (dua) \\\\ tiga")\n#set text(lang: "id")\n= A (b\n'
    source += "#for i in range(40) [ == Bab #i\n #lorem(400)\n #pagebreak() ]"
    assert sign_letter(letter(source), FakeSigner(), WORDS)
