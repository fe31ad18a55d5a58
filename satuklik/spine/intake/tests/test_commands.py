"""The commands of triage, as somebody types them."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from click.testing import CliRunner

from satuklik.spine.intake import actions, commands, engine, queries
from satuklik.spine.intake.actions.creating import Wish
from tests.people import NOW


def run(*words: str) -> Any:
    return CliRunner().invoke(commands.triage, words)


@pytest.fixture
def chats(tmp_path: Path) -> Path:
    """A file of labelled chats, each fourth of the seed corpus."""
    file = tmp_path / "chat.csv"
    with file.open("w", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(["text", "kind", "agency", "person", "at"])
        writer.writerows(
            (row.text, row.kind, row.agency, row.person, row.at) for row in commands.pattern_rows()[::4]
        )
    return file


def test_measure_tells_size_figures_and_the_masked_ones(office: dict[str, Any], chats: Path) -> None:
    told = run("measure", str(chats))
    assert told.exit_code == 0, told.output
    for words in (
        "rows in chat.csv", "Rules alone:", "Rules and model:", "The same with agency words masked:", "kind macro-F1",
        "top-3", "sure of", "ECE", "Judged by", "so that 95 % of those are right", "reliability: says → right", "n=",
    ):  # fmt: skip
        assert words in told.output
    assert "does not reach it" in told.output or "reaches it here" in told.output


def test_train_stores_a_model_and_puts_it_into_force(office: dict[str, Any], chats: Path) -> None:
    told = run("train", str(chats), "--keep")
    assert told.exit_code == 0, told.output
    assert queries.active_model() is None
    told = run("train", str(chats))
    model = queries.active_model()
    assert model is not None
    assert model.version in told.output
    assert model.sha256 in told.output
    assert model.about["origin"] == "chat.csv"
    engine.forget()


def test_train_from_corrections_wants_enough_of_them(
    write: Callable[..., Any], office: dict[str, Any], kinds: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    message = write("Mohon data jumlah penduduk untuk skripsi")
    wish = Wish("information", (message.pk,), uuid4(), agency_code="disdukcapil")
    actions.create(message.conversation, wish, by=office["lina"], now=NOW)
    told = run("train", "--from-corrections")
    assert told.exit_code == 1
    assert "at least 60 rows" in told.output
    assert run("train").exit_code == 1
    few = commands.pattern_rows()[::8]  # the others teach this test nothing
    monkeypatch.setattr(commands, "pattern_rows", lambda: few)
    both = run("train", "--from-corrections", "--seed", "--keep")
    assert both.exit_code == 0, both.output
    assert "corrections + seed (synthetic chats" in both.output
    assert "rows whose person and time were not seen" in both.output


def test_both_corpora_can_be_written_out() -> None:
    for which, most in (("seed", 900), ("chats", 150), ("holdout", 150)):
        rows = list(csv.DictReader(run("corpus", which).output.splitlines()))
        assert len(rows) > most
        assert set(rows[0]) == {"text", "kind", "agency", "person", "at"}
