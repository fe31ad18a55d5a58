"""The bench goes on when one part fails, ends with 0, and keeps what was measured before."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from satuklik.run import benchmark


@pytest.fixture
def parts(
    monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> dict[str, list[dict[str, object]]]:
    good = {"id": "speed", "issue": 2, "value": 1.5, "unit": "ms", "target": "≤ 2", "holds": True}
    found = {"good": [good], "broken": [benchmark._failed("broken", "fell over")]}
    settings.VAR = tmp_path
    monkeypatch.setattr(benchmark, "modules", lambda: list(found))
    monkeypatch.setattr(benchmark, "_run", lambda name: found[name])
    return found


def test_a_failure_costs_its_own_figures_only(parts: object, tmp_path: Path) -> None:
    result = CliRunner().invoke(benchmark.bench)
    assert result.exit_code == 0
    told = json.loads((tmp_path / "bench.json").read_text())
    assert told["machine"]["cores"]
    rows = {row["id"]: row for row in told["measures"]}
    assert rows["speed"]["holds"] is True
    assert rows["broken"] | {"part": ""} == {
        "id": "broken", "issue": None, "value": None, "unit": "", "target": None, "holds": False,
        "error": "fell over", "part": "",
    }  # fmt: skip


def test_measuring_one_part_keeps_the_others(
    parts: dict[str, list[dict[str, object]]], tmp_path: Path
) -> None:
    CliRunner().invoke(benchmark.bench)
    parts["broken"] = [parts["good"][0] | {"id": "mended"}]
    CliRunner().invoke(benchmark.bench, ["broken"])
    rows = json.loads((tmp_path / "bench.json").read_text())["measures"]
    assert {row["id"] for row in rows} == {"speed", "mended"}


def test_every_part_measures_something() -> None:
    assert {"population", "serving", "signing", "starting", "letters"} <= set(benchmark.modules())
