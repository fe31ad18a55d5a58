"""One official's page for his verifikator and the admin: documents, decision, certificate, history."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from satuklik.base.accounts.permissions import official
from satuklik.spine.signing import queries as signing
from satuklik.spine.signing.errors import SigningError
from satuklik.systems.enrolment import actions, queries, rules, wording
from satuklik.systems.enrolment.errors import EnrolmentError, MayNot, NotFound, ReasonNeeded
from satuklik.systems.enrolment.forms import ChecksForm, LastDayForm, ReturnForm, RevokeForm, StopForm
from satuklik.systems.enrolment.models import Enrolment
from satuklik.systems.enrolment.views.scoped import appoints, sees_board, words_for
from satuklik.systems.enrolment.views.telling_history import key_view, lines_of

# Only what a browser draws as a picture is shown in place; everything else is downloaded.
SHOWN_IN_PLACE = ("image/jpeg", "image/png")
CHECKING = "Memeriksa berkas untuk verifikasi TTE"  # kept in the history, which is Indonesian
SAME_LOOK = timedelta(minutes=10)


@official()
@sees_board
@never_cache
@require_safe
def person(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """Where somebody stands, and what this reader may do about it."""
    return _page(request, _row(request, enrolment_id))


@official()
@sees_board
@require_POST
def verify(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """The documents are right."""
    row = _row(request, enrolment_id)
    form = ChecksForm(request.POST, seen=_seen(row))
    if not form.is_valid():
        return _page(request, row, checks=form, status=422)
    return _do(
        request,
        enrolment_id,
        lambda who, now: actions.verify(
            enrolment_id,
            by=who,
            checks={name: form.cleaned_data[name] for name in actions.CHECKS},
            seen=form.seen(),
            now=now,
        ),
        _("%(name)s terverifikasi. Sekarang ia memilih kata sandi tanda tangannya sendiri."),
    )


@official()
@sees_board
@require_POST
def give_back(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """Back to the official, with a reason."""
    row, form = _row(request, enrolment_id), ReturnForm(request.POST)
    if not form.is_valid():
        return _page(request, row, returning=form, status=422)
    return _do(
        request,
        enrolment_id,
        lambda who, now: actions.give_back(enrolment_id, by=who, reason=form.cleaned_data["reason"], now=now),
        _("Dikembalikan kepada %(name)s beserta alasannya."),
    )


@official()
@sees_board
@require_POST
def remind(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """Tell whoever must act."""
    _row(request, enrolment_id)
    return _do(
        request,
        enrolment_id,
        lambda who, now: actions.remind_now(enrolment_id, by=who, now=now),
        _("Pengingat untuk %(name)s sudah dikirim."),
    )


@official()
@sees_board
@require_POST
def suspend(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """Stop the certificate for a while."""
    row, form = _row(request, enrolment_id), StopForm(request.POST)
    if not form.is_valid():
        return _page(request, row, suspending=form, status=422)
    return _do(
        request,
        enrolment_id,
        lambda who, now: actions.suspend(enrolment_id, by=who, reason=form.cleaned_data["reason"], now=now),
        _("Sertifikat %(name)s dibekukan dan diumumkan dalam daftar pencabutan."),
    )


@official()
@sees_board
@require_POST
def resume(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """Start it again."""
    row, form = _row(request, enrolment_id), StopForm(request.POST)
    if not form.is_valid():
        return _page(request, row, resuming=form, status=422)
    return _do(
        request,
        enrolment_id,
        lambda who, now: actions.resume(enrolment_id, by=who, reason=form.cleaned_data["reason"], now=now),
        _("Sertifikat %(name)s berlaku lagi."),
    )


@official()
@sees_board
@require_POST
def revoke(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """End it for good."""
    row, form = _row(request, enrolment_id), RevokeForm(request.POST)
    if not form.is_valid():
        return _page(request, row, revoking=form, status=422)
    given = form.cleaned_data
    return _do(
        request,
        enrolment_id,
        lambda who, now: actions.revoke(
            enrolment_id, by=who, why=given["why"], reason=given["reason"], now=now
        ),
        _("Sertifikat %(name)s dicabut dan diumumkan dalam daftar pencabutan."),
    )


@official()
@appoints
@never_cache
@require_POST
@sensitive_variables("login")
def open_login(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """Make an account, and show its first password in this one answer."""
    row = _row(request, enrolment_id)
    try:
        login = actions.open_login(enrolment_id, by=request.official, now=timezone.now())  # type: ignore[attr-defined]
    except EnrolmentError as error:
        messages.error(request, words_for(error))
        return redirect("enrolment:person", enrolment_id)
    return render(request, "enrolment/login.html", {"row": row, "login": login})


@official()
@appoints
@require_POST
def end_term(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """Note the last day in office."""
    row, form = _row(request, enrolment_id), LastDayForm(request.POST)
    if not form.is_valid():
        return _page(request, row, leaving=form, status=422)
    return _do(
        request,
        enrolment_id,
        lambda who, now: actions.end_term(
            enrolment_id, last_day=form.cleaned_data["last_day"], by=who, now=now
        ),
        _("Hari terakhir %(name)s dicatat. Sertifikatnya dicabut pada malam sesudahnya."),
    )


@official()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def document(request: HttpRequest, document_id: int) -> HttpResponse:
    """A document: its owner's, or opened for the verification under way (GET), or with a typed reason (POST)."""
    who = request.official  # type: ignore[attr-defined]
    reason = request.POST.get("reason", "") if request.method == "POST" else ""
    try:
        found = queries.document(document_id)
        if not reason and found.enrolment.stage == rules.DOCUMENTS:
            reason = CHECKING
        found, content = actions.read(document_id, who, reason=reason, now=timezone.now())
    except (NotFound, MayNot) as error:
        raise Http404 from error
    except ReasonNeeded:
        messages.error(request, _("Tulis alasan sebelum membuka berkas ini."))
        return redirect("enrolment:person", found.enrolment_id)
    response = HttpResponse(content, content_type=found.media_type)
    response["Content-Disposition"] = content_disposition_header(
        found.media_type not in SHOWN_IN_PLACE, found.name
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _row(request: HttpRequest, enrolment_id: int) -> Enrolment:
    """An enrolment that this reader may see; others look as if they did not exist."""
    try:
        row = queries.enrolment(enrolment_id)
    except NotFound as error:
        raise Http404 from error
    if not request.scope.sees(row.official.agency_id):  # type: ignore[attr-defined]
        raise Http404
    return row


def _do(
    request: HttpRequest, enrolment_id: int, act: Callable[[Any, datetime], object], done: str
) -> HttpResponse:
    """Act, and say what came of it on the person's page."""
    try:
        result = act(request.official, timezone.now())  # type: ignore[attr-defined]
    except (EnrolmentError, SigningError) as error:
        messages.error(request, words_for(error))
    else:
        name = result if isinstance(result, str) else queries.enrolment(enrolment_id).official.name
        messages.success(request, done % {"name": name})
    return redirect("enrolment:person", enrolment_id)


def _seen(row: Enrolment) -> dict[str, str]:
    return dict(row.documents.values_list("kind", "sha256"))


def _page(request: HttpRequest, row: Enrolment, *, status: int = 200, **forms: Any) -> HttpResponse:
    scope: queries.Scope = request.scope  # type: ignore[attr-defined]
    who, now = request.official, timezone.now()  # type: ignore[attr-defined]
    own = who.pk == row.official_id
    verifies = scope.verifies(row.official.agency_id)
    decides = verifies and not own and row.stage == rules.DOCUMENTS and not queries.made_login(row, who)
    history = queries.history(row.pk)
    nik = ""
    if decides:
        nik = queries.nik_of(row)
        actions.note_look(row, who, "nik", history, within=SAME_LOOK, reason=CHECKING, now=now)
    key = signing.key_by_serial(row.serial, now) if row.serial else None
    seen = _seen(row)
    context = {
        "scope": scope,
        "row": row,
        "person": row.official,
        "stage": wording.STAGES[row.stage],
        "step": wording.STEPS[row.stage],
        "waits_for": wording.WHO.get(rules.WAITS_FOR.get(row.stage, ""), ""),
        "days": queries.days_waiting(row, now),
        "verifies": verifies,
        "own": own,
        "decides": decides,
        "nik": nik,
        "documents": [(one, wording.KINDS[one.kind]) for one in row.documents.order_by("kind")],
        "verifiers": queries.verifiers_of(row.official.agency_id, now),
        "key": key_view(key, now),
        "history": lines_of(history),
        "reminders": queries.reminders(row),
        "checks": ChecksForm(seen=seen),
        "returning": ReturnForm(auto_id="return_%s"),
        "suspending": StopForm(auto_id="suspend_%s"),
        "resuming": StopForm(auto_id="resume_%s"),
        "revoking": RevokeForm(auto_id="revoke_%s"),
        "leaving": LastDayForm(auto_id="leave_%s"),
        "reopened": decides and bool(row.serial),
    }
    return render(request, "enrolment/person.html", context | forms, status=status)
