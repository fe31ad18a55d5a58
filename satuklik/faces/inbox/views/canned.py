"""Canned answers: the list, and one of them to change."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from satuklik.base.accounts.permissions import official
from satuklik.faces.inbox import words
from satuklik.faces.inbox.forms import CannedForm
from satuklik.faces.inbox.gate import ROLES, who
from satuklik.spine.intake import actions, queries

NEW = "baru"


@official(*ROLES)
@require_safe
def answers(request: HttpRequest) -> HttpResponse:
    """All canned answers."""
    who(request)
    rows = [(one, words.kind(one.kind) if one.kind else "") for one in queries.canned(all_of_them=True)]
    return render(request, "inbox/canned.html", {"rows": rows, "rail_here": reverse("inbox:list")})


@official(*ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """One canned answer, or a new one under the name «baru»."""
    officer = who(request)
    row = queries.canned_answer(slug)
    if row is None and slug != NEW:
        raise Http404
    initial = {}
    if row is not None:
        initial = {name: getattr(row, name) for name in ("title", "text", "kind", "order", "active")}
    form = CannedForm(request.POST or None, initial=initial)
    if request.method != "POST" or not form.is_valid():
        context = {"form": form, "row": row, "slug": slug, "rail_here": reverse("inbox:list")}
        return render(
            request, "inbox/canned_edit.html", context, status=422 if request.method == "POST" else 200
        )
    actions.save_canned(
        row.slug if row else _free(form.cleaned_data["title"]),
        form.cleaned_data,
        by=officer,
        now=timezone.now(),
    )
    messages.success(request, _("Jawaban siap pakai tersimpan."))
    return redirect("inbox:canned")


def _free(title: str) -> str:
    """A name that no canned answer has."""
    base = slugify(title)[:30] or "jawaban"
    number, name = 1, base
    while queries.canned_answer(name) is not None or name == NEW:
        number += 1
        name = f"{base}-{number}"
    return name
