"""The sandboxed process: reads PDFs from its standard input, writes reports to its standard output.

It ends after some idle time, after some documents, and whenever a limit is reached. It holds no secret, no
database connection and no Django.
"""

import base64
import json
import logging
import os
import resource
import select
import sys
from datetime import datetime
from pathlib import Path

MEMORY = 384 * 1024 * 1024
"""Bytes of address space on top of what the libraries take."""
CPU_SECONDS = 10
IDLE_SECONDS = 60
MOST_DOCUMENTS = 200
READY = b"ready\n"
_HEADER_BYTES = 8


def main() -> None:
    """Serve until told to stop (end of input), idle or used up."""
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # Nothing that a library prints may reach the answers.
    os.dup2(2, 1)
    os.nice(5)
    logging.disable(logging.CRITICAL)
    from satuklik.spine.signing.verification.inspect import inspect
    from satuklik.spine.signing.verification.report import Trust

    _limit()
    answers.write(READY)
    answers.flush()
    for _ in range(MOST_DOCUMENTS):
        if not select.select([requests], [], [], IDLE_SECONDS)[0]:
            return
        header = requests.read(_HEADER_BYTES)
        if len(header) < _HEADER_BYTES:
            return
        request = json.loads(requests.read(int.from_bytes(header, "big")))
        pdf = requests.read(request["length"])
        _allow_time()
        trust = Trust(*(tuple(base64.b64decode(one) for one in request[key]) for key in _TRUST_KEYS))
        at = datetime.fromisoformat(request["at"]) if request["at"] else None
        report = inspect(pdf, trust, at)
        answers.write(json.dumps(report.facts()).encode() + b"\n")
        answers.flush()
        if report.reason == "damaged":
            # What a hostile file did to the memory of this process goes with it.
            return


_TRUST_KEYS = ("own", "others", "certified", "intermediates")


def frame(pdf: bytes, trust: dict[str, tuple[bytes, ...]], at: datetime | None) -> bytes:
    """A request as this process reads it."""
    request = {key: [base64.b64encode(one).decode() for one in trust[key]] for key in _TRUST_KEYS}
    head = json.dumps({**request, "length": len(pdf), "at": at.isoformat() if at else ""}).encode()
    return len(head).to_bytes(_HEADER_BYTES, "big") + head + pdf


def _limit() -> None:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def _allow_time() -> None:
    """Ten more seconds of processor time; then the kernel ends the process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + CPU_SECONDS
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, hard))


if __name__ == "__main__":
    main()
