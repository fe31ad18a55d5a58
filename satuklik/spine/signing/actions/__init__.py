"""What this room does: authorities, keys, signatures. Others import from here, one noun a file below."""

from satuklik.spine.signing.actions.authority import (
    ISSUING,
    ROOT,
    Progress,
    crl_stale,
    renew_crl,
    revoke,
    set_up_demo_authority,
)
from satuklik.spine.signing.actions.issuing import (
    issue_official_key,
    issue_official_keys,
    issue_seal_key,
    issue_seal_keys,
)
from satuklik.spine.signing.actions.levels import Made
from satuklik.spine.signing.actions.proofs import Gathering, augment
from satuklik.spine.signing.actions.services import ensure_service_keys, issue_service_key
from satuklik.spine.signing.actions.signing import SignedPdf, seal, sign, unlock
from satuklik.spine.signing.keys import UnlockedKey

__all__ = [
    "ISSUING",
    "ROOT",
    "Gathering",
    "Made",
    "Progress",
    "SignedPdf",
    "UnlockedKey",
    "augment",
    "crl_stale",
    "ensure_service_keys",
    "issue_official_key",
    "issue_official_keys",
    "issue_seal_key",
    "issue_seal_keys",
    "issue_service_key",
    "renew_crl",
    "revoke",
    "seal",
    "set_up_demo_authority",
    "sign",
    "unlock",
]
