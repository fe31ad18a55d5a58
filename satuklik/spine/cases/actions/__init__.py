"""What changes a case; each action is one transaction, in a file named after its noun."""

from satuklik.spine.cases.actions.deciding import decide
from satuklik.spine.cases.actions.ending import annul_letter
from satuklik.spine.cases.actions.handing_off import finish_hand_off, hand_over
from satuklik.spine.cases.actions.mending import mend, withdraw
from satuklik.spine.cases.actions.publishing import publish, publish_all, retire
from satuklik.spine.cases.actions.signing import SignResult, sign_case, sign_many
from satuklik.spine.cases.actions.submitting import Applicant, Receipt, submit
from satuklik.spine.cases.facts import register as register_fact

__all__ = [
    "Applicant", "Receipt", "SignResult", "annul_letter", "decide", "finish_hand_off", "hand_over", "mend", "publish", "publish_all",
    "register_fact", "retire", "sign_case", "sign_many", "submit", "withdraw",
]  # fmt: skip
