"""What a verification found, as plain data that travels between processes as JSON."""

import base64
from dataclasses import asdict, dataclass
from dataclasses import field as dataclass_field
from typing import Any

from satuklik.spine.signing.rules import Verdict


@dataclass
class CertificateReport:
    """One certificate of a chain. Times are ISO 8601 with zone; `serial` and `fingerprint` (SHA-256) hexadecimal."""

    subject: str
    issuer: str
    serial: str
    not_before: str
    not_after: str
    fingerprint: str
    algorithm: str


@dataclass
class SignatureReport:
    """One signature. Times are ISO 8601 with zone."""

    field: str
    kind: str
    """"signature" or "timestamp"."""
    signer: str
    position: str
    organisation: str
    issuer: str
    serial: str
    """Of the certificate, hexadecimal."""
    time: str | None
    """When: by a timestamp where there is one, else as the signer says."""
    time_proven: bool
    level: str
    """"B-B", "B-T", "B-LT", "B-LTA", or "CMS" for a signature that is not PAdES."""
    reason: str
    algorithm: str
    covers_whole: bool
    intact: bool
    trusted: bool
    certified: bool
    """Whether its root stands in the list of accredited authorities (PP 71/2019 ps. 60(2))."""
    problem: str = ""
    """Why it is not intact or not trusted: a code of queries.PROBLEMS."""
    revoked_at: str | None = None
    """When its certificate was revoked; a signature that is trusted all the same was made before, provably."""
    revocation_reason: str = ""
    """RFC 5280 §5.3.1, where our own register knows it; "certificateHold": suspended."""
    trusted_by: str = ""
    """The list of its root: "own", "certified" or "other"; empty where it is not trusted."""
    timestamp_by: str = ""
    """Who vouches for the time."""
    revocation: dict[str, str] = dataclass_field(default_factory=dict)
    """What told that it was (not) revoked: {"source": "crl" | "ocsp" | "register", "at": time}; empty: nothing."""
    later_revisions: int = 0
    """How often the file was saved after this signature."""
    permission: int = 0
    """What a certifying signature lets others change (DocMDP 1, 2, 3; ISO 32000-1 §12.8.2.2); 0: it is none."""
    chain: list[CertificateReport] = dataclass_field(default_factory=list)
    """From the signer to the root; of an untrusted one the signer's alone."""

    @classmethod
    def from_facts(cls, facts: dict[str, Any]) -> "SignatureReport":
        """The reverse of `asdict`."""
        return cls(**{**facts, "chain": [CertificateReport(**one) for one in facts["chain"]]})


@dataclass
class Report:
    """The verdict over a file. `reason` (a code of queries.PROBLEMS) says why, where the verdict is not valid."""

    verdict: Verdict
    signatures: list[SignatureReport] = dataclass_field(default_factory=list)
    reason: str = ""
    detail: str = ""
    """For the log and for experts; may quote the file, so escape it."""

    def facts(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return asdict(self)

    @classmethod
    def from_facts(cls, facts: dict[str, Any]) -> "Report":
        """The reverse of `facts`."""
        signatures = [SignatureReport.from_facts(one) for one in facts["signatures"]]
        return cls(facts["verdict"], signatures, facts["reason"], facts["detail"])


class Refused(Exception):
    """The sandbox does not do it; `problem` (a code of queries.PROBLEMS) says why, `detail` is for the log."""

    def __init__(self, problem: str, detail: str = "") -> None:
        super().__init__(detail or problem)
        self.problem = problem
        self.detail = detail


@dataclass(frozen=True)
class Trust:
    """Certificates (DER): our own roots, other roots, accredited roots, and ours between root and signer."""

    own: tuple[bytes, ...]
    others: tuple[bytes, ...]
    certified: tuple[bytes, ...]
    intermediates: tuple[bytes, ...]

    def facts(self) -> dict[str, list[str]]:
        """As JSON can hold it."""
        return {name: [base64.b64encode(one).decode() for one in part] for name, part in vars(self).items()}

    @classmethod
    def from_facts(cls, facts: dict[str, Any]) -> "Trust":
        """The reverse of `facts`."""
        parts = (facts[name] for name in ("own", "others", "certified", "intermediates"))
        return cls(*(tuple(base64.b64decode(one) for one in part) for part in parts))
