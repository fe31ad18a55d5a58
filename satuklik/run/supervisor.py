"""Keeps the web server and the worker alive and stops everything in order: web, worker, database.

Imports nothing but the standard library and our own places: this process lives as long as the
installation, so it stays small. `satuklik serve` becomes it (exec) once everything is prepared.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import FrameType

from satuklik.run.embedded import EmbeddedPostgres

READY_SECONDS = 60
STOP_SECONDS = 20
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
# The web server is Rust on jemalloc: told so, it overwrites memory that it frees, and with it the bodies of requests
# that carried a passphrase (docs/adr/0027).
ZEALOUS = {"_RJEM_MALLOC_CONF": "junk:free"}
# A child that lived this long is healthy: the pause before its next restart is short again.
HEALTHY_SECONDS = 60.0


def backoff(failures: int) -> float:
    """Seconds to wait before the restart after `failures` crashes in a row."""
    return min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE)


@dataclass
class Child:
    """One program that must run."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    restart_at: float | None = field(default=None)

    def start(self) -> None:
        # A session of its own: Ctrl-C at the terminal reaches us alone, and we stop all in order.
        self.process = subprocess.Popen(
            self.command, env=os.environ | self.environment, start_new_session=True
        )
        self.started = time.monotonic()
        self.restart_at = None

    def watch(self, now: float) -> None:
        """Notice a crash; start again when the pause is over."""
        if self.restart_at is not None:
            if now >= self.restart_at:
                self._signal_rest(signal.SIGKILL)
                say(f"Starting the {self.name} again.")
                self.start()
            return
        if self.process is None or self.process.poll() is None:
            return
        self.failures = 1 if now - self.started > HEALTHY_SECONDS else self.failures + 1
        pause = backoff(self.failures)
        say(f"The {self.name} ended ({self.process.returncode}); next try in {pause:.1f} s.")
        self.restart_at = now + pause
        # What it began would hold the port, and outlive us: it gets the pause to finish.
        self._signal_rest(signal.SIGTERM)

    def _signal_rest(self, number: int) -> None:
        """To all of its group: the process that began it is dead, the group lives while one of them does."""
        if self.process is not None and group_lives(self.process.pid):
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)

    def stop(self) -> None:
        """Ask it to end, and wait for it and for all that it started: a web process may still be signing when the
        server that began it is gone. What does not end within STOP_SECONDS is ended by force."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.terminate()
        end = time.monotonic() + STOP_SECONDS
        while (running := self.process.poll() is None or group_lives(self.process.pid)) and (
            time.monotonic() < end
        ):
            time.sleep(0.05)
        if running:
            say(f"The {self.name} did not stop in {STOP_SECONDS} s: ended by force.")
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def group_lives(group: int) -> bool:
    """Whether a process of this group is alive; one that only nobody has asked after is not."""
    for one in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _parent, belongs_to = one.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue  # it ended meanwhile
        if int(belongs_to) == group and state not in "ZX":
            return True
    return False


def say(line: str) -> None:
    """One line for whoever started us."""
    print(line, flush=True)  # noqa: T201 - the terminal is this program's only voice


def answers(host: str, port: int) -> bool:
    """True when the web server is up and reaches its database."""
    connection = HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/sehat/", headers={"Host": "127.0.0.1"})
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def supervise(
    children: Sequence[Child], *, database: EmbeddedPostgres | None, host: str, port: int, url: str
) -> int:
    """Run until a signal comes. Returns the exit status: 0 after an orderly stop, 1 when nothing came up."""
    stopping = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    status = 0
    for child in children:
        child.start()
    try:
        if not _wait_until_ready(children, host, port, stopping):
            if not stopping.is_set():
                say("The web server did not come up. Its messages above say why.")
                status = 1
            return status
        say(f"Satu Klik is ready: {url}   (Ctrl-C stops it)")
        _watch(children, database, stopping)
    finally:
        say("Stopping …")
        for child in children:
            child.stop()
        if database is not None:
            database.stop()
        say("Stopped.")
    return status


def _wait_until_ready(children: Sequence[Child], host: str, port: int, stopping: threading.Event) -> bool:
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end and not stopping.is_set():
        if any(child.process is None or child.process.poll() is not None for child in children):
            return False
        if answers(host, port):
            return True
        stopping.wait(0.1)
    return False


def _watch(children: Sequence[Child], database: EmbeddedPostgres | None, stopping: threading.Event) -> None:
    while not stopping.wait(0.5):
        now = time.monotonic()
        for child in children:
            child.watch(now)
        if database is not None and not database.running():
            say("The database ended; starting it again.")
            database.start()


def main(arguments: Sequence[str]) -> int:
    """`supervisor HOST PORT WORKERS THREADS EMBEDDED URL`: the exec target of `satuklik serve`."""
    host, port, workers, threads, embedded, url = arguments
    python = sys.executable
    web = [
        python, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", port,
        "--workers", workers, "--blocking-threads", threads, "--backlog", "2048",
        # A worker that is killed comes back at once; the other one goes on answering meanwhile.
        "--respawn-failed-workers", "--respawn-interval", "0.5", "--workers-kill-timeout", "10s",
        "--http", "1", "--no-ws", "--log-level", "warning", "satuklik.wsgi:application",
    ]  # fmt: skip
    children = [
        Child("web server", web, ZEALOUS),
        Child("worker", [python, "-m", "satuklik.cli", "worker"]),
    ]
    database = EmbeddedPostgres() if embedded == "embedded" else None
    probe = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
    return supervise(children, database=database, host=probe, port=int(port), url=url)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
