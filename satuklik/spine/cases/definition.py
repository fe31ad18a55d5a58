"""What a service folder says, as types: the format of service.toml."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
FactName = Annotated[str, StringConstraints(pattern=r"^[a-z_]+\.[a-z_]+$")]

Category = Literal["kependudukan", "surat-desa", "usaha", "sosial", "perizinan", "pajak", "keluarga"]
Kind = Literal["straight", "decision", "handoff"]
QuestionType = Literal["text", "long_text", "choice", "boolean", "date", "integer", "money", "file"]
Role = Literal["head", "secretary", "staff", "counter", "ppid"]


class Part(BaseModel):
    """A part of the file: unknown keys are errors, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(Part):
    """A text in Indonesian and English; both are needed."""

    id: Words
    en: Words

    def in_language(self, language: str) -> str:
        """The text in `language` (Indonesian where the language is unknown)."""
        return self.en if language.startswith("en") else self.id


class Keywords(Part):
    """Everyday words by which people look for the service."""

    id: tuple[Words, ...] = Field(min_length=1)
    en: tuple[Words, ...] = Field(min_length=1)


class LegalMode(Part):
    """Why the system may issue here without an official (UU 30/2014 ps. 53)."""

    law: Words


class Fact(Part):
    """Something that a register already knows."""

    name: FactName
    law: Words | None = None


class Choice(Part):
    """One answer of a choice."""

    value: Identifier
    label: Text


class Question(Part):
    """Something that no register knows and that is asked."""

    id: Identifier
    type: QuestionType
    label: Text
    help: Text | None = None
    required: bool = True
    min: int | None = None
    max: int | None = None
    choices: tuple[Choice, ...] = ()
    accept: tuple[Literal["pdf", "jpg", "png"], ...] = ()
    max_mb: int = Field(default=5, ge=1, le=10)
    when: Words | None = None
    law: Words | None = None


class Rule(Part):
    """A condition in CEL that must be true, what it means when it is not, and the law behind it."""

    id: Identifier
    when: Words
    message: Text
    mend: Text
    law: Words
    effect: Literal["require", "examine"]


class Step(Part):
    """What an office does before the letter exists."""

    name: Literal["examine", "sign"]
    roles: tuple[Role, ...] = Field(min_length=1)
    days: int = Field(ge=1, le=60)


class HandOffTarget(Part):
    """The system of somebody else that issues (SIAK, OSS, SIMBG)."""

    target: Words
    instructions: Text


class Fee(Part):
    """What it costs: rupiah, or a CEL expression that gives rupiah."""

    amount: int | Words
    law: Words


class Deadline(Part):
    """Within how many working days, and who says so."""

    days: int = Field(ge=1, le=120)
    law: Words


class Letter(Part):
    """The letter that comes out."""

    title: Text
    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{3}(\.[0-9]{1,3})*$")]
    signer: Literal["seal", "head"]
    validity_months: int | None = Field(default=None, ge=1, le=120)
    shows: tuple[Annotated[str, StringConstraints(pattern=r"^[a-z_]+\.[a-z0-9_]+$")], ...] = Field(
        min_length=1
    )


class Standard(Part):
    """The 14 parts of a service standard (UU 25/2009 ps. 21)."""

    legal_basis: Text
    requirements: Text
    procedure: Text
    time: Text
    fee: Text
    product: Text
    facilities: Text
    competence: Text
    supervision: Text
    complaints: Text
    staffing: Text
    service_guarantee: Text
    safety_guarantee: Text
    evaluation: Text


class Definition(Part):
    """A whole service.toml."""

    name: Text
    summary: Text
    category: Category
    keywords: Keywords
    kind: Kind
    issuer: Annotated[str, StringConstraints(pattern=r"^(village|district|agency:[a-z0-9-]+)$")]
    icon: Words
    legal_mode: LegalMode | None = None
    fact: tuple[Fact, ...] = Field(min_length=1)
    question: tuple[Question, ...] = ()
    rule: tuple[Rule, ...] = Field(min_length=1)
    step: tuple[Step, ...] = ()
    handoff: HandOffTarget | None = None
    fee: Fee
    deadline: Deadline
    letter: Letter | None = None
    standard: Standard

    @property
    def automatic_law(self) -> str:
        """Why the system may issue here without an official; empty where it may not."""
        return self.legal_mode.law if self.legal_mode else ""

    @property
    def target(self) -> str:
        """The system that a hand-off goes to; empty for every other kind."""
        return self.handoff.target if self.handoff else ""

    def question_of(self, identifier: str) -> Question | None:
        """The question called `identifier`, or None."""
        return next((question for question in self.question if question.id == identifier), None)

    def rule_of(self, identifier: str) -> Rule | None:
        """The rule called `identifier`, or None."""
        return next((rule for rule in self.rule if rule.id == identifier), None)
