"""The registers in the columns that are printed (Perki 1/2021): page, workbook and PDF. Only what was logged is printed:
where a notice has no event, its column is empty."""

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import override

from satuklik.kernel import characters
from satuklik.kernel.dates_id import weekday_date
from satuklik.systems.ppid import papers, parameters, rules, words
from satuklik.systems.ppid.models import Decision, Event, InformationRequest, Letter, Objection

# In the order and the words of the printed form; registers are Indonesian (UU 24/2009 ps. 27).
REQUEST_COLUMNS = (
    "Nomor", "Tanggal", "Nama", "Alamat", "Nomor kontak", "Pekerjaan", "Informasi yang diminta", "Tujuan penggunaan",
    "Status informasi (dikuasai)", "Bentuk informasi yang dikuasai", "Jenis permintaan", "Keputusan",
    "Alasan penolakan", "Hari dan tanggal pemberitahuan tertulis", "Hari dan tanggal pemberian informasi", "Biaya",
    "Cara pembayaran",
)  # fmt: skip
OBJECTION_COLUMNS = (
    "Nomor", "Tanggal", "Identitas pemohon atau kuasa", "Nomor permintaan", "Informasi yang diminta",
    "Tujuan penggunaan", "Alasan keberatan", "Keputusan", "Hari dan tanggal tanggapan", "Nama dan jabatan Atasan PPID",
    "Tanggapan pemohon",
)  # fmt: skip
LOGGED = ("notified", "delivered", "paid", "dropped", "withdrawn", "reopened")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-][0-9][^=(|!]*\Z")  # a telephone number calls nothing: it stays as it was given


@dataclass(frozen=True)
class Register:
    """A register of one year."""

    name: str
    title: str
    columns: Sequence[str]
    rows: Sequence[tuple[str, ...]]
    references: Sequence[str]
    widths: Sequence[int]
    """The columns' shares of the page's width."""


def requests(year: int) -> Register:
    """The register of requests of a year, in the order of its numbers."""
    # The last decision that was signed, also while an objection has opened the request again: its notice went out.
    decisions = Decision.objects.filter(letter__state=Letter.State.SIGNED).order_by("-pk")
    events = Event.objects.filter(objection=None, kind__in=LOGGED).order_by("pk")
    found = (
        InformationRequest.objects.filter(year=year)
        .order_by("serial")
        .prefetch_related(
            Prefetch("decisions", decisions, to_attr="signed"), Prefetch("events", events, to_attr="logged")
        )
    )
    with override("id"):
        rows = [_request_row(one) for one in found]
    return Register(
        "permintaan", f"Register permintaan informasi publik tahun {year}", REQUEST_COLUMNS, rows,
        [one.reference for one in found], (11, 9, 11, 12, 11, 9, 18, 12, 8, 8, 8, 10, 14, 12, 12, 8, 9),
    )  # fmt: skip


def objections(year: int) -> Register:
    """The register of objections of a year."""
    events = Event.objects.filter(kind__in=("objection_notified", "responded")).order_by("pk")
    found = (
        Objection.objects.filter(year=year)
        .order_by("serial")
        .select_related("request", "letter")
        .prefetch_related(Prefetch("events", events, to_attr="logged"))
    )
    with override("id"):
        rows = [_objection_row(one) for one in found]
    return Register(
        "keberatan", f"Register keberatan tahun {year}", OBJECTION_COLUMNS, rows, [one.reference for one in found],
        (10, 9, 14, 11, 18, 12, 15, 10, 12, 14, 9),
    )  # fmt: skip


REGISTERS: dict[str, Callable[[int], Register]] = {"permintaan": requests, "keberatan": objections}


# Who asked, and the words in which it was asked, which may say it too.
PERSONAL = frozenset(
    {"Nama", "Alamat", "Nomor kontak", "Pekerjaan", "Identitas pemohon atau kuasa", "Cara pembayaran",
     "Informasi yang diminta", "Tujuan penggunaan"}
)  # fmt: skip


def nameless(register: Register) -> tuple[list[str], list[tuple[str, ...]]]:
    """The register's columns and rows without those that say who asked."""
    kept = [index for index, name in enumerate(register.columns) if name not in PERSONAL]
    return [register.columns[one] for one in kept], [tuple(row[one] for one in kept) for row in register.rows]


def workbook(register: Register) -> bytes:
    """The register as a workbook. What a person typed is text, also where it begins like a formula."""
    return book([(register.title[:31], register.columns, register.rows)])


def book(sheets: Sequence[tuple[str, Sequence[str], Sequence[Sequence[object]]]]) -> bytes:
    """A workbook of several sheets: (title, columns, rows)."""
    from openpyxl import Workbook  # heavy: only when a workbook is asked for
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font

    made = Workbook(write_only=True)
    for title, columns, rows in sheets:
        sheet = made.create_sheet(title[:31])
        sheet.freeze_panes = "A2"
        head = []
        for name in columns:
            cell = WriteOnlyCell(sheet, value=name)
            cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
            head.append(cell)
        sheet.append(head)
        for row in rows:
            sheet.append([safe(value) for value in row])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def safe(value: object) -> object:
    """A cell that no spreadsheet takes for a formula and no writer refuses."""
    if not isinstance(value, str):
        return value
    text = characters.writable(rules.tidy(value, 32_000))
    return f"'{text}" if text.startswith(_FORMULA) and not _NUMBER.match(text) else text


def pdf(register: Register, now: datetime) -> bytes:
    """The register as PDF, A4 landscape."""
    data = {
        "title": register.title, "columns": list(register.columns), "widths": list(register.widths),
        "rows": [list(row) for row in register.rows],
    }  # fmt: skip
    return papers.sheet("register", register.title, data, now)


def _request_row(request: InformationRequest) -> tuple[str, ...]:
    signed: list[Decision] = request.signed  # type: ignore[attr-defined]
    decision = signed[0] if signed else None
    logged = {event.kind: event for event in request.logged}  # type: ignore[attr-defined]
    outcome = decision.outcome if decision else ""
    ends = [event for event in request.logged if event.kind in ("dropped", "withdrawn", "reopened")]  # type: ignore[attr-defined]
    dropped = ends[-1] if ends and ends[-1].kind == "dropped" else None
    ended = "" if request.state != rules.WITHDRAWN else "Dihentikan" if dropped else "Ditarik pemohon"
    return (
        request.number,
        _day(request.received_at),
        request.name if not request.proxy_for else f"{request.name} (kuasa dari {request.proxy_for})",
        request.address,
        " / ".join(part for part in (request.phone, request.email) if part),
        request.occupation,
        request.details,
        request.purpose,
        "" if decision is None else "Tidak" if outcome == rules.NOT_HELD else "Ya",
        str(words.FORMS.get(decision.form_held, "")) if decision else "",
        "Melihat" if request.obtain == "view" else "Salinan",
        str(words.OUTCOMES[outcome]) if decision else ended,
        _refusal(decision) if decision else dropped.note if dropped else "",
        _logged_day(logged.get("notified")),
        _logged_day(logged.get("delivered")),
        _rupiah(decision.cost) if decision else "",
        _payment(logged["paid"]) if "paid" in logged else "",
    )


def _objection_row(objection: Objection) -> tuple[str, ...]:
    logged = {event.kind: event for event in objection.logged}  # type: ignore[attr-defined]
    told = "objection_notified" in logged
    who = objection.name
    if objection.by_proxy:
        who = f"{objection.proxy_name}, {objection.proxy_address} {objection.proxy_contact} (kuasa dari {objection.name})"
    ground = parameters.objections("id")[objection.ground]
    answers = {"accepts": "Menerima", "disputes": "Mengajukan sengketa"}
    return (
        objection.number,
        _day(objection.received_at),
        who,
        objection.request.number,
        objection.request.details,
        objection.request.purpose,
        f"Pasal 35 ayat (1) huruf {objection.ground}: {ground}",
        str(words.OUTCOMES[objection.outcome]) if told else "",
        _logged_day(logged.get("objection_notified")),
        f"{objection.superior_name}, {objection.superior_position}" if told else "",
        answers.get(objection.applicant_response, "")
        if "responded" in logged or objection.dispute_on
        else "",
    )


def _refusal(decision: Decision) -> str:
    if decision.outcome == rules.NOT_HELD:
        return f"Dikuasai oleh {decision.held_by}"
    if decision.outcome not in rules.WITHHOLDING:
        return ""
    grounds = ", ".join(f"huruf {letter}" for letter in decision.grounds)
    return f"Pasal 17 {grounds}: {decision.reason}"


def _payment(event: Event) -> str:
    paid_on = date.fromisoformat(event.data["paid_on"])
    return f"{_rupiah(event.data['amount'])}, {paid_on:%d-%m-%Y} {event.note}".strip()


def _rupiah(amount: int) -> str:
    return "Rp" + f"{amount:,}".replace(",", ".")


def _day(at: datetime) -> str:
    return f"{timezone.localdate(at):%d-%m-%Y}"


def _logged_day(event: Event | None) -> str:
    return weekday_date(timezone.localdate(event.at)) if event is not None else ""
