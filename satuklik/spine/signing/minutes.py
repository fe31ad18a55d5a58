"""The minutes of a key ceremony as PDF, to be printed and signed by hand."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import typst
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.utils import timezone

from satuklik.kernel.dates_id import long_date
from satuklik.spine.signing import rootfile
from satuklik.spine.signing.machine import Check
from satuklik.spine.signing.rootfile import RootFile

TEMPLATE = Path(__file__).with_name("minutes.typ")
DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")


@dataclass(frozen=True)
class Minutes:
    """What the minutes say."""

    at: datetime
    place: str
    purpose: str
    """"pembuatan pertama", "penggantian"."""
    people: Sequence[tuple[str, str]]
    """(name, role), custodians among them."""
    custodians: Sequence[str]
    checks: Sequence[Check]
    despite: str
    """Why the ceremony went on although a check was not good; empty where all were."""
    certificates: Sequence[tuple[str, x509.Certificate]]
    """(what it is, certificate)"""
    root_file: RootFile
    root_path: Path
    files: Sequence[Path]


def pdf(minutes: Minutes) -> bytes:
    """The minutes (PDF/A-3a)."""
    local = timezone.localtime(minutes.at)
    data: dict[str, Any] = {
        "organisation": f"Pemerintah {settings.REGENCY_NAME}",
        "day": f"{DAYS[local.weekday()]}, {long_date(local.date())}",
        "time": f"{local:%H.%M}",
        "place": minutes.place,
        "purpose": minutes.purpose,
        "people": [{"name": name, "role": role} for name, role in minutes.people],
        "custodians": list(minutes.custodians),
        "checks": [asdict(check) for check in minutes.checks],
        "despite": minutes.despite,
        "certificates": [_certificate(name, made) for name, made in minutes.certificates],
        "root": minutes.root_file.fingerprint[:11],
        "root_file": minutes.root_path.name,
        "count": minutes.root_file.count,
        "threshold": minutes.root_file.threshold,
        "files": [_file(path) for path in minutes.files],
    }
    made = typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["a-3a"],
        ignore_system_fonts=True,
        timestamp=int(minutes.at.timestamp()),
    )
    assert isinstance(made, bytes)
    return made


def _certificate(name: str, made: x509.Certificate) -> dict[str, str]:
    public = made.public_key()
    size = getattr(public, "key_size", 0)
    return {
        "name": name,
        "subject": made.subject.rfc4514_string(),
        "algorithm": f"RSA {size} bit" if isinstance(public, rsa.RSAPublicKey) else f"EC P-{size}",
        "serial": f"{made.serial_number:x}",
        "not_before": long_date(timezone.localtime(made.not_valid_before_utc).date()),
        "not_after": long_date(timezone.localtime(made.not_valid_after_utc).date()),
        "fingerprint": rootfile.fingerprint(made),
    }


def _file(path: Path) -> dict[str, Any]:
    content = path.read_bytes()
    return {"name": path.name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
