"""What can go wrong on the way to a signature."""

from collections.abc import Sequence
from datetime import date


class EnrolmentError(Exception):
    """Nothing was changed."""


class NotFound(EnrolmentError):
    """There is no such enrolment, document or draft for this person."""


class NotNow(EnrolmentError):
    """The step is not the next one: the enrolment stands at `stage`."""

    def __init__(self, stage: str, wanted: str) -> None:
        super().__init__(f"An enrolment at {stage!r} cannot go to {wanted!r}.")
        self.stage, self.wanted = stage, wanted


class MayNot(EnrolmentError):
    """This person is not the one who may do that. `why`: role, self, login, agency."""

    def __init__(self, why: str) -> None:
        super().__init__(f"Not allowed ({why}).")
        self.why = why


class Incomplete(EnrolmentError):
    """Something is missing or wrong; by field name: a code for the words."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(f"Missing or wrong: {', '.join(fields)}.")
        self.fields = fields


class WeakPassphrase(EnrolmentError):
    """The passphrase may not be used: the codes of rules.Problem."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(f"Too weak: {', '.join(problems)}.")
        self.problems = tuple(problems)


class ReasonNeeded(EnrolmentError):
    """A return or a revocation names its reason."""


class BadAppointment(EnrolmentError):
    """A verifikator cannot be appointed so. `why`: self, twice, span, left."""

    def __init__(self, why: str) -> None:
        super().__init__(f"The appointment is refused ({why}).")
        self.why = why


class AlreadyReminded(EnrolmentError):
    """Whoever must act was told today already."""

    def __init__(self, day: date) -> None:
        super().__init__(f"Reminded on {day} already.")
        self.day = day


class NobodyToRemind(EnrolmentError):
    """Nobody who could act has a login."""


class HasLogin(EnrolmentError):
    """This official has an account already."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} has an account.")
        self.name = name


class SheetRefused(EnrolmentError):
    """A file is not a list that can be read. `code` names why, `detail` what is meant by it."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"The sheet is refused: {code} {detail}".strip())
        self.code, self.detail = code, detail


class SealBroken(EnrolmentError):
    """What was sealed does not open: the vault key has changed, or the bytes were."""
