"""Information requests, objections, letters, registers and the lists of public information."""

from satuklik.systems.ppid.models.lists import AnnualReport, Evidence, InformationItem, PublishedAnswer
from satuklik.systems.ppid.models.objections import Objection
from satuklik.systems.ppid.models.requests import (
    Clarification,
    ConsequenceTest,
    Decision,
    Event,
    InformationRequest,
    Letter,
    MatterFile,
    RegisterCounter,
)
from satuklik.systems.ppid.models.settings import ParameterRow

__all__ = [
    "AnnualReport",
    "Clarification",
    "ConsequenceTest",
    "Decision",
    "Event",
    "Evidence",
    "InformationItem",
    "InformationRequest",
    "Letter",
    "MatterFile",
    "Objection",
    "ParameterRow",
    "PublishedAnswer",
    "RegisterCounter",
]
