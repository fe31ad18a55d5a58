"""A letter that waits for its signature: read, signed with the passphrase, or given back; and the signed PDF."""

from http import HTTPStatus

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
from satuklik.base.files import queries as files
from satuklik.spine.documents import queries as documents
from satuklik.spine.signing import actions as signing
from satuklik.spine.signing import words as key_words
from satuklik.spine.signing.errors import SigningError
from satuklik.systems.ppid import actions, addresses, forms, queries, words
from satuklik.systems.ppid.errors import NotFound, PpidError
from satuklik.systems.ppid.models import InformationRequest, Letter, Objection
from satuklik.systems.ppid.queries import extensions
from satuklik.systems.ppid.signables import SIGNABLE
from satuklik.systems.ppid.views.desk import download, who
from satuklik.systems.ppid.views.guard import status_of

MOST_PAGES = 50


@official()
@never_cache
@require_safe
def show(request: HttpRequest, reference: str) -> HttpResponse:
    """What it says, and the place to sign it."""
    return _page(request, _letter(request, reference))


@with_passphrase
@sensitive_post_parameters("passphrase")
@official()
@never_cache
@require_POST
@sensitive_variables("form", "passphrase")
def sign(request: HttpRequest, reference: str) -> HttpResponse:
    """The one signature: the passphrase opens the key for this letter and is forgotten."""
    letter, form = _letter(request, reference), forms.PassphraseForm(request.POST)
    by, now = who(request), timezone.now()
    if queries.may_sign(by, letter.agency.code, now) is None:
        return _page(request, letter, problem=_("Surat ini tidak menunggu tanda tangan Anda."), status=403)
    if not form.is_valid():
        return _page(request, letter, form=form, status=422)
    try:
        with signing.unlock(by, form.cleaned_data["passphrase"], now, service=f"ppid:{letter.kind}") as key:
            document = actions.sign(letter, by=by, key=key, now=now, seen=request.POST.get("sha256", "")[:64])
    except SigningError as error:
        form.add_error("passphrase", key_words.of_error(error))
        return _page(request, letter, form=form, status=422)
    except SIGNABLE.failures as error:
        status = status_of(error) if isinstance(error, PpidError) else HTTPStatus.UNPROCESSABLE_ENTITY
        return _page(request, _letter(request, reference), problem=SIGNABLE.explain(error), status=status)
    messages.success(request, _("Surat %(number)s sudah ditandatangani.") % {"number": document.number})
    return redirect(addresses.letter(letter))


@official()
@require_POST
def give_back(request: HttpRequest, reference: str) -> HttpResponse:
    """Return it to who prepared it, with a reason."""
    letter, form = _letter(request, reference), forms.ReasonForm(request.POST)
    by, now = who(request), timezone.now()
    if not form.is_valid():
        return _page(request, letter, reason=form, status=422)
    if letter.state != Letter.State.WAITING:
        problem = _("Surat ini tidak menunggu tanda tangan lagi.")
        return _page(request, letter, reason=form, problem=problem, status=HTTPStatus.CONFLICT)
    try:
        if letter.kind == Letter.Kind.OBJECTION:
            actions.take_back_objection(letter.objection, by=by, now=now, reason=form.cleaned_data["reason"])
        elif letter.kind == Letter.Kind.EXTENSION:
            actions.take_back_extension(
                extensions.request_of(letter), by=by, now=now, reason=form.cleaned_data["reason"]
            )
        else:
            actions.take_back(letter.decision.request, by=by, now=now, reason=form.cleaned_data["reason"])
    except (PpidError, SigningError) as error:
        problem = key_words.of_error(error) if isinstance(error, SigningError) else str(error)
        status = status_of(error) if isinstance(error, PpidError) else HTTPStatus.CONFLICT
        return _page(request, _letter(request, reference), reason=form, problem=str(problem), status=status)
    messages.success(request, _("Surat dikembalikan kepada penyusunnya."))
    return redirect(reverse("ppid:letter", args=[reference]))


@official()
@require_safe
def picture(request: HttpRequest, reference: str) -> HttpResponse:
    """A page of it as PNG: of the signed file, else of what waits."""
    letter = _letter(request, reference)
    named = request.GET.get("halaman", "1")
    page = int(named) if named.isascii() and named.isdigit() and len(named) < 4 else 1
    made = documents.picture_of(_file(letter), page=max(1, min(page, MOST_PAGES)))
    response = HttpResponse(made, content_type="image/png")
    response["Cache-Control"] = "private, no-store"
    return response


@official()
@require_safe
def pdf(request: HttpRequest, reference: str) -> HttpResponse:
    """The PDF."""
    letter = _letter(request, reference)
    content = documents.read(letter.document) if letter.document else files.read(letter.preview_id)
    return download(content, "application/pdf", f"{reference}.pdf", inline="unduh" not in request.GET)


def _letter(request: HttpRequest, reference: str) -> Letter:
    try:
        return queries.letter_for(reference, who(request), timezone.now())
    except NotFound as error:
        raise Http404 from error


def _file(letter: Letter) -> str:
    return documents.newest_file(letter.document) if letter.document else letter.preview_id


def _page(
    request: HttpRequest,
    letter: Letter,
    *,
    form: forms.PassphraseForm | None = None,
    reason: forms.ReasonForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    matter: InformationRequest | Objection | None = None
    if letter.kind == Letter.Kind.OBJECTION:
        matter = Objection.objects.filter(reference=letter.reference.rpartition("-")[0]).first()
    elif letter.kind == Letter.Kind.EXTENSION:
        matter = extensions.request_of(letter)
    elif hasattr(letter, "decision"):
        matter = letter.decision.request
    officer, superior = queries.is_officer(who(request), now), queries.is_superior(who(request), now)
    return render(
        request,
        "ppid/desk/letter.html",
        {
            "letter": letter, "title": words.LETTERS[letter.kind], "matter": matter,
            "back": addresses.desk(matter) if matter is not None and (officer or superior) else "",
            "may_sign": letter.state == "waiting" and queries.may_sign(who(request), letter.agency.code, now) is not None,
            "form": form or forms.PassphraseForm(), "reason": reason or forms.ReasonForm(auto_id="kembali_%s"),
            "problem": problem, "verify_url": documents.verify_url(letter.document) if letter.document else "",
            "outcome": words.OUTCOMES[letter.content["outcome"]],
        },
        status=status,
    )  # fmt: skip
