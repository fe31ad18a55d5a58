"""Send a draft up the hierarchy, or take it back."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from satuklik.systems.correspondence.models import Naskah

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official


def submit(naskah: Naskah, *, by: "Official", now: datetime, chain: "Sequence[Sequence[Official]]") -> Naskah:
    """Make the version that goes up, and open its first step. `chain`: groups of parafs in order, those of one group
    side by side; may be empty. The signature comes last. Raises BadContent, NoRecipient, BadChain, WrongState,
    NotYours, LetterBroken."""
    raise NotImplementedError


def withdraw(naskah: Naskah, *, by: "Official", now: datetime) -> Naskah:
    """Who drafted it takes it back before it is signed: it is a draft again. Raises WrongState, NotYours."""
    raise NotImplementedError
