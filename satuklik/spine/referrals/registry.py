"""What systems tell this room at start: what to do when an agency answered or gave a question back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from satuklik.spine.referrals.models import Referral

Callback = Callable[["Referral", datetime], None]
"""(referral, now), in the transaction of the answer"""


class DuplicateSubject(RuntimeError):
    """Two systems registered one prefix of subjects."""


@dataclass(frozen=True)
class Subject:
    """A system's subjects ("ppid:…")."""

    prefix: str
    on_answered: Callback
    on_given_back: Callback


SUBJECTS: dict[str, Subject] = {}


def register_subject(prefix: str, on_answered: Callback, on_given_back: Callback) -> None:
    """Call back when a referral about "prefix:…" is answered or given back. Raises DuplicateSubject."""
    if prefix in SUBJECTS:
        raise DuplicateSubject(prefix)
    SUBJECTS[prefix] = Subject(prefix, on_answered, on_given_back)


def of(subject: str) -> Subject | None:
    """Who owns this subject; None where its system is switched off."""
    return SUBJECTS.get(subject.partition(":")[0])
