"""The verification pages: for whoever holds a letter, without login, without JavaScript."""

import base64
import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from satuklik.base.accounts import limits
from satuklik.base.accounts.errors import TooManyAttempts
from satuklik.base.accounts.permissions import public
from satuklik.spine.documents import actions, queries, wording
from satuklik.spine.documents.forms import CompareForm, FindForm, OpenForm, UploadForm
from satuklik.spine.documents.models import IssuedDocument
from satuklik.spine.signing import queries as signing
from satuklik.spine.signing.errors import CannotRead
from satuklik.spine.signing.queries import PROBLEMS

# Per address; carriers put thousands of people behind one, so these are generous.
LOOKS = {"most": 300, "seconds": 600}
UPLOADS = {"most": 120, "seconds": 600}
# Per letter: forty bits cannot be tried out.
OPENINGS = {"most": 5, "seconds": 3600}


@public
@require_GET
def letter(request: HttpRequest, token: str) -> HttpResponse:
    """The page that the QR code leads to."""
    if waiting := _limited(request, "verify-look", LOOKS):
        return waiting
    document = queries.by_token(token)
    if document is None:
        return _answer(request, "documents/unknown.html", {"find": FindForm()}, status=404)
    return _letter_page(request, document, OpenForm())


@public
@require_http_methods(["GET", "POST"])
def original(request: HttpRequest, token: str) -> HttpResponse:
    """The registered PDF, for who can read its code from the paper (docs/adr/0021)."""
    document = queries.by_token(token)
    if document is None or request.method == "GET" or not queries.was_signed(document):
        return redirect("verify-letter", token=token)
    form = OpenForm(request.POST)
    if refused := _closed(document, form):
        return _letter_page(request, document, form, status=refused)
    now = timezone.now()
    actions.note_opening(document, now=now)
    response = HttpResponse(queries.read(document), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{document.number.replace("/", "-")}.pdf"'
    return _private(response)


@public
@require_http_methods(["GET", "POST"])
def compare(request: HttpRequest, token: str) -> HttpResponse:
    """The registered original beside an altered copy, page by page, for who can read its code (docs/adr/0021)."""
    document = queries.by_token(token)
    if document is None or not document.open_code or queries.is_pending(document):
        return redirect("verify-letter", token=token)
    context: dict[str, object] = {"document": document, "form": CompareForm()}
    if request.method == "GET":
        return _answer(request, "documents/compare.html", context)
    if waiting := _limited(request, "verify-upload", UPLOADS):
        return waiting
    form = context["form"] = CompareForm(request.POST, request.FILES)
    if refused := _closed(document, form):
        return _answer(request, "documents/compare.html", context, status=refused)
    actions.note_opening(document, now=timezone.now())
    try:
        pairs = signing.compare_pages(queries.read(document), form.cleaned_data["berkas"].read())
    except CannotRead as error:
        form.add_error("berkas", PROBLEMS.get(error.problem, PROBLEMS["damaged"]))
        return _answer(request, "documents/compare.html", context, status=422)
    context["pairs"] = [
        {
            "number": pair.number,
            "differs": pair.differs,
            "original": base64.b64encode(pair.original).decode(),
            "other": base64.b64encode(pair.other).decode(),
        }
        for pair in pairs
    ]
    context["differing"] = sum(pair.differs for pair in pairs)
    return _answer(request, "documents/compare.html", context)


@public
@require_GET
def trust_list(request: HttpRequest) -> HttpResponse:
    """The roots that a verified PDF may lead to, with their fingerprints."""
    roots = signing.trusted_roots()
    groups = [
        {"title": title, "meaning": meaning, "roots": [root for root in roots if root.kind == kind]}
        for kind, (title, meaning) in wording.TRUST.items()
    ]
    return _answer(request, "documents/trust.html", {"groups": groups})


def _closed(document: IssuedDocument, form: OpenForm) -> int | None:
    """Why the original stays closed (the status of the answer; the form says it in words); None: the code is right."""
    if not form.is_valid():
        return 422
    try:
        limits.check("verify-open", document.token, now=timezone.now(), **OPENINGS)
    except TooManyAttempts as error:
        form.add_error("kode", _wait(error))
        return 429
    if not secrets.compare_digest(form.cleaned_data["kode"], document.open_code):
        form.add_error("kode", _("Kode ini tidak sama dengan kode pada surat. Periksa lagi pada kertasnya."))
        return 422
    return None


@public
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Look a letter up by its number or code, or upload a PDF."""
    if request.method == "POST":
        return _check_upload(request)
    if "kode" not in request.GET:
        return _check_page(request)
    if waiting := _limited(request, "verify-look", LOOKS):
        return waiting
    form = FindForm(request.GET)
    if not form.is_valid():
        return _check_page(request, find=form, status=422)
    asked = form.cleaned_data["kode"]
    token = queries.token_of(asked)
    if token is not None:
        return redirect("verify-letter", token=token)
    document = queries.by_number(asked)
    if document is None:
        form.add_error("kode", _("Tidak ada surat dengan nomor ini pada kami. Periksa lagi penulisannya."))
        return _check_page(request, find=form, status=404)
    standing = queries.standing(document, timezone.now())
    context = {"document": document, "standing": standing, "said": wording.of_letter(standing)}
    return _answer(request, "documents/number.html", context)


def _check_upload(request: HttpRequest) -> HttpResponse:
    if waiting := _limited(request, "verify-upload", UPLOADS):
        return waiting
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _check_page(request, upload=form, status=422)
    verdict = queries.verdict_of_pdf(form.cleaned_data["berkas"].read(), now=timezone.now())
    context = {
        "name": form.cleaned_data["berkas"].name,
        "verdict": verdict,
        "document": verdict.document,
        "can_compare": verdict.document is not None
        and not verdict.same_file
        and bool(verdict.document.open_code)
        and verdict.reason not in ("not_pdf", "encrypted", "damaged"),
        "standing": verdict.standing,
        "said": wording.of_file(
            verdict.verdict, verdict.standing, same_file=verdict.same_file, reason=verdict.reason
        ),
        # What these say, the verdict has said already.
        "reason": "" if verdict.reason in ("changed", "unsigned") else PROBLEMS.get(verdict.reason, ""),
    }
    return _answer(request, "documents/file.html", context, status=503 if verdict.reason == "busy" else 200)


def _letter_page(
    request: HttpRequest, document: IssuedDocument, form: OpenForm, status: int = 200
) -> HttpResponse:
    standing = queries.standing(document, timezone.now())
    context = {
        "document": document,
        "standing": standing,
        "said": wording.of_letter(standing),
        "seal": document.signature.get("kind") == "seal",
        # What signed it says so, not what signs today.
        "certified": bool(document.signature.get("certified")),
        "open_form": form,
        "signed": queries.was_signed(document),
        "can_open": bool(document.open_code) and queries.was_signed(document),
        "public_url": settings.PUBLIC_URL,
    }
    return _answer(request, "documents/letter.html", context, status=status)


def _check_page(
    request: HttpRequest, find: FindForm | None = None, upload: UploadForm | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "find": find or FindForm(),
        "upload": upload or UploadForm(),
        "form": find or upload,
    }
    return _answer(request, "documents/check.html", context, status=status)


def _limited(request: HttpRequest, kind: str, budget: dict[str, int]) -> HttpResponse | None:
    try:
        limits.check(kind, limits.address(request), now=timezone.now(), **budget)
    except TooManyAttempts as error:
        return _answer(request, "documents/wait.html", {"wait": _wait(error)}, status=429)
    return None


def _wait(error: TooManyAttempts) -> str:
    moment = timezone.localtime(error.until)
    return _("Terlalu banyak percobaan. Coba lagi setelah pukul %(time)s WIB.") % {"time": f"{moment:%H.%M}"}


def _answer(
    request: HttpRequest, template: str, context: dict[str, object], status: int = 200
) -> HttpResponse:
    return _private(render(request, template, context, status=status))


def _private(response: HttpResponse) -> HttpResponse:
    """These pages are about one person: no cache keeps them, no search engine lists them."""
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
