"""From the spine's answers to what pages show: words for facts, states, steps; fields for questions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from satuklik.base.ui import registry
from satuklik.base.ui import rules as writing
from satuklik.spine.cases import queries as cases
from satuklik.spine.population import queries as population

CODES: dict[str, dict[str, Promise]] = {
    "village.kind": {"desa": _("Desa"), "kelurahan": _("Kelurahan")},
}
HIDDEN = ("person.nik", "household.kk")
DATES = ("person.birth_date",)
# Facts that only carry a code for rules say nothing to a person.
UNSHOWN = frozenset({"village.code", "district.code", "village.kind", "person.status", "person.age"})

PLACE = frozenset(
    {"household.rt", "household.rw", "household.postal_code", "village.name", "district.name", "regency.name"}
)


def value_in_words(name: str, value: object, language: str) -> str:
    """A fact's value as a person reads it. Identity numbers show only their ends: people look over shoulders."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return gettext("Ya") if value else gettext("Tidak")
    if name in CODES and str(value) in CODES[name]:
        return str(CODES[name][str(value)])
    if name in HIDDEN:
        return writing.masked(str(value))
    if name == "person.phone":
        return writing.phone(str(value))
    if name in DATES:
        return writing.long_date(date.fromisoformat(str(value)), language)
    root, _dot, column = name.partition(".")
    word = population.word(column, str(value), language) if root == "person" else None
    return word or str(value)


@dataclass(frozen=True)
class Source:
    """Facts of one register, and how fresh they are."""

    name: str
    as_of: date
    rows: tuple[tuple[str, str], ...]


def told_apart(names: Iterable[str]) -> list[str]:
    """The facts that a person would name: an address is one thing, codes for rules are none."""
    listed = [name for name in names if name not in UNSHOWN]
    if "household.address" in listed:
        listed = [name for name in listed if name not in PLACE]
    return listed


def sources(facts: Sequence[cases.ShownFact], language: str) -> list[Source]:
    """Facts by the register that they come from."""
    told = set(told_apart(fact.name for fact in facts))
    values = {fact.name: str(fact.value) for fact in facts if fact.value not in (None, "")}
    groups: dict[tuple[str, date], list[tuple[str, str]]] = {}
    for fact in facts:
        if fact.name in told:
            if fact.name == "household.address":
                value = _address(values)
            else:
                value = value_in_words(fact.name, fact.value, language)
            groups.setdefault((gettext(fact.source), fact.as_of), []).append((str(fact.label), value))
    return [Source(name, as_of, tuple(rows)) for (name, as_of), rows in groups.items()]


def _address(values: Mapping[str, str]) -> str:
    """Street, RT/RW, village and district in one line, as far as the service uses them."""
    parts = [values.get("household.address", "–")]
    if "household.rt" in values and "household.rw" in values:
        parts.append(f"RT {values['household.rt']}/RW {values['household.rw']}")
    parts += [values[name] for name in ("village.name", "district.name", "regency.name") if name in values]
    return ", ".join(parts) + (
        f" {values['household.postal_code']}" if "household.postal_code" in values else ""
    )


def answers_in_words(questions: Iterable[cases.AskedQuestion], language: str) -> list[tuple[str, str]]:
    """What was answered, in words; files stand in their own list."""
    rows = []
    for one in questions:
        kind, value = one.question.type, one.value
        if value is None or value == "" or kind == "file":
            continue
        text = str(value)
        if kind == "choice":
            text = next(
                (c.label.in_language(language) for c in one.question.choices if c.value == text), text
            )
        elif isinstance(value, bool):
            text = gettext("Ya") if value else gettext("Tidak")
        elif kind == "date":
            text = writing.long_date(date.fromisoformat(text), language)
        elif kind == "money":
            text = writing.rupiah(int(text))
        rows.append((one.question.label.in_language(language), text))
    return rows


STATES: dict[str, tuple[Promise, str, str]] = {
    "submitted": (_("Terkirim"), "", "send"),
    "in_review": (_("Diperiksa"), "", "file-search"),
    "granted": (_("Menunggu tanda tangan"), "", "pen-line"),
    "returned": (_("Perlu Anda lengkapi"), "yellow", "file-pen"),
    "issued": (_("Surat terbit"), "green", "circle-check"),
    "refused": (_("Tidak dikabulkan"), "red", "circle-x"),
    "handed_off": (_("Diteruskan"), "", "send"),
    "completed": (_("Selesai"), "green", "circle-check"),
    "withdrawn": (_("Dibatalkan"), "grey", "undo-2"),
}


@dataclass(frozen=True)
class Tag:
    """A state in a word, a colour and a sign."""

    label: Promise | str
    colour: str
    icon: str


def tag(state: str) -> Tag:
    """How a state is shown."""
    return Tag(*STATES[state])


@dataclass(frozen=True)
class Step:
    """One point of a time line: done, now, next or bad."""

    title: str
    state: str
    at: datetime | date | None = None
    office: str = ""
    text: str = ""


OUTCOMES = {
    "grant": _("Disetujui"),
    "return": _("Dikembalikan kepada Anda"),
    "refuse": _("Tidak dikabulkan"),
}


ENDED = {"annulled": _("Surat dicabut"), "replaced": _("Surat diganti")}


def time_line(view: cases.CaseView) -> list[Step]:
    """What happened in a case, what it waits for, and what comes after."""
    case, office = view.case, view.agency.name
    channel = gettext("di loket") if case.channel == "counter" else ""
    steps = [Step(gettext("Permohonan dikirim"), "done", case.submitted_at, channel)]
    for decision in view.decisions:
        if decision.kind == "automatic":
            title = gettext("Semua syarat terpenuhi, diperiksa otomatis")
            steps.append(Step(title, "done", decision.at, office, decision.law))
            continue
        state = "bad" if decision.outcome == "refuse" else "done"
        text = decision.reason if decision.outcome != "grant" else ""
        if decision.outcome == "refuse" and decision.law:
            text = f"{text} ({decision.law})"
        steps.append(Step(str(OUTCOMES[decision.outcome]), state, decision.at, office, text))
    if view.document is not None:
        number = gettext("Nomor %(number)s") % {"number": view.document.number}
        steps.append(Step(gettext("Surat terbit"), "done", view.document.issued_at, office, number))
        if view.document.status in ENDED:
            title, letter = str(ENDED[view.document.status]), view.document
            steps.append(Step(title, "bad", letter.status_at, office, letter.status_reason))
    return [*steps, *_ahead(view)]


def _ahead(view: cases.CaseView) -> Sequence[Step]:
    case, office = view.case, view.agency.name
    if case.state == "in_review":
        ahead = [Step(gettext("Sedang diperiksa"), "now", None, office)]
        if any(step.name == "sign" for step in view.service.definition.step):
            ahead.append(Step(gettext("Ditandatangani dan terbit"), "next", None, office))
        else:
            ahead.append(Step(gettext("Surat terbit"), "next", None, office))
        return ahead
    if case.state == "granted":
        return [Step(gettext("Menunggu tanda tangan pejabat"), "now", None, office)]
    if case.state == "returned":
        return [Step(gettext("Menunggu Anda melengkapi"), "now", None, "")]
    if case.state == "handed_off" and view.handoff is not None:
        handoff, target = view.handoff, view.handoff.target
        if handoff.handed_at is None:
            return [Step(gettext("Disiapkan untuk %(target)s") % {"target": target}, "now", None, office)]
        receipt = gettext("Tanda terima %(number)s") % {"number": handoff.receipt}
        return [
            Step(
                gettext("Diserahkan ke %(target)s") % {"target": target},
                "done",
                handoff.handed_at,
                office,
                receipt,
            ),
            Step(gettext("Diproses %(target)s") % {"target": target}, "now", None, target),
        ]
    if case.state == "completed":
        return [Step(gettext("Selesai"), "done", case.closed_at, office, case.note)]
    if case.state == "withdrawn":
        return [Step(gettext("Anda batalkan"), "done", case.closed_at)]
    return []


@dataclass(frozen=True)
class Matter:
    """A case in a list."""

    reference: str
    name: str
    icon: str
    tag: Tag
    submitted_at: datetime
    due_on: date | None
    url: str = field(default="")


def matter(case: cases.Case | cases.Running, language: str) -> Matter:
    """A case as a row."""
    definition = cases.version_of(case).definition
    open_ = case.closed_at is None and case.state != "returned"
    return Matter(
        case.reference,
        definition.name.in_language(language),
        definition.icon,
        tag(case.state),
        case.submitted_at,
        case.due_on if open_ else None,
        f"/urusan/{case.reference}/",
    )


TONES = {
    "": ("grey", "circle"),
    "info": ("", "send"),
    "success": ("green", "circle-check"),
    "warning": ("yellow", "circle-alert"),
    "danger": ("red", "circle-x"),
}


def other_matter(found: registry.Matter) -> Matter:
    """A matter of another system than the services, as a row."""
    due_on = None if found.closed else found.due_on
    label = Tag(found.state, *TONES[found.tone])
    return Matter(found.url, found.title, found.icon, label, found.since, due_on, found.url)


def how_long(definition: object) -> str:
    """How long a service takes, in a few words."""
    kind, days = definition.kind, definition.deadline.days  # type: ignore[attr-defined]
    if kind == "straight":
        return gettext("Langsung jadi, hitungan detik")
    return gettext("Paling lama %(days)d hari kerja") % {"days": days}


def how_much(definition: object) -> str:
    """What a service costs, in a few words."""
    amount = definition.fee.amount  # type: ignore[attr-defined]
    if amount == 0:
        return gettext("Gratis")
    if isinstance(amount, int):
        return writing.rupiah(amount)
    return gettext("Dihitung dari jawaban Anda, terlihat sebelum dikirim")


def issuer(definition: object) -> str:
    """Whose letter it is, in a few words."""
    by = definition.issuer  # type: ignore[attr-defined]
    if by == "village":
        return gettext("Kantor desa atau kelurahan Anda")
    if by == "district":
        return gettext("Kantor kecamatan Anda")
    return ""


def own_data(person: object, household: object) -> list[tuple[str, Promise, object]]:
    """The register's rows about a person, for that person's own eyes: name, label, value."""
    p, h = person, household
    return [
        ("person.nik", _("NIK"), p.nik),  # type: ignore[attr-defined]
        ("person.name", _("Nama lengkap"), p.name),  # type: ignore[attr-defined]
        ("person.sex", _("Jenis kelamin"), p.sex),  # type: ignore[attr-defined]
        ("person.birth_place", _("Tempat lahir"), p.birth_place),  # type: ignore[attr-defined]
        ("person.birth_date", _("Tanggal lahir"), p.birth_date.isoformat()),  # type: ignore[attr-defined]
        ("person.religion", _("Agama"), p.religion),  # type: ignore[attr-defined]
        ("person.marital", _("Status perkawinan"), p.marital),  # type: ignore[attr-defined]
        ("person.occupation", _("Pekerjaan"), p.occupation),  # type: ignore[attr-defined]
        ("household.kk", _("Nomor Kartu Keluarga"), h.kk),  # type: ignore[attr-defined]
        ("household.address", _("Alamat"), h.address),  # type: ignore[attr-defined]
        ("household.rt_rw", _("RT/RW"), f"{h.rt}/{h.rw}"),  # type: ignore[attr-defined]
        ("person.phone", _("Nomor HP"), p.phone),  # type: ignore[attr-defined]
    ]
