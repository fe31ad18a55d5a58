"""Masking: what must not escape, what may stay, and that no text makes it slow."""

import time

import pytest

from satuklik.systems.ppid.masking import find, mask, pieces

ESCAPES = [
    # text, what must be gone, the kind
    ("NIK saya 1209200101700009", "1209200101700009", "nik"),
    ("NIK 1209 2001 0170 0009.", "0170 0009", "nik"),
    ("1209-2001-0170-0009", "0170", "nik"),
    ("１２０９２００１０１７００００９", "１２０９", "nik"),
    ("12092001\u200b01700009", "12092001", "nik"),
    ("KK 1209201001150001", "1209201001150001", "nik"),
    ("no rekening 12092010011500012345", "12092010011500012345", "nik"),
    ("١٢٠٩٢٠٠١٠١٧٠٠٠٠٩", "١٢٠٩", "nik"),
    ("hp 081234567890", "081234567890", "phone"),
    ("hp 0812-3456-7890", "3456", "phone"),
    ("hp 0812 3456 7890", "3456", "phone"),
    ("WA +62 812 3456 7890", "812 3456", "phone"),
    ("WA +62(0)812 3456 789", "3456", "phone"),
    ("6281234567890", "81234567890", "phone"),
    ("08１２ 3456\u20607890", "3456", "phone"),
    ("kantor (0623) 41234", "41234", "phone"),
    ("budi.rekaan@contoh.example", "budi", "email"),
    ("budi @ contoh . example", "budi", "email"),
    ("budi [at] contoh [dot] co [dot] id", "budi", "email"),
    ("budi (at) contoh (titik) id", "contoh", "email"),
    ("budi\u200b.rekaan@contoh.example", "rekaan", "email"),
    ("rumah di Jl. Merdeka No. 12", "Merdeka", "street"),
    ("rumah di jalan Cokroaminoto nomor 5, Kisaran", "Cokroaminoto", "street"),
    ("JLN SUTOMO NO 7", "SUTOMO", "street"),
    ("Gg. Melati No.3A RT 01/RW 02", "Melati", "street"),
    ("Dusun III Sei Renggas", "III", "street"),
    ("RT 003 / RW 001", "003", "street"),
    ("saya SARI   wulandari", "wulandari", "name"),
    ("Ibu Wulandari Sari", "Wulandari Sari", ""),  # the words the other way round are no name that we know
]
STAYS = [
    "Anggaran 2026 sebesar Rp1.250.000.000,00 pada 24-11-2026",
    "Nomor 0012/PPID/XI/2026 menurut UU 14/2008 ps. 22(7)",
    "kondisi jalan rusak di kecamatan",
    "Permendagri 83/2022, kode 400.12.2.2",
    "koordinat 2.9845, 99.6158",
    "",
]


@pytest.mark.parametrize(("text", "gone", "kind"), ESCAPES)
def test_what_must_not_escape(text: str, gone: str, kind: str) -> None:
    spans = find(text, names=["Sari Wulandari"])
    if not kind:
        assert gone in mask(text, names=["Sari Wulandari"])
        return
    assert gone not in mask(text, names=["Sari Wulandari"])
    assert kind in {span.kind for span in spans}


@pytest.mark.parametrize("text", STAYS)
def test_what_stays(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize("text", [text for text, *_rest in ESCAPES] + STAYS)
def test_pieces_are_the_whole_text(text: str) -> None:
    assert "".join(piece for piece, _kind in pieces(text, names=["Sari Wulandari"])) == text


HOSTILE = ["a" * 20_000, "0" * 20_000, "a.a" * 7_000, "a@" * 10_000, "1 " * 10_000, "Jalan " * 3_500, "0(" * 10_000,
           "Jl. A" * 4_000, "RT 1/" * 4_000, "\u200b" * 20_000, " at " * 5_000]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_makes_it_slow(text: str) -> None:
    begun = time.process_time()
    mask(text, names=["Sari Wulandari"])
    assert time.process_time() - begun < 1
