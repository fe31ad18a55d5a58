"""The same letter signed by others in the same run: pyHanko's own way, endesive, and @signpdf for Node."""

import io
import json
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from django.conf import settings

from satuklik.run.bench.material import WARM_UP, Authority, letter, medians, row
from satuklik.run.places import PROJECT
from satuklik.spine.signing.certificates import Key
from satuklik.spine.signing.cms import CmsSigner, MemoryKey
from satuklik.spine.signing.pades import sign_letter

ROUNDS = 25
INSTALL_SECONDS, RUN_SECONDS = 240, 120
PASSPHRASE = b"hanya untuk ukuran"
NPM = PROJECT / "satuklik" / "run" / "bench" / "npm"


def measure(progress: Callable[[str], None]) -> list[dict[str, object]]:
    """Milliseconds and times the raw RSA-2048 signature, all with the same RSA key and letter, B-B or its like."""
    pdf, authority = letter(), Authority()
    signer, key = authority.signer("RSA-2048")
    folder = settings.VAR / "peers"
    folder.mkdir(parents=True, exist_ok=True)
    bundle = _bundle(folder, signer, key)
    works: dict[str, Callable[[], object]] = {
        "raw": lambda: MemoryKey(key).sign(bytes(200)),
        "satuklik": lambda: sign_letter(pdf, signer, authority.words),
        "pyhanko": _pyhanko(pdf, bundle),
    }
    missing = {}
    try:
        endesive = _endesive(pdf, signer, key)
        endesive()
        works["endesive"] = endesive
    except ModuleNotFoundError as error:
        missing["endesive"] = f"skipped: {error.name} is not installed (make install-test)"
    except TypeError as error:
        # It calls inner functions of pypdf, which releases of that change.
        missing["endesive"] = (
            f"skipped: endesive {version('endesive')} does not work with pypdf {version('pypdf')}: {error}"
        )
    progress(", ".join(works))
    found = medians(works, ROUNDS)
    progress("@signpdf")
    try:
        found["signpdf"] = _node(pdf, folder, bundle)
    except _Skipped as reason:
        missing["signpdf"] = f"skipped: {reason}"
    rows = [row("signing.peers.raw.time", found.pop("raw"), "ms", None)]
    raw = float(str(rows[0]["value"]))
    for name, milliseconds in found.items():
        rows += [
            row(f"signing.peers.{name}.time", milliseconds, "ms", None),
            row(f"signing.peers.{name}", milliseconds / raw, "× raw", None),
        ]
    return rows + [
        {"id": f"signing.peers.{name}", "issue": 3, "value": None, "unit": "", "target": None, "holds": True, "error": why}
        for name, why in missing.items()
    ]  # fmt: skip


class _NoVerifier(ModuleType):
    SignatureVerifier = object


class _Skipped(Exception):
    """A peer that cannot be measured here, and why."""


def _bundle(folder: Path, signer: CmsSigner, key: Key) -> Path:
    """Key and certificates as a PKCS #12 file, which every peer reads."""
    made = pkcs12.serialize_key_and_certificates(
        b"segel", key, signer.certificate, list(signer.chain),
        # What all of them can open.
        serialization.PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(1000)
        .key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC)
        .build(PASSPHRASE),
    )  # fmt: skip
    file = folder / "seal.p12"
    file.write_bytes(made)
    return file


def _pyhanko(pdf: bytes, bundle: Path) -> Callable[[], object]:
    """Its plain `sign_pdf` with its `SimpleSigner`, loaded before."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers
    from pyhanko.sign.fields import SigSeedSubFilter

    signer = signers.SimpleSigner.load_pkcs12(str(bundle), passphrase=PASSPHRASE)
    if signer is None:
        raise RuntimeError("pyHanko does not open the bundle.")
    meta = signers.PdfSignatureMetadata(
        field_name="Segel", reason="Segel", location="Contoh", subfilter=SigSeedSubFilter.PADES
    )

    def sign() -> object:
        return signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), meta, signer=signer)

    return sign


def _endesive(pdf: bytes, signer: CmsSigner, key: Key) -> Callable[[], object]:
    # Its verifier is not measured, and its libraries do not load with every OpenSSL.
    sys.modules.setdefault("endesive.verifier", _NoVerifier("endesive.verifier"))
    from endesive.pdf import cms

    said = {
        "sigflags": 3, "contact": "-", "location": "Contoh", "reason": "Segel",
        "signingdate": f"{datetime.now(UTC):D:%Y%m%d%H%M%S+00'00'}", "sigfield": "Segel",
    }  # fmt: skip

    def sign() -> object:
        return cms.sign(pdf, said, key, signer.certificate, list(signer.chain), "sha256")

    return sign


def _node(pdf: bytes, folder: Path, bundle: Path) -> float:
    """Milliseconds of @signpdf inside Node, measured by Node. Raises _Skipped."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        raise _Skipped("Node and npm are not installed")
    home = folder / "npm"
    home.mkdir(exist_ok=True)
    for name in ("package.json", "package-lock.json", "sign.js"):
        shutil.copy(NPM / name, home / name)
    try:
        if not (home / "node_modules").exists():
            _run([npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"], home, INSTALL_SECONDS)
        (home / "letter.pdf").write_bytes(pdf)
        rounds = str(WARM_UP + ROUNDS)
        said = _run(
            [node, "sign.js", "letter.pdf", str(bundle), PASSPHRASE.decode(), rounds], home, RUN_SECONDS
        )
    except (subprocess.SubprocessError, OSError) as error:
        detail = getattr(error, "stderr", "") or str(error)
        shutil.rmtree(home / "node_modules", ignore_errors=True)
        raise _Skipped(f"npm: {str(detail).strip()[-160:]}") from error
    return statistics.median(json.loads(said.strip().splitlines()[-1])[WARM_UP:])


def _run(command: list[str], folder: Path, seconds: float) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=seconds, check=True)
    return done.stdout
