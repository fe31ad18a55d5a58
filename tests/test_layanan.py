"""Every service folder of the project keeps the format, and its examples come out as they say."""

from pathlib import Path

import pytest

from satuklik.base.calendar import actions as calendar
from satuklik.spine.cases.examples import failures_of
from satuklik.spine.cases.linter import library_of, lint
from satuklik.spine.cases.loader import load_folder

ROOT = Path(__file__).resolve().parents[1] / "layanan"
FOLDERS = sorted(file.parent for file in ROOT.glob("*/service.toml"))


@pytest.mark.django_db
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_service_folder_keeps_its_word(folder: Path) -> None:
    calendar.load()
    loaded = load_folder(folder)
    assert lint(loaded, library_of([ROOT])) == []
    assert failures_of(loaded) == []
