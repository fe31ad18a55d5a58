"""Reads of requests, objections, letters, registers, lists and reports."""

from satuklik.systems.ppid.permits import is_officer, is_superior, may_sign
from satuklik.systems.ppid.queries import lists, public, registers, reports
from satuklik.systems.ppid.queries.seeing import (
    ObjectionView,
    RequestView,
    answer_file,
    applicant_objection,
    applicant_view,
    clocks_of,
    file_of,
    find_reference,
    history,
    is_late,
    letter_for,
    objection_for,
    of_applicant,
    request_for,
    tracked,
    tracked_objection,
)

__all__ = [
    "ObjectionView",
    "RequestView",
    "answer_file",
    "applicant_objection",
    "applicant_view",
    "clocks_of",
    "file_of",
    "find_reference",
    "history",
    "is_late",
    "is_officer",
    "is_superior",
    "letter_for",
    "lists",
    "may_sign",
    "objection_for",
    "of_applicant",
    "public",
    "registers",
    "reports",
    "request_for",
    "tracked",
    "tracked_objection",
]  # fmt: skip
