"""Who can be in a chain, who can take a disposition, where a naskah can go."""

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Agency, Official


def proposed_chain(
    by: "Official",
    *,
    signed_for: "Agency | None" = None,
    signer: "Official | None" = None,
    now: datetime | None = None,
) -> "list[list[Official]]":
    """Whose parafs a draft of `by` usually needs, in order, each inner list side by side: his chief of section or
    division, the secretary. Neither `by` himself nor who signs is in it."""
    raise NotImplementedError


def colleagues(official: "Official", now: datetime | None = None) -> "list[Official]":
    """Everybody in office at the same agency, himself left out, the head first."""
    raise NotImplementedError


def offices() -> "list[Agency]":
    """Every office of ours that a naskah can go to, by name."""
    raise NotImplementedError
