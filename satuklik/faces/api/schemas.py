"""The shapes of the API's requests and answers."""

from datetime import date, datetime
from typing import Any

from ninja import Field, Schema


class TextOut(Schema):
    """A text in both languages."""

    id: str
    en: str


class QuestionOut(Schema):
    """Something that the applicant has to say."""

    id: str
    type: str
    label: TextOut
    required: bool
    choices: list[str] = []
    accept: list[str] = []


class ServiceOut(Schema):
    """A service that is offered now."""

    slug: str
    version: int
    name: TextOut
    summary: TextOut
    category: str
    kind: str = Field(description="straight: issued at once; decision: an official decides; handoff")
    fee: int | None = Field(description="Rupiah; null where it depends on the answers")
    deadline_days: int = Field(description="Working days")
    facts: list[str] = Field(description="What is taken from registers and need not be sent")
    questions: list[QuestionOut]


class CaseIn(Schema):
    """A matter to be submitted."""

    service: str = Field(description="The service's slug")
    answers: dict[str, Any] = Field(
        default_factory=dict,
        description='By question id. A file is {"name": "ktp.jpg", "content": "<base64>"}.',
    )
    on_behalf_of: str | None = Field(default=None, description="NIK; for officials at a counter only")
    reason: str | None = Field(default=None, description="Why the official opens that person's data")


class LetterOut(Schema):
    """An issued letter."""

    number: str
    url: str
    verify_url: str


class CaseOut(Schema):
    """A matter and how it stands."""

    reference: str
    service: str
    state: str
    submitted_at: datetime
    due_on: date | None
    fee: int
    note: str
    letter: LetterOut | None = None


class FailureOut(Schema):
    """A condition that is not met."""

    rule: str
    message: str
    mend: str
    law: str


class ErrorOut(Schema):
    """What went wrong, and what to do."""

    code: str
    message: str
    fields: dict[str, str] = {}
    failures: list[FailureOut] = []


class VerifyOut(Schema):
    """What is known of a file or of a letter's token."""

    verdict: str = Field(
        description="valid, valid_with_additions, annulled, altered, untrusted, unsigned or unreadable"
    )
    signatures: list[dict[str, Any]]
    letter: dict[str, Any] | None = None
