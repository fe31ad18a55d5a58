"""What this room does with PDFs that wait for a signature. Others import from here, one noun a file below."""

from satuklik.spine.requests.actions.intake import LARGEST, Caller, place, take_in, throw_away_drafts
from satuklik.spine.requests.actions.signing import refuse, seal_request, sign_request
from satuklik.spine.requests.models import SigningRequest
from satuklik.spine.requests.placing import read_placement

__all__ = [
    "LARGEST",
    "Caller",
    "SigningRequest",
    "place",
    "read_placement",
    "refuse",
    "seal_request",
    "sign_request",
    "take_in",
    "throw_away_drafts",
]
