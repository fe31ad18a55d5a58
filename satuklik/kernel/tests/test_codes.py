"""Codes survive being read out and typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from satuklik.kernel.codes import code, tidy


@given(st.binary(min_size=8, max_size=8))
def test_a_code_survives_small_letters_and_spaces(random: bytes) -> None:
    made = code(random)
    assert len(made) == 9
    assert tidy(made.lower().replace("-", " ")) == made


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("7f3k9q2m", "7F3K-9Q2M"), (" o1lI ", "0111"), ("7F3K–9Q2M!", "7F3K-9Q2M"), ("", ""), ("٧", "")],
)
def test_what_people_type(typed: str, meant: str) -> None:
    assert tidy(typed) == meant
