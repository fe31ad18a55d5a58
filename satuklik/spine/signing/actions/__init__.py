"""What this room does: authorities, keys, signatures. Others import from here, one noun a file below."""

from satuklik.spine.signing.actions.authority import (
    ISSUING,
    ROOT,
    Progress,
    set_up_demo_authority,
)
from satuklik.spine.signing.actions.batches import Chosen, begin_batch, resume_batch, settle_batch
from satuklik.spine.signing.actions.bsre import (
    register_at_bsre,
    register_seal_at_bsre,
    request_seal_activation,
    request_totp,
)
from satuklik.spine.signing.actions.ceremony import (
    Ceremony,
    keep_ceremony,
    new_issuing,
    prepare_ceremony,
)
from satuklik.spine.signing.actions.issuing import (
    issue_official_key,
    issue_official_keys,
    issue_seal_key,
    issue_seal_keys,
)
from satuklik.spine.signing.actions.levels import Made
from satuklik.spine.signing.actions.permissions import allow_seals, choose_backend, withdraw_seals
from satuklik.spine.signing.actions.proofs import Gathering, augment
from satuklik.spine.signing.actions.revocation import crl_stale, renew_crl, resume, revoke, suspend
from satuklik.spine.signing.actions.rotation import (
    VaultState,
    end_superseded,
    renew_official_key,
    rewrap_vault,
    rotate_seals,
    vault_state,
)
from satuklik.spine.signing.actions.services import ensure_service_keys, issue_service_key
from satuklik.spine.signing.actions.signing import SignedPdf, seal, sign, unlock
from satuklik.spine.signing.actions.uses import ask_unresolved, give_up, resolve
from satuklik.spine.signing.actions.vaultfile import Restored, load_vault, save_vault
from satuklik.spine.signing.keys import UnlockedKey

__all__ = [
    "ISSUING",
    "ROOT",
    "Ceremony",
    "Chosen",
    "Gathering",
    "Made",
    "Progress",
    "Restored",
    "SignedPdf",
    "UnlockedKey",
    "VaultState",
    "allow_seals",
    "ask_unresolved",
    "augment",
    "begin_batch",
    "choose_backend",
    "crl_stale",
    "end_superseded",
    "ensure_service_keys",
    "give_up",
    "issue_official_key",
    "issue_official_keys",
    "issue_seal_key",
    "issue_seal_keys",
    "issue_service_key",
    "keep_ceremony",
    "load_vault",
    "new_issuing",
    "prepare_ceremony",
    "register_at_bsre",
    "register_seal_at_bsre",
    "renew_crl",
    "renew_official_key",
    "request_seal_activation",
    "request_totp",
    "resolve",
    "resume",
    "resume_batch",
    "revoke",
    "rewrap_vault",
    "rotate_seals",
    "save_vault",
    "seal",
    "set_up_demo_authority",
    "settle_batch",
    "sign",
    "suspend",
    "unlock",
    "vault_state",
    "withdraw_seals",
]
