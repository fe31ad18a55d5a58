"""An official's own way: what comes next, the documents, the passphrase, the certificate."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from satuklik.base.accounts.permissions import fresh, official
from satuklik.base.ui.rules import clock
from satuklik.spine.cases.attachments import Upload
from satuklik.spine.signing import queries as signing
from satuklik.spine.signing.errors import KeyLocked, SigningError, WrongPassphrase
from satuklik.systems.enrolment import actions, queries, rules, wording
from satuklik.systems.enrolment.errors import EnrolmentError, NotFound, NotNow, WeakPassphrase
from satuklik.systems.enrolment.forms import (
    HandInForm,
    OwnRevokeForm,
    PassphraseForm,
    RenewalForm,
    StopForm,
)
from satuklik.systems.enrolment.models import Document, Enrolment
from satuklik.systems.enrolment.views.scoped import words_for
from satuklik.systems.enrolment.views.telling_history import key_view, lines_of

OWN_REASON = "Diminta pemilik sertifikat"
PASSWORDS = ("passphrase", "again", "current")


@official()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """Where I stand; a POST hands in the documents."""
    who = request.official  # type: ignore[attr-defined]
    row = queries.enrolment_of(who)
    if row is None or request.method != "POST":
        return _page(request, row)
    form = _hand_in_form(row, request.POST, request.FILES)
    form.is_valid()
    uploads = {
        kind: Upload(request.FILES[kind].name or kind, request.FILES[kind].read())
        for kind in Document.Kind.values
        if kind in request.FILES
    }
    try:
        problems = actions.hand_in(
            who,
            email=form.cleaned_data.get("email", ""),
            nik=form.cleaned_data.get("nik", ""),
            recommendation_number=form.cleaned_data.get("recommendation_number", ""),
            uploads=uploads,
            now=timezone.now(),
        )
    except EnrolmentError as error:
        messages.error(request, words_for(error))
        return redirect("enrolment:own")
    if problems is not None:
        again = queries.enrolment_of(who)
        assert again is not None
        form = _hand_in_form(again, request.POST, request.FILES)
        form.tell(problems.fields)
        return _page(request, again, hand_in=form, status=422)
    messages.success(request, _("Berkas terkirim. Verifikator sudah diberi tahu."))
    return redirect("enrolment:own")


@sensitive_post_parameters(*PASSWORDS)
@official()
@fresh
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def passphrase(request: HttpRequest) -> HttpResponse:
    """Choose the passphrase; the certificate comes with it."""
    row = queries.enrolment_of(request.official)  # type: ignore[attr-defined]
    if row is None or row.stage != rules.VERIFIED:
        return redirect("enrolment:own")
    if request.method != "POST":
        return _passphrase_page(request, row, PassphraseForm())
    return _choose(request, row, PassphraseForm(request.POST))


@sensitive_variables("form")
def _choose(request: HttpRequest, row: Enrolment, form: PassphraseForm) -> HttpResponse:
    if not form.is_valid():
        return _passphrase_page(request, row, form, status=422)
    try:
        actions.choose_passphrase(
            request.official,
            form.cleaned_data["passphrase"],
            now=timezone.now(),  # type: ignore[attr-defined]
        )
    except WeakPassphrase as error:
        form.tell(error.problems)
        return _passphrase_page(request, row, form, status=422)
    except (EnrolmentError, SigningError) as error:
        messages.error(request, words_for(error))
        return redirect("enrolment:own")
    messages.success(request, _("Sertifikat Anda terbit. Mulai sekarang Anda dapat menandatangani surat."))
    return redirect("enrolment:own")


@official()
@fresh
@require_POST
def from_bsre(request: HttpRequest) -> HttpResponse:
    """Ask BSrE whether my certificate is there."""
    return _do(
        request,
        lambda row, now: actions.take_from_bsre(request.official, now=now),  # type: ignore[attr-defined]
        _("BSrE sudah menerbitkan sertifikat Anda. Mulai sekarang Anda dapat menandatangani surat."),
    )


@sensitive_post_parameters(*PASSWORDS)
@official()
@fresh
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def renew(request: HttpRequest) -> HttpResponse:
    """A new key before the old one ends."""
    row = queries.enrolment_of(request.official)  # type: ignore[attr-defined]
    now = timezone.now()
    key = key_view(signing.key_by_serial(row.serial, now), now) if row is not None and row.serial else None
    if row is None or key is None or not key.renewable:
        return redirect("enrolment:own")
    if request.method != "POST":
        return _renewal_page(request, row, RenewalForm())
    return _renew(request, row, RenewalForm(request.POST))


@sensitive_variables("form", "given")
def _renew(request: HttpRequest, row: Enrolment, form: RenewalForm) -> HttpResponse:
    if not form.is_valid():
        return _renewal_page(request, row, form, status=422)
    given = form.cleaned_data
    try:
        actions.renew(
            request.official,  # type: ignore[attr-defined]
            given["current"],
            given["passphrase"],
            revoke_old=given["old"] == "revoke",
            now=timezone.now(),
        )
    except WeakPassphrase as error:
        form.tell(error.problems)
    except WrongPassphrase as error:
        text = ngettext(
            "Kata sandi ini salah. Sisa %(left)d kali percobaan.",
            "Kata sandi ini salah. Sisa %(left)d kali percobaan.",
            error.left,
        )
        form.add_error("current", text % {"left": error.left})
    except KeyLocked as error:
        until = clock(timezone.localtime(error.until))
        form.add_error(
            "current", _("Kunci Anda terkunci sampai %(until)s. Coba lagi sesudah itu.") % {"until": until}
        )
    except (EnrolmentError, SigningError) as error:
        messages.error(request, words_for(error))
        return redirect("enrolment:own")
    else:
        messages.success(request, _("Sertifikat baru terbit. Pakai kata sandi yang baru mulai sekarang."))
        return redirect("enrolment:own")
    return _renewal_page(request, row, form, status=422)


@official()
@fresh
@require_POST
def new_key(request: HttpRequest) -> HttpResponse:
    """The passphrase is forgotten, or the certificate ran out: the verifikator sees me again."""
    why = "expired" if request.POST.get("why") == "expired" else "forgot"
    return _do(
        request,
        lambda row, now: actions.ask_new_key(request.official, why=why, now=now),  # type: ignore[attr-defined]
        _("Permintaan kunci baru terkirim. Temui verifikator Anda untuk dipastikan sekali lagi."),
    )


@official()
@require_POST
def suspend(request: HttpRequest) -> HttpResponse:
    """At once, without another login: a lost telephone does not wait."""
    form = StopForm(request.POST, auto_id="suspend_%s")
    if not form.is_valid():
        return _page(request, queries.enrolment_of(request.official), suspending=form, status=422)  # type: ignore[attr-defined]
    return _do(
        request,
        lambda row, now: actions.suspend(
            row.pk, by=request.official, reason=form.cleaned_data["reason"], now=now
        ),  # type: ignore[attr-defined]
        _("Sertifikat Anda dibekukan. Tidak ada yang dapat menandatangani dengannya."),
    )


@official()
@fresh
@require_POST
def resume(request: HttpRequest) -> HttpResponse:
    """Start it again, where I stopped it myself."""
    return _do(
        request,
        lambda row, now: actions.resume(row.pk, by=request.official, reason=OWN_REASON, now=now),  # type: ignore[attr-defined]
        _("Sertifikat Anda berlaku lagi."),
    )


@official()
@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    """Others may know my passphrase: end it at once."""
    form = OwnRevokeForm(request.POST, auto_id="revoke_%s")
    if not form.is_valid():
        return _page(request, queries.enrolment_of(request.official), revoking=form, status=422)  # type: ignore[attr-defined]
    return _do(
        request,
        lambda row, now: actions.revoke(
            row.pk,
            by=request.official,
            why="key_compromise",
            reason=form.cleaned_data["reason"],
            now=now,  # type: ignore[attr-defined]
        ),
        _("Sertifikat Anda dicabut. Verifikator sudah diberi tahu."),
    )


def _do(request: HttpRequest, act: Callable[[Enrolment, datetime], object], done: str) -> HttpResponse:
    row = queries.enrolment_of(request.official)  # type: ignore[attr-defined]
    try:
        if row is None:
            raise NotFound
        act(row, timezone.now())
    except NotNow:
        messages.error(request, _("Ini tidak dapat dilakukan sekarang. Periksa keadaan sertifikat di bawah."))
    except (EnrolmentError, SigningError) as error:
        messages.error(request, words_for(error))
    else:
        messages.success(request, done)
    return redirect("enrolment:own")


def _hand_in_form(row: Enrolment, data: Any = None, uploads: Any = None) -> HandInForm:
    return HandInForm(
        data,
        uploads,
        kept={one.kind: one for one in row.documents.all()},
        nik_known=bool(row.nik),
        initial={"email": row.official.email, "recommendation_number": row.recommendation_number},
    )


def _page(request: HttpRequest, row: Enrolment | None, *, status: int = 200, **forms: Any) -> HttpResponse:
    if row is None:
        return render(request, "enrolment/not_registered.html", status=status if status != 200 else 200)
    now = timezone.now()
    key = key_view(signing.key_by_serial(row.serial, now), now) if row.serial else None
    history = queries.history(row.pk)
    looks = [event for event in history if event.kind == "enrolment.document_read"]
    suspended = key is not None and key.facts.status == "suspended"
    context = {
        "row": row,
        "person": row.official,
        "steps": _steps(row, history),
        "step": wording.STEPS[row.stage],
        "days": queries.days_waiting(row, now),
        "documents": [(one, wording.KINDS[one.kind]) for one in row.documents.order_by("kind")],
        "verifiers": [
            one
            for one in queries.verifiers_of(row.official.agency_id, now)
            if one.official_id != row.official_id
        ],
        "key": key,
        "may_resume": suspended and actions.suspended_by(row) == f"official:{row.official_id}",
        "hand_in": _hand_in_form(row) if row.stage == rules.REGISTERED else None,
        "suspending": StopForm(auto_id="suspend_%s"),
        "revoking": OwnRevokeForm(auto_id="revoke_%s"),
        "backend": signing.chosen_backend(row.official.agency_id, "", "official").backend,
        "looks": lines_of(looks),
        "history": lines_of([event for event in history if event not in looks]),
    }
    return render(request, "enrolment/own.html", context | forms, status=status)


def _passphrase_page(request: HttpRequest, row: Enrolment, form: Any, status: int = 200) -> HttpResponse:
    return render(request, "enrolment/passphrase.html", {"row": row, "form": form}, status=status)


def _renewal_page(request: HttpRequest, row: Enrolment, form: Any, status: int = 200) -> HttpResponse:
    return render(request, "enrolment/renew.html", {"row": row, "form": form}, status=status)


def _steps(row: Enrolment, history: Any) -> list[dict[str, object]]:
    """The five stages as a time line: when each was reached last, which one is next."""
    reached_at: dict[str, datetime] = {}
    for event in history:
        if event.kind == "enrolment.registered":
            reached_at.setdefault(rules.REGISTERED, event.at)
        if event.data.get("to"):
            reached_at[event.data["to"]] = event.at
    passed = rules.reached(row.stage)
    lines: list[dict[str, object]] = []
    for stage in rules.FUNNEL:
        done = stage in passed
        lines.append(
            {
                "title": wording.STAGES[stage],
                "state": "done" if done else "next",
                "at": reached_at.get(stage) if done else None,
            }
        )
    ahead = next((line for line in lines if line["state"] == "next"), None)
    if ahead is not None:
        ahead["state"] = "now"
        ahead["text"] = wording.NEXT_STEPS[row.stage]
    return lines
