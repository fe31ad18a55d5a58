"""The page of a naskah, and what is done there: paraf, return, forward, sign, send."""

from collections.abc import Callable, Iterable
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from satuklik.base.accounts.passphrases import with_passphrase
from satuklik.base.accounts.permissions import official
from satuklik.spine.documents import queries as documents
from satuklik.spine.documents.errors import LetterError
from satuklik.spine.signing import actions as signing
from satuklik.spine.signing import words as key_words
from satuklik.spine.signing.errors import SigningError
from satuklik.systems.correspondence import actions, queries, timeline
from satuklik.systems.correspondence.boxes import BOXES, BY_NAME, Box, address
from satuklik.systems.correspondence.errors import (
    MaySignNot,
    NaskahError,
    NaskahNotFound,
    NotTheVersionShown,
    NotYours,
    WrongState,
)
from satuklik.systems.correspondence.forms import (
    CancelForm,
    ForwardForm,
    ParafForm,
    PassphraseForm,
    ReasonForm,
    SentForm,
)
from satuklik.systems.correspondence.models import Recipient
from satuklik.systems.correspondence.queries import NaskahView
from satuklik.systems.correspondence.views.boxes import who

Act = Callable[[], Any]
PAGES_SHOWN = 20


@official()
@never_cache
@require_safe
def naskah(request: HttpRequest, reference: str) -> HttpResponse:
    """What it says, where it is, who is next, and what this official may do now."""
    return page(request, view_of(request, reference))


@official()
@require_POST
def paraf(request: HttpRequest, reference: str) -> HttpResponse:
    """Put the initials under the version that was shown."""
    view, form = view_of(request, reference), ParafForm(request.POST)
    if not form.is_valid():
        return page(request, view, paraf=form, status=422)
    return _done(
        request, view,
        lambda: actions.paraf(
            view.naskah, by=who(request), now=timezone.now(), sha256_seen=_seen(request),
            note=form.cleaned_data["note"],
        ),
        _("Paraf Anda pada %(reference)s tersimpan."), paraf=form,
    )  # fmt: skip


@official()
@require_POST
def give_back(request: HttpRequest, reference: str) -> HttpResponse:
    """Return it to who drafted it, with a reason."""
    view, form = view_of(request, reference), ReasonForm(request.POST)
    if not form.is_valid():
        return page(request, view, returning=form, status=422)
    return _done(
        request, view,
        lambda: actions.give_back(
            view.naskah, by=who(request), now=timezone.now(), reason=form.cleaned_data["reason"]
        ),
        _("%(reference)s dikembalikan kepada penyusunnya."), returning=form,
    )  # fmt: skip


@official()
@require_POST
def forward(request: HttpRequest, reference: str) -> HttpResponse:
    """Let somebody else of the office put the initials."""
    view = view_of(request, reference)
    form = ForwardForm(request.POST, people=queries.colleagues(who(request)))
    if not form.is_valid():
        return page(request, view, forwarding=form, status=422)
    given = form.cleaned_data
    return _done(
        request, view,
        lambda: actions.forward(
            view.naskah, by=who(request), now=timezone.now(), to=form.people[given["to"]], note=given["note"]
        ),
        _("Paraf %(reference)s diteruskan."), forwarding=form,
    )  # fmt: skip


@with_passphrase
@sensitive_post_parameters("passphrase")
@official()
@never_cache
@require_POST
@sensitive_variables("form", "passphrase")
def sign(request: HttpRequest, reference: str) -> HttpResponse:
    """The one signature: the passphrase opens the key for this letter and is forgotten."""
    view, form = view_of(request, reference), PassphraseForm(request.POST)
    if not form.is_valid():
        return page(request, view, signing=form, status=422)
    by, now = who(request), timezone.now()

    def act() -> None:
        with signing.unlock(by, form.cleaned_data["passphrase"], now) as key:
            actions.sign(view.naskah, by=by, key=key, now=now, sha256_seen=_seen(request))

    if "sign" not in view.may:
        return not_done(request, view, _("Naskah ini tidak menunggu tanda tangan Anda."), 403)
    try:
        return _done(request, view, act, _("%(reference)s sudah ditandatangani."), onward=False)
    except SigningError as error:
        form.add_error("passphrase", key_words.of_error(error))
        return page(request, view, signing=form, status=422)
    except LetterError:
        words = _("Naskah ini tidak dapat dicetak, jadi belum ditandatangani. Kembalikan kepada penyusunnya.")
        return not_done(request, view, words, 422)


@official()
@require_POST
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Take it back before it is signed."""
    view = view_of(request, reference)
    return _done(
        request, view, lambda: actions.withdraw(view.naskah, by=who(request), now=timezone.now()),
        _("%(reference)s ditarik kembali menjadi konsep."), onward=False,
    )  # fmt: skip


@official()
@require_POST
def cancel(request: HttpRequest, reference: str) -> HttpResponse:
    """End it unsigned."""
    view, form = view_of(request, reference), CancelForm(request.POST)
    if not form.is_valid():
        return page(request, view, cancelling=form, status=422)
    return _done(
        request, view,
        lambda: actions.cancel(
            view.naskah, by=who(request), now=timezone.now(), reason=form.cleaned_data["reason"]
        ),
        _("%(reference)s dibatalkan."), cancelling=form,
    )  # fmt: skip


@official()
@require_POST
def dispatch(request: HttpRequest, reference: str) -> HttpResponse:
    """Send it: into the inbox of offices of ours at once."""
    view = view_of(request, reference)
    return _done(
        request, view, lambda: actions.dispatch(view.naskah, by=who(request), now=timezone.now()),
        _("%(reference)s terkirim."), onward=False,
    )  # fmt: skip


@official()
@require_POST
def confirm_sent(request: HttpRequest, reference: str, recipient_id: int) -> HttpResponse:
    """It was sent to somebody outside, and how."""
    view, form = view_of(request, reference), SentForm(request.POST)
    if recipient_id not in {one.id for one in (*view.to, *view.copies)}:
        raise Http404
    if not form.is_valid():
        return page(request, view, sent=form, sent_id=recipient_id, status=422)
    recipient = Recipient.objects.get(pk=recipient_id)
    return _done(
        request, view,
        lambda: actions.confirm_sent(
            recipient, by=who(request), now=timezone.now(), how=form.cleaned_data["how"]
        ),
        _("Pengiriman %(reference)s tercatat."), onward=False,
    )  # fmt: skip


def view_of(request: HttpRequest, reference: str) -> NaskahView:
    """The naskah as this official may see it; else 404, as if there were none."""
    try:
        return queries.naskah_for(reference, who(request), timezone.now())
    except NaskahNotFound as error:
        raise Http404 from error


def page(
    request: HttpRequest, view: NaskahView, *, problem: str = "", sent_id: int = 0, status: int = 200,
    **given: forms.Form,
) -> HttpResponse:  # fmt: skip
    """The page, also with what was typed and could not be done. `given`: bound forms by the names below."""
    box = box_of(request)
    people = queries.colleagues(who(request)) if "forward" in view.may else []
    return render(
        request,
        "correspondence/naskah.html",
        {
            "view": view, "box": box, "back": address(box), "rail_here": address(box), "problem": problem,
            "pages": range(1, min(view.pages, PAGES_SHOWN) + 1), "more_pages": view.pages > PAGES_SHOWN,
            "waiting_for": timeline.waiting_for(view), "line": timeline.of(view),
            "older": timeline.older(view),
            "qr": documents.qr(view.document) if view.document and view.verify_url else "",
            "outside": [one for one in (*view.to, *view.copies) if one.outside],
            "sent_id": sent_id, "typed": typed_in(given.values()) if problem else [],
            "forms": {
                "paraf": ParafForm(), "returning": ReasonForm(auto_id="kembali_%s"),
                "forwarding": ForwardForm(people=people, auto_id="terus_%s"), "signing": PassphraseForm(),
                "cancelling": CancelForm(auto_id="batal_%s"), "sent": SentForm(), **given,
            },
        },
        status=status,
    )  # fmt: skip


def not_done(request: HttpRequest, view: NaskahView, problem: str, status: int) -> HttpResponse:
    """The page with why it was not done."""
    return page(request, view, problem=problem, status=status)


def typed_in(given: Iterable[forms.Form]) -> list[str]:
    """The words of forms that could not be done, for the page that may no longer show their fields."""
    texts = [
        form[name].value()
        for form in given
        if form.is_bound
        for name, field in form.fields.items()
        if isinstance(field, forms.CharField) and not isinstance(field.widget, forms.PasswordInput)
    ]
    return [text for text in texts if text]


def status_of(error: NaskahError) -> HTTPStatus:
    """403: not his; 409: not now; 422: mend what was typed."""
    if isinstance(error, NotYours | MaySignNot):
        return HTTPStatus.FORBIDDEN
    if isinstance(error, WrongState | NotTheVersionShown):
        return HTTPStatus.CONFLICT
    return HTTPStatus.UNPROCESSABLE_ENTITY


def box_of(request: HttpRequest) -> Box:
    """The box from which the page was opened."""
    named = request.POST.get("kotak") or request.GET.get("kotak") or ""
    return BY_NAME.get(named, BOXES[-1])


def next_url(request: HttpRequest, key: str, now: datetime) -> str:
    """The next thing in the box from which this one was opened, else the box."""
    box = box_of(request)
    named = request.POST.get("kotak")
    if named in ("paraf", "tandatangan"):
        for row in queries.box(who(request), box.name, now=now, limit=2).rows:  # type: ignore[arg-type]
            if row.key != key:
                return f"{reverse('correspondence:naskah', args=[row.key])}?kotak={box.name}"
    return address(box)


def _seen(request: HttpRequest) -> str:
    return request.POST.get("sha256", "")[:64]


def _done(
    request: HttpRequest, view: NaskahView, act: Act, told: str, *, onward: bool = True, **given: forms.Form
) -> HttpResponse:
    """Do it; then the next one of the box opens by itself. Else the page as it is now, with what was typed."""
    try:
        act()
    except NaskahError as error:
        fresh = view_of(request, view.reference)
        return page(request, fresh, problem=str(error), status=status_of(error), **given)
    messages.success(request, told % {"reference": view.reference})
    if onward:
        return redirect(next_url(request, view.reference, timezone.now()))
    here = reverse("correspondence:naskah", args=[view.reference])
    return redirect(f"{here}?kotak={box_of(request).name}")
