"""Starts sandboxed processes when they are needed, asks them, and ends them when they are late."""

import atexit
import logging
import os
import signal
import subprocess
import sys
import threading
from datetime import datetime
from typing import Any

from satuklik.spine.signing.verification import worker
from satuklik.spine.signing.verification.report import Refused, Report, Trust

log = logging.getLogger(__name__)
PROJECT = worker.PROJECT
WALL_SECONDS = 15.0
START_SECONDS = 30.0
WAIT_SECONDS = 20.0
DYING_SECONDS = 0.5
SIDE_BY_SIDE = 2
MOST_BYTES = 25_000_000
MOST_ANSWER = 64_000_000


class Sandbox:
    """At most SIDE_BY_SIDE processes; one stays warm for a minute, the others end at once."""

    def __init__(self) -> None:
        self._places = threading.BoundedSemaphore(SIDE_BY_SIDE)
        self._lock = threading.Lock()
        self._warm: _Process | None = None
        atexit.register(self.close)

    def inspect(self, pdf: bytes, trust: Trust, at: datetime | None) -> Report:
        """The report; "unreadable" with the reason when a limit was reached. Never raises because of the file."""
        try:
            told, _body = self.ask("inspect", {**trust.facts(), "at": at.isoformat() if at else ""}, pdf)
            return Report.from_facts(told)
        except Refused as refused:
            return Report("unreadable", reason=refused.problem, detail=refused.detail)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            return Report("unreadable", reason="damaged", detail=f"The sandbox answered oddly: {error}"[:300])

    def ask(self, job: str, facts: dict[str, Any], *parts: bytes) -> tuple[dict[str, Any], bytes]:
        """What the job of this name (jobs.JOBS) answers. Raises Refused with a code of queries.PROBLEMS: what the job
        says of the file, "too_large", "busy", or which limit ended the process."""
        if any(len(part) > MOST_BYTES for part in parts):
            raise Refused("too_large")
        if not self._places.acquire(timeout=WAIT_SECONDS):
            raise Refused("busy")
        try:
            request = worker.request_of(job, facts, parts)
            process = self._take()
            answer = process.ask(request, WALL_SECONDS)
            if answer is None and process.went_to_sleep():
                # Perhaps between two questions: a fresh one tells whether the file is to blame.
                process = _Process()
                answer = process.ask(request, WALL_SECONDS)
            if answer is None:
                raise Refused(process.why())
            self._put_back(process)
        finally:
            self._places.release()
        if "problem" in answer[0]:
            raise Refused(str(answer[0]["problem"]), str(answer[0].get("detail", ""))[:300])
        return answer

    def holds(self) -> list[str]:
        """Which locks hold here: names of jail."""
        process = self._take()
        self._put_back(process)
        return process.holds

    def close(self) -> None:
        """End the warm process."""
        with self._lock:
            process, self._warm = self._warm, None
        if process is not None:
            process.end()

    def _take(self) -> "_Process":
        with self._lock:
            process, self._warm = self._warm, None
        if process is not None and process.alive():
            return process
        if process is not None:
            process.end()
        return _Process()

    def _put_back(self, process: "_Process") -> None:
        with self._lock:
            if self._warm is None and process.alive():
                self._warm = process
                return
        process.end()


class _Process:
    """One sandboxed process, ready."""

    def __init__(self) -> None:
        # No address, no secret, no proxy of ours goes into the sandbox.
        self._process = subprocess.Popen(
            [sys.executable, "-s", "-P", "-m", worker.__name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={
                "PYTHONPATH": str(PROJECT),
                "PATH": os.defpath,
                "LC_ALL": "C.UTF-8",
                "PYTHONDONTWRITEBYTECODE": "1",
            },
        )
        self.asked = 0
        self._late = self._odd = False
        self.ended_as = 0
        answer = self._exchange(b"", START_SECONDS)
        if answer is None:
            self.end()
            log.error("The sandbox for PDFs does not start.")
            raise Refused("limits", "The sandbox does not start.")
        self.holds: list[str] = list(answer[0]["holds"])

    @property
    def pid(self) -> int:
        return self._process.pid

    def alive(self) -> bool:
        """Whether it still waits for questions."""
        return self._process.poll() is None

    def ask(self, request: bytes, seconds: float) -> tuple[dict[str, Any], bytes] | None:
        """The answer, or None when the process ended or had to be ended."""
        self.asked += 1
        answer = self._exchange(request, seconds)
        if answer is None:
            self._bury()
        return answer

    def why(self) -> str:
        """The limit that ended it, as a code of queries.PROBLEMS."""
        if self._late or self.ended_as == -signal.SIGXCPU:
            return "limit_time"
        if self._odd:
            return "limits"
        # Typst's own allocator aborts; the kernel kills whoever takes the machine's last memory.
        return "limit_memory" if self.ended_as in (-signal.SIGABRT, -signal.SIGKILL) else "limits"

    def went_to_sleep(self) -> bool:
        """Whether it ended by itself when it was idle, or somebody ended it."""
        by_itself = self.ended_as in (0, -signal.SIGKILL, -signal.SIGTERM)
        return self.asked > 1 and by_itself and not (self._late or self._odd)

    def end(self) -> None:
        """Kill it, and wait until it is gone."""
        self._process.kill()
        self._bury()

    def _bury(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except BrokenPipeError:
                    continue
        try:
            # Of a process that ended by itself: how it ended tells which limit it was.
            self.ended_as = self._process.wait(DYING_SECONDS)
        except subprocess.TimeoutExpired:
            self._odd = True
            self._process.kill()
            self._process.wait()

    def _exchange(self, request: bytes, seconds: float) -> tuple[dict[str, Any], bytes] | None:
        """Write, then read; the process is killed when that takes longer, which ends both."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        watchdog = threading.Timer(seconds, self._kill_late)
        watchdog.daemon = True
        watchdog.start()
        try:
            stdin.write(request)
            stdin.flush()
            return worker.answer_from(stdout, MOST_ANSWER)
        except (BrokenPipeError, ValueError, RecursionError):
            return None
        finally:
            watchdog.cancel()

    def _kill_late(self) -> None:
        self._late = True
        self._process.kill()


SANDBOX = Sandbox()
"""For everybody who verifies."""
DESK = Sandbox()
"""For officials who sign: strangers' files never make them wait."""
