"""Fuzzes the check of uploads: `make fuzz TIME=60`. Seeds are our own signed letters and the attacks on them.

Asserted for every input: no exception leaves `inspect`; it takes no more than LONGEST seconds of processor time; and it
is green only when every byte that a signature covers is a genuine file's. A finding stands in var/fuzz/ and is printed.
"""

import hashlib
import os
import random
import re
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import atheris

with atheris.instrument_imports(
    include=["satuklik.spine.signing.verification", "pyhanko", "pyhanko_certvalidator"]
):
    from satuklik.spine.signing.verification import jail
    from satuklik.spine.signing.verification.inspect import inspect
    from satuklik.spine.signing.verification.report import Trust

import resource

import typst
from pyhanko.sign.validation.dss import DocumentSecurityStore

from satuklik.spine.signing import certificates, keygen
from satuklik.spine.signing.certificates import Addresses, Holder
from satuklik.spine.signing.keys import memory_signer
from satuklik.spine.signing.pades import SignatureWords, sign_letter
from satuklik.spine.signing.tests import attacks

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
LONGEST = 10.0
MOST_BYTES = 400_000
GREEN = {"valid", "valid_with_additions"}
LETTER = '#set document(title: "Surat")\n#set text(lang: "id")\n= Surat\n#lorem(40)\n#link("https://example.org/v/a")[Periksa]\n'
_CONTENTS = re.compile(rb"/Contents ?<[0-9A-Fa-f]{200,}>")
_NUMBER = re.compile(rb"\d+")
WORDS = [
    b"/ByteRange[0 1 2 3]", b"/Contents<00>", b"/V 1 0 R", b"/Kids[1 0 R]", b"/Parent 1 0 R", b"/AcroForm<<>>", b"/DSS 1 0 R",
    b"/Annots[]", b"/Type/Sig", b"/Prev 9", b"/XRefStm 9", b"/FT/Sig", b"xref\n0 1\n", b"trailer\n<<>>\n", b"startxref\n9\n%%EOF\n",
    b"endobj\n", b"stream\n", b"endstream\n", b"/Extends 1 0 R", b"/ObjStm", b"/Encrypt<<>>", b"/Perms<<>>", b"/Lock<<>>",
]  # fmt: skip


def _genuine() -> tuple[bytes, bytes, Trust]:
    where = Addresses("http://127.0.0.1/ca/root.cer", "http://127.0.0.1/crl/root.crl")
    root_key, key = keygen.new_rsa(2048), keygen.new_rsa(2048)
    root = certificates.root_certificate(root_key, NOW)
    leaf = certificates.leaf_certificate(
        key.public_key(), Holder(agency="Kantor Contoh"), root, root_key, where, NOW
    )
    words = SignatureWords("Segel", "Kantor Contoh", "Segel", "Contoh", "Segel", NOW)
    pdf = typst.compile(LETTER.encode(), format="pdf", pdf_standards=["a-3a", "ua-1"])
    signed = sign_letter(pdf, memory_signer(key, leaf, ()), words)
    return pdf, signed, Trust((certificates.certificate_der(root),), (), (), ())


PDF, SIGNED, TRUST = _genuine()
COVERED = hashlib.sha256(_CONTENTS.sub(b"", SIGNED)).digest()


def _seeds() -> list[bytes]:
    found = [PDF, SIGNED]
    for change in attacks.REVISIONS:
        found.append(attacks.saved_with(SIGNED, change))
    for made in (attacks.odd_ranges, attacks.stray_tails, attacks.wrapped, attacks.forged_contents):
        found += [pdf for _what, pdf in made(SIGNED)]
    found += [pdf for _what, pdf in attacks.hostile()]
    import io

    stream = io.BytesIO(SIGNED)
    DocumentSecurityStore.add_dss(stream, sig_contents=None, certs=[])
    return [one for one in (*found, stream.getvalue()) if len(one) <= MOST_BYTES]


def check(data: bytes) -> None:
    """One input."""
    begun = time.process_time()
    report = inspect(data, TRUST, NOW + timedelta(hours=1))
    taken = time.process_time() - begun
    assert taken <= LONGEST, f"{taken:.1f} s"
    if report.verdict in GREEN:
        whole = data[: len(SIGNED)]
        assert hashlib.sha256(_CONTENTS.sub(b"", whole)).digest() == COVERED, (
            "green, and not the genuine bytes"
        )
        assert whole == SIGNED or report.verdict == "valid_with_additions" or len(data) == len(SIGNED)
        assert whole == SIGNED, "green, and the signature's own bytes are others"


def mutated(data: bytes, most: int, seed: int) -> bytes:
    """A PDF-aware change: a number, a name, a piece moved or said twice, else libFuzzer's own."""
    chance = random.Random(seed)
    kind = chance.randrange(6)
    if not data or kind == 0:
        changed: bytes = atheris.Mutate(data, most)
        return changed
    if kind == 1:
        places = [found.span() for found in _NUMBER.finditer(data[-20_000:])]
        if places:
            start, end = (len(data[:-20_000]) + one for one in chance.choice(places))
            number = chance.choice([0, 1, 9, len(data), 2**31, -1, int(data[start:end][:9]) + 1])
            return (data[:start] + b"%d" % number + data[end:])[:most]
    at, to = sorted(chance.randrange(len(data)) for _ in range(2))
    if kind == 2:
        word = chance.choice(WORDS)
        return (data[:at] + word + data[at:])[:most]
    if kind == 3:
        return (data + data[at : min(to, at + 4000)])[:most]
    if kind == 4:
        return (data[:at] + data[min(to, at + 300) :])[:most]
    changed_byte = bytes([data[at] ^ (1 << chance.randrange(8))])
    return data[:at] + changed_byte + data[at + 1 :]


def main() -> None:
    """Run for the given number of seconds; ends with status 0 when nothing was found."""
    seconds, folder = int(sys.argv[1]), Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    corpus = Path(tempfile.mkdtemp(prefix="satuklik-fuzz-"))
    for number, seed in enumerate(_seeds()):
        (corpus / f"seed-{number}").write_bytes(seed)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + 4 * jail.MEMORY  # a corpus lives in the same process
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    atheris.Setup(
        [
            sys.argv[0], f"-max_total_time={seconds}", f"-max_len={MOST_BYTES}", "-timeout=30", "-rss_limit_mb=2048",
            f"-artifact_prefix={folder}{os.sep}", "-print_final_stats=1", str(corpus),
        ],
        check,
        custom_mutator=mutated,
    )  # fmt: skip
    atheris.Fuzz()


if __name__ == "__main__":
    main()
