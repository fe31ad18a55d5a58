"""The form of identifiers; passwords that tell their owner."""

import pytest

from satuklik.base.accounts.rules import identifier, phone, tells_its_owner


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


@pytest.mark.parametrize(
    ("password", "tells"),
    [
        ("198512122010012345", True),
        ("Wahyuni-Rekaan", True),
        ("wahyuni1234", True),
        ("wahyuni-gudang-awan-biru", False),  # a name beside enough that nobody knows
        ("gudang-awan-biru-77", False),
        ("s.kom-awan", False),  # titles and initials are in too many words
    ],
)
def test_a_password_that_tells_its_owner(password: str, tells: bool) -> None:
    assert tells_its_owner(password, "198512122010012345", "Wahyuni Rekaan, S.Kom") is tells
