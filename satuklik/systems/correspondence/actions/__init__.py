"""What is done with naskah dinas, one noun a file below. Each is one transaction."""

from satuklik.systems.correspondence.actions.approving import forward, give_back, paraf
from satuklik.systems.correspondence.actions.dispatching import confirm_sent, dispatch
from satuklik.systems.correspondence.actions.disposing import close, dispose, report
from satuklik.systems.correspondence.actions.drafting import cancel, create, create_upload, edit
from satuklik.systems.correspondence.actions.receiving import read, register_incoming
from satuklik.systems.correspondence.actions.reminding import remind
from satuklik.systems.correspondence.actions.signing import sign
from satuklik.systems.correspondence.actions.submitting import submit, withdraw
from satuklik.systems.correspondence.rules import To

__all__ = [
    "To", "cancel", "close", "confirm_sent", "create", "create_upload", "dispatch", "dispose", "edit", "forward",
    "give_back", "paraf", "read", "register_incoming", "remind", "report", "sign", "submit", "withdraw",
]  # fmt: skip
