"""What proves for good that certificates were in force: certificates, revocation lists, OCSP answers (a DSS)."""

from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Evidence:
    """The contents of a document security store (ISO 32000-2 §12.8.4.3), each in DER."""

    certificates: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()

    @cached_property
    def streams(self) -> tuple[bytes, ...]:
        """Each as the body of a stream object: certificates, lists, answers. Made once for many letters."""
        return tuple(
            b"<</Length %d>>\nstream\n%s\nendstream" % (len(one), one)
            for one in (*self.certificates, *self.crls, *self.ocsps)
        )
