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
from satuklik.spine.signing.actions.bsre import (
    register_at_bsre,
    register_seal_at_bsre,
    request_seal_activation,
    request_totp,
)
from satuklik.spine.signing.actions.issuing import (
    issue_official_key,
    issue_official_keys,
    issue_seal_key,
    issue_seal_keys,
)
from satuklik.spine.signing.actions.permissions import allow_seals, choose_backend, withdraw_seals
from satuklik.spine.signing.actions.signing import SignedPdf, seal, sign, unlock
from satuklik.spine.signing.actions.uses import ask_unresolved, give_up, resolve
from satuklik.spine.signing.keys import UnlockedKey

__all__ = [
    "ISSUING",
    "ROOT",
    "Progress",
    "SignedPdf",
    "UnlockedKey",
    "allow_seals",
    "ask_unresolved",
    "choose_backend",
    "crl_stale",
    "give_up",
    "issue_official_key",
    "issue_official_keys",
    "issue_seal_key",
    "issue_seal_keys",
    "register_at_bsre",
    "register_seal_at_bsre",
    "renew_crl",
    "request_seal_activation",
    "request_totp",
    "resolve",
    "revoke",
    "seal",
    "set_up_demo_authority",
    "sign",
    "unlock",
    "withdraw_seals",
]
