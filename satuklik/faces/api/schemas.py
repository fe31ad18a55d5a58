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


class SignatureOut(Schema):
    """Who signed, and when."""

    kind: str = Field(description="official or seal")
    signer: str
    position: str
    agency: str
    serial: str = Field(description="Of the certificate, hexadecimal")
    signed_at: datetime
    level: str = Field(description="B-B, B-T, B-LT or B-LTA at the moment of signing")


class SigningOut(Schema):
    """A PDF that was sent to be signed, and how it stands."""

    reference: str
    your_reference: str
    title: str
    state: str = Field(description="waiting, signed or refused")
    reason: str = Field(description="Why it was refused")
    created_at: datetime
    decided_at: datetime | None
    status_url: str
    file_url: str | None = Field(default=None, description="The signed PDF (with your token)")
    verify_url: str | None = Field(default=None, description="Where anybody checks it; in the QR code")
    sha256: str | None = Field(default=None, description="Of the signed PDF")
    signature: SignatureOut | None = None


class ActingOut(Schema):
    """An office whose head the official stands in for."""

    agency: str
    acting_as: str = Field(description="Plt, Plh or Pj")
    position: str


class OfficialStatusOut(Schema):
    """Whether an official can sign."""

    id: int
    name: str
    position: str
    status: str = Field(
        description="ready, no_certificate, expired, suspended, revoked, locked or not_registered"
    )
    not_after: datetime | None
    agency: str
    acting_for: list[ActingOut]


class SigningErrorOut(Schema):
    """What went wrong, and what to do; with what belongs to the error."""

    code: str
    message: str
    fields: dict[str, str] = {}
    left: int | None = Field(default=None, description="Attempts before the key is locked (wrong_passphrase)")
    until: datetime | None = Field(default=None, description="When the key opens again (key_locked)")
    problem: str | None = Field(
        default=None,
        description="Of the PDF: not_pdf, encrypted, damaged, locked, off_page, busy … (cannot_sign)",
    )


ERRORS = dict.fromkeys((401, 403, 404, 409, 413, 422, 423, 429, 502, 503, 504), SigningErrorOut)
