"""Signing measured against the raw signature, in the same process, one after the other in turns."""

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime

import typst
from cryptography import x509

from satuklik.spine.signing import certificates, keygen
from satuklik.spine.signing.certificates import Addresses, Holder
from satuklik.spine.signing.cms import MemoryKey
from satuklik.spine.signing.keygen import Algorithm
from satuklik.spine.signing.keys import memory_signer
from satuklik.spine.signing.pades import SignatureWords, sign_letter

ROUNDS = 400
WARM_UP = 20
TARGETS: dict[Algorithm, float] = {"RSA-2048": 1.5, "P-256": 8.0}
LETTER = """
#set document(title: "Surat Keterangan Domisili", author: "Kelurahan Contoh")
#set text(lang: "id", size: 11pt)
= Surat Keterangan Domisili
Yang bertanda tangan di bawah ini menerangkan bahwa orang rekaan ini tinggal di sini.
#link("https://example.org/v/abc")[Periksa keaslian surat ini]
#table(columns: 2, [Nama], [Sari Contoh], [Alamat], [Jalan Contoh 1], [Pekerjaan], [Pedagang])
#lorem(220)
"""


def measure(progress: Callable[[str], None]) -> list[dict[str, object]]:
    """One-page letter, PDF/A-3a and PDF/UA-1, signed with RSA-2048 and P-256: median time ÷ median time of the raw
    signature over as many bytes as the CMS signs. What is measured is the whole step from the unsigned to the signed file."""
    pdf = typst.compile(LETTER.encode(), format="pdf", pdf_standards=["a-3a", "ua-1"])
    rows = []
    for algorithm, target in TARGETS.items():
        progress(f"signing with {algorithm}")
        ratio, milliseconds = _ratio(algorithm, pdf)
        name = algorithm.lower().replace("-", "")
        rows += [
            _row(f"signing.own_letter.{name}", 2 if algorithm == "RSA-2048" else 3, ratio, "× raw", target),
            _row(f"signing.own_letter.{name}.time", 2, milliseconds, "ms", None),
        ]
    return rows


def _ratio(algorithm: Algorithm, pdf: bytes) -> tuple[float, float]:
    now = datetime.now(UTC)
    where = Addresses("http://127.0.0.1/ca/root.cer", "http://127.0.0.1/crl/root.crl")
    root_key = keygen.new_rsa(2048)
    root = certificates.root_certificate(root_key, now)
    key = keygen.new_key(algorithm)
    issuing_key = keygen.new_rsa(3072)
    issuing: x509.Certificate = certificates.issuing_certificate(
        issuing_key.public_key(), root, root_key, where, now
    )
    leaf = certificates.leaf_certificate(
        key.public_key(), Holder(agency="Kelurahan Contoh"), issuing, issuing_key, where, now
    )
    signer, raw = memory_signer(key, leaf, (issuing,)), MemoryKey(key)
    words = SignatureWords("Segel", "Kelurahan Contoh", "Segel elektronik", "Contoh", "Segel elektronik", now)
    attributes = bytes(200)
    signing, floor = [], []
    for turn in range(WARM_UP + ROUNDS):
        taken = _timed(lambda: sign_letter(pdf, signer, words))
        base = _timed(lambda: raw.sign(attributes))
        if turn >= WARM_UP:
            signing.append(taken)
            floor.append(base)
    return statistics.median(signing) / statistics.median(floor), statistics.median(signing) * 1000


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _row(name: str, issue: int, value: float, unit: str, target: float | None) -> dict[str, object]:
    return {
        "id": name,
        "issue": issue,
        "value": round(value, 3),
        "unit": unit,
        "target": target,
        "holds": target is None or value <= target,
    }
