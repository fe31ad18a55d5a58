"""The portal's pages of public information: sections, search, one line, files, exports, published answers."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from satuklik.base.accounts.permissions import public
from satuklik.systems.ppid import parameters, rules, words
from satuklik.systems.ppid.errors import NotFound
from satuklik.systems.ppid.queries import public as shown
from satuklik.systems.ppid.views.desk import _page, download

ICONS = {
    "berkala": "calendar-days",
    "serta-merta": "megaphone",
    "setiap-saat": "folder-open",
    "dikecualikan": "lock",
}


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What is there: sections, search, the newest answers, and the way to ask."""
    text = _text(request)
    counts = shown.counts()
    sections = [
        (kind, words.CLASSES[kind], words.CLASS_ABOUT[kind], ICONS[kind], counts[kind])
        for kind in rules.CLASSES
    ]
    return render(
        request, "ppid/home.html",
        {"sections": sections, "text": text, "page": shown.items(text=text, page=_page(request)) if text else None,
         "answers": list(shown.answers())[:5], "classes": words.CLASSES, "query": _query(text), "tab": "services"},
    )  # fmt: skip


@public
@require_safe
def section(request: HttpRequest, kind: str) -> HttpResponse:
    """One class of information."""
    if kind not in rules.CLASSES:
        raise Http404
    text = _text(request)
    return render(
        request, "ppid/section.html",
        {"kind": kind, "label": words.CLASSES[kind], "about": words.CLASS_ABOUT[kind], "text": text,
         "page": shown.items(kind, text, _page(request)), "query": _query(text), "tab": "services"},
    )  # fmt: skip


@public
@require_safe
def item(request: HttpRequest, slug: str) -> HttpResponse:
    """One line of the list."""
    found = _found(shown.item, slug)
    ground = parameters.exceptions().get(found.ground, "")
    return render(
        request, "ppid/item.html",
        {"item": found, "label": words.CLASSES[found.kind], "form": words.FORMS[found.form], "ground": ground, "tab": "services"},
    )  # fmt: skip


@public
@require_safe
def item_file(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A file of a line."""
    found = _found(shown.item, slug)
    return download(*_found(shown.item_file, found, number))


@public
@require_safe
def answers(request: HttpRequest) -> HttpResponse:
    """Published answers."""
    text = _text(request)
    return render(
        request, "ppid/answers.html",
        {"page": shown.answers(text, _page(request)), "text": text, "query": _query(text), "tab": "services"},
    )  # fmt: skip


@public
@require_safe
def answer(request: HttpRequest, slug: str) -> HttpResponse:
    """One published answer."""
    return render(request, "ppid/answer.html", {"one": _found(shown.answer, slug), "tab": "services"})


@public
@require_safe
def answer_file(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A file of a published answer."""
    found = _found(shown.answer, slug)
    return download(*_found(shown.answer_file, found, number))


@public
@require_safe
def export_csv(request: HttpRequest) -> HttpResponse:
    """The list of public information as CSV, with the mark of UTF-8 for spreadsheets."""
    return download(
        ("\ufeff" + shown.export_csv()).encode(), "text/csv; charset=utf-8", "daftar-informasi-publik.csv"
    )


@public
@require_safe
def export_json(request: HttpRequest) -> HttpResponse:
    """The list of public information as JSON."""
    return JsonResponse(
        {"daftar_informasi_publik": list(shown.export())}, json_dumps_params={"ensure_ascii": False}
    )


def _found(read: Callable[..., Any], *what: Any) -> Any:
    try:
        return read(*what)
    except NotFound as error:
        raise Http404 from error


def _text(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\0", "").strip()[:80]


def _query(text: str) -> str:
    return urlencode({"q": text}) + "&" if text else ""
