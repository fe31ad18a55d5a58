"""What people type finds what they mean."""

import pytest

from satuklik.systems.services.finding import Entry, build, distance, find, stem


def entry(slug, name, keywords, category="Surat desa", summary=""):
    return Entry(slug, name, summary, tuple(keywords), category)


CATALOGUE = build(
    [
        entry("domisili", "Surat Keterangan Domisili", ["alamat", "tempat tinggal", "address"]),
        entry("skck", "Pengantar SKCK", ["kelakuan baik", "melamar kerja", "police record", "good conduct"]),
        entry("belum-menikah", "Surat Keterangan Belum Menikah", ["lajang", "status", "unmarried"]),
        entry("nikah", "Pengantar Nikah (N1, N2, N4)", ["kawin", "KUA", "marriage"], "Keluarga"),
        entry("sktm", "Surat Keterangan Tidak Mampu", ["bantuan", "beasiswa", "keringanan biaya"], "Sosial"),
        entry("usaha", "Surat Keterangan Usaha", ["dagang", "pinjaman bank", "business"], "Usaha"),
        entry("kehilangan", "Pengantar Laporan Kehilangan", ["hilang", "dompet", "lost"]),
        entry("penghasilan", "Surat Keterangan Penghasilan Orang Tua", ["gaji", "income"]),
        entry("keramaian", "Izin Keramaian", ["hajatan", "pesta", "event permit"]),
        entry("kelahiran", "Surat Keterangan Kelahiran", ["bayi", "birth", "akta lahir"], "Keluarga"),
        entry("kematian", "Surat Keterangan Kematian", ["meninggal", "death"], "Keluarga"),
        entry("pindah", "Surat Pengantar Pindah", ["pindah rumah", "moving"]),
    ]
)


@pytest.mark.parametrize(
    ("query", "slug"),
    [
        ("domisili", "domisili"),
        ("domisli", "domisili"),
        ("surat domosili", "domisili"),
        ("alamat kos", "domisili"),
        ("kelakuan baik", "skck"),
        ("mau melamar kerja", "skck"),
        ("polisi kelakuan", "skck"),
        ("saya mau nikah", "nikah"),
        ("menikah di KUA", "nikah"),
        ("surat jomblo", "belum-menikah"),
        ("belum kawin", "belum-menikah"),
        ("unmarried", "belum-menikah"),
        ("tidak mampu", "sktm"),
        ("orang miskin", "sktm"),
        ("buka warung", "usaha"),
        ("pinjam modal bank", "usaha"),
        ("usahaku", "usaha"),
        ("dompet hilang", "kehilangan"),
        ("gaji orang tua", "penghasilan"),
        ("hajatan sunatan", "keramaian"),
        ("bayi baru lahir", "kelahiran"),
        ("bapak saya meninggal", "kematian"),
        ("pindahan", "pindah"),
        ("business", "usaha"),
        ("police record", "skck"),
        ("get married", "nikah"),
        ("SKTM", "sktm"),
        ("skc", "skck"),
    ],
)
def test_everyday_words(query, slug):
    found = [hit for hit, _ in find(query, CATALOGUE)]
    assert found, query
    assert found[0] == slug, find(query, CATALOGUE)


@pytest.mark.parametrize(
    "query", ["", "   ", "???", "qwertyuiop", "<script>alert(1)</script>", "' OR 1=1 --", "\x00"]
)
def test_what_means_nothing_finds_nothing_and_breaks_nothing(query):
    assert find(query, CATALOGUE) == []


def test_a_whole_book_is_read_no_further_than_its_beginning():
    assert find("domisili " * 100_000, CATALOGUE)[0][0] == "domisili"


@pytest.mark.parametrize(
    ("one", "other", "away"),
    [("usaha", "usaha", 0), ("usaah", "usaha", 1), ("usha", "usaha", 1), ("abcd", "wxyz", 3)],
)
def test_distance(one, other, away):
    assert distance(one, other, 2) == away


@pytest.mark.parametrize(
    ("word", "root"), [("menikah", "nikah"), ("kehilangan", "hilang"), ("usahanya", "usaha")]
)
def test_stems(word, root):
    assert stem(word) == root
