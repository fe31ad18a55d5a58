"""The yearly report in its printed parts, the figures, and the evidence for the Information Commission."""

import io
import zipfile
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from satuklik.base.calendar import queries as calendar
from satuklik.base.calendar.errors import YearNotLoaded
from satuklik.base.figures.registry import Figure
from satuklik.base.files import queries as files
from satuklik.base.ui.rules import rupiah
from satuklik.spine.referrals import queries as referrals
from satuklik.systems.ppid import papers, rules, words
from satuklik.systems.ppid.models import (
    AnnualReport,
    Decision,
    Evidence,
    InformationItem,
    InformationRequest,
    Letter,
    Objection,
)
from satuklik.systems.ppid.queries import registers

if TYPE_CHECKING:
    from django.db.models import QuerySet

PARTS = (
    ("policy", "Kebijakan pelayanan informasi publik"), ("facilities", "Sarana dan prasarana"),
    ("staff", "Sumber daya manusia"), ("obstacles", "Kendala"), ("recommendations", "Rekomendasi dan rencana tindak lanjut"),
)  # fmt: skip


def report(year: int) -> AnnualReport:
    """The written parts of a year; empty ones where nobody has written yet (then without primary key)."""
    return AnnualReport.objects.filter(year=year).first() or AnnualReport(year=year)


def counted(year: int, now: datetime) -> dict[str, Any]:
    """What the year's events count: requests by state and outcome, times, refusals by ground, objections, disputes."""
    rows = list(_of(Q(year=year)).order_by("serial"))
    decisions = list(
        Decision.objects.filter(
            request__year=year, in_force=True, letter__state=Letter.State.SIGNED
        ).select_related("request")
    )
    told = [one for one in rows if one.notified_at is not None]
    days = [spent for one in told if (spent := _spent(one)) is not None]
    late = [one for one in told if _late(one)]
    objected = list(Objection.objects.filter(year=year))
    return {
        "requests": len(rows),
        "by_channel": dict(Counter(one.channel for one in rows).most_common()),
        "by_applicant": dict(Counter(one.applicant for one in rows).most_common()),
        "outcomes": {name: sum(one.outcome == name for one in decisions) for name in rules.OUTCOMES},
        "open": sum(one.state in rules.OPEN and one.notified_at is None for one in rows),
        "overdue": sum(_overdue(one, timezone.localdate(now)) for one in rows),
        "withdrawn": sum(one.state == rules.WITHDRAWN and not one.ended_by_us() for one in rows),
        "dropped": sum(one.ended_by_us() for one in rows),
        "extended": sum(one.extended_on is not None for one in rows),
        "answered": len(told),
        "on_time": len(told) - len(late),
        "late": len(late),
        "median_days": median(days) if days else None,
        "longest_days": max(days) if days else None,
        "refusals": _refusals(decisions),
        "objections": len(objected),
        "objection_outcomes": {
            name: sum(one.outcome == name and one.notified_at is not None for one in objected)
            for name in rules.OBJECTION_OUTCOMES
        },
        "objection_grounds": dict(sorted(Counter(one.ground for one in objected).items())),
        "disputes": sum(one.dispute_on is not None for one in objected),
        "ruled": sum(one.state == rules.RULED for one in objected),
        "cost": sum(one.cost for one in decisions),
        "items": {
            kind: InformationItem.objects.filter(kind=kind, published_at__isnull=False).count()
            for kind in rules.CLASSES
        },
    }


def lines(year: int, now: datetime) -> list[tuple[str, str]]:
    """The counts as the report prints them: (what, how many)."""
    found = counted(year, now)
    with override("id"):
        rows = [("Permintaan yang diterima", found["requests"]), ("Dijawab", found["answered"]), ("Tepat waktu", found["on_time"]),
                ("Dijawab terlambat", found["late"]), ("Masih diproses", found["open"]),
                ("Masih diproses, lewat batas waktu", found["overdue"]), ("Diperpanjang", found["extended"]),
                ("Ditarik pemohon", found["withdrawn"]), ("Dihentikan PPID", found["dropped"]),
                ("Nilai tengah (median) waktu jawaban (hari kerja)", _number(found["median_days"])),
                ("Waktu jawaban terlama (hari kerja)", _number(found["longest_days"]))]  # fmt: skip
        rows += [(str(words.OUTCOMES[name]), count) for name, count in found["outcomes"].items()]
        rows += [(f"Penolakan Pasal 17 huruf {letter}", count) for letter, count in found["refusals"].items()]
        rows += [("Keberatan", found["objections"])]
        rows += [(str(words.OUTCOMES[name]), count) for name, count in found["objection_outcomes"].items()]
        rows += [
            ("Sengketa di Komisi Informasi", found["disputes"]),
            ("Sengketa yang diputus", found["ruled"]),
        ]
        rows += [
            (f"Permintaan lewat {words.CHANNELS.get(name, name)}", count)
            for name, count in found["by_channel"].items()
        ]
        rows += [
            (f"Daftar {words.CLASSES[kind]}".lower().capitalize(), count)
            for kind, count in found["items"].items()
        ]
        rows += [("Biaya salinan (rupiah)", found["cost"])]
        return [(what, str(count)) for what, count in rows]


def report_pdf(year: int, now: datetime) -> bytes:
    """The yearly report as PDF."""
    return papers.sheet("laporan", f"Laporan layanan informasi publik tahun {year}", _report(year, now), now)


def report_xlsx(year: int, now: datetime) -> bytes:
    """The yearly report as a workbook: written parts, counts, reasons of refusal, and both registers without who asked
    (the report is published; the registers with their names are workbooks of their own)."""
    facts = _report(year, now)
    requests, objections = registers.requests(year), registers.objections(year)
    return registers.book(
        [
            ("Laporan", ("Bagian", "Isi"), [(part["title"], part["text"]) for part in facts["parts"]]),
            ("Jumlah dan waktu", ("Keterangan", "Jumlah"), facts["counts"]),
            ("Alasan penolakan", ("Nomor", "Keputusan", "Alasan"), facts["refused"]),
            ("Register permintaan", *registers.nameless(requests)),
            ("Register keberatan", *registers.nameless(objections)),
        ]
    )  # fmt: skip


def evidence(year: int) -> dict[str, list[Evidence]]:
    """The evidence of a year by indicator."""
    found: dict[str, list[Evidence]] = {name: [] for name in rules.INDICATORS}
    for one in Evidence.objects.filter(year=year).select_related("added_by").order_by("pk"):
        found.setdefault(one.indicator, []).append(one)
    return found


def assessment(year: int, now: datetime) -> list[dict[str, Any]]:
    """Each indicator with its pieces, the body's own score (their mean) and its band; and what the system itself shows."""
    known = facts_of(year, now)
    rows = []
    for name, pieces in evidence(year).items():
        score = _mean([one.score for one in pieces])
        rows.append(
            {"name": name, "label": words.INDICATORS[name], "pieces": pieces, "score": score,
             "band": words.BANDS[rules.band(score)] if score is not None else "", "facts": known[name]}
        )  # fmt: skip
    return rows


def overall(year: int, now: datetime) -> tuple[float | None, str]:
    """The mean of the indicators that have a score, and its band; no weight is known that all commissions use [?]."""
    scores = [row["score"] for row in assessment(year, now) if row["score"] is not None]
    if not scores:
        return None, ""
    score = _mean(scores)
    assert score is not None
    return score, str(words.BANDS[rules.band(score)])


def _mean(scores: Sequence[float]) -> float | None:
    """The mean with one digit, cut and not rounded: 89.96 is not a 90 and lifts nobody into another band."""
    return int(round(10 * sum(scores) / len(scores), 6)) / 10 if scores else None


def facts_of(year: int, now: datetime) -> dict[str, list[tuple[str, str]]]:
    """What the system can show of itself under each indicator."""
    found = counted(year, now)
    with_files = InformationItem.objects.filter(published_at__isnull=False).exclude(files=[], link="").count()
    written = report(year)
    # A request that nobody answered in time is no better than one answered late.
    due = found["answered"] + found["overdue"]
    percent = int(100 * found["on_time"] / due) if due else None
    return {
        "quality": [(_("Informasi dengan berkas atau tautan"), str(with_files))],
        "facilities": [
            (_("Petugas"), str(written.staff_count)),
            (_("Anggaran (rupiah)"), rupiah(written.budget)),
        ],
        "kinds": [(str(words.CLASSES[kind]), str(count)) for kind, count in found["items"].items()],
        "service": [(_("Permintaan"), str(found["requests"])), (_("Tepat waktu (%)"), _number(percent))],
        "commitment": [(_("Laporan tahunan ditulis"), _("ya") if written.pk else _("belum"))],
        "digitalisation": [
            (str(words.CHANNELS.get(name, name)), str(count)) for name, count in found["by_channel"].items()
        ],
    }


def evidence_zip(year: int, now: datetime) -> bytes:
    """Everything for the monitoring in one zip: the table, the report, both registers, the files of the evidence."""
    rows, pieces = [], []
    with override("id"):
        for row in assessment(year, now):
            rows += [(str(row["label"]), what, value, "", "") for what, value in row["facts"]]
            for one in row["pieces"]:
                rows.append((str(row["label"]), one.title, one.note, one.link, one.score))
                if one.file_id:
                    pieces.append((f"bukti/{row['name']}/{one.pk}-{one.file_name}", files.read(one.file_id)))
        table = registers.book(
            [("Monev", ("Indikator", "Bukti", "Keterangan", "Tautan", "Nilai sendiri"), rows)]
        )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"monev-{year}.xlsx", table)
        archive.writestr(f"laporan-{year}.xlsx", report_xlsx(year, now))
        archive.writestr(f"laporan-{year}.pdf", report_pdf(year, now))
        for name, content in pieces:
            archive.writestr(name, content)
    return out.getvalue()


def figures(first: date, last: date, now: datetime) -> Iterable[Figure]:
    """Figures over the requests that came in from `first` to `last`, for the statistics page and the wall."""
    begin = datetime.combine(first, datetime.min.time(), timezone.get_default_timezone())
    end = datetime.combine(last + timedelta(days=1), datetime.min.time(), timezone.get_default_timezone())
    rows = list(_of(Q(received_at__gte=begin) & Q(received_at__lt=end)))
    told = [one for one in rows if one.notified_at is not None]
    days = [spent for one in told if (spent := _spent(one)) is not None]
    on_time = sum(not _late(one) for one in told)
    refused = Decision.objects.filter(
        request__in=[one.pk for one in rows],
        in_force=True,
        outcome=rules.REFUSED,
        letter__state=Letter.State.SIGNED,
    ).count()
    today = timezone.localdate(now)
    late = sum(_overdue(one, today) for one in rows)
    silent = len({one.agency.pk for one in referrals.silent(now) if one.subject.startswith("ppid:")})
    desk = reverse("ppid:start")
    yield Figure("ppid.requests", _("Permintaan informasi"), len(rows), url=reverse("ppid:home"))
    yield Figure(
        "ppid.on_time", _("Dijawab tepat waktu"), round(100 * on_time / len(told), 1) if told else None, "%"
    )
    yield Figure("ppid.median_days", _("Waktu jawaban (median)"), median(days) if days else None, "days")
    yield Figure("ppid.refused", _("Ditolak"), refused)
    yield Figure("ppid.late", _("Terlambat sekarang"), late, alarm=late > 0, url=f"{desk}?tampil=terlambat")
    yield Figure("ppid.silent_agencies", _("Perangkat daerah yang diam"), silent, alarm=silent > 0)


def _report(year: int, now: datetime) -> dict[str, Any]:
    written = report(year)
    with override("id"):
        refused = [
            [one.request.number, str(words.OUTCOMES[one.outcome]),
             one.reason or (f"Dikuasai oleh {one.held_by}" if one.held_by else "")]
            for one in Decision.objects.filter(
                request__year=year, in_force=True, letter__state=Letter.State.SIGNED,
                outcome__in=(rules.REFUSED, rules.PARTIAL, rules.NOT_HELD),
            ).select_related("request").order_by("request__serial")
        ]  # fmt: skip
    money = f"Anggaran Rp{written.budget:,}, terpakai Rp{written.budget_used:,}".replace(",", ".").replace(
        ". t", ", t"
    )
    parts = [{"title": title, "text": getattr(written, name)} for name, title in PARTS]
    parts.insert(3, {"title": "Anggaran dan petugas", "text": f"{money}. Petugas: {written.staff_count}."})
    return {"year": year, "parts": parts, "counts": lines(year, now), "refused": refused,
            "title": f"Laporan layanan informasi publik tahun {year}"}  # fmt: skip


def _refusals(decisions: Iterable[Decision]) -> dict[str, int]:
    found = Counter(letter for one in decisions if one.outcome in rules.WITHHOLDING for letter in one.grounds)
    return dict(sorted(found.items()))


def _of(which: Q) -> "QuerySet[InformationRequest]":
    """The requests with what their times are counted from."""
    rows = InformationRequest.objects.filter(which)
    return rows.select_related("term", "term_complete").prefetch_related("events")


def _told_on(request: InformationRequest) -> date:
    """The day of the first written notice: one that came later, by an objection that was upheld, does not move it."""
    assert request.notified_at is not None
    told = (one for one in request.events.all() if one.kind == "notified" and one.objection_id is None)
    first = min((event.at for event in told), default=None)
    return timezone.localdate(first or request.notified_at)


def _spent(request: InformationRequest) -> int | None:
    """Working days from receipt to the first written notice; None where the calendar does not reach."""
    try:
        return calendar.working_days(six_day=request.six_day).between(
            timezone.localdate(request.received_at), _told_on(request)
        )
    except YearNotLoaded:
        return None


def _late(request: InformationRequest) -> bool:
    """Whether the first written notice came after the earlier of the two dates (ps. 22(7)–(8))."""
    due = rules.earlier(*(term.due_on for term in (request.term, request.term_complete) if term is not None))
    return due is not None and _told_on(request) > due


def _overdue(request: InformationRequest, today: date) -> bool:
    """Whether nobody answered it, and its date is over."""
    waits = request.state in rules.OPEN and request.notified_at is None
    return waits and request.due_on is not None and request.due_on < today


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"
