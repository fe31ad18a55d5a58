"""A whole installation as people run it: `satuklik demo` in a folder of its own, real processes, a real port."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.outlines import made_up

PROJECT = Path(__file__).resolve().parents[1]
READY_SECONDS = 300


@dataclass
class Site:
    """A running demo: its address, its accounts by name, and a way to run Python inside it."""

    var: Path
    port: int
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    accounts: dict[str, dict[str, str]] = field(default_factory=dict)
    sessions: dict[str, Any] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def satuklik(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one of satuklik's commands in this installation."""
        command = [sys.executable, "-m", "satuklik.cli", *arguments]
        done = subprocess.run(
            command, cwd=PROJECT, env=self.environment, capture_output=True, text=True, timeout=600
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done

    def python(self, code: str) -> Any:
        """Run `code` inside (with Django set up); what it prints last is JSON, and is returned."""
        prelude = "import django; django.setup()\n"
        done = subprocess.run(
            [sys.executable, "-c", prelude + code],
            cwd=PROJECT,
            env=self.environment | {"DJANGO_SETTINGS_MODULE": "satuklik.settings"},
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        lines = done.stdout.strip().splitlines()
        return json.loads(lines[-1]) if lines else None

    def start(self) -> None:
        """Start everything and wait until it answers."""
        log = (self.var / "serve.out").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "satuklik.cli", "demo", "--residents", "3000"],
            cwd=PROJECT,
            env=self.environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        self.wait()
        told = json.loads((self.var / "demo.json").read_text())
        self.accounts = {account["name"]: account for account in told["accounts"]}

    def wait(self) -> None:
        """Until it answers: after a start, or after something was killed."""
        assert self.process is not None
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/sehat/", timeout=2) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.2)
        raise AssertionError((self.var / "serve.out").read_text()[-4000:])

    def stop(self) -> None:
        """Stop it as Ctrl-C does, and see that nothing is left."""
        if self.process is None or self.process.poll() is not None:
            return
        family = psutil.Process(self.process.pid).children(recursive=True)
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        _gone, alive = psutil.wait_procs(family, timeout=20)
        assert not alive, f"left behind: {alive}"

    def web_workers(self) -> list[psutil.Process]:
        """The processes that answer requests."""
        assert self.process is not None
        family = psutil.Process(self.process.pid).children(recursive=True)
        alive = [p for p in family if p.status() != psutil.STATUS_ZOMBIE]  # an ended one has no command line
        listening = [p for p in alive if "granian" in " ".join(p.cmdline()) or p.name().startswith("granian")]
        leaves = [p for p in listening if not p.children() and p.ppid() != self.process.pid]
        return leaves or listening


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo with 3,000 residents, running. Tests that use it wear `xdist_group("site")`."""
    var = tmp_path_factory.mktemp("site")
    port = _free_port()
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("SATUKLIK_") and name not in ("DATABASE_URL", "PYTEST_CURRENT_TEST")
    } | {
        "SATUKLIK_VAR": str(var),
        "PORT": str(port),
        "PYTHONPATH": str(PROJECT),
        "SATUKLIK_DEMO": "1",
        "SATUKLIK_BOUNDARIES": str(var / "outlines.json"),
    }
    (var / "outlines.json").write_text(json.dumps(made_up()))
    running = Site(var, port, environment)
    try:
        running.start()
        yield running
    finally:
        running.stop()
        from satuklik.run.places import ClusterPlace

        shutil.rmtree(var, ignore_errors=True)
        place: ClusterPlace | None = _place_of(running)
        if place is not None:
            shutil.rmtree(place.data.parent, ignore_errors=True)


def _place_of(running: Site) -> Any:
    """As root the cluster lies outside of the var folder: it must go too."""
    if os.geteuid() != 0:
        return None
    before = os.environ.get("SATUKLIK_VAR")
    os.environ["SATUKLIK_VAR"] = str(running.var)
    try:
        from satuklik.run.places import cluster_place

        return cluster_place()
    finally:
        os.environ["SATUKLIK_VAR"] = before or ""
