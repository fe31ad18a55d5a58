"""NIK and KK: the tables of the register, and that composing and reading agree."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from satuklik.kernel.nik import Doubt, Problem, check_kk, check_nik, compose_kk, compose_nik, mask


@pytest.mark.parametrize(
    ("number", "sex", "born"),
    [
        ("1209201708450001", "L", date(1945, 8, 17)),
        ("1209205708450001", "P", date(1945, 8, 17)),
        ("1209206902000001", "P", date(2000, 2, 29)),
        ("1209207112240001", "P", date(2024, 12, 31)),
    ],
)
def test_valid(number, sex, born):
    check = check_nik(number, birth_date=born, sex=sex, region="12.09.20")
    assert check.valid
    assert check.doubts == ()
    assert check.parts.sex == sex
    assert born in check.parts.dates


@pytest.mark.parametrize(
    ("number", "problems"),
    [
        ("1209203102900001", (Problem.DATE,)),
        ("1209202902990001", (Problem.DATE,)),
        ("1209201713450001", (Problem.DATE,)),
        ("1209200008450001", (Problem.DATE,)),
        ("1209204008450001", (Problem.DATE,)),
        ("1209207208450001", (Problem.DATE,)),
        ("1209201708450000", (Problem.SERIAL,)),
        ("1209203102900000", (Problem.DATE, Problem.SERIAL)),
        ("", (Problem.FORMAT,)),
        ("120920170845000", (Problem.FORMAT,)),
        ("12092017084500011", (Problem.FORMAT,)),
        ("120920170845000a", (Problem.FORMAT,)),
        ("1209201708450001\n", (Problem.FORMAT,)),
        ("١٢٠٩٢٠١٧٠٨٤٥٠٠٠١", (Problem.FORMAT,)),
        ("²209201708450001", (Problem.FORMAT,)),
        ("12.09201708450001", (Problem.FORMAT,)),
    ],
)
def test_impossible(number, problems):
    check = check_nik(number)
    assert check.problems == problems
    assert check.parts is None
    assert not check.valid


@pytest.mark.parametrize(
    ("number", "known", "doubts"),
    [
        ("9909201708450001", {}, (Doubt.UNKNOWN_REGION,)),
        ("1209191708450001", {"region": "12.09.20"}, (Doubt.OTHER_REGION,)),
        ("1209201708450001", {"birth_date": date(1945, 8, 18)}, (Doubt.OTHER_BIRTH_DATE,)),
        ("1209201708450001", {"sex": "P"}, (Doubt.OTHER_SEX,)),
        ("1209205708450001", {"sex": "L"}, (Doubt.OTHER_SEX,)),
        (
            "9909205708450001",
            {"region": "12.09.20", "birth_date": date(1950, 1, 1), "sex": "L"},
            (Doubt.UNKNOWN_REGION, Doubt.OTHER_REGION, Doubt.OTHER_BIRTH_DATE, Doubt.OTHER_SEX),
        ),
    ],
)
def test_odd_is_never_refused(number, known, doubts):
    check = check_nik(number, **known)
    assert check.valid
    assert check.doubts == doubts


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        ("1209200101120007", True),
        ("1209205708450001", False),
        ("1209203006120000", False),
        ("120920010112000", False),
    ],
)
def test_family_card(number, valid):
    assert check_kk(number).valid is valid


def test_family_card_of_another_region():
    assert check_kk("1209190101120007", region="12.09.20").doubts == (Doubt.OTHER_REGION,)


@given(
    st.dates(date(1901, 1, 1), date(2099, 12, 31)),
    st.sampled_from("LP"),
    st.integers(1, 9999),
    st.sampled_from(["12.09.20", "11.01.01", "96.71.10"]),
)
def test_what_is_composed_is_read(born, sex, serial, region):
    check = check_nik(compose_nik(region, born, sex, serial), birth_date=born, sex=sex, region=region)
    assert (check.problems, check.doubts) == ((), ())
    assert (check.parts.sex, check.parts.serial, check.parts.region) == (sex, serial, region)
    card = check_kk(compose_kk(region, born, serial), region=region)
    assert card.valid
    assert card.doubts == ()
    assert born in card.parts.dates


@given(st.text(max_size=20))
def test_anything_may_be_asked(text):
    check = check_nik(text)
    assert check.valid == (check.parts is not None)
    assert len(mask(text)) == len(text)


@pytest.mark.parametrize("serial", [0, 10_000, -1])
def test_no_such_serial(serial):
    with pytest.raises(ValueError, match="between 1 and 9999"):
        compose_nik("12.09.20", date(1990, 1, 1), "L", serial)


def test_mask():
    assert mask("1209201708450001") == "120920********01"
    assert mask("123") == "***"
