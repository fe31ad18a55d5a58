"""Signing measured against the raw signature, in the same process, one after the other in turns."""

from collections.abc import Callable, Sequence
from itertools import cycle

from satuklik.run.bench.material import Authority, cpu, letter, medians, row
from satuklik.spine.signing import certificates
from satuklik.spine.signing.cms import MemoryKey
from satuklik.spine.signing.foreign import sign_foreign
from satuklik.spine.signing.keygen import Algorithm
from satuklik.spine.signing.pades import sign_letter
from satuklik.spine.signing.verification.inspect import inspect
from satuklik.spine.signing.verification.report import Trust
from satuklik.spine.signing.verification.sandbox import DESK

ROUNDS, FEW = 400, 60
LETTERS = 20  # of one template, each other bytes
ALGORITHMS: tuple[Algorithm, ...] = ("RSA-2048", "P-256")
# Times the raw signature of the same algorithm; with a time stamp, and for foreign files, of RSA-2048.
OWN = {"RSA-2048": 1.5, "P-256": 8.0}
STAMPED, FOREIGN, CHECK = 3.0, 10.0, 45.0


def measure(progress: Callable[[str], None]) -> list[dict[str, object]]:
    """One-page letter, PDF/A-3a and PDF/UA-1: median time ÷ median time of the raw signature over as many bytes as the
    CMS signs. What is measured is the whole step from the unsigned to the signed file; for foreign files with the
    sandboxed process that reads them; for the check, from the file to the report, in the sandbox's own code."""
    letters, authority = [letter(number) for number in range(LETTERS)], Authority()
    rows: list[dict[str, object]] = []
    raw_rsa = 0.0
    for algorithm in ALGORITHMS:
        progress(f"signing with {algorithm}")
        found = _measured(algorithm, letters, authority)
        raw_rsa = raw_rsa or found["raw"]
        name = algorithm.lower().replace("-", "")
        rows += [
            row(f"signing.own_letter.{name}", found["B-B"] / found["raw"], "× raw", OWN[algorithm]),
            row(f"signing.own_letter.{name}.time", found["B-B"], "ms", None),
            row(f"signing.b_t.{name}", found["B-T"] / raw_rsa, "× raw RSA", STAMPED),
            row(f"signing.b_lt.{name}", found["B-LT"] / raw_rsa, "× raw RSA", STAMPED),
            row(f"signing.foreign.{name}", found["foreign"] / raw_rsa, "× raw RSA", FOREIGN),
            row(f"signing.full_check.{name}", found["check"] / raw_rsa, "× raw RSA", CHECK),
        ]
    DESK.close()
    return rows


def _measured(algorithm: Algorithm, letters: Sequence[bytes], authority: Authority) -> dict[str, float]:
    signer, key = authority.signer(algorithm)
    pdf, plain, stamped, kept = letters[0], cycle(letters), cycle(letters), cycle(letters)
    raw, attributes, words = MemoryKey(key), bytes(200), authority.words
    quick = medians(
        {
            "raw": lambda: raw.sign(attributes),
            "B-B": lambda: sign_letter(next(plain), signer, words),
            "B-T": lambda: sign_letter(next(stamped), authority.stamped(signer), words),
            "B-LT": lambda: sign_letter(next(kept), authority.stamped(signer), words, authority.evidence),
        },
        ROUNDS,
    )
    # What our letters are: B-T.
    signed = sign_letter(pdf, authority.stamped(signer), words)
    roots, above = (certificates.certificate_der(one) for one in (authority.root, authority.issuing))
    trust = Trust((roots,), (), (), (above,))
    if inspect(signed, trust, authority.now).verdict != "valid":
        raise RuntimeError("What is measured is not valid.")
    return quick | {
        # Longer ones by processor time: what else the machine does is not in it.
        "foreign": cpu(lambda: sign_foreign(pdf, signer, words), FEW),
        "check": cpu(lambda: inspect(signed, trust, authority.now), FEW),
    }
