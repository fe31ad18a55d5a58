"""A letter of the press desk that waits for its signature: read, signed with the passphrase, or given back; its PDF."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from satuklik.base.accounts.passphrases import with_passphrase
from satuklik.base.accounts.permissions import official
from satuklik.base.files import queries as files
from satuklik.spine.documents import queries as documents
from satuklik.spine.signing import actions as signing
from satuklik.spine.signing import words as key_words
from satuklik.spine.signing.errors import SigningError
from satuklik.systems.press import actions, permits, queries, words
from satuklik.systems.press.errors import EnquiryNotFound, PressError
from satuklik.systems.press.forms import PassphraseForm, ReasonForm
from satuklik.systems.press.models import PressLetter
from satuklik.systems.press.signables import SIGNABLE, address
from satuklik.systems.press.views.guard import at_desk, who

MOST_PAGES = 20


@official()
@at_desk
@never_cache
@require_safe
def show(request: HttpRequest, reference: str) -> HttpResponse:
    """What it says, and the place to sign it."""
    return _page(request, _letter(request, reference))


@with_passphrase
@sensitive_post_parameters("passphrase")
@official()
@at_desk
@never_cache
@require_POST
@sensitive_variables("form", "passphrase")
def sign(request: HttpRequest, reference: str) -> HttpResponse:
    """The one signature, which is the approval too: the passphrase opens the key for this letter and is forgotten."""
    letter, form = _letter(request, reference), PassphraseForm(request.POST)
    by, now = who(request), timezone.now()
    if not _may_sign(request, letter):
        return _page(request, letter, problem=_("Surat ini tidak menunggu tanda tangan Anda."), status=403)
    if not form.is_valid():
        return _page(request, letter, form=form, status=422)
    try:
        with signing.unlock(by, form.cleaned_data["passphrase"], now, service=f"press:{letter.kind}") as key:
            document = actions.sign_letter(
                letter, by=by, key=key, now=now, seen=request.POST.get("sha256", "")[:64]
            )
    except SigningError as error:
        form.add_error("passphrase", key_words.of_error(error))
        return _page(request, letter, form=form, status=422)
    except SIGNABLE.failures as error:
        fresh = _letter(request, reference)
        return _page(request, fresh, problem=SIGNABLE.explain(error), status=HTTPStatus.CONFLICT)
    messages.success(request, _("Surat %(number)s sudah ditandatangani.") % {"number": document.number})
    return redirect(address(letter))


@official()
@at_desk
@require_POST
def give_back(request: HttpRequest, reference: str) -> HttpResponse:
    """Return it to who wrote it, with a reason."""
    letter, form = _letter(request, reference), ReasonForm(request.POST, auto_id="kembali_%s")
    if not form.is_valid():
        return _page(request, letter, reason=form, status=422)
    try:
        actions.return_letter(letter, reason=form.cleaned_data["reason"], by=who(request), now=timezone.now())
    except PressError as error:
        return _page(
            request, _letter(request, reference), problem=str(error), reason=form, status=HTTPStatus.CONFLICT
        )
    messages.success(request, _("Surat dikembalikan kepada penulisnya."))
    return redirect(address(letter))


@official()
@at_desk
@require_safe
def picture(request: HttpRequest, reference: str) -> HttpResponse:
    """A page of it as PNG: of the signed file, else of what waits."""
    letter = _letter(request, reference)
    named = request.GET.get("halaman", "1")
    page = int(named) if named.isascii() and named.isdigit() and len(named) < 4 else 1
    file = documents.newest_file(letter.document) if letter.document else letter.preview_id
    response = HttpResponse(
        documents.picture_of(file, page=max(1, min(page, MOST_PAGES))), content_type="image/png"
    )
    response["Cache-Control"] = "private, no-store"
    return response


@official()
@at_desk
@require_safe
def pdf(request: HttpRequest, reference: str) -> HttpResponse:
    """The PDF."""
    letter = _letter(request, reference)
    content = documents.read(letter.document) if letter.document else files.read(letter.preview_id)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header("unduh" in request.GET, f"{reference}.pdf")
    response["Cache-Control"] = "private, no-store"
    return response


def _letter(request: HttpRequest, reference: str) -> PressLetter:
    try:
        return queries.letter(reference, who(request), timezone.now())
    except EnquiryNotFound:
        raise Http404 from None


def _may_sign(request: HttpRequest, letter: PressLetter) -> bool:
    by = who(request)
    mine = permits.may_sign(by, letter.agency, timezone.now()) is not None
    return letter.state == PressLetter.State.WAITING and by.pk not in letter.writers and mine


def _page(
    request: HttpRequest, letter: PressLetter, *, problem: str = "", status: int = 200, **forms: Any
) -> HttpResponse:
    return render(
        request,
        "press/letter.html",
        {
            "letter": letter, "one": letter.enquiry, "title": words.LETTERS[letter.kind], "problem": problem,
            "state_words": words.LETTER_STATES[letter.state], "may_sign": _may_sign(request, letter),
            "own_work": letter.state == "waiting" and who(request).pk in letter.writers,
            "verify_url": documents.verify_url(letter.document) if letter.document else "",
            "form": forms.get("form") or PassphraseForm(),
            "reason": forms.get("reason") or ReasonForm(auto_id="kembali_%s"),
        },
        status=status,
    )  # fmt: skip
