"""The form in which a naskah is written: facts, recipients, the fields of its template; typed text is never lost.

Rows of recipients and of tables are plain inputs (`to-0-name`, `c-agenda-1-0`), so that adding one needs no script.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any, Literal

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from satuklik.base.agencies import queries as agencies
from satuklik.base.agencies.queries import Agency, NoHead, Official, head_of
from satuklik.systems.correspondence import queries
from satuklik.systems.correspondence.errors import BadContent
from satuklik.systems.correspondence.rules import (
    MOST_RECIPIENTS,
    SUBJECT_LENGTH,
    Column,
    Field,
    Kind,
    To,
    Words,
)

LONGEST_CELL = 500
SIGNATURE_PLACES = ("bupati", "setda")  # whose head signs what any office of the regency drafts
MOST_FOUND = 12
BLANK_ROWS = 1


def words(text: Words | None) -> str:
    """A text of a template in the language of the page."""
    return (text.get(get_language() or "id") or text["id"]) if text else ""


@dataclass
class RecipientRow:
    """One line of "Kepada" or "Tembusan" as typed; `office` where it is one of ours."""

    name: str
    address: str = ""
    email: str = ""
    office: Agency | None = None

    def to(self, kind: Literal["to", "copy"]) -> To:
        """As the rules know it. An office's own name is printed as its head's title."""
        if self.office is None:
            return To(kind, "", self.name, self.address, self.email)
        plain = self.name.casefold() in _names(self.office)
        return To(kind, self.office.code, "" if plain else self.name, self.address, self.email)


@dataclass
class Table:
    """A table of the template as typed."""

    field: Field
    rows: list[list[str]]
    error: str = ""

    @property
    def columns(self) -> tuple[Column, ...]:
        return self.field.columns


def _names(office: Agency) -> set[str]:
    return {office.head_title.casefold(), office.name.casefold(), office.short_name.casefold()}


def offices_by_name(offices: Sequence[Agency]) -> dict[str, Agency]:
    """What may be typed for an office: its head's title, its name, its short name. A name of two offices is none."""
    found: dict[str, Agency] = {}
    twice: set[str] = set()
    for office in offices:
        for name in _names(office):
            if name in found and found[name].pk != office.pk:
                twice.add(name)
            found[name] = office
    return {name: office for name, office in found.items() if name not in twice}


class LetterForm(forms.Form):
    """The facts of every naskah, and the plain fields of its template as `c-<id>`."""

    use_required_attribute = False

    subject = forms.CharField(
        label=_("Perihal"), max_length=SUBJECT_LENGTH, error_messages={"required": _("Tulis perihalnya.")}
    )
    classification = forms.CharField(
        label=_("Kode klasifikasi arsip"),
        help_text=_("Ketik kode, atau kata dari namanya; misalnya “kepegawaian”."),
        max_length=80,
        widget=forms.TextInput(attrs={"list": "nd-classes", "autocomplete": "off"}),
        error_messages={"required": _("Pilih kode klasifikasi arsip.")},
    )
    urgency = forms.ChoiceField(label=_("Sifat kesegeraan"), widget=forms.RadioSelect)
    secrecy = forms.ChoiceField(label=_("Tingkat kerahasiaan"), widget=forms.RadioSelect)
    due_on = forms.DateField(
        label=_("Harus selesai ditandatangani"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    signer = forms.ChoiceField(label=_("Ditandatangani oleh"))
    pdf = forms.FileField(
        label=_("Berkas PDF"),
        help_text=_("Paling besar 20 MB dan tidak dikunci kata sandi."),
        error_messages={"required": _("Pilih berkas PDF yang akan ditandatangani.")},
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )

    def __init__(
        self, data: Any = None, files: Any = None, *, kind: Kind | None, by: Official, now: Any,
        fresh: bool = True, **rest: Any,
    ) -> None:  # fmt: skip
        """`kind` None: an uploaded PDF; its file is asked for unless it is there already (`fresh` False)."""
        super().__init__(data, files, prefix=None, **rest)
        self.kind, self.by = kind, by
        self.found: list[queries.Classification] = []
        for name, terms in (("urgency", queries.urgencies()), ("secrecy", queries.secrecies())):
            self.fields[name].choices = [(term.code, words(term.words)) for term in terms]  # type: ignore[attr-defined]
        self.fields["signer"].choices = signer_choices(by, kind, now)  # type: ignore[attr-defined]
        if kind is None:
            self.fields["pdf"].required = fresh
        else:
            del self.fields["pdf"]
            for one in plain_fields(kind):
                self.fields[content_name(one)] = form_field(one, by, now)

    def clean_classification(self) -> str:
        """A code as it is; words lead to the one class that has them, or to a choice of those that do."""
        given: str = self.cleaned_data["classification"].strip()
        picked: str = (self.data.get("classification_pick") or "").strip() if self.data else ""
        if picked and picked != given:
            given = picked
        code = given.split(" ")[0]
        if queries.classification_name(code):
            return code
        self.found = list(queries.classifications(given))[:MOST_FOUND]
        if len(self.found) == 1:
            return self.found[0].code
        raise forms.ValidationError(
            _("Pilih salah satu kode di bawah ini.")
            if self.found
            else _("Tidak ada kode klasifikasi seperti itu. Coba kata lain, misalnya “rapat” atau “cuti”.")
        )


def plain_fields(kind: Kind) -> list[Field]:
    """Every field of the template that is one control."""
    return [one for one in kind.fields if one.type != "table"]


def content_name(one: Field) -> str:
    """The name of its control."""
    return f"c-{one.id}"


def form_field(one: Field, by: Official, now: Any) -> forms.Field:
    """The control for a field of a template. None is required here: a draft may be unfinished."""
    common: dict[str, Any] = {
        "label": words(one.label), "help_text": words(one.hint), "required": False, "initial": one.default or None,
    }  # fmt: skip
    if one.type == "paragraphs":
        return forms.CharField(
            widget=forms.Textarea(attrs={"rows": 7}), max_length=one.most or 20_000, strip=False, **common
        )
    if one.type == "date":
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **common)
    if one.type == "time":
        return forms.TimeField(widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), **common)
    if one.type == "choice":
        choices = [("", "–"), *((value, words(label)) for value, label in one.choices)]
        return forms.ChoiceField(choices=choices, **common)
    if one.type == "officials":
        people = [by, *queries.colleagues(by, now)]
        return forms.TypedMultipleChoiceField(
            choices=[(person.pk, f"{person.name} – {person.position}") for person in people],
            coerce=int,
            widget=forms.CheckboxSelectMultiple,
            **common,
        )
    return forms.CharField(max_length=one.most or 500, **common)


def signer_choices(by: Official, kind: Kind | None, now: Any) -> list[tuple[str, str]]:
    """Who may be asked to sign: the head of the own office or of one above it, or an official in his own name."""
    found: list[tuple[str, str]] = []
    who = kind.signer if kind else "both"
    if who in ("head", "both"):
        found += [(f"kepala:{office.code}", _head_words(office, now)) for office in signing_offices(by, now)]
    if who in ("official", "both"):
        people = [by, *queries.colleagues(by, now)]
        found += [
            (f"pejabat:{person.pk}", f"{person.name} – {person.position}")
            for person in people
            if person.role != Official.Role.HEAD
        ]
    return found


def signing_offices(by: Official, now: Any) -> list[Agency]:
    """Whose head may be asked: the own office, those that he works for by mandate, those above, and the regency's."""
    found = [by.agency, *(agencies.agency_by_id(pk) for pk in agencies.offices_of(by, now))]
    above = by.agency.parent
    while above is not None:
        found.append(above)
        above = above.parent
    found += [office for office in queries.offices() if office.code in SIGNATURE_PLACES]
    return list({office.code: office for office in found}.values())


def _head_words(office: Agency, now: Any) -> str:
    try:
        signer = head_of(office, now)
    except NoHead:
        return office.head_title
    return f"{signer.position} – {signer.official.name}"


@dataclass(frozen=True)
class Cell:
    """One input of a table."""

    name: str
    value: str
    label: str


@dataclass(frozen=True)
class Part:
    """A field of the template as the page shows it: one control, or a table of cells."""

    field: forms.BoundField | None = None
    table: Table | None = None
    cells: Sequence[Sequence[Cell]] = ()


@dataclass
class Letter:
    """A naskah as it stands in the form: everything that was typed, right or wrong."""

    form: LetterForm
    to: list[RecipientRow]
    copies: list[RecipientRow]
    tables: list[Table] = field(default_factory=list)
    recipients_error: str = ""
    extra: Mapping[str, int] = field(default_factory=dict)
    """How many more empty rows a list shows: "to", "copy", or a table's id."""

    @property
    def blanks(self) -> dict[str, range]:
        """The numbers of the empty rows below the typed ones."""
        return {
            name: range(len(typed), len(typed) + BLANK_ROWS + self.extra.get(name, 0))
            for name, typed in (("to", self.to), ("copy", self.copies))
        }

    @property
    def parts(self) -> list["Part"]:
        """The template's fields in its order."""
        tables = {table.field.id: table for table in self.tables}
        for one in plain_fields(self.form.kind) if self.form.kind else ():
            # For the label only; a draft may be unfinished, so nothing was asked for when it was checked.
            self.form.fields[content_name(one)].required = one.required
        return [
            Part(table=tables[one.id], cells=self._cells(tables[one.id]))
            if one.id in tables
            else Part(field=self.form[content_name(one)])
            for one in (self.form.kind.fields if self.form.kind else ())
        ]

    def _cells(self, table: Table) -> list[list["Cell"]]:
        blank = [""] * len(table.columns)
        more = BLANK_ROWS + self.extra.get(table.field.id, 0)
        return [
            [
                Cell(
                    f"c-{table.field.id}-{number}-{place}",
                    row[place] if place < len(row) else "",
                    f"{words(column.label)} {number + 1}",
                )
                for place, column in enumerate(table.columns)
            ]
            for number, row in enumerate([*table.rows, *[blank] * more])
        ]

    def valid(self) -> bool:
        """Check the plain fields; the room's own rules are asked when it is saved."""
        if len(self.to) + len(self.copies) > MOST_RECIPIENTS:
            self.recipients_error = str(
                _("Paling banyak %(most)d tujuan dan tembusan.") % {"most": MOST_RECIPIENTS}
            )
        return self.form.is_valid() and not self.recipients_error

    def fields(self) -> dict[str, Any]:
        """What `actions.create` and `actions.edit` take. Only after `valid()`."""
        given = self.form.cleaned_data
        made: dict[str, Any] = {
            name: given[name] for name in ("subject", "classification", "urgency", "secrecy")
        }
        made["recipients"] = [
            *(row.to("to") for row in self.to if row.name),
            *(row.to("copy") for row in self.copies if row.name),
        ]
        return made | signer_of(given["signer"], self.form.by)

    def content(self) -> dict[str, Any]:
        """The template's fields as `Kind.fields` says. Only after `valid()`."""
        kind = self.form.kind
        if kind is None:
            return {}
        made = {one.id: _plain(self.form.cleaned_data[content_name(one)]) for one in plain_fields(kind)}
        return made | {table.field.id: [row for row in table.rows if any(row)] for table in self.tables}

    def blame(self, error: BadContent) -> None:
        """Put what the room's rules say beside the fields that it is about."""
        tables = {table.field.id: table for table in self.tables}
        for name, sentence in error.problems:
            if name == "recipients":
                self.recipients_error = sentence
            elif name in tables:
                tables[name].error = sentence
            elif f"c-{name}" in self.form.fields:
                self.form.add_error(f"c-{name}", sentence)
            else:
                self.form.add_error(name if name in self.form.fields else None, sentence)


def _plain(value: Any) -> Any:
    """As JSON can hold it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return "" if value is None else value


def signer_of(choice: str, by: Official) -> dict[str, Any]:
    """`signed_for` and `signer` behind a choice of `signer_choices`."""
    what, _colon, key = choice.partition(":")
    if what == "kepala":
        return {"signed_for": agencies.agency(key), "signer": None}
    person = next(one for one in [by, *queries.colleagues(by)] if one.pk == int(key))
    return {"signed_for": by.agency, "signer": person}


def office_named(name: str, offices: Mapping[str, Agency]) -> Agency | None:
    """The office of ours that a typed name means: by its whole name, else the only one whose name has all the words
    ("Camat Kisaran Timur" for "Camat Kota Kisaran Timur"). One word alone means nobody."""
    whole = offices.get(name.casefold())
    wanted = set(name.casefold().split())
    if whole is not None or len(wanted) < 2:
        return whole
    found = {office.pk: office for known, office in offices.items() if wanted <= set(known.split())}
    return next(iter(found.values())) if len(found) == 1 else None


def recipient_rows(data: QueryDict, kind: str, offices: Mapping[str, Agency]) -> list[RecipientRow]:
    """The rows of `kind` ("to", "copy") that a form brought, empty ones left out."""
    found = []
    for number in range(MOST_RECIPIENTS + BLANK_ROWS + 1):
        name = data.get(f"{kind}-{number}-name")
        if name is None:
            continue
        name = " ".join(name.replace("\0", "").split())[:160]
        if not name:
            continue
        address, email = (data.get(f"{kind}-{number}-{part}", "").strip() for part in ("address", "email"))
        office = office_named(name, offices)
        if office is not None and name.casefold() not in _names(office):
            name = office.head_title
        found.append(RecipientRow(name, address[:200], email[:254], office))
    return found


def table_rows(data: QueryDict, one: Field) -> Table:
    """The rows of a table that a form brought, empty ones left out."""
    found = []
    for number in range((one.most or 200) + BLANK_ROWS + 1):
        cells = [data.get(f"c-{one.id}-{number}-{place}") for place in range(len(one.columns))]
        if all(cell is None for cell in cells):
            continue
        row = [(cell or "").replace("\0", "").strip()[:LONGEST_CELL] for cell in cells]
        if any(row):
            found.append(row)
    return Table(one, found)
