"""`satuklik bench`: runs every module of satuklik/run/bench that measures something, and writes var/bench.json.

Each runs in a process of its own, in an installation of its own (var/bench), so that none disturbs another and a
failure costs only its own figures.
"""

import json
import os
import platform
import subprocess
import sys
import time
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from pkgutil import iter_modules

import click
from django.conf import settings

from satuklik.run import bench as folder
from satuklik.run.places import PROJECT

MOST_SECONDS = 1_500
MARK = "BENCH-RESULT "
Row = dict[str, object]


def modules() -> list[str]:
    """Names of the modules that measure, in the order of their names."""
    return [
        name
        for _, name, _ in iter_modules(folder.__path__)
        if hasattr(import_module(f"{folder.__name__}.{name}"), "measure")
    ]


@click.command("bench")
@click.argument("only", nargs=-1)
def bench(only: tuple[str, ...]) -> None:
    """Measure everything (or only the named parts) and write var/bench.json. Always exits with 0."""
    results = settings.VAR / "bench.json"
    rows: list[Row] = []
    for name in modules():
        if only and name not in only:
            continue
        click.echo(f"— {name}")
        begin = time.monotonic()
        rows += [row | {"part": name} for row in _run(name)]
        click.echo(f"  {time.monotonic() - begin:.0f} s")
    if only and results.exists():
        before = json.loads(results.read_text())["measures"]
        rows += [row for row in before if row["part"] not in only]
    results.parent.mkdir(parents=True, exist_ok=True)
    results.write_text(
        json.dumps({"machine": _machine(), "measures": rows}, indent=1, ensure_ascii=False) + "\n"
    )
    for row in rows:
        click.echo(_line(row))
    missed = sum(not row["holds"] for row in rows)
    click.echo(f"{len(rows)} measures, {missed} missed. {results}")


@click.command("bench-one", hidden=True)
@click.argument("name")
def bench_one(name: str) -> None:
    """Run one module in this process; the result is the last line."""

    def progress(*parts: object) -> None:
        if len(parts) == 1:
            click.echo(f"  {parts[0]} …", err=True)

    rows = import_module(f"{folder.__name__}.{name}").measure(progress)
    click.echo(MARK + json.dumps(rows))


def _run(name: str) -> list[Row]:
    environment = os.environ | {
        "SATUKLIK_VAR": str(Path(settings.VAR) / "bench"),
        "SATUKLIK_BENCH": "1",
        "SATUKLIK_DEMO": "1",
        "PORT": "8000",
    }
    try:
        done = subprocess.run(
            [sys.executable, "-m", "satuklik.cli", "bench-one", name], env=environment, cwd=PROJECT,
            stdout=subprocess.PIPE, text=True, timeout=MOST_SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return [_failed(name, f"took longer than {MOST_SECONDS} s")]
    for line in reversed(done.stdout.splitlines()):
        if line.startswith(MARK):
            rows: list[Row] = json.loads(line.removeprefix(MARK))
            return rows
    return [_failed(name, f"ended with {done.returncode} and no result")]


def _failed(name: str, error: str) -> Row:
    return {
        "id": name,
        "issue": None,
        "value": None,
        "unit": "",
        "target": None,
        "holds": False,
        "error": error,
    }


def _machine() -> Row:
    cpu = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor(),
    )
    memory = next((line.split()[1] for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), "0")
    return {
        "cpu": cpu,
        "cores": os.cpu_count(),
        "memory_mb": round(int(memory) * 1024 / 1e6),
        "system": platform.platform(),
        "python": platform.python_version(),
        "satuklik": version("satuklik"),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _lines(file: str) -> list[str]:
    try:
        return Path(file).read_text().splitlines()
    except OSError:
        return []


def _line(row: Row) -> str:
    mark = "✓" if row["holds"] else "✗"
    target = f"(target {row['target']})" if row["target"] is not None else ""
    return f"{mark} {row['id']!s:<34} {row['value']!s:>10} {row['unit']} {target} {row.get('error', '')}".rstrip()


COMMANDS = [bench, bench_one]
