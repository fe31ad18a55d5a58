"""The states of a complaint (SP4N) as a table, and what a state means for those who wait."""

from dataclasses import dataclass

NEW = "new"
VERIFIED = "verified"
POSTPONED = "postponed"
NOT_OURS = "not_ours"
ARCHIVED = "archived"
DISPATCHED = "dispatched"
FOLLOWED_UP = "followed_up"
REPLIED = "replied"
REPORTER_REPLY = "reporter_reply"
CLOSED = "closed"
REOPENED = "reopened"

# Perpres 76/2013 ps. 8-9; Permen PANRB 62/2018 lamp. bab III: verifikasi, penyaluran, tindak lanjut, tanggapan.
NEXT: dict[str, frozenset[str]] = {
    NEW: frozenset({VERIFIED, POSTPONED, NOT_OURS, ARCHIVED}),
    # Back to «new» when the reporter has completed it.
    POSTPONED: frozenset({NEW, VERIFIED, NOT_OURS, ARCHIVED}),
    VERIFIED: frozenset({DISPATCHED, REPLIED, NOT_OURS, ARCHIVED}),
    # Back to «verified» where every agency has given the matter back.
    DISPATCHED: frozenset({DISPATCHED, FOLLOWED_UP, REPLIED, VERIFIED, ARCHIVED}),
    FOLLOWED_UP: frozenset({REPLIED, DISPATCHED, ARCHIVED}),
    REPLIED: frozenset({REPORTER_REPLY, CLOSED, REPLIED, DISPATCHED, ARCHIVED}),
    REPORTER_REPLY: frozenset({REPLIED, DISPATCHED, CLOSED, REPORTER_REPLY, ARCHIVED}),
    # Whoever reported may contest every end.
    NOT_OURS: frozenset({REOPENED}),
    ARCHIVED: frozenset({REOPENED}),
    CLOSED: frozenset({REOPENED}),
    REOPENED: frozenset({VERIFIED, DISPATCHED, REPLIED, NOT_OURS, ARCHIVED}),
}
STATES = tuple(NEXT)
ENDED = frozenset({NOT_OURS, ARCHIVED, CLOSED})
OPEN = frozenset(NEXT) - ENDED
# In these the office owes the next step; in «replied» and «postponed» the reporter does.
OURS = frozenset({NEW, VERIFIED, DISPATCHED, FOLLOWED_UP, REPORTER_REPLY, REOPENED})

# What an answer says about the matter itself.
DONE, UNDER_WAY, PLANNED, CANNOT = "done", "under_way", "planned", "cannot"
RESULTS = (DONE, UNDER_WAY, PLANNED, CANNOT)

# How a complaint came to be closed.
CONFIRMED, SILENT, BY_OFFICER = "confirmed", "silent", "officer"


def may_go(state: str, to: str) -> bool:
    """Whether the table has this step."""
    return to in NEXT.get(state, frozenset())


@dataclass(frozen=True)
class Standing:
    """What counts for the question whether a matter is really settled."""

    state: str
    result: str
    fixed: bool | None
    """The reporter's own word: True, False, or nothing said."""


def settled(standing: Standing) -> bool:
    """Whether the matter may be shown as settled. The reporter's word is stronger than ours; silence settles nothing
    that the answer itself does not call done."""
    if standing.state != CLOSED or standing.fixed is False:
        return False
    return standing.fixed is True or standing.result == DONE


def closes_by_itself(standing: Standing) -> bool:
    """Whether silence may close it (after the reporter's term): never over a «not fixed»."""
    return standing.state == REPLIED and standing.fixed is not False


def public_status(state: str) -> str:
    """Open311 knows only these two."""
    return "closed" if state in ENDED else "open"
