"""The desk: what waits for an agency, one referral with its hops, what is done with it, and who is silent."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from satuklik.base.accounts.permissions import official
from satuklik.base.agencies import queries as agencies
from satuklik.base.agencies.queries import Official
from satuklik.base.calendar import actions as terms
from satuklik.base.files import queries as stored
from satuklik.spine.referrals import actions, permits, queries
from satuklik.spine.referrals.errors import NotYours, ReferralError, ReferralNotFound
from satuklik.spine.referrals.forms import AnswerForm, GiveBackForm, RecallForm
from satuklik.spine.referrals.queries import ReferralView
from satuklik.spine.referrals.uploads import EXTENSIONS, BadFile, keep


@official()
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """What waits for the official's agency, what is due first at the top; below it what was answered."""
    by, now = who(request), timezone.now()
    return render(
        request,
        "referrals/list.html",
        {
            "rows": queries.waiting(by, now), "done": queries.done(by, now), "official": by,
            "utama": queries.is_utama(by, now),
            "may_set": by.role in ("head", "secretary") or queries.is_utama(by, now),
        },
    )  # fmt: skip


@official()
@require_safe
def silent(request: HttpRequest) -> HttpResponse:
    """For PPID Utama: every question whose agency is silent."""
    by, now = who(request), timezone.now()
    if not queries.is_utama(by, now):
        raise Http404
    return render(request, "referrals/silent.html", {"rows": queries.silent(now), "official": by})


@official()
@never_cache
@require_safe
def referral(request: HttpRequest, reference: str) -> HttpResponse:
    """One referral. That an official who was asked opened it is noted on his hop."""
    view = _view(request, reference)
    by, now = who(request), timezone.now()
    for hop in view.referral.hops.all():
        if hop.official_id == by.pk and hop.opened_at is None and not hop.skipped:
            actions.opened(hop, now=now)
            view = _view(request, reference)
    return _page(request, view)


@official()
@require_POST
def acknowledge(request: HttpRequest, reference: str) -> HttpResponse:
    """«Received»."""
    view = _view(request, reference)
    return _done(
        request, view,
        lambda: actions.acknowledge(view.referral, by=who(request), via="desk", now=timezone.now()),
        _("Terkonfirmasi. Jawab sebelum jatuh tempo."),
    )  # fmt: skip


@official()
@require_POST
def answer(request: HttpRequest, reference: str) -> HttpResponse:
    """The agency's answer, or one on its behalf."""
    view = _view(request, reference)
    may = _may(request, view)
    form = AnswerForm(request.POST, request.FILES, on_behalf="on_behalf" in may)
    if not form.is_valid():
        return _page(request, view, answering=form, status=422)
    now, given = timezone.now(), form.cleaned_data

    def act() -> None:
        if not may & {"answer", "on_behalf"}:
            raise NotYours(who(request).name, reference)
        actions.answer(
            view.referral, text=given["text"], files=keep(given["files"], now), by=who(request), now=now,
            on_behalf_reason=given.get("reason", ""),
        )  # fmt: skip

    return _done(request, view, act, _("Jawaban tersimpan dan sampai pada penanya."), answering=form)


@official()
@require_POST
def give_back(request: HttpRequest, reference: str) -> HttpResponse:
    """«Bukan kewenangan kami»."""
    view = _view(request, reference)
    form = GiveBackForm(request.POST, auto_id="kembali_%s", agencies=agencies.agencies("opd"))
    if not form.is_valid():
        return _page(request, view, returning=form, status=422)
    code = form.cleaned_data["suggested"]
    return _done(
        request, view,
        lambda: actions.give_back(
            view.referral, by=who(request), reason=form.cleaned_data["reason"],
            suggested=agencies.agency(code) if code else None, now=timezone.now(),
        ),
        _("Dikembalikan kepada penanya."), returning=form,
    )  # fmt: skip


@official()
@require_POST
def recall(request: HttpRequest, reference: str) -> HttpResponse:
    """The answer is no longer needed."""
    view = _view(request, reference)
    form = RecallForm(request.POST, auto_id="tarik_%s")
    if not form.is_valid():
        return _page(request, view, recalling=form, status=422)
    return _done(
        request, view,
        lambda: actions.recall(
            view.referral, by=who(request), reason=form.cleaned_data["reason"], now=timezone.now()
        ),
        _("Pertanyaan ditarik."), recalling=form,
    )  # fmt: skip


@official()
@never_cache
@require_safe
def file(request: HttpRequest, reference: str, sha256: str) -> HttpResponse:
    """A file of the question or of the answer, always as a download."""
    view = _view(request, reference)
    known = [*view.referral.files, *view.answer_files]
    if sha256 not in known:
        raise Http404
    kind = stored.media_type(sha256)
    response = HttpResponse(stored.read(sha256), content_type=kind)
    name = f"{reference}-{known.index(sha256) + 1}.{EXTENSIONS.get(kind, 'bin')}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def who(request: HttpRequest) -> Official:
    """The official who looks; the permission decorator found him."""
    found: Official = request.official  # type: ignore[attr-defined]
    return found


def _view(request: HttpRequest, reference: str) -> ReferralView:
    try:
        return queries.one(reference, who(request), timezone.now())
    except ReferralNotFound:
        raise Http404 from None


def _may(request: HttpRequest, view: ReferralView) -> set[str]:
    """What this official may do with it now."""
    by, now = who(request), timezone.now()
    if not view.waiting:
        return set()
    found: set[str] = set()
    if permits.of_agency(by, view.referral, now):
        found |= {"answer", "give_back"}
    elif queries.is_utama(by, now):
        found.add("on_behalf")
    mine = [hop for hop in view.referral.hops.all() if hop.official_id == by.pk and not hop.skipped]
    if ("answer" in found and view.state == "open") or any(hop.acknowledged_at is None for hop in mine):
        found.add("acknowledge")
    if permits.is_asker(by, view.referral, now) or queries.is_utama(by, now):
        found.add("recall")
    return found


def _page(
    request: HttpRequest,
    view: ReferralView,
    *,
    answering: AnswerForm | None = None,
    returning: GiveBackForm | None = None,
    recalling: RecallForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    may = _may(request, view)
    return render(
        request,
        "referrals/referral.html",
        {
            "view": view, "may": may, "problem": problem,
            "why": terms.why(view.term) if view.term else None,
            "answering": answering or AnswerForm(on_behalf="on_behalf" in may),
            "returning": returning or GiveBackForm(auto_id="kembali_%s", agencies=agencies.agencies("opd")),
            "recalling": recalling or RecallForm(auto_id="tarik_%s"),
            "events": list(view.referral.events.select_related("actor", "hop").order_by("pk")),
        },
        status=status,
    )  # fmt: skip


def _done(
    request: HttpRequest, view: ReferralView, act: Callable[[], Any], said: str, **forms: Any
) -> HttpResponse:
    try:
        act()
    except BadFile as error:
        forms["answering"].add_error("files", str(error))
        return _page(request, view, status=422, **forms)
    except ReferralError as error:
        return _page(request, _view(request, view.reference), problem=str(error), status=409, **forms)
    messages.success(request, said)
    return redirect("referrals:referral", view.reference)
