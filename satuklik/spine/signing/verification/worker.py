"""The sandboxed process: reads PDFs from its standard input, writes answers to its standard output.

It ends after some idle time, after some documents, and after each file that filled its memory. It holds no secret,
no key, no database connection and no Django; what it may still do, `jail` says.
"""

import json
import logging
import os
import resource
import select
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from satuklik.spine.signing.verification import jail
from satuklik.spine.signing.verification.report import Refused

CPU_SECONDS = 10
IDLE_SECONDS = 60
MOST_DOCUMENTS = 200
MOST_HEAD = 4_000_000
_LENGTH_BYTES = 8
PROJECT = Path(__file__).resolve().parents[4]

Job = Callable[[dict[str, Any], list[bytes]], tuple[dict[str, Any], bytes]]


def main() -> None:
    """Serve until told to stop (end of input), idle or used up."""
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # Nothing that a library prints may reach the answers.
    os.dup2(2, 1)
    os.nice(5)
    logging.disable(logging.CRITICAL)
    # Everything is loaded first: root's Python may lie where nobody else can read.
    from satuklik.spine.signing.verification import jobs

    jobs.load()
    cell = jail.Jail()
    cell.drop(jail.python_folders(PROJECT))
    jobs.warm_up()
    cell.lock()
    _answer(answers, {"holds": cell.holds})
    for _ in range(MOST_DOCUMENTS):
        if not select.select([requests], [], [], IDLE_SECONDS)[0]:
            return
        head = _head(requests)
        if head is None:
            return
        parts = [requests.read(length) for length in head["lengths"]]
        _allow_time()
        told, body, hurt = _done(jobs.JOBS[head["job"]], head["facts"], parts)
        _answer(answers, told, body)
        if hurt or jobs.used_up() or cell.grown():
            # What a hostile file did to the memory of this process goes with it.
            return


def _done(job: Job, facts: dict[str, Any], parts: list[bytes]) -> tuple[dict[str, Any], bytes, bool]:
    """What the job says, and whether the file may have hurt this process."""
    try:
        told, body = job(facts, parts)
    except Refused as refused:
        return {"problem": refused.problem, "detail": refused.detail}, b"", refused.problem == "limit_memory"
    except MemoryError:
        return {"problem": "limit_memory", "detail": ""}, b"", True
    return told, body, told.get("reason") == "limit_memory"


def request_of(job: str, facts: dict[str, Any], parts: tuple[bytes, ...]) -> bytes:
    """A request as this process reads it."""
    return _framed({"job": job, "facts": facts, "lengths": [len(part) for part in parts]}) + b"".join(parts)


def _answer(answers: IO[bytes], told: dict[str, Any], body: bytes = b"") -> None:
    answers.write(_framed({"told": told, "length": len(body)}))
    answers.write(body)
    answers.flush()


def _framed(head: dict[str, Any]) -> bytes:
    encoded = json.dumps(head).encode()
    return len(encoded).to_bytes(_LENGTH_BYTES, "big") + encoded


def _head(stream: IO[bytes]) -> dict[str, Any] | None:
    """The next head, None at the end. Raises ValueError when it is none of ours."""
    length = stream.read(_LENGTH_BYTES)
    if len(length) < _LENGTH_BYTES:
        return None
    expected = int.from_bytes(length, "big")
    if expected > MOST_HEAD:
        raise ValueError("The head is too long.")
    encoded = stream.read(expected)
    if len(encoded) < expected:
        return None
    head = json.loads(encoded)
    if not isinstance(head, dict):
        raise ValueError("The head is no object.")
    return head


def answer_from(stream: IO[bytes], most: int) -> tuple[dict[str, Any], bytes] | None:
    """The other end: what the process answered, None where it ended before. Nothing it says is believed:
    raises ValueError when the answer has another shape, or a body of more than `most` bytes."""
    head = _head(stream)
    if head is None:
        return None
    told, length = head.get("told"), head.get("length")
    if not isinstance(told, dict) or type(length) is not int or not 0 <= length <= most:
        raise ValueError("The answer has another shape.")
    body = stream.read(length)
    return (told, body) if len(body) == length else None


def _allow_time() -> None:
    """Ten more seconds of processor time; then the kernel ends the process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + CPU_SECONDS
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, hard))


if __name__ == "__main__":
    main()
