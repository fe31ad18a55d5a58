"""Objections at the desk: of PPID, who registers them, and of Atasan PPID, who decides them; the dispute file."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from satuklik.base.accounts.permissions import official
from satuklik.spine.population import actions as population
from satuklik.systems.ppid import actions, forms, parameters, queries, uploads, words
from satuklik.systems.ppid.errors import NotFound
from satuklik.systems.ppid.models import MatterFile
from satuklik.systems.ppid.queries import ObjectionView, dossier, lists
from satuklik.systems.ppid.views.desk import _blank, _form, _nothing, _page, download, who
from satuklik.systems.ppid.views.guard import carry_out


@official()
@never_cache
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The list of objections."""
    by, now = who(request), timezone.now()
    if not (queries.is_officer(by, now) or queries.is_superior(by, now)):
        raise Http404
    view = "all" if request.GET.get("tampil") == "semua" else "open"
    page = lists.objections(by, view=view, now=now, page=_page(request))
    return render(
        request, "ppid/desk/objections.html",
        {"page": page, "view": view, "rail_here": reverse("ppid:objections"), "query": "tampil=semua&" if view == "all" else ""},
    )  # fmt: skip


@official()
@never_cache
@require_safe
def show(request: HttpRequest, reference: str) -> HttpResponse:
    """One objection."""
    return page(request, view_of(request, reference))


@official()
@require_POST
def act(request: HttpRequest, reference: str, name: str) -> HttpResponse:
    """Do one of ACTS."""
    view = view_of(request, reference)
    found = ACTS.get(name)
    if found is None:
        raise Http404
    made, do, told = found
    form = made(request)

    def done() -> HttpResponse:
        messages.success(request, told % {"number": view.objection.number})
        return redirect(reverse("ppid:objection", args=[reference]))

    def again(given: dict[str, Any], **more: Any) -> HttpResponse:
        return page(request, view_of(request, reference), given, **more)

    return carry_out(name, form, do=lambda: do(request, view, form), again=again, done=done)


@official()
@require_safe
def dispute_file(request: HttpRequest, reference: str) -> HttpResponse:
    """Everything that was logged, as one zip for the Information Commission."""
    view = view_of(request, reference)
    if "dossier" not in view.may:
        raise Http404
    content = dossier.of_objection(view.objection, timezone.now())
    return download(content, "application/zip", f"berkas-sengketa-{reference}.zip")


@official()
@require_safe
def file(request: HttpRequest, reference: str, file_id: int) -> HttpResponse:
    """A file of the objection or of its request."""
    view = view_of(request, reference)
    try:
        content, media, name = queries.file_of(view.request, file_id)
    except NotFound as error:
        raise Http404 from error
    return download(content, media, name)


def view_of(request: HttpRequest, reference: str) -> ObjectionView:
    """The objection as this official may see it; else a 404."""
    now = timezone.now()
    try:
        view = queries.objection_for(reference, who(request), now)
    except NotFound as error:
        raise Http404 from error
    if view.request.person_id is not None:
        population.record_looks(
            who(request), [(view.request.person_id, view.objection.reference)],
            reason=_("Keberatan %(number)s") % {"number": view.objection.number}, now=now, fields=("name", "address"),
        )  # fmt: skip
    return view


def page(
    request: HttpRequest, view: ObjectionView, given: dict[str, Any] | None = None, *, problem: str = "", status: int = 200
) -> HttpResponse:  # fmt: skip
    """The page, also with what was typed and could not be done."""
    made = {
        name: form for name, (build, *_rest) in ACTS.items() if (form := _blank(build, request)) is not None
    }
    return render(
        request,
        "ppid/desk/objection.html",
        {
            "view": view, "forms": {**made, **(given or {})}, "given": list((given or {}).items()), "problem": problem,
            "ground": parameters.objections()[view.objection.ground], "rail_here": reverse("ppid:objections"),
            "outcome": words.OUTCOMES.get(view.objection.outcome, ""),
        },
        status=status,
    )  # fmt: skip


def _by_name(action: Callable[..., Any], *fields: str, **fixed: Any) -> Callable[..., None]:
    def do(request: HttpRequest, view: ObjectionView, form: Any) -> None:
        given = {name: form.cleaned_data[name] for name in fields}
        action(view.objection, by=who(request), now=timezone.now(), **given, **fixed)

    return do


def _decide(request: HttpRequest, view: ObjectionView, form: Any) -> None:
    given = form.cleaned_data
    actions.decide_objection(
        view.objection, outcome=given["outcome"], response=given["response"], orders=given["orders"],
        order_days=given["order_days"] or 0, by=who(request), now=timezone.now(),
    )  # fmt: skip


def _rule(request: HttpRequest, view: ObjectionView, form: Any) -> None:
    now, given = timezone.now(), form.cleaned_data
    kept = uploads.keep(given["files"], kind=MatterFile.Kind.DISPUTE)
    actions.record_ruling(
        view.objection,
        ruling=given["ruling"],
        ruled_on=given["ruled_on"],
        files=kept,
        by=who(request),
        now=now,
    )


def _respond(request: HttpRequest, view: ObjectionView, form: Any) -> None:
    if "respond" not in view.may:
        raise Http404
    actions.respond(view.objection, answer=form.cleaned_data["answer"], by=who(request), now=timezone.now())


ACTS: dict[str, tuple[Callable[..., Any], Callable[..., None], Any]] = {
    "send": (_nothing, _by_name(actions.send_to_superior), gettext_lazy("%(number)s sampai di Atasan PPID.")),
    "decide": (_form(forms.ObjectionDecideForm, "decide"), _decide, gettext_lazy("Tanggapan %(number)s menunggu tanda tangan.")),
    "take_back": (_nothing, _by_name(actions.take_back_objection), gettext_lazy("Tanggapan %(number)s ditarik.")),
    "respond": (_form(forms.AnswerForm, "respond"), _respond, gettext_lazy("Tanggapan pemohon %(number)s tercatat.")),
    "dispute": (
        _form(forms.DisputeForm, "dispute"), _by_name(actions.record_dispute, "number", "registered_on"),
        gettext_lazy("Sengketa %(number)s tercatat."),
    ),
    "mediation": (_nothing, _by_name(actions.record_stage, stage="mediation"), gettext_lazy("Mediasi %(number)s tercatat.")),
    "adjudication": (
        _nothing, _by_name(actions.record_stage, stage="adjudication"), gettext_lazy("Ajudikasi %(number)s tercatat."),
    ),
    "rule": (_form(forms.RulingForm, "rule"), _rule, gettext_lazy("Putusan %(number)s tercatat.")),
    "close": (_nothing, _by_name(actions.close_objection), gettext_lazy("%(number)s selesai.")),
    "withdraw": (_nothing, _by_name(actions.withdraw_objection), gettext_lazy("%(number)s ditarik.")),
}  # fmt: skip
