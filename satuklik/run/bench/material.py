"""What the measures of signing share: keys, certificates and a letter of their own, and how they count."""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import psutil
import typst

from satuklik.spine.signing import certificates, keygen
from satuklik.spine.signing.actions.levels import StampedSigner
from satuklik.spine.signing.certificates import Addresses, Holder, Key
from satuklik.spine.signing.cms import TST_INFO, CmsSigner, MemoryKey
from satuklik.spine.signing.evidence import Evidence
from satuklik.spine.signing.keygen import Algorithm
from satuklik.spine.signing.pades import SignatureWords
from satuklik.spine.signing.timestamps.client import Stamp
from satuklik.spine.signing.timestamps.tsa import Tsa

POLICY = "1.3.6.1.4.1.32473.12.1"
WARM_UP = 10
LETTER = """
#set document(title: "Surat Keterangan Domisili", author: "Kelurahan Contoh")
#set text(lang: "id", size: 11pt)
= Surat Keterangan Domisili
Yang bertanda tangan di bawah ini menerangkan bahwa orang rekaan ini tinggal di sini.
#link("https://example.org/v/abc")[Periksa keaslian surat ini]
#table(columns: 2, [Nama], [Sari Contoh], [Alamat], [Jalan Contoh NUMBER], [Pekerjaan], [Pedagang])
#lorem(220)
"""


def letter(number: int = 1) -> bytes:
    """One page, PDF/A-3a and PDF/UA-1, as our letters are made; each number another one of the same template."""
    text = LETTER.replace("NUMBER", str(number)).replace("abc", f"abc{number}")
    return typst.compile(text.encode(), format="pdf", pdf_standards=["a-3a", "ua-1"])


@dataclass(frozen=True)
class OwnStamper:
    """Our time-stamping authority without the register that counts its uses."""

    tsa: Tsa
    now: datetime

    @property
    def reserve(self) -> int:
        return self.tsa.reserve

    def stamp(self, digest: bytes) -> Stamp:
        """A token over data whose SHA-256 is `digest`."""
        return Stamp(
            self.tsa.stamp(digest, now=self.now).der, self.now + timedelta(days=365), "P-256", self.now
        )


class Authority:
    """A root, an issuing authority and a time-stamping key, made for one run."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)
        self._where = Addresses("http://127.0.0.1/ca/x.cer", "http://127.0.0.1/crl/x.crl")
        root_key = keygen.new_rsa(2048)
        self.root = certificates.root_certificate(root_key, self.now)
        self._key = keygen.new_rsa(3072)
        self.issuing = certificates.issuing_certificate(
            self._key.public_key(), self.root, root_key, self._where, self.now
        )
        stamping = keygen.new_key("P-256")
        stamps = certificates.timestamp_certificate(
            stamping.public_key(), self.issuing, self._key, self._where, self.now
        )
        self.stamper = OwnStamper(
            Tsa(CmsSigner(MemoryKey(stamping), stamps, (self.issuing,), TST_INFO), POLICY), self.now
        )
        week = timedelta(days=7)
        lists = (
            certificates.revocation_list(self.root, root_key, [], 1, self.now, week),
            certificates.revocation_list(self.issuing, self._key, [], 1, self.now, week),
        )
        self.evidence = Evidence(
            tuple(certificates.certificate_der(one) for one in (self.root, self.issuing, stamps)),
            tuple(certificates.certificate_der(one) for one in lists),
        )
        self.words = SignatureWords(
            "Segel", "Kelurahan Contoh", "Segel elektronik", "Contoh", "Segel elektronik", self.now
        )

    def signer(self, algorithm: Algorithm) -> tuple[CmsSigner, Key]:
        """A seal, and its key."""
        key = keygen.new_key(algorithm)
        leaf = certificates.leaf_certificate(
            key.public_key(),
            Holder(agency="Kelurahan Contoh"),
            self.issuing,
            self._key,
            self._where,
            self.now,
        )
        return CmsSigner(MemoryKey(key), leaf, (self.issuing,)), key

    def stamped(self, signer: CmsSigner) -> StampedSigner:
        """The same seal, for one signature with a time stamp."""
        return StampedSigner(signer, self.stamper)


def medians(works: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Milliseconds of each, in turns, so that none has a quieter machine than the next."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(WARM_UP + rounds):
        for name, work in works.items():
            begin = time.perf_counter()
            work()
            if turn >= WARM_UP:
                taken[name].append(time.perf_counter() - begin)
    return {name: statistics.median(times) * 1000 for name, times in taken.items()}


def cpu(work: Callable[[], object], rounds: int) -> float:
    """Milliseconds of processor time of one `work`: of this process and of those that it has started."""
    for _ in range(WARM_UP):
        work()
    begin = _spent()
    for _ in range(rounds):
        work()
    return (_spent() - begin) * 1000 / rounds


def _spent() -> float:
    """Seconds, this process exactly, its children to a hundredth."""
    family = psutil.Process().children(recursive=True)
    return time.process_time() + sum(sum(one.cpu_times()[:2]) for one in family)


def row(
    name: str, value: float, unit: str, target: float | None, *, issue: int = 3, note: str = ""
) -> dict[str, object]:
    """One line of the result."""
    made: dict[str, object] = {
        "id": name,
        "issue": issue,
        "value": round(value, 3),
        "unit": unit,
        "target": target,
        "holds": target is None or value <= target,
    }
    return made | ({"error": note} if note else {})
