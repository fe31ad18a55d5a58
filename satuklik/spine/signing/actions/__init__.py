"""What this room does: authorities, keys, signatures. Others import from here, one noun a file below."""

from satuklik.spine.signing.actions.authority import (
    ISSUING,
    ROOT,
    Progress,
    set_up_demo_authority,
)
from satuklik.spine.signing.actions.issuing import (
    issue_official_key,
    issue_official_keys,
    issue_seal_key,
    issue_seal_keys,
)
from satuklik.spine.signing.actions.revocation import crl_stale, renew_crl, resume, revoke, suspend
from satuklik.spine.signing.actions.signing import SignedPdf, seal, sign, unlock
from satuklik.spine.signing.keys import UnlockedKey

__all__ = [
    "ISSUING",
    "ROOT",
    "Progress",
    "SignedPdf",
    "UnlockedKey",
    "crl_stale",
    "issue_official_key",
    "issue_official_keys",
    "issue_seal_key",
    "issue_seal_keys",
    "renew_crl",
    "resume",
    "revoke",
    "seal",
    "set_up_demo_authority",
    "sign",
    "suspend",
    "unlock",
]
