"""What a verification found, as plain data that travels between processes as JSON."""

from dataclasses import asdict, dataclass
from dataclasses import field as dataclass_field
from typing import Any

from satuklik.spine.signing.rules import Verdict


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
        signatures = [SignatureReport(**one) for one in facts["signatures"]]
        return cls(facts["verdict"], signatures, facts["reason"], facts["detail"])


@dataclass(frozen=True)
class Trust:
    """Certificates (DER): our own roots, other roots, accredited roots, and ours between root and signer."""

    own: tuple[bytes, ...]
    others: tuple[bytes, ...]
    certified: tuple[bytes, ...]
    intermediates: tuple[bytes, ...]
