"""The root's key in a file for the safe: it is nowhere else, and only its custodians together can open it."""

import base64
import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from django.views.decorators.debug import sensitive_variables

from satuklik.spine.signing import certificates, keygen, shares, vault
from satuklik.spine.signing.certificates import Key
from satuklik.spine.signing.errors import BadRootFile

FORMAT = "satuklik.root/1"


@dataclass(frozen=True)
class RootFile:
    """What the file says: openly whose key it is and who is needed, and the key itself, wrapped (Argon2id of the
    custodians' secret, AES-256-GCM)."""

    certificate: x509.Certificate
    threshold: int
    count: int
    made_at: str
    wrapped: bytes

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the root's certificate, as minutes print it."""
        return fingerprint(self.certificate)

    @sensitive_variables()
    def open(self, parts: list[str]) -> Key:
        """The root's key. `parts` as the custodians typed them. Raises BadShare, BadRootFile."""
        secret = shares.combine(parts, threshold=self.threshold, owner=self.fingerprint)
        key = vault.unwrap_by_passphrase(self.wrapped, secret.hex(), f"root:{self.fingerprint}")
        if key is None:
            raise BadRootFile(
                "The parts do not open this file: it was changed, or the parts are of another one."
            )
        if certificates.public_key_info(key.public_key()) != certificates.public_key_info(
            self.certificate.public_key()  # type: ignore[arg-type]
        ):
            raise BadRootFile("The key in the file is not the one of its certificate.")
        return key

    def write(self, path: Path) -> None:
        """Write it (0600) and see it on the disk. An existing file is never overwritten (FileExistsError)."""
        said = {
            "format": FORMAT,
            "what": "Root key of a certificate authority: keep it in a safe, apart from its custodians' parts.",
            "fingerprint": self.fingerprint,
            "threshold": self.threshold,
            "count": self.count,
            "made_at": self.made_at,
            "certificate": certificates.certificate_pem(self.certificate).decode(),
            "key": base64.b64encode(self.wrapped).decode(),
        }
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(said, file, indent=1)
            file.flush()
            os.fsync(file.fileno())


@sensitive_variables()
def seal(
    key: Key, certificate: x509.Certificate, *, threshold: int, count: int, now: datetime
) -> tuple[RootFile, list[str]]:
    """The file for the safe and the custodians' parts. Raises ValueError for numbers that make no sense."""
    owner = fingerprint(certificate)
    secret = shares.new_secret()
    parts = shares.split(secret, threshold=threshold, count=count, owner=owner)
    wrapped = vault.wrap_by_passphrase(
        keygen.private_der(key), secret.hex(), f"root:{owner}", vault.configured_cost()
    )
    return RootFile(certificate, threshold, count, now.isoformat(timespec="seconds"), wrapped), parts


def read(path: Path) -> RootFile:
    """The file for the safe. Raises BadRootFile."""
    try:
        said = json.loads(path.read_text())
        if said["format"] != FORMAT:
            raise BadRootFile(f"{path} is of format {said['format']!r}; this version reads {FORMAT}.")
        certificate = x509.load_pem_x509_certificate(said["certificate"].encode())
        found = RootFile(
            certificate,
            int(said["threshold"]),
            int(said["count"]),
            said["made_at"],
            base64.b64decode(said["key"], validate=True),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadRootFile(f"{path} is not a root file of a key ceremony: {error}") from error
    if found.fingerprint != said["fingerprint"]:
        raise BadRootFile(f"{path} was changed: its certificate has another fingerprint than it says.")
    return found


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of a certificate as people compare it: 8F:3A:…"""
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()
