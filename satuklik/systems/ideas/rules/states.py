"""The states of an idea as a table."""

SUBMITTED = "submitted"
MODERATED = "moderated"  # it may be published; whether it is merged with a like one is the author's word
SUPPORT = "support"
REVIEW = "review"  # the agency says what it costs and where it stands in the plan (RKPD)
READY = "ready"  # reviewed: may stand in a round of votes
VOTE = "vote"
ADOPTED = "adopted"
NOT_ADOPTED = "not_adopted"
IN_PROGRESS = "in_progress"
DONE = "done"
MERGED = "merged"

NEXT: dict[str, frozenset[str]] = {
    SUBMITTED: frozenset({MODERATED, SUPPORT, MERGED, NOT_ADOPTED}),
    MODERATED: frozenset({SUPPORT, MERGED, NOT_ADOPTED}),
    SUPPORT: frozenset({REVIEW, MERGED, NOT_ADOPTED}),
    REVIEW: frozenset({READY, NOT_ADOPTED}),
    READY: frozenset({VOTE, NOT_ADOPTED}),
    # Back to «ready» where a round is called off.
    VOTE: frozenset({ADOPTED, NOT_ADOPTED, READY}),
    ADOPTED: frozenset({IN_PROGRESS, NOT_ADOPTED}),
    IN_PROGRESS: frozenset({IN_PROGRESS, DONE, NOT_ADOPTED}),
    DONE: frozenset(),
    # Another round, another year: an idea that was reviewed may try again.
    NOT_ADOPTED: frozenset({READY, SUBMITTED}),
    MERGED: frozenset({SUPPORT}),
}
STATES = tuple(NEXT)
PUBLIC = frozenset(NEXT) - {SUBMITTED, MODERATED, MERGED}
OPEN = frozenset({SUBMITTED, MODERATED, SUPPORT, REVIEW, READY, VOTE})


def may_go(state: str, to: str) -> bool:
    """Whether the table has this step."""
    return to in NEXT.get(state, frozenset())
