"""What can go wrong with a case, each with its evidence."""

from collections.abc import Sequence

from satuklik.spine.cases.rules import AnswerError, RuleResult


class CaseError(Exception):
    """Something that the applicant or the official can be told; the faces put it into words."""


class ServiceNotFound(CaseError):
    """There is no such service, or it is not offered now."""

    def __init__(self, slug: str) -> None:
        super().__init__(f"No service {slug!r}.")
        self.slug = slug


class CaseNotFound(CaseError):
    """There is no such case, or it is none of the asker's business: the two must look the same."""

    def __init__(self, reference: str) -> None:
        super().__init__(f"No case {reference!r}.")
        self.reference = reference


class AnswersInvalid(CaseError):
    """Some answers are missing or wrong."""

    def __init__(self, errors: Sequence[AnswerError]) -> None:
        super().__init__(", ".join(f"{e.question}: {e.code}" for e in errors))
        self.errors = tuple(errors)


class RulesFailed(CaseError):
    """Conditions of the service are not met; each failure names its rule, its law and the mend."""

    def __init__(self, failures: Sequence[RuleResult]) -> None:
        super().__init__(", ".join(failure.rule.id for failure in failures))
        self.failures = tuple(failures)


class ProofNeeded(CaseError):
    """The applicant's identity is not proven well enough (level 2) to get a document."""


class NotServedHere(CaseError):
    """The person does not live where this office serves."""


class NotResident(CaseError):
    """The register says that the person has died or moved away: `status` is dead or moved."""

    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


class AttachmentRejected(CaseError):
    """A file cannot be taken: `code` is too_large, wrong_type, not_readable or empty."""

    def __init__(
        self, question: str, code: str, *, name: str, limit: int | None = None, accept: Sequence[str] = ()
    ) -> None:
        super().__init__(f"{question}: {code} ({name})")
        self.question, self.code, self.name, self.limit, self.accept = (
            question,
            code,
            name,
            limit,
            tuple(accept),
        )


class KeyTaken(CaseError):
    """The key of this click has made another case already: for another person, service or answer."""


class NotNow(CaseError):
    """The case is in a state in which this can't be done (somebody else was faster, perhaps)."""

    def __init__(self, reference: str, state: str) -> None:
        super().__init__(f"{reference} is {state}.")
        self.reference, self.state = reference, state


class NotEntitled(CaseError):
    """The official may not do this (other office, other role, no mandate)."""


class ReasonMissing(CaseError):
    """A return or a refusal needs words that the applicant can act on; a refusal also a rule or a law."""
