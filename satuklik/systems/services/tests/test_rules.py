"""The satisfaction index as the regulation computes it."""

from decimal import Decimal

import pytest

from satuklik.systems.services.rules import ELEMENTS, ScoreInvalid, checked, grade, skm


def everywhere(score):
    return dict.fromkeys(ELEMENTS, score)


@pytest.mark.parametrize(
    ("score", "index", "letter"),
    [(4, "100.00", "A"), (3, "75.00", "C"), (2, "50.00", "D"), (1, "25.00", "D")],
)
def test_the_same_score_everywhere(score, index, letter):
    found = skm([everywhere(score)])
    assert (found.index, found.grade, found.complete) == (Decimal(index), letter, True)


def test_a_mixed_round_by_hand():
    # Two people: U1..U8 = 3 and 4 (mean 3.5), U9 = 3 and 3 (mean 3): (8 × 3.5 + 3) / 9 × 25 = 86.11
    found = skm([everywhere(3), everywhere(4) | {"U9": 3}])
    assert found.index == Decimal("86.11")
    assert found.grade == "B"
    assert found.means["U1"] == Decimal("3.50")
    assert found.respondents == 2


def test_two_taps_give_an_index_that_says_what_it_rests_on():
    found = skm([{"U2": 4, "U3": 3}])
    assert found.index == Decimal("87.50")
    assert not found.complete


def test_before_the_first_answer_there_is_no_figure():
    assert skm([]).index is None


@pytest.mark.parametrize(
    ("index", "letter"),
    [("88.31", "A"), ("88.30", "B"), ("76.61", "B"), ("76.60", "C"), ("65.00", "C"), ("64.99", "D")],
)
def test_grades_at_their_edges(index, letter):
    assert grade(Decimal(index)) == letter


@pytest.mark.parametrize(
    "bad", [{"U10": 4}, {"U1": 0}, {"U1": 5}, {"U1": "²"}, {"U1": "x"}, {"U1": None}, {"U1": 2.5}]
)
def test_scores_that_do_not_exist(bad):
    with pytest.raises(ScoreInvalid):
        checked(bad)


def test_scores_of_a_form_become_numbers():
    assert checked({"U1": "4"}) == {"U1": 4}


@pytest.mark.parametrize("score", ["0", "5", "01", "1.5", "٣", "²", "9" * 5000, "\x00", "", None, [1]])
def test_only_one_to_four_is_a_score(score):
    with pytest.raises(ScoreInvalid):
        checked({"U1": score})
