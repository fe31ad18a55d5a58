"""What this room does. Others import from here, one noun a file below."""

from satuklik.systems.enrolment.actions.appointing import appoint
from satuklik.systems.enrolment.actions.appointing import end as end_appointment
from satuklik.systems.enrolment.actions.certificates import (
    REASONS,
    ask_new_key,
    check_passphrase,
    choose_passphrase,
    renew,
    resume,
    revoke,
    suspend,
    suspended_by,
    take_from_bsre,
)
from satuklik.systems.enrolment.actions.handing_in import hand_in, note_look, read
from satuklik.systems.enrolment.actions.importing import (
    Plan,
    discard_old_drafts,
    draft_of,
    end_term,
    keep_draft,
    plan_import,
    run_draft,
    run_import,
)
from satuklik.systems.enrolment.actions.logins import Login, open_login
from satuklik.systems.enrolment.actions.registering import Registered, Registration, register
from satuklik.systems.enrolment.actions.reminding import remind_expiry, remind_now, remind_stuck
from satuklik.systems.enrolment.actions.resealing import reseal
from satuklik.systems.enrolment.actions.verifying import CHECKS, give_back, verify
from satuklik.systems.enrolment.actions.watching import end_who_left, notice_first_signatures

__all__ = [
    "CHECKS",
    "REASONS",
    "Login",
    "Plan",
    "Registered",
    "Registration",
    "appoint",
    "ask_new_key",
    "check_passphrase",
    "choose_passphrase",
    "discard_old_drafts",
    "draft_of",
    "end_appointment",
    "end_term",
    "end_who_left",
    "give_back",
    "hand_in",
    "keep_draft",
    "note_look",
    "notice_first_signatures",
    "open_login",
    "plan_import",
    "read",
    "register",
    "remind_expiry",
    "remind_now",
    "remind_stuck",
    "renew",
    "reseal",
    "resume",
    "revoke",
    "run_draft",
    "run_import",
    "suspend",
    "suspended_by",
    "take_from_bsre",
    "verify",
]
