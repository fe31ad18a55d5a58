"""What this room does with letters. Others import from here, one noun a file below."""

from satuklik.spine.documents.actions.drafted import Capacity, Printed, Room, settle_drafted, sign_drafted
from satuklik.spine.documents.actions.foreign import FOREIGN, register_foreign
from satuklik.spine.documents.actions.issuing import Signer, check_printable, issue, next_number, verify_url
from satuklik.spine.documents.actions.life import annul, give_up_decisions, note_opening, preview_annulment
from satuklik.spine.documents.actions.pending import abandon, check_undecided, enter_force, sign_pending
from satuklik.spine.documents.actions.pictures import picture, preview, sample, specimen, warm_up
from satuklik.spine.documents.actions.proof import augment_due, augment_one, count_due
from satuklik.spine.documents.actions.registering import Paper, draft, register, sheet
from satuklik.spine.documents.models import IssuedDocument
from satuklik.spine.documents.rules import LetterTemplate

__all__ = [
    "FOREIGN",
    "Capacity",
    "IssuedDocument",
    "LetterTemplate",
    "Paper",
    "Printed",
    "Room",
    "Signer",
    "abandon",
    "annul",
    "augment_due",
    "augment_one",
    "check_printable",
    "check_undecided",
    "count_due",
    "draft",
    "enter_force",
    "give_up_decisions",
    "issue",
    "next_number",
    "note_opening",
    "picture",
    "preview",
    "preview_annulment",
    "register",
    "register_foreign",
    "sample",
    "settle_drafted",
    "sheet",
    "sign_drafted",
    "sign_pending",
    "specimen",
    "verify_url",
    "warm_up",
]
