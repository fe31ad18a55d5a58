"""The desk: ideas by what is due, one idea with everything that may be done about it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms as django_forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from satuklik.base.accounts.permissions import denied, official
from satuklik.base.calendar import actions as calendar
from satuklik.spine.referrals import queries as referrals
from satuklik.spine.referrals.errors import ReferralError
from satuklik.systems.ideas import actions, catalogue, forms, keys, presenting, queries, wording
from satuklik.systems.ideas.errors import IdeaError, NotFound
from satuklik.systems.ideas.models import Idea
from satuklik.systems.ideas.rules import states
from satuklik.systems.ideas.scope import Scope, scope_of

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

PER_PAGE = 30


@official()
@never_cache
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """The list by due date."""
    now, scope = timezone.now(), scope_of(request.official, timezone.now())  # type: ignore[attr-defined]
    if not scope.any:
        return denied(request, "role")
    state, words = request.GET.get("state", ""), request.GET.get("q", "").replace("\x00", "")[:80]
    page = Paginator(queries.at_desk(scope, state, words), PER_PAGE).get_page(request.GET.get("page"))
    rows = [(row, wording.STATES[row.state], wording.TONES.get(row.state, "")) for row in page.object_list]
    given = {name: value for name, value in (("state", state), ("q", words)) if value}
    context = {
        "rows": rows, "page": page, "state": state, "words": words, "scope": scope,
        "states": wording.STATES.items(), "query": urlencode(given) + ("&" if given else ""),
        "today": timezone.localdate(now),
    }  # fmt: skip
    return render(request, "ideas/desk.html", context)


@official()
@never_cache
@require_safe
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """One idea."""
    scope = scope_of(request.official, timezone.now())  # type: ignore[attr-defined]
    return _page(request, scope, _of(scope, reference))


@dataclass(frozen=True)
class Act:
    """An act: its form, what it does, what is said when it is done, where the page offers it."""

    form: type[django_forms.Form]
    do: "Callable[[int, Official, dict[str, Any], datetime], object]"
    done: Promise
    states: frozenset[str]
    agency: bool = False
    """Whether the idea's agency may do it too."""


ACTS: dict[str, Act] = {
    "moderasi": Act(
        forms.ModerateForm,
        lambda pk, by, given, now: actions.moderate(pk, by=by, now=now, **(given | {"like": keys.tidy_reference(given["like"]) or given["like"].strip()})),
        _("Ide disetujui."), frozenset({states.SUBMITTED}),
    ),
    "tampilkan": Act(django_forms.Form, lambda pk, by, given, now: actions.publish(pk, by=by, now=now), _("Ide ditampilkan."), frozenset({states.MODERATED})),
    "telaah-sekarang": Act(django_forms.Form, lambda pk, by, given, now: actions.start_review(pk, by=by, now=now), _("Diteruskan ke instansi."), frozenset({states.SUPPORT})),
    "pilih-instansi": Act(forms.AssignForm, lambda pk, by, given, now: actions.assign(pk, given["agency"], by=by, now=now), _("Instansi penelaah diganti."), frozenset({states.REVIEW, states.SUPPORT})),
    "telaah": Act(
        forms.ReviewForm,
        lambda pk, by, given, now: actions.review(pk, by=by, feasible=given["feasible"] == "1", cost=given["cost"], rkpd_code=given["rkpd_code"].strip(), text=given["text"], now=now),
        _("Hasil telaah disimpan dan tampil."), frozenset({states.REVIEW}), agency=True,
    ),
    "gabung": Act(
        forms.MergeForm, lambda pk, by, given, now: actions.merge(pk, keys.tidy_reference(given["into"]), by=by, now=now),
        _("Digabung, beserta dukungannya."), frozenset({states.SUBMITTED, states.MODERATED, states.SUPPORT}),
    ),
    "kabar": Act(
        forms.ReportForm,
        lambda pk, by, given, now: actions.report(pk, by=by, text=given["text"], state=given["state"], photos=given["photo"], now=now),
        _("Kabar disimpan dan tampil."), frozenset({states.ADOPTED, states.IN_PROGRESS}), agency=True,
    ),
    "tidak-dilanjutkan": Act(
        forms.ReasonForm, lambda pk, by, given, now: actions.decline(pk, by=by, reason=given["reason"], now=now),
        _("Dicatat beserta alasannya."), frozenset({states.SUBMITTED, states.MODERATED, states.SUPPORT, states.REVIEW, states.READY}),
    ),
    "coba-lagi": Act(django_forms.Form, lambda pk, by, given, now: actions.try_again(pk, by=by, now=now), _("Ide dapat dicoba lagi."), frozenset({states.NOT_ADOPTED})),
}  # fmt: skip


@official()
@never_cache
@require_POST
def act(request: HttpRequest, reference: str, act: str) -> HttpResponse:
    """Do one thing, and say what came of it."""
    scope = scope_of(request.official, timezone.now())  # type: ignore[attr-defined]
    idea = _of(scope, reference)
    if act not in ACTS or not (scope.coordinates or ACTS[act].agency):
        raise Http404
    form = _form(act, idea, request)
    if not form.is_valid():
        return _page(request, scope, idea, status=422, **{_name(act): form})
    try:
        ACTS[act].do(idea.pk, scope.official, form.cleaned_data, timezone.now())
    except (IdeaError, ReferralError) as error:
        form.add_error(None, wording.of_error(error) if isinstance(error, IdeaError) else str(error))
        return _page(request, scope, _of(scope, reference), status=422, **{_name(act): form})
    messages.success(request, str(ACTS[act].done))
    return HttpResponseRedirect(reverse("ideas:case", args=[reference]), status=303)


def _form(act: str, idea: Idea, request: HttpRequest | None = None) -> django_forms.Form:
    initial = {
        "title": idea.title, "text": idea.text, "category": idea.category,
        "agency": idea.agency.code if idea.agency else catalogue.category(idea.category).agency,
    } if act in ("moderasi", "pilih-instansi") else {}  # fmt: skip
    more = {"auto_id": f"{_name(act)}_%s", "initial": initial}
    if request is None:
        return ACTS[act].form(**more)
    return ACTS[act].form(request.POST, files=request.FILES, **more)


def _name(act: str) -> str:
    return act.replace("-", "_")


def _of(scope: Scope, reference: str) -> Idea:
    try:
        return queries.desk_one(scope, reference)
    except NotFound as error:
        raise Http404 from error


def _page(
    request: HttpRequest, scope: Scope, idea: Idea, *, status: int = 200, **sent: django_forms.Form
) -> HttpResponse:
    now = timezone.now()
    offered = {
        _name(act): sent.get(_name(act)) or _form(act, idea)
        for act, one in ACTS.items()
        if (scope.coordinates or one.agency) and (idea.state in one.states or _name(act) in sent)
    }
    alike = (
        queries.alike(idea.title, idea.text, idea.category, now, exclude=idea.pk)
        if idea.state in (states.SUBMITTED, states.MODERATED)
        else []
    )
    context = {
        "idea": idea, "scope": scope, "state": wording.STATES[idea.state], "tone": wording.TONES.get(idea.state, ""),
        "category": catalogue.category(idea.category).label(), "group": presenting.group_of(idea),
        "author": getattr(idea, "author", None) if scope.coordinates else None, "forms": offered,
        "sent": next(iter(sent.values()), None), "steps": presenting.time_line(idea, desk=True), "alike": alike,
        "referrals": referrals.of_subject(idea.subject, now), "why": calendar.why(idea.term) if idea.term else None,
        "public": idea.state in states.PUBLIC,
    }  # fmt: skip
    return render(request, "ideas/case.html", context, status=status)
