"""Numbers, words, months and dates of letters."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from satuklik.kernel import dates_id, numbering
from satuklik.kernel.roman import from_roman, roman
from satuklik.kernel.terbilang import LARGEST, terbilang

WORDS = [
    (0, "nol"),
    (1, "satu"),
    (10, "sepuluh"),
    (11, "sebelas"),
    (12, "dua belas"),
    (19, "sembilan belas"),
    (20, "dua puluh"),
    (21, "dua puluh satu"),
    (100, "seratus"),
    (101, "seratus satu"),
    (111, "seratus sebelas"),
    (200, "dua ratus"),
    (999, "sembilan ratus sembilan puluh sembilan"),
    (1000, "seribu"),
    (1001, "seribu satu"),
    (1100, "seribu seratus"),
    (2000, "dua ribu"),
    (11000, "sebelas ribu"),
    (100000, "seratus ribu"),
    (101000, "seratus satu ribu"),
    (201000, "dua ratus satu ribu"),
    (1_000_000, "satu juta"),
    (1_250_000, "satu juta dua ratus lima puluh ribu"),
    (1_001_001, "satu juta seribu satu"),
    (3_000_000_000, "tiga miliar"),
    (10**12, "satu triliun"),
    (-7, "minus tujuh"),
]


@pytest.mark.parametrize(("number", "words"), WORDS)
def test_numbers_are_spelled(number: int, words: str) -> None:
    assert terbilang(number) == words


def _count(words: str) -> int:
    """Read the words back with an arithmetic of its own."""
    words = words.replace("seratus", "satu ratus").replace("seribu", "satu ribu")
    words = words.replace("sepuluh", "satu puluh").replace("sebelas", "satu belas")
    ones = dict(
        zip(
            ["nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"],
            range(10),
            strict=True,
        )
    )
    total = group = current = 0
    for word in words.split():
        if word in ones:
            group, current = group + current, ones[word]
        elif word == "belas":
            current += 10
        elif word in ("puluh", "ratus"):
            current *= 10 if word == "puluh" else 100
        else:
            scale = {"ribu": 10**3, "juta": 10**6, "miliar": 10**9, "triliun": 10**12}[word]
            total, group, current = total + (group + current) * scale, 0, 0
    return total + group + current


@given(st.integers(0, LARGEST))
def test_words_say_the_number(number: int) -> None:
    assert _count(terbilang(number)) == number


def test_too_large_is_told() -> None:
    with pytest.raises(ValueError, match="Too large"):
        terbilang(10**15)


@pytest.mark.parametrize(
    ("number", "written"), [(1, "I"), (4, "IV"), (9, "IX"), (11, "XI"), (12, "XII"), (1990, "MCMXC")]
)
def test_roman(number: int, written: str) -> None:
    assert roman(number) == written


@given(st.integers(1, 3999))
def test_roman_reads_back(number: int) -> None:
    assert from_roman(roman(number)) == number


@pytest.mark.parametrize("written", ["", "IIII", "VX", "IM", "abc", "XIX "])
def test_irregular_roman_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="Roman"):
        from_roman(written)


def test_dates() -> None:
    assert dates_id.long_date(date(2026, 11, 24)) == "24 November 2026"
    assert dates_id.weekday_date(date(2026, 11, 24)) == "Selasa, 24 November 2026"


@given(st.dates(date(1900, 1, 1)))
def test_dates_read_back(day: date) -> None:
    assert dates_id.parse_long_date(dates_id.long_date(day)) == day


@pytest.mark.parametrize(
    ("start", "months", "last"),
    [
        (date(2026, 11, 24), 6, date(2027, 5, 24)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 1, 1), 12, date(2027, 1, 1)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
    ],
)
def test_a_term_ends(start: date, months: int, last: date) -> None:
    assert dates_id.months_after(start, months) == last


def test_a_number_is_written() -> None:
    number = numbering.write(
        numbering.DEFAULT, code="400.12.2.2", serial=17, office="1002", day=date(2026, 11, 24)
    )
    assert number == "400.12.2.2/017/1002/XI/2026"
    assert numbering.read(numbering.DEFAULT, number) == numbering.LetterNumber(
        "400.12.2.2", 17, "1002", 11, 2026
    )


TEMPLATES = st.sampled_from(
    [numbering.DEFAULT, "[nomor,4]/[kode]-[kode_kantor]/[bulan].[tahun]", "[kode_kantor]/[tahun]/[nomor]"]
)


@given(
    TEMPLATES,
    st.integers(1, 10**6),
    st.dates(date(1000, 1, 1)),
    st.from_regex(r"[A-Z0-9]{1,8}", fullmatch=True),
)
def test_numbers_read_back(template: str, serial: int, day: date, office: str) -> None:
    number = numbering.write(template, code="500.6", serial=serial, office=office, day=day)
    read = numbering.read(template, number)
    assert (read.serial, read.office, read.year) == (serial, office, day.year)
    assert read.month in (0, day.month)


@pytest.mark.parametrize(
    "template",
    [
        "",
        "[nomor]",
        "[nomor]/[tahun]",
        "[nomor]/[nomor]/[kode_kantor]/[tahun]",
        "[nomor]/[kode_kantor]/[tahun]/[x]",
    ],
)
def test_bad_templates_are_refused(template: str) -> None:
    with pytest.raises(numbering.BadTemplate):
        numbering.check_template(template)


@pytest.mark.parametrize("number", ["", "abc", "400/001/1/XIII/2026", "400/001/1/XI/26", "400/x/1/XI/2026"])
def test_foreign_numbers_are_refused(number: str) -> None:
    with pytest.raises(ValueError):
        numbering.read(numbering.DEFAULT, number)
