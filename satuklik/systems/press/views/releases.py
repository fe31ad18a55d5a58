"""Press releases: the public pages, and the desk where they are written, approved and corrected."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from satuklik.base.accounts.permissions import official, public
from satuklik.base.files import queries as files
from satuklik.systems.press import actions, permits, queries, rules, words
from satuklik.systems.press.actions.releasing import LARGEST_PHOTO
from satuklik.systems.press.errors import PressError
from satuklik.systems.press.forms import CorrectionForm, ReasonForm, ReleaseForm
from satuklik.systems.press.models import Release
from satuklik.systems.press.views.guard import at_desk, who

A_PAGE = 20


@public
@require_safe
def public_list(request: HttpRequest) -> HttpResponse:
    """Published releases, the newest first."""
    page = Paginator(queries.published(), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "press/releases.html", {"page": page})


@public
@require_safe
def public_release(request: HttpRequest, slug: str) -> HttpResponse:
    """One release with its corrections. A withdrawn one says why, and is gone (410)."""
    found = queries.release(slug)
    if found is None:
        raise Http404
    withdrawn = found.state == rules.RELEASE_WITHDRAWN
    return render(
        request, "press/release.html",
        {
            "release": found, "withdrawn": withdrawn, "paragraphs": [] if withdrawn else rules.paragraphs(found.body),
            "corrections": found.corrections.order_by("-at"),
        },
        status=410 if withdrawn else 200,
    )  # fmt: skip


@public
@require_safe
def photo(request: HttpRequest, slug: str) -> HttpResponse:
    """The photo of a published release."""
    found = queries.release(slug)
    if found is None or found.state != rules.RELEASE_PUBLISHED:
        raise Http404
    return _picture(found)


@official()
@at_desk
@require_safe
def desk_list(request: HttpRequest) -> HttpResponse:
    """Every release."""
    rows = [(row, words.RELEASE_STATES[row.state]) for row in queries.releases_desk()]
    return render(request, "press/releases_desk.html", {"rows": rows})


@official()
@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """A new release."""
    return _form(request, None)


@official()
@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, release_id: int) -> HttpResponse:
    """Another text of one that is not published."""
    return _form(request, _release(release_id))


@official()
@at_desk
@require_safe
def desk_release(request: HttpRequest, release_id: int) -> HttpResponse:
    """One release at the desk."""
    return _page(request, _release(release_id))


@official()
@at_desk
@require_safe
def desk_photo(request: HttpRequest, release_id: int) -> HttpResponse:
    """Its photo before it is published."""
    return _picture(_release(release_id))


@official()
@at_desk
@require_POST
def act(request: HttpRequest, release_id: int, act: str) -> HttpResponse:
    """ajukan · setujui · kembalikan · terbitkan · ralat · tarik"""
    found, by, now = _release(release_id), who(request), timezone.now()
    simple = {
        "ajukan": (actions.submit_release, _("Diajukan untuk disetujui.")),
        "terbitkan": (actions.publish_release, _("Terbit di halaman siaran pers dan umpan.")),
    }
    with_reason = {
        "kembalikan": (actions.return_release, _("Dikembalikan kepada penulis.")),
        "tarik": (actions.withdraw_release, _("Ditarik.")),
    }
    try:
        if act == "setujui":
            said = _("Disetujui.")
            actions.approve_release(found, seen=request.POST.get("seen", "")[:40], by=by, now=now)
        elif act in simple:
            do, said = simple[act]
            do(found, by=by, now=now)
        elif act in with_reason:
            reason = ReasonForm(request.POST)
            if not reason.is_valid():
                return _page(request, found, status=422, reasoning=reason)
            do_with, said = with_reason[act]
            do_with(found, reason=reason.cleaned_data["reason"], by=by, now=now)
        elif act == "ralat":
            correction = CorrectionForm(request.POST)
            if not correction.is_valid():
                return _page(request, found, status=422, correcting=correction)
            actions.correct(found, by=by, now=now, **correction.cleaned_data)
            said = _("Ralat tampil di atas siaran.")
        else:
            raise Http404
    except PressError as error:
        return _page(request, _release(release_id), status=409, problem=str(error))
    messages.success(request, said)
    return redirect("press:release-desk", release_id)


def _form(request: HttpRequest, release: Release | None) -> HttpResponse:
    initial = (
        {name: getattr(release, name) for name in ("title", "summary", "body", "photo_alt")}
        if release
        else {}
    )
    form = ReleaseForm(
        request.POST if request.method == "POST" else None, request.FILES if request.method == "POST" else None,
        initial=initial,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        photo = given.pop("photo")
        try:
            made = actions.write_release(
                **given, photo=photo.read(LARGEST_PHOTO + 1) if photo else None, release=release, by=who(request),
                now=timezone.now(),
            )  # fmt: skip
        except PressError as error:
            form.add_error(getattr(error, "field", None) or None, str(error))
        else:
            messages.success(request, _("Tersimpan."))
            return redirect("press:release-desk", made.pk)
    return render(
        request, "press/release_form.html", {"form": form, "release": release},
        status=422 if request.method == "POST" else 200,
    )  # fmt: skip


def _page(
    request: HttpRequest, found: Release, *, problem: str = "", status: int = 200, **forms: Any
) -> HttpResponse:
    by, now = who(request), timezone.now()
    approves = permits.approves(by, now)
    return render(
        request, "press/release_desk.html",
        {
            "release": found, "problem": problem, "state_words": words.RELEASE_STATES[found.state],
            "paragraphs": rules.paragraphs(found.body), "next": rules.RELEASE_NEXT[found.state],
            "approves": approves, "own": by.pk in {found.written_by_id, *found.writers},
            "corrections": found.corrections.select_related("by").order_by("-at"),
            "reasoning": ReasonForm(), "correcting": CorrectionForm(initial={"body": found.body, "summary": found.summary}, auto_id="ralat_%s"),
            **forms,
        },
        status=status,
    )  # fmt: skip


def _release(release_id: int) -> Release:
    found = queries.release_for_desk(release_id)
    if found is None:
        raise Http404
    return found


def _picture(found: Release) -> HttpResponse:
    if not found.photo:
        raise Http404
    return HttpResponse(files.read(found.photo), content_type="image/jpeg")
