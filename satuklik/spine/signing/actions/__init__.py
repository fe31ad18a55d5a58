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
from satuklik.spine.signing.actions.batches import Chosen, begin_batch, resume_batch, settle_batch
from satuklik.spine.signing.actions.issuing import (
    issue_official_key,
    issue_official_keys,
    issue_seal_key,
    issue_seal_keys,
)
from satuklik.spine.signing.actions.signing import SignedPdf, seal, sign, unlock
from satuklik.spine.signing.keys import UnlockedKey

__all__ = [
    "ISSUING",
    "ROOT",
    "Chosen",
    "Progress",
    "SignedPdf",
    "UnlockedKey",
    "begin_batch",
    "crl_stale",
    "issue_official_key",
    "issue_official_keys",
    "issue_seal_key",
    "issue_seal_keys",
    "renew_crl",
    "resume_batch",
    "revoke",
    "seal",
    "set_up_demo_authority",
    "settle_batch",
    "sign",
    "unlock",
]
