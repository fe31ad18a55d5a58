"""Answers are kept within a block only, by their key, and an error is not an answer."""

import pytest

from satuklik.kernel.remembering import remembered, remembering

asked: list[tuple[str, int]] = []


@remembered(lambda name, at: name)
def look(name: str, at: int) -> int:
    asked.append((name, at))
    if name == "gone":
        raise LookupError(name)
    return at


@pytest.fixture(autouse=True)
def nothing_asked() -> None:
    asked.clear()


def test_outside_of_a_block_each_question_is_asked() -> None:
    assert (look("a", 1), look("a", 2)) == (1, 2)
    assert len(asked) == 2


def test_within_a_block_once_and_in_the_next_one_anew() -> None:
    with remembering():
        assert (look("a", 1), look("a", 2), look("b", 3)) == (1, 1, 3)
        with remembering():
            assert look("a", 4) == 1
        assert look("a", 5) == 1
    with remembering():
        assert look("a", 6) == 6
    assert asked == [("a", 1), ("b", 3), ("a", 6)]


def test_an_error_is_asked_again() -> None:
    with remembering():
        for _ in range(2):
            with pytest.raises(LookupError):
                look("gone", 1)
    assert len(asked) == 2
