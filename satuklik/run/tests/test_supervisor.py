"""The supervisor: crashed children come back, slower each time; nothing is left behind; a start that fails says so."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from satuklik.run.supervisor import FIRST_PAUSE, LONGEST_PAUSE, Child, backoff, group_lives

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
CRASH = [sys.executable, "-c", "raise SystemExit(3)"]


@pytest.mark.parametrize(("failures", "pause"), [(1, 0.5), (2, 1), (3, 2), (4, 4), (7, 30), (50, 30)])
def test_pauses_double_up_to_half_a_minute(failures: int, pause: float) -> None:
    assert backoff(failures) == pause
    assert FIRST_PAUSE <= backoff(failures) <= LONGEST_PAUSE


def test_a_killed_child_starts_again_after_its_pause() -> None:
    child = Child("worker", SLEEP)
    child.start()
    first = child.process
    assert first is not None
    first.kill()
    first.wait()
    child.watch(time.monotonic())
    assert child.restart_at is not None
    child.watch(child.restart_at)
    try:
        assert child.process is not None
        assert child.process is not first
        assert child.process.poll() is None
    finally:
        child.stop()
    assert child.process.poll() is not None


def test_a_child_that_crashes_again_and_again_waits_longer() -> None:
    child = Child("worker", CRASH)
    pauses = []
    for _ in range(3):
        child.start()
        assert child.process is not None
        child.process.wait()
        now = time.monotonic()
        child.watch(now)
        assert child.restart_at is not None
        pauses.append(round(child.restart_at - now, 1))
    assert pauses == [0.5, 1.0, 2.0]


BEGETS = """
import subprocess, sys
subprocess.Popen([sys.executable, "-c", "import signal, time; signal.signal(15, lambda *_: (time.sleep(1), exit()));"
                  "print('ready', flush=True); time.sleep(60)"]).wait()
"""


def test_what_a_child_began_is_waited_for() -> None:
    child = Child("web server", [sys.executable, "-c", BEGETS])
    child.start()
    assert child.process is not None
    time.sleep(1)
    assert group_lives(child.process.pid)
    os.killpg(child.process.pid, signal.SIGTERM)  # the parent dies at once, what it began needs a second
    child.process.wait()
    assert group_lives(child.process.pid)
    child.stop()
    assert not group_lives(child.process.pid)


def test_what_a_killed_child_began_does_not_outlive_it() -> None:
    deaf = f"import signal; signal.signal({signal.SIGTERM:d}, signal.SIG_IGN); import time; time.sleep(60)"
    begets = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {deaf!r}]).wait()"
    child = Child("web server", [sys.executable, "-c", begets])
    child.start()
    first = child.process
    assert first is not None
    time.sleep(1)
    first.kill()
    first.wait()
    assert group_lives(first.pid)
    child.watch(time.monotonic())
    assert child.restart_at is not None
    assert group_lives(first.pid)  # it does not heed what asks it to end
    try:
        child.watch(child.restart_at)
        time.sleep(0.2)
        assert not group_lives(first.pid)
    finally:
        child.stop()


def serve(var: Path, port: int) -> subprocess.Popen[str]:
    environment = os.environ | {"SATUKLIK_VAR": str(var), "PORT": str(port)}
    return subprocess.Popen(
        [sys.executable, "-m", "satuklik.cli", "serve"], env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def test_a_taken_port_is_told_at_once(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        server = serve(tmp_path / "var", port)
        output, _ = server.communicate(timeout=60)
    assert server.returncode != 0
    assert f"Port {port}" in output
    assert f"PORT={port + 1}" in output
    assert not (tmp_path / "var" / "postgres").exists(), "nothing was started"


@pytest.mark.slow
def test_it_serves_one_server_a_folder_and_leaves_nothing_behind(tmp_path: Path) -> None:
    import psutil

    from satuklik.run.places import cluster_place

    var = tmp_path / "var"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = serve(var, port)
    assert server.stdout is not None
    said = ""
    while "is ready" not in said:
        line = server.stdout.readline()
        assert line, said
        said += line
    second, _ = serve(var, port + 1).communicate(timeout=60)
    assert "already runs" in second
    family = psutil.Process(server.pid).children(recursive=True)
    server.send_signal(signal.SIGTERM)
    rest, _ = server.communicate(timeout=60)
    assert server.returncode == 0
    assert "Stopped." in rest
    assert psutil.wait_procs(family, timeout=10)[1] == []
    place = cluster_place(var=var)
    assert not (place.data / "postmaster.pid").exists()
    if os.geteuid() == 0:
        import shutil

        shutil.rmtree(place.data.parent)
