"""Rounds of votes: the page with the ballot and the result; at the desk made, counted, called off."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from satuklik.base.accounts.permissions import denied, official, public, resident
from satuklik.base.accounts.queries import profile
from satuklik.systems.ideas import actions, presenting, queries, wording
from satuklik.systems.ideas.errors import IdeaError, NotFound
from satuklik.systems.ideas.forms import ReasonForm, RoundForm
from satuklik.systems.ideas.models import Idea
from satuklik.systems.ideas.rules import states
from satuklik.systems.ideas.rules.counting import BadBallot
from satuklik.systems.ideas.scope import scope_of


@public
@never_cache
@require_safe
def one(request: HttpRequest, round_id: int) -> HttpResponse:
    """The ballot while it runs, the result when it was counted."""
    return _page(request, round_id)


@resident(level=2)
@never_cache
@require_POST
def vote(request: HttpRequest, round_id: int) -> HttpResponse:
    """Cast or change a vote."""
    person = request.resident  # type: ignore[attr-defined]
    given = request.POST.getlist("ide")
    chosen = [int(one) for one in given if one.isascii() and one.isdigit() and len(one) < 16]
    try:
        first = actions.vote(
            round_id, person_id=person.person_id, level=person.level, choices=chosen, now=timezone.now()
        )
    except NotFound as error:
        raise Http404 from error
    except (IdeaError, BadBallot) as error:
        return _page(request, round_id, chosen=chosen, wrong=wording.of_error(error), status=422)
    messages.success(
        request,
        _("Suara Anda tercatat. Anda dapat mengubahnya sampai akhir.")
        if first
        else _("Pilihan Anda diubah."),
    )
    return HttpResponseRedirect(reverse("ideas:round", args=[round_id]), status=303)


def _page(
    request: HttpRequest,
    round_id: int,
    *,
    chosen: list[int] | None = None,
    wrong: str = "",
    status: int = 200,
) -> HttpResponse:
    try:
        view = queries.round_one(round_id, timezone.now())
    except NotFound as error:
        raise Http404 from error
    person = profile(request, "resident") if request.user.is_authenticated else None
    proven = person is not None and person.level >= 2
    if chosen is None:
        chosen = actions.choices_of(round_id, person.person_id) if proven and person is not None else []
    drawn, height = presenting.bars(view)
    context = {
        "tab": "services", "view": view, "round": view.round, "chosen": chosen, "wrong": wrong, "proven": proven,
        "voted": proven and person is not None and queries.has_voted(round_id, person.person_id),
        "bars": drawn, "height": height, "left": view.round.cap - view.spent,
    }  # fmt: skip
    return render(request, "ideas/round.html", context, status=status)


@official()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: HttpRequest) -> HttpResponse:
    """Every round, and a new one."""
    now, who = timezone.now(), request.official  # type: ignore[attr-defined]
    if not scope_of(who, now).coordinates:
        return denied(request, "role")
    waiting = Idea.objects.filter(state=states.READY).order_by("title", "pk")
    ready = [(row.pk, f"{row.title} (Rp{row.cost or 0:,})".replace(",", ".")) for row in waiting]
    form = RoundForm(request.POST if request.method == "POST" else None, ready=ready)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_round(**form.cleaned_data, by=who, now=now)
        except IdeaError as error:
            form.add_error(None, wording.of_error(error))
        else:
            messages.success(request, _("Putaran dibuat: %(title)s.") % {"title": made.title})
            return HttpResponseRedirect(reverse("ideas:rounds"), status=303)
    context = {"form": form, "rounds": queries.rounds(now), "ready": ready, "reason": ReasonForm()}
    return render(request, "ideas/rounds.html", context, status=422 if request.method == "POST" else 200)


@official()
@require_POST
def count(request: HttpRequest, round_id: int) -> HttpResponse:
    """Count a round that is over."""
    return _do(request, round_id, "count")


@official()
@require_POST
def call_off(request: HttpRequest, round_id: int) -> HttpResponse:
    """End a round without counting it."""
    return _do(request, round_id, "call_off")


def _do(request: HttpRequest, round_id: int, act: str) -> HttpResponse:
    now, who = timezone.now(), request.official  # type: ignore[attr-defined]
    if not scope_of(who, now).coordinates:
        raise Http404
    try:
        if act == "count":
            actions.count(round_id, by=who, now=now)
            messages.success(request, _("Suara dihitung. Hasilnya tampil untuk semua orang."))
        else:
            actions.call_off(
                round_id, by=who, reason=request.POST.get("reason", "").replace("\x00", "")[:500], now=now
            )
            messages.success(request, _("Putaran dibatalkan. Ide-idenya dapat masuk putaran lain."))
    except NotFound as error:
        raise Http404 from error
    except IdeaError as error:
        messages.error(request, wording.of_error(error))
    return HttpResponseRedirect(reverse("ideas:rounds"), status=303)
