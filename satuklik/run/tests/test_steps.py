"""Loading in steps: once, in order, resumed where it was broken off, loud when the values changed."""

import pytest

from satuklik.run.models import Mark
from satuklik.run.steps import Changed, Step, check_unchanged, load

pytestmark = pytest.mark.django_db


def counting(names: list[str], log: list[str], **details: object) -> list[Step]:
    return [Step(name, name.title(), lambda _p, n=name: log.append(n), details) for name in names]


def test_each_step_runs_once_and_in_order() -> None:
    log: list[str] = []
    assert load(counting(["regions", "people"], log)) == 2
    assert load(counting(["regions", "people"], log)) == 0
    assert log == ["regions", "people"]


def test_a_broken_step_runs_again_and_the_ones_before_it_do_not() -> None:
    log: list[str] = []

    def broken(_progress: object) -> None:
        raise ValueError("power cut")

    with pytest.raises(ValueError, match="power cut"):
        load([*counting(["regions"], log), Step("people", "People", broken)])
    assert load(counting(["regions", "people"], log)) == 1
    assert log == ["regions", "people"]


def test_changed_values_are_told_before_anything_runs() -> None:
    load(counting(["people"], [], residents=100))
    with pytest.raises(Changed) as caught:
        check_unchanged(counting(["people"], [], residents=200))
    assert (caught.value.had, caught.value.asked) == ({"residents": 100}, {"residents": 200})
    check_unchanged(counting(["people"], [], residents=100))
    assert Mark.objects.get().version


def test_a_bar_follows_the_step(capsys: pytest.CaptureFixture[str]) -> None:
    load([Step("people", "Penduduk", lambda progress: [progress(n, 10) for n in range(11)])])
    assert "Penduduk" in capsys.readouterr().err
