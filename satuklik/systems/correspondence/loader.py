"""Read naskah/: templates as folders, classes of the archive, words of the regulation; what is wrong, and on which line."""

import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from satuklik.systems.correspondence import rules
from satuklik.systems.correspondence.rules import Classification, Column, Kind, Term

TOML, TYPST = "naskah.toml", "naskah.typ"
TERMS, CLASSES = "istilah.toml", "klasifikasi.toml"
SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
CODE = re.compile(r"\d{3}(\.\d{1,2}){0,4}")
_USED = re.compile(r"\b(?:f|terisi)\(\"([a-z_]+)\"\)")
# What the library's own functions read of a template's fields.
_IN_LIBRARY = {"lampiran": ("kepala-surat(", "kepala-nota(")}
_LISTED = re.compile(r"\(\"[^\"]*\", \"([a-z_]+)\"\)")


@dataclass(frozen=True, order=True)
class Problem:
    """Something wrong in naskah/: "surat-tugas/naskah.toml:12: …"."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class TemplatesBroken(Exception):
    """The templates cannot be used; `problems` says why, each with file and line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Sheet:
    """A page that is drawn from the register: lembar disposisi, lembar kendali."""

    slug: str
    name: rules.Words
    title: str
    source: str
    version: int


@dataclass(frozen=True)
class Catalogue:
    """Everything that stands in naskah/."""

    kinds: Mapping[str, Kind]
    sheets: Mapping[str, Sheet]
    classes: Mapping[str, Classification]
    urgencies: Mapping[str, Term]
    secrecies: Mapping[str, Term]
    instructions: Mapping[str, Term]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Words(_Strict):
    id: str = Field(min_length=1, max_length=300)
    en: str = Field(min_length=1, max_length=300)


class _Column(_Strict):
    id: str = Field(pattern=r"^[a-z_]+$")
    label: _Words


class _Choice(_Strict):
    value: str = Field(pattern=r"^[a-z0-9_]+$")
    label: _Words


class _Field(_Strict):
    id: str = Field(pattern=r"^[a-z_]+$", max_length=40)
    type: rules.FieldType
    label: _Words
    hint: _Words | None = None
    required: bool = True
    most: int = Field(default=0, ge=0)
    columns: tuple[_Column, ...] = ()
    choices: tuple[_Choice, ...] = ()
    default: str = ""


class _Template(_Strict):
    version: int = Field(ge=1)
    name: _Words
    title: str = Field(max_length=rules.TITLE_LENGTH)
    code: str = Field(pattern=r"^[A-Z]{1,6}$")
    signer: Literal["head", "official", "both"]
    recipients: Literal["required", "optional", "none"]
    classification: str
    secrecy: str
    urgency: str
    law: str = Field(min_length=1)
    field: tuple[_Field, ...] = Field(min_length=1)


class _Sheet(_Strict):
    version: int = Field(ge=1)
    sheet: Literal[True]
    name: _Words
    title: str = Field(min_length=1)
    law: str = Field(min_length=1)


class _Term(_Strict):
    code: str = Field(pattern=r"^[a-z_]+$", max_length=40)
    words: _Words
    days: int = Field(default=0, ge=0)
    confirmed: bool = True


class _Terms(_Strict):
    source: dict[str, str]
    urgency: tuple[_Term, ...] = Field(min_length=1)
    secrecy: tuple[_Term, ...] = Field(min_length=1)
    instruction: tuple[_Term, ...] = Field(min_length=1)


class _Class(_Strict):
    code: str
    name: str = Field(min_length=1, max_length=120)
    confirmed: bool | None = None


class _Classes(_Strict):
    confirmed: bool
    class_: tuple[_Class, ...] = Field(alias="class", min_length=1)


def load(root: Path) -> Catalogue:
    """Everything below `root`. Raises TemplatesBroken with every problem found."""
    reading = _Reading(root)
    catalogue = reading.catalogue()
    if catalogue is None or reading.problems:
        raise TemplatesBroken(sorted(reading.problems))
    return catalogue


class _Reading:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[Problem] = []

    def catalogue(self) -> Catalogue | None:
        terms = self.read(TERMS, TypeAdapter(_Terms))
        classes = self.read(CLASSES, TypeAdapter(_Classes))
        if terms is None or classes is None:
            return None
        named = {
            part: {
                term.code: Term(term.code, _words(term.words), term.days, term.confirmed) for term in listed
            }
            for part, listed in (
                ("urgency", terms.urgency),
                ("secrecy", terms.secrecy),
                ("instruction", terms.instruction),
            )
        }
        known = self.classes(classes)
        kinds, sheets = self.templates(known, named)
        return Catalogue(kinds, sheets, known, named["urgency"], named["secrecy"], named["instruction"])

    def classes(self, listed: _Classes) -> dict[str, Classification]:
        text = self.text(CLASSES)
        known = {}
        for row in listed.class_:
            line = _line(text, f'code = "{row.code}"')
            if not CODE.fullmatch(row.code):
                self.say(CLASSES, line, f"{row.code!r} is no code such as 800.1.11")
            elif row.code in known:
                self.say(CLASSES, line, f"{row.code} is there twice")
            confirmed = listed.confirmed if row.confirmed is None else row.confirmed
            known[row.code] = Classification(row.code, row.name, confirmed)
        return known

    def templates(
        self, classes: Mapping[str, Classification], terms: Mapping[str, Mapping[str, Term]]
    ) -> tuple[dict[str, Kind], dict[str, Sheet]]:
        kinds: dict[str, Kind] = {}
        sheets: dict[str, Sheet] = {}
        for folder in sorted(path for path in self.root.iterdir() if path.is_dir()):
            slug, name = folder.name, f"{folder.name}/{TOML}"
            if not SLUG.fullmatch(slug) or len(slug) > 40 or slug == rules.UPLOAD:
                self.say(
                    name, 1, "the folder's name must be lower case words with hyphens, at most 40 letters"
                )
            source = self.text(f"{slug}/{TYPST}")
            if not source:
                self.say(f"{slug}/{TYPST}", 1, "the file is missing or empty")
            is_sheet = re.search(r"(?m)^sheet\s*=", self.text(name)) is not None
            if is_sheet:
                sheet = self.read(name, TypeAdapter(_Sheet))
                if sheet is not None:
                    sheets[slug] = Sheet(slug, _words(sheet.name), sheet.title, source, sheet.version)
                continue
            template = self.read(name, TypeAdapter(_Template))
            if template is not None:
                self.check(slug, template, source, classes, terms)
                kinds[slug] = _kind(slug, template, source)
        return kinds, sheets

    def check(
        self,
        slug: str,
        template: _Template,
        source: str,
        classes: Mapping[str, Classification],
        terms: Mapping[str, Mapping[str, Term]],
    ) -> None:
        name = f"{slug}/{TOML}"
        text = self.text(name)
        for key, value, known in (
            ("classification", template.classification, classes),
            ("secrecy", template.secrecy, terms["secrecy"]),
            ("urgency", template.urgency, terms["urgency"]),
        ):
            if value not in known:
                self.say(name, _line(text, f"{key} ="), f"{key}: there is no {value!r}")
        used = set(_USED.findall(source)) | set(_LISTED.findall(source))
        used |= {name for name, calls in _IN_LIBRARY.items() if any(call in source for call in calls)}
        for field_id, count in Counter(field.id for field in template.field).items():
            if count > 1:
                self.say(
                    name, _line(text, f'id = "{field_id}"'), f"field {field_id!r} is there {count} times"
                )
            if field_id not in used:
                self.say(
                    name, _line(text, f'id = "{field_id}"'), f"{TYPST} never uses the field {field_id!r}"
                )
        for field_id in sorted(set(_USED.findall(source)) - {field.id for field in template.field}):
            line = _line(source, f'"{field_id}"')
            self.say(f"{slug}/{TYPST}", line, f"{TOML} has no field {field_id!r}")
        for field in template.field:
            line = _line(text, f'id = "{field.id}"')
            if (field.type == "table") != bool(field.columns):
                self.say(name, line, "a table has columns, and nothing else has them")
            if (field.type == "choice") != bool(field.choices):
                self.say(name, line, "a choice has choices, and nothing else has them")
            if field.default and field.type not in ("text", "paragraphs", "choice"):
                self.say(name, line, f"a field of type {field.type} has no default")

    def read(self, name: str, shape: TypeAdapter[Any]) -> Any:
        text = self.text(name)
        if not text:
            self.say(name, 1, "the file is missing, empty, or no UTF-8 text")
            return None
        try:
            return shape.validate_python(tomllib.loads(text))
        except tomllib.TOMLDecodeError as error:
            at = re.search(r"line (\d+)", str(error))
            self.say(name, int(at[1]) if at else text.count("\n") + 1, f"no valid TOML: {error}")
        except ValidationError as error:
            for detail in error.errors():
                self.say(name, _line_of(text, detail["loc"]), _said(detail))
        return None

    def text(self, name: str) -> str:
        try:
            return (self.root / name).read_text(encoding="utf-8")
        except (FileNotFoundError, UnicodeDecodeError):
            return ""

    def say(self, file: str, line: int, message: str) -> None:
        self.problems.append(Problem(file, line, message))


def _words(words: _Words) -> dict[str, str]:
    return {"id": words.id, "en": words.en}


def _kind(slug: str, template: _Template, source: str) -> Kind:
    fields = tuple(
        rules.Field(
            id=field.id,
            type=field.type,
            label=_words(field.label),
            hint=_words(field.hint) if field.hint else None,
            required=field.required,
            most=field.most or rules.MOST[field.type],
            columns=tuple(Column(column.id, _words(column.label)) for column in field.columns),
            choices=tuple((choice.value, _words(choice.label)) for choice in field.choices),
            default=field.default,
        )
        for field in template.field
    )
    return Kind(
        slug=slug,
        name=_words(template.name),
        title=template.title,
        code=template.code,
        fields=fields,
        signer=template.signer,
        recipients=template.recipients,
        classification=template.classification,
        secrecy=template.secrecy,
        urgency=template.urgency,
        law=template.law,
        version=template.version,
        source=source,
    )


def _said(detail: Any) -> str:
    place = ".".join(str(part + 1 if isinstance(part, int) else part) for part in detail["loc"])
    message = {"missing": "is missing", "extra_forbidden": "unknown key"}.get(detail["type"], detail["msg"])
    return f"{place}: {message}"


def _line(text: str, needle: str) -> int:
    """The line where `needle` stands first, else 1."""
    at = text.find(needle)
    return text.count("\n", 0, at) + 1 if at >= 0 else 1


def _line_of(text: str, place: Sequence[str | int]) -> int:
    """The line of the value at ("field", 2, "label", "en"), or of the table that it belongs in."""
    lines = text.split("\n")
    start, rest = 0, list(place)
    if len(rest) > 1 and isinstance(rest[1], int):
        heads = [
            n
            for n, line in enumerate(lines)
            if re.match(rf"\s*\[\[\s*{re.escape(str(rest[0]))}\s*\]\]", line)
        ]
        rows = [n for n, line in enumerate(lines) if re.match(r"\s*\{ ?code", line)]
        found = heads or rows
        start, rest = (found[rest[1]] if rest[1] < len(found) else 0), rest[2:]
    for key in rest[:1]:
        for number in range(start, len(lines)):
            if number > start and lines[number].startswith("[["):
                break
            if re.match(rf"\s*{re.escape(str(key))}\s*=", lines[number]):
                return number + 1
    return start + 1
