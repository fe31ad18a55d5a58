"""Take back a letter: why, the decision as it will be, the passphrase that signs it."""

import hashlib
import json
from typing import Literal

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from satuklik.base.accounts.passphrases import with_passphrase
from satuklik.base.accounts.permissions import official
from satuklik.base.agencies import queries as agencies
from satuklik.faces.desk import wording
from satuklik.faces.desk.forms import AnnulForm, PassphraseForm
from satuklik.faces.desk.queries import service_name
from satuklik.faces.desk.views.case import box_of, letter_response, note_looks
from satuklik.spine.cases import actions
from satuklik.spine.cases import queries as cases
from satuklik.spine.cases.errors import CaseError, CaseNotFound, NotEntitled, NotNow
from satuklik.spine.documents import actions as documents
from satuklik.spine.documents import queries as issued
from satuklik.spine.documents.errors import CannotReplace, LetterError
from satuklik.spine.signing import words
from satuklik.spine.signing.errors import SigningError

DRAFT = "desk.annul"  # in the session: the reason that was typed, until the decision is signed


@official()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def annul(request: HttpRequest, reference: str) -> HttpResponse:
    """Why the letter is taken back; then the decision is shown."""
    view = _view(request, reference)
    refused = _refused(request, view)
    if refused is not None:
        return refused
    if request.method != "POST":
        return _form(request, view, AnnulForm(initial=_draft(request, reference), newer=_newer(view)))
    form = AnnulForm(request.POST, newer=_newer(view))
    if not form.is_valid():
        return _form(request, view, form, status=422)
    request.session[DRAFT] = {"reference": reference, **form.cleaned_data}
    return redirect(
        f"{reverse('desk:annul-sign', args=[reference])}?{urlencode({'kotak': box_of(request).slug})}"
    )


@with_passphrase
@sensitive_post_parameters("passphrase")
@official()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_annulment(request: HttpRequest, reference: str) -> HttpResponse:
    """The decision as it will be, and the passphrase that signs it."""
    view = _view(request, reference)
    refused = _refused(request, view)
    if refused is not None:
        return refused
    draft = _draft(request, reference)
    if not draft:
        return redirect("desk:annul", reference)
    if request.method != "POST":
        return _decision(request, view, draft, PassphraseForm())
    form = PassphraseForm(request.POST)
    if request.POST.get("dilihat") != _mark(draft):
        # Another tab, or somebody else at this desk, changed what is to be decided: nobody signs what he has not seen.
        told = _("Isi keputusan ini berubah sejak halaman dibuka. Periksa lagi, lalu tanda tangani.")
        return _decision(request, view, draft, PassphraseForm({}, error=told), status=409)
    if not form.is_valid():
        return _decision(request, view, draft, form, status=422)
    return _sign(request, view, draft, form)


@official()
@require_safe
def preview_picture(request: HttpRequest, reference: str) -> HttpResponse:
    """The decision to be, as a picture."""
    return _preview(request, reference, "png")


@official()
@require_safe
def preview_pdf(request: HttpRequest, reference: str) -> HttpResponse:
    """The decision to be, as PDF."""
    return _preview(request, reference, "pdf")


@official()
@require_safe
def annulment(request: HttpRequest, reference: str) -> HttpResponse:
    """The signed decision by which the case's letter ended."""
    view = _view(request, reference)
    letter = view.document
    if letter is None or letter.status_decision is None or letter.status == "in_force":
        raise Http404
    note_looks(request, [view], fields=("letter",))
    return letter_response(letter.status_decision, inline="unduh" not in request.GET)


@sensitive_variables("form")
def _sign(
    request: HttpRequest, view: cases.CaseView, draft: dict[str, str], form: PassphraseForm
) -> HttpResponse:
    reference = view.case.reference
    try:
        ended = actions.annul_letter(
            reference,
            official=request.official,  # type: ignore[attr-defined]
            passphrase=form.cleaned_data["passphrase"],
            reason=draft["reason"],
            defect=draft["defect"],
            by=draft.get("by", ""),
            now=timezone.now(),
        )
    except SigningError as error:
        return _decision(request, view, draft, PassphraseForm({}, error=words.of_error(error)), status=422)
    except LetterError as error:
        request.session.pop(DRAFT, None)
        told = _("Alasan ini tidak dapat dicetak. Tulis lagi tanpa tanda khusus.")
        if isinstance(error, CannotReplace):
            told = _(
                "Surat %(number)s tidak berlaku lagi, jadi tidak dapat menjadi pengganti. Pilih yang lain."
            )
            told %= {"number": error.newer}
        return _form(request, view, AnnulForm(initial=draft, newer=_newer(view)), problem=told, status=422)
    except CaseNotFound as error:
        raise Http404 from error
    except CaseError as error:
        return _not_done(request, view, error)
    request.session.pop(DRAFT, None)
    decision = ended.status_decision
    told = _("Surat %(number)s dicabut dengan keputusan %(decision)s. Pemegangnya diberi tahu.")
    if ended.replaced_by is not None:
        told = _("Surat %(number)s diganti dengan keputusan %(decision)s. Pemegangnya diberi tahu.")
    messages.success(
        request, told % {"number": ended.number, "decision": decision.number if decision else ""}
    )
    return redirect(f"{reverse('desk:case', args=[reference])}?{urlencode({'kotak': box_of(request).slug})}")


def _refused(request: HttpRequest, view: cases.CaseView) -> HttpResponse | None:
    """Why this official cannot take back the letter now; None when nothing stands against it."""
    who: agencies.Official = request.official  # type: ignore[attr-defined]
    letter = view.document
    if letter is None:
        raise Http404
    if letter.status != "in_force":
        return _not_done(request, view, NotNow(view.case.reference, letter.status))
    if agencies.may_sign(who, view.agency, timezone.now()) is None:
        return _not_done(request, view, NotEntitled())
    return None


def _not_done(request: HttpRequest, view: cases.CaseView, error: CaseError) -> HttpResponse:
    status = 403 if isinstance(error, NotEntitled) else 409
    return render(
        request,
        "desk/annul_not.html",
        _context(request, view) | {"problem": wording.problem(error)},
        status=status,
    )


def _form(
    request: HttpRequest, view: cases.CaseView, form: AnnulForm, *, problem: str = "", status: int = 200
) -> HttpResponse:
    note_looks(request, [view], fields=("name", "letter"))
    context = _context(request, view) | {"form": form, "problem": problem}
    return render(request, "desk/annul.html", context, status=status)


def _decision(
    request: HttpRequest, view: cases.CaseView, draft: dict[str, str], form: PassphraseForm, status: int = 200
) -> HttpResponse:
    who: agencies.Official = request.official  # type: ignore[attr-defined]
    note_looks(request, [view], fields=("name", "letter"))
    context = _context(request, view) | {
        "form": form,
        "reason": draft["reason"],
        "by": draft.get("by", ""),
        "mark": _mark(draft),
        "signer": agencies.may_sign(who, view.agency, timezone.now()),
    }
    return render(request, "desk/annul_sign.html", context, status=status)


def _context(request: HttpRequest, view: cases.CaseView) -> dict[str, object]:
    return {
        "official": request.official,  # type: ignore[attr-defined]
        "case": view.case,
        "document": view.document,
        "service_name": service_name(view.service),
        "box": box_of(request),
    }


def _newer(view: cases.CaseView) -> list[documents.IssuedDocument]:
    """What may take the letter's place."""
    return issued.newer_of(view.document) if view.document is not None else []


def _mark(draft: dict[str, str]) -> str:
    """What stands for a decision that is shown."""
    said = json.dumps([draft["reason"], draft["defect"], draft.get("by", "")])
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _draft(request: HttpRequest, reference: str) -> dict[str, str]:
    """What was typed for this letter; empty where nothing was."""
    draft: dict[str, str] = request.session.get(DRAFT) or {}
    return draft if draft.get("reference") == reference else {}


def _preview(request: HttpRequest, reference: str, form: Literal["pdf", "png"]) -> HttpResponse:
    view, draft = _view(request, reference), _draft(request, reference)
    if view.document is None or not draft:
        raise Http404
    newer = next((one for one in _newer(view) if one.number == draft.get("by")), None)
    if draft.get("by") and newer is None:  # it ended meanwhile: the decision would be another one
        raise Http404
    try:
        made = documents.preview_annulment(
            view.document,
            draft["reason"],
            official=request.official,  # type: ignore[attr-defined]
            now=timezone.now(),
            defect=draft["defect"],
            by=newer,
            format=form,
        )
    except LetterError as error:
        raise Http404 from error
    response = HttpResponse(made, content_type="image/png" if form == "png" else "application/pdf")
    response["Content-Disposition"] = "inline"
    response["Cache-Control"] = "private, no-store"
    return response


def _view(request: HttpRequest, reference: str) -> cases.CaseView:
    try:
        return cases.case_for_office(reference, request.official, timezone.now())  # type: ignore[attr-defined]
    except CaseNotFound as error:
        raise Http404 from error
