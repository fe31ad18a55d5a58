"""The installation that is measured: the whole regency, served by the same command as everywhere."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from satuklik.run.embedded import EmbeddedPostgres
from satuklik.run.places import PROJECT, var_folder
from satuklik.run.supervisor import answers

RESIDENTS = 799_451  # Kabupaten Asahan, December 2024
LOAD_SECONDS = 600


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(residents: int = RESIDENTS) -> Iterator[tuple[int, psutil.Process]]:
    """The demo in this var folder, loaded where it is not yet, served on a free port: (port, supervisor)."""
    port = free_port()
    log = var_folder() / "bench-server.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "satuklik.cli", "demo", "--residents", str(residents)],
            env=os.environ | {"PORT": str(port), "SATUKLIK_BENCH": "1"}, cwd=PROJECT,
            stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        wait_until_ready(server, port, LOAD_SECONDS, log)
        yield port, psutil.Process(server.pid)
    finally:
        stop(server)


def wait_until_ready(server: subprocess.Popen[bytes], port: int, seconds: float, log: Path) -> None:
    """Return when the server answers. Raises RuntimeError with the end of its log when it does not."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and server.poll() is None:
        if answers("127.0.0.1", port):
            return
        time.sleep(0.1)
    raise RuntimeError(f"The server did not come up: {log.read_text(errors='replace')[-1500:]}")


def stop(server: subprocess.Popen[bytes]) -> None:
    """Stop it as Ctrl-C does."""
    if server.poll() is None:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(60)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def memory_of_all(supervisor: psutil.Process) -> dict[str, float]:
    """MB (10^6, proportional set size: shared pages are counted once) by part: database, web, worker, rest."""
    parts = {"database": 0.0, "web": 0.0, "worker": 0.0, "supervisor": _pss(supervisor)}
    for child in supervisor.children():
        name = "web" if "granian" in " ".join(child.cmdline()) else "worker"
        parts[name] += sum(_pss(process) for process in (child, *child.children(recursive=True)))
    postmaster = EmbeddedPostgres().pid()
    if postmaster is not None:
        process = psutil.Process(postmaster)
        parts["database"] = sum(_pss(one) for one in (process, *process.children(recursive=True)))
    return parts


def _pss(process: psutil.Process) -> float:
    try:
        rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0  # it ended meanwhile
    return sum(int(line.split()[1]) * 1024 / 1e6 for line in rollup.splitlines() if line.startswith("Pss:"))


def inside(code: str) -> object:
    """Run Python in the measured installation; what it prints last is JSON and is returned."""
    done = subprocess.run(
        [sys.executable, "-c", "import django; django.setup()\n" + code],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "satuklik.settings"}, cwd=PROJECT,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-1500:])
    return json.loads(done.stdout.strip().splitlines()[-1])
