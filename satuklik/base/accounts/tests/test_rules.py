"""The form of identifiers."""

import pytest

from satuklik.base.accounts.rules import identifier, phone


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("1209201708450001", ("nik", "1209201708450001")),
        ("1209 2017 0845 0001", ("nik", "1209201708450001")),
        ("081234567890", ("phone", "+6281234567890")),
        ("0812-3456-7890", ("phone", "+6281234567890")),
        ("6281234567890", ("phone", "+6281234567890")),
        ("+62 812 3456 7890", ("phone", "+6281234567890")),
        ("+60 12 345 6789", ("phone", "+60123456789")),
        ("120920170845000", None),
        ("12092017084500011", None),
        ("(021) 4567890", None),
        ("", None),
        ("１２０９２０１７０８４５０００１", None),
        ("' OR 1=1 --", None),
    ],
)
def test_what_was_typed(typed: str, found: tuple[str, str] | None) -> None:
    assert identifier(typed) == found


def test_a_number_without_zero_is_indonesian() -> None:
    assert phone("81234567890") == "+6281234567890"
