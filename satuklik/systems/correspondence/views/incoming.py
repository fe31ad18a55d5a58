"""Letters that came in: registered, read, disposed, reported, closed."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from satuklik.base.accounts.permissions import official
from satuklik.base.agencies import queries as agencies
from satuklik.systems.correspondence import actions, queries
from satuklik.systems.correspondence.boxes import BY_NAME, address
from satuklik.systems.correspondence.errors import BadContent, BadUpload, NaskahError, NaskahNotFound
from satuklik.systems.correspondence.forms import DispositionForm, RegisterForm, ReportForm
from satuklik.systems.correspondence.queries import DispositionView, IncomingView
from satuklik.systems.correspondence.views.boxes import who
from satuklik.systems.correspondence.views.naskah import status_of, typed_in


@official()
@never_cache
@require_safe
def incoming(request: HttpRequest, incoming_id: int) -> HttpResponse:
    """The letter with its dispositions. The first opening is noted: the sender sees that it was read."""
    view = view_of(request, incoming_id)
    now = timezone.now()
    if view.read_at is None or any(one.mine and one.read_at is None for one in view.dispositions):
        actions.read(view.incoming, by=who(request), now=now)
        view = view_of(request, incoming_id)
    return page(request, view)


@official()
@require_POST
def dispose(request: HttpRequest, incoming_id: int) -> HttpResponse:
    """Give an instruction to one or several officials; with `parent` it passes on one's own."""
    view = view_of(request, incoming_id)
    form = DispositionForm(request.POST, takers=view.takers)
    if not form.is_valid():
        return page(request, view, disposing=form, status=422)
    given, by = form.cleaned_data, who(request)
    parent = _mine(view, request.POST.get("parent", ""))
    people = {person.pk: person for person in agencies.officials(view.incoming.agency, timezone.localdate())}
    return _done(
        request, view,
        lambda: actions.dispose(
            view.incoming, by=by, now=timezone.now(), takers=[people[pk] for pk in given["takers"] if pk in people],
            instruction=given["instruction"], note=given["note"], due_on=given["due_on"],
            parent=parent.disposition if parent else None,
        ),
        _("Disposisi tersimpan dan sampai di kotak penerimanya."), disposing=form,
    )  # fmt: skip


@official()
@require_POST
def report(request: HttpRequest, incoming_id: int, disposition_id: int) -> HttpResponse:
    """What was done about one's disposition."""
    view, form = view_of(request, incoming_id), ReportForm(request.POST)
    mine = _mine(view, str(disposition_id))
    if mine is None:
        raise Http404
    if not form.is_valid():
        return page(request, view, reporting=form, status=422)
    return _done(
        request, view,
        lambda: actions.report(
            mine.disposition, by=who(request), now=timezone.now(), text=form.cleaned_data["text"]
        ),
        _("Laporan tersimpan."), reporting=form,
    )  # fmt: skip


@official()
@require_POST
def close(request: HttpRequest, incoming_id: int) -> HttpResponse:
    """The matter is done."""
    view = view_of(request, incoming_id)
    return _done(
        request, view, lambda: actions.close(view.incoming, by=who(request), now=timezone.now()),
        _("Surat ini selesai."),
    )  # fmt: skip


@official()
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """A letter that came on paper or by mail gets its number in the agenda masuk."""
    by = who(request)
    form = RegisterForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return _register_page(request, form, 422 if request.method == "POST" else 200)
    given = dict(form.cleaned_data)
    scan = given.pop("scan")
    try:
        made = actions.register_incoming(
            agency=by.agency, by=by, now=timezone.now(), scan=scan.read() if scan else None, **given
        )
    except BadContent as error:
        for name, sentence in error.problems:
            form.add_error(name if name in form.fields else None, sentence)
        return _register_page(request, form, 422)
    except BadUpload as error:
        form.add_error("scan", str(error))
        return _register_page(request, form, 422)
    except NaskahError as error:
        form.add_error(None, str(error))
        return _register_page(request, form, status_of(error))
    messages.success(request, _("Tercatat di agenda masuk dengan nomor %(agenda)s.") % {
        "agenda": view_of(request, made.pk).agenda
    })  # fmt: skip
    return redirect("correspondence:incoming", made.pk)


def view_of(request: HttpRequest, incoming_id: int) -> IncomingView:
    """The letter as this official may see it; else 404, as if there were none."""
    try:
        return queries.incoming_for(incoming_id, who(request), timezone.now())
    except NaskahNotFound as error:
        raise Http404 from error


def page(
    request: HttpRequest, view: IncomingView, *, problem: str = "", status: int = 200, **given: forms.Form
) -> HttpResponse:
    """The page, also with what was typed and could not be done. `given`: `disposing`, `reporting`."""
    named = request.POST.get("kotak") or request.GET.get("kotak") or ""
    box = BY_NAME.get(named, BY_NAME["masuk"])
    mine = next((one for one in view.dispositions if one.mine), None)
    return render(
        request,
        "correspondence/incoming.html",
        {
            "view": view, "box": box, "back": address(box), "rail_here": address(box), "problem": problem, "mine": mine,
            "tree": tree(view.dispositions),
            "typed": typed_in(given.values()) if problem else [],
            "forms": {"disposing": DispositionForm(takers=view.takers), "reporting": ReportForm(), **given},
        },
        status=status,
    )  # fmt: skip


def tree(flat: tuple[DispositionView, ...]) -> list[tuple[DispositionView, list[Any]]]:
    """The dispositions, each with those that pass it on."""
    top: list[tuple[DispositionView, list[Any]]] = []
    path: list[tuple[DispositionView, list[Any]]] = []
    for one in flat:
        leaf: tuple[DispositionView, list[Any]] = (one, [])
        del path[one.depth :]
        (path[-1][1] if path else top).append(leaf)
        path.append(leaf)
    return top


def _mine(view: IncomingView, disposition_id: str) -> DispositionView | None:
    """One's own open disposition with this id."""
    return next((one for one in view.dispositions if one.mine and str(one.id) == disposition_id), None)


def _done(
    request: HttpRequest, view: IncomingView, act: Callable[[], object], told: str, **given: forms.Form
) -> HttpResponse:
    try:
        act()
    except NaskahError as error:
        fresh = view_of(request, view.id)
        return page(request, fresh, problem=str(error), status=status_of(error), **given)
    messages.success(request, told)
    return redirect("correspondence:incoming", view.id)


def _register_page(request: HttpRequest, form: RegisterForm, status: int) -> HttpResponse:
    context = {"form": form, "official": who(request), "classes": queries.classifications()}
    return render(request, "correspondence/register.html", context, status=status)
