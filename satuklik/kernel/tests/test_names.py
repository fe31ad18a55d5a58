"""Names: what may be recorded anew, and that old names stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from satuklik.kernel.names import NameProblem, check_existing_name, check_new_name, tidy


@pytest.mark.parametrize(
    ("name", "problems"),
    [
        ("Sari Ramadhani", ()),
        ("Muhammad Rizky Siregar", ()),
        ("a" * 29 + " " + "b" * 30, ()),
        ("a" * 30 + " " + "b" * 30, (NameProblem.TOO_LONG,)),
        ("Suharto", (NameProblem.ONE_WORD,)),
        ("", (NameProblem.EMPTY,)),
        ("   ", (NameProblem.EMPTY,)),
        ("Sari 2", (NameProblem.DIGITS,)),
        ("Sari, S.Kom", (NameProblem.PUNCTUATION,)),
        ("Nu'man Hakim", (NameProblem.PUNCTUATION,)),
        ("Саша Лубис", (NameProblem.NOT_LATIN,)),
        ("Zoë Lubis", (NameProblem.NOT_LATIN,)),
        ("R2D2", (NameProblem.ONE_WORD, NameProblem.DIGITS)),
    ],
)
def test_new_names(name, problems):
    assert check_new_name(name) == problems


@pytest.mark.parametrize("name", ["Suharto", "Nu'man", "H. Ali"])
def test_old_names_stay(name):
    assert check_existing_name(name) == ()


def test_an_empty_old_name():
    assert check_existing_name(" ") == (NameProblem.EMPTY,)


@pytest.mark.parametrize(
    ("given_", "kept"),
    [("SARI  ramadhani", "Sari Ramadhani"), (" budi II ", "Budi II"), ("nu'man", "Nu'man"), ("", "")],
)
def test_tidy(given_, kept):
    assert tidy(given_) == kept


@given(st.text(alphabet=st.characters(codec="ascii"), max_size=70))
def test_tidying_twice_changes_nothing(name):
    assert tidy(tidy(name)) == tidy(name)
