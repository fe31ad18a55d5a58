"""Registers, the yearly report, the monitoring, the lists and the publication of answers, at the desk."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from satuklik.base.accounts.permissions import official
from satuklik.base.agencies import queries as agencies
from satuklik.base.agencies.errors import NoSuchAgency
from satuklik.systems.ppid import actions, forms, masking, queries, uploads, words
from satuklik.systems.ppid.errors import BadInput, NotFound, PpidError
from satuklik.systems.ppid.models import Evidence, InformationItem
from satuklik.systems.ppid.queries import public, registers, reports
from satuklik.systems.ppid.views.desk import _offices, _page, download, officer, tested_of, view_of
from satuklik.systems.ppid.views.guard import into

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OLDEST = 2011
MOST_ROWS = 500


@official()
@never_cache
@require_safe
def register(request: HttpRequest, name: str) -> HttpResponse:
    """A register of a year in its printed columns."""
    found = _register(request, name)
    year = _year(request)
    return render(
        request, "ppid/desk/register.html",
        {"register": found, "name": name, "year": year, "years": _years(), "rows": list(zip(found.references, found.rows, strict=True))[-MOST_ROWS:],
         "shortened": len(found.rows) > MOST_ROWS, "rail_here": reverse("ppid:register", args=["permintaan"])},
    )  # fmt: skip


@official()
@require_safe
def register_xlsx(request: HttpRequest, name: str) -> HttpResponse:
    """The same as a workbook."""
    found = _register(request, name)
    return download(registers.workbook(found), XLSX, f"register-{name}-{_year(request)}.xlsx")


@official()
@require_safe
def register_pdf(request: HttpRequest, name: str) -> HttpResponse:
    """The same as PDF, A4 landscape."""
    found = _register(request, name)
    return download(
        registers.pdf(found, timezone.now()), "application/pdf", f"register-{name}-{_year(request)}.pdf"
    )


@official()
@never_cache
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """The yearly report: counts from the events, and the parts that people write."""
    by, year, now = officer(request), _year(request), timezone.now()
    written = reports.report(year)
    initial = {name: getattr(written, name) for name in forms.ReportForm.base_fields}
    form = forms.ReportForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.save_report(year, form.cleaned_data, by=by, now=now)
        messages.success(request, _("Laporan tahun %(year)s tersimpan.") % {"year": year})
        return redirect(f"{reverse('ppid:report')}?tahun={year}")
    return render(
        request, "ppid/desk/report.html",
        {"form": form, "year": year, "years": _years(), "lines": reports.lines(year, now), "written": written,
         "rail_here": reverse("ppid:report")},
        status=422 if request.method == "POST" else 200,
    )  # fmt: skip


@official()
@require_safe
def report_xlsx(request: HttpRequest) -> HttpResponse:
    """The report as a workbook."""
    officer(request)
    return download(
        reports.report_xlsx(_year(request), timezone.now()), XLSX, f"laporan-ppid-{_year(request)}.xlsx"
    )


@official()
@require_safe
def report_pdf(request: HttpRequest) -> HttpResponse:
    """The report as PDF."""
    officer(request)
    content = reports.report_pdf(_year(request), timezone.now())
    return download(content, "application/pdf", f"laporan-ppid-{_year(request)}.pdf")


@official()
@never_cache
@require_http_methods(["GET", "POST"])
def monitoring(request: HttpRequest) -> HttpResponse:
    """The evidence for the Information Commission's monitoring, by indicator."""
    by, year, now = officer(request), _year(request), timezone.now()
    form = forms.EvidenceForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            kept = uploads.keep(given["file"][:1])
            actions.add_evidence(
                year, given["indicator"], title=given["title"], note=given["note"], link=given["link"],
                score=given["score"] or 0, file=kept[0] if kept else None, by=by, now=now,
            )  # fmt: skip
        except uploads.BadFile as error:
            form.add_error("file", str(error))
        except BadInput as error:
            into(form, error)
        else:
            messages.success(request, _("Bukti tersimpan."))
            return redirect(f"{reverse('ppid:monitoring')}?tahun={year}")
    score, band = reports.overall(year, now)
    return render(
        request, "ppid/desk/monitoring.html",
        {"form": form, "year": year, "years": _years(), "rows": reports.assessment(year, now), "score": score, "band": band,
         "rail_here": reverse("ppid:report")},
        status=422 if request.method == "POST" else 200,
    )  # fmt: skip


@official()
@require_POST
def remove_evidence(request: HttpRequest, evidence_id: int) -> HttpResponse:
    """Take a piece of evidence away."""
    by = officer(request)
    found = Evidence.objects.filter(pk=evidence_id).first()
    if found is None or not actions.remove_evidence(evidence_id, by=by, now=timezone.now()):
        raise Http404
    return redirect(f"{reverse('ppid:monitoring')}?tahun={found.year}")


@official()
@require_safe
def monitoring_zip(request: HttpRequest) -> HttpResponse:
    """The evidence as one zip."""
    officer(request)
    content = reports.evidence_zip(_year(request), timezone.now())
    return download(content, "application/zip", f"monev-ppid-{_year(request)}.zip")


@official()
@never_cache
@require_safe
def items(request: HttpRequest) -> HttpResponse:
    """The lists of public and exempt information."""
    officer(request)
    text = request.GET.get("q", "").replace("\0", "").strip()[:80]
    page = public.all_items(text=text, page=_page(request))
    rows = [(one, words.CLASSES[one.kind]) for one in page]
    return render(
        request, "ppid/desk/items.html",
        {"page": page, "rows": rows, "text": text, "query": f"q={text}&" if text else "", "rail_here": reverse("ppid:items")},
    )  # fmt: skip


@official()
@never_cache
@require_http_methods(["GET", "POST"])
def item(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Enter or change a line."""
    by, now = officer(request), timezone.now()
    found = _item(slug) if slug else None
    form = forms.ItemForm(
        request.POST or None, request.FILES or None, agencies=_offices(), initial=_initial(found)
    )
    tested = forms.TestForm(
        request.POST or None,
        prefix="uji",
        auto_id="uji_%s",
        initial={"exempt": "ya", "tested_on": timezone.localdate()},
    )
    wants_test = "uji-information" in request.POST and bool(request.POST["uji-information"].strip())
    if request.method == "POST" and form.is_valid() and (not wants_test or tested.is_valid()):
        given = form.cleaned_data
        try:
            kept = uploads.keep(given["files"])
            test = actions.record_test(None, tested_of(tested), by=by, now=now) if wants_test else None
            made = actions.save_item(
                _given(given), by=by, now=now, item=found, files=kept, test=test, publish=given["shown"]
            )
            if made.published_at is not None and not given["shown"]:
                actions.show_item(made, shown=False, by=by, now=now)
        except uploads.BadFile as error:
            form.add_error("files", str(error))
        except NoSuchAgency as error:
            form.add_error("agency", str(error))
        except BadInput as error:
            into(form, error)
        else:
            messages.success(request, _("“%(title)s” tersimpan.") % {"title": made.title})
            return redirect(reverse("ppid:item-edit", args=[made.slug]))
    return render(
        request, "ppid/desk/item.html",
        {"form": form, "tested": tested, "wants_test": wants_test, "item": found, "rail_here": reverse("ppid:items")},
        status=422 if request.method == "POST" else 200,
    )  # fmt: skip


@official()
@require_POST
def item_file(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a file off a line."""
    by = officer(request)
    actions.drop_file(_item(slug), request.POST.get("sha256", "")[:64], by=by, now=timezone.now())
    return redirect(reverse("ppid:item-edit", args=[slug]))


@official()
@never_cache
@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, reference: str) -> HttpResponse:
    """An answer for everybody: the original and the masked text side by side; a person approves."""
    by, now = officer(request), timezone.now()
    view = view_of(request, reference)
    there = getattr(view.request, "published", None)
    if request.method == "POST" and "tarik" in request.POST:
        return _withdrawn(
            request, view.request, by, now
        )  # also while an objection has opened the request again
    if "publish" not in view.may:
        raise Http404
    files = [(str(one.pk), one.name) for one in view.answer_files]
    initial: dict[str, Any] = actions.suggestion(view.request)
    if there is not None and there.state == "published":
        initial = {"title": there.title, "question": there.question, "answer": there.answer}
    form = forms.PublishForm(request.POST or None, files=files, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.publish_answer(
                view.request, title=given["title"], question=given["question"], answer=given["answer"],
                files=[int(one) for one in given.get("files", [])], looked=given["looked"], by=by, now=now,
            )  # fmt: skip
        except PpidError as error:
            if isinstance(error, BadInput):
                into(form, error)
            else:
                form.add_error(None, str(error))
        else:
            messages.success(request, _("Jawaban terbit di portal."))
            return redirect(reverse("ppid:request", args=[reference]))
    names = [view.request.name, view.request.proxy_for]
    answer = view.decision.answer if view.decision else ""
    return render(
        request, "ppid/desk/publish.html",
        {
            "view": view, "form": form, "there": there,
            "sides": [
                (_("Pertanyaan asli"), masking.pieces(view.request.details, names=names)),
                (_("Jawaban asli"), masking.pieces(answer, names=names)),
            ],
            "kinds": words.MASKED, "rail_here": reverse("ppid:start"),
        },
        status=422 if request.method == "POST" else 200,
    )  # fmt: skip


def _withdrawn(request: HttpRequest, found: Any, by: Any, now: Any) -> HttpResponse:
    try:
        actions.withdraw_answer(found, by=by, now=now)
    except PpidError as error:
        messages.error(request, str(error))
        return redirect(reverse("ppid:request", args=[found.reference]))
    messages.success(request, _("Jawaban tidak tampil lagi di portal."))
    return redirect(reverse("ppid:request", args=[found.reference]))


def _register(request: HttpRequest, name: str) -> registers.Register:
    now = timezone.now()
    by = request.official  # type: ignore[attr-defined]
    allowed = queries.is_officer(by, now) or (name == "keberatan" and queries.is_superior(by, now))
    if name not in registers.REGISTERS or not allowed:
        raise Http404
    return registers.REGISTERS[name](_year(request))


def _year(request: HttpRequest) -> int:
    this_year = timezone.localdate().year
    named = request.GET.get("tahun", "")
    year = int(named) if named.isascii() and named.isdigit() and len(named) == 4 else this_year
    return year if OLDEST <= year <= this_year + 1 else this_year


def _years() -> list[int]:
    this_year = timezone.localdate().year
    return list(range(this_year, this_year - 5, -1))


def _item(slug: str) -> InformationItem:
    try:
        return public.any_item(slug)
    except NotFound as error:
        raise Http404 from error


def _initial(found: InformationItem | None) -> dict[str, Any]:
    if found is None:
        return {"made_on": timezone.localdate(), "kind": "setiap-saat", "form": "soft"}
    plain = ("title", "summary", "kind", "officer_title", "made_on", "made_at", "form", "retention", "link", "ground",
             "closed_until")  # fmt: skip
    return {name: getattr(found, name) for name in plain} | {
        "agency": found.agency.code, "shown": found.published_at is not None,
    }  # fmt: skip


def _given(given: dict[str, Any]) -> actions.Item:
    plain = ("title", "summary", "kind", "officer_title", "made_on", "made_at", "form", "retention", "link", "ground",
             "closed_until")  # fmt: skip
    return actions.Item(**{name: given[name] for name in plain}, agency=agencies.agency(given["agency"]))
