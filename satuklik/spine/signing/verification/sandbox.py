"""Starts the sandboxed process when it is needed, asks it, and ends it when it is late."""

import atexit
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from satuklik.spine.signing.verification import worker
from satuklik.spine.signing.verification.report import Report, Trust

PROJECT = Path(__file__).resolve().parents[4]
WALL_SECONDS = 15.0
START_SECONDS = 30.0
WAIT_SECONDS = 20.0
SIDE_BY_SIDE = 2
MOST_BYTES = 25_000_000
MOST_ANSWER = 1_000_000


class Sandbox:
    """At most SIDE_BY_SIDE processes; one stays warm for a minute, the others end at once."""

    def __init__(self) -> None:
        self._places = threading.BoundedSemaphore(SIDE_BY_SIDE)
        self._lock = threading.Lock()
        self._warm: subprocess.Popen[bytes] | None = None
        atexit.register(self.close)

    def inspect(self, pdf: bytes, trust: Trust, at: datetime | None) -> Report:
        """The report; "unreadable" with the reason when a limit was reached. Never raises because of the file."""
        if len(pdf) > MOST_BYTES:
            return Report("unreadable", reason="too_large")
        if not self._places.acquire(timeout=WAIT_SECONDS):
            return Report("unreadable", reason="busy")
        try:
            request = worker.frame(pdf, vars(trust), at)
            process, warm = self._take()
            answer = self._ask(process, request)
            if answer is None and warm:
                # It may have gone to sleep between two questions; a fresh one tells whether the file is to blame.
                process = self._start()
                answer = self._ask(process, request)
            if answer is None:
                return Report("unreadable", reason="limits")
            self._put_back(process)
            return Report.from_facts(json.loads(answer))
        finally:
            self._places.release()

    def close(self) -> None:
        """End the warm process."""
        with self._lock:
            process, self._warm = self._warm, None
        if process is not None:
            _end(process)

    def _take(self) -> tuple[subprocess.Popen[bytes], bool]:
        with self._lock:
            process, self._warm = self._warm, None
        if process is not None and process.poll() is None:
            return process, True
        if process is not None:
            _end(process)
        return self._start(), False

    def _put_back(self, process: subprocess.Popen[bytes]) -> None:
        with self._lock:
            if self._warm is None and process.poll() is None:
                self._warm = process
                return
        _end(process)

    def _start(self) -> subprocess.Popen[bytes]:
        # No address, no secret, no proxy of ours goes into the sandbox.
        process = subprocess.Popen(
            [sys.executable, "-s", "-P", "-m", "satuklik.spine.signing.verification.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={"PYTHONPATH": str(PROJECT), "PATH": os.defpath, "LC_ALL": "C.UTF-8"},
        )
        _within(process, START_SECONDS, lambda: _line(process))
        return process

    def _ask(self, process: subprocess.Popen[bytes], request: bytes) -> bytes | None:
        """The answer, or None when the process ended or had to be ended."""

        def exchange() -> bytes:
            assert process.stdin is not None
            process.stdin.write(request)
            process.stdin.flush()
            return _line(process)

        answer = _within(process, WALL_SECONDS, exchange)
        if not answer.endswith(b"\n"):
            _end(process)
            return None
        return answer


def _line(process: subprocess.Popen[bytes]) -> bytes:
    assert process.stdout is not None
    return process.stdout.readline(MOST_ANSWER)


def _within(process: subprocess.Popen[bytes], seconds: float, exchange: Callable[[], bytes]) -> bytes:
    """Do `exchange`; end the process when it takes longer, which ends the exchange too."""
    watchdog = threading.Timer(seconds, process.kill)
    watchdog.daemon = True
    watchdog.start()
    try:
        return exchange()
    except (BrokenPipeError, ValueError):
        return b""
    finally:
        watchdog.cancel()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except BrokenPipeError:
                continue
    process.wait()


SANDBOX = Sandbox()
