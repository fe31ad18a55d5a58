"""Sign any PDF: bring it, see its pages, place the signature, type the passphrase; also what applications sent."""

from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from satuklik.base.accounts import limits
from satuklik.base.accounts.errors import TooManyAttempts
from satuklik.base.accounts.passphrases import with_passphrase
from satuklik.base.accounts.permissions import official
from satuklik.base.agencies import queries as agencies
from satuklik.base.ui.placement import PlacedPage, PlacementWidget, facts_as_given, given
from satuklik.faces.desk.forms import PassphraseForm, PdfForm, RefusalForm
from satuklik.faces.desk.wording import clock
from satuklik.spine.documents import queries as documents
from satuklik.spine.requests import actions, queries
from satuklik.spine.requests import words as request_words
from satuklik.spine.requests.errors import BadPlacement, NoSuchRequest, RequestError
from satuklik.spine.requests.queries import SigningRequest
from satuklik.spine.signing import actions as signing
from satuklik.spine.signing import words
from satuklik.spine.signing.errors import CannotRead, CannotSign, OutcomeUnknown, SigningError

# Each upload and each picture takes a process of its own for a while.
UPLOADS = {"most": 120, "seconds": 600}
KEEP = "private, max-age=3600, immutable"  # a request's PDF never changes


@official()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Bring a PDF."""
    who: agencies.Official = request.official  # type: ignore[attr-defined]
    if request.method != "POST":
        return render(request, "desk/pdf_upload.html", {"official": who, "form": PdfForm()})
    form, status = PdfForm(request.POST, request.FILES), 422
    if form.is_valid():
        now = timezone.now()
        file = form.cleaned_data["file"]
        try:
            limits.check("desk-pdf", f"official:{who.pk}", now=now, **UPLOADS)
            made, _new = actions.take_in(
                file.read(),
                caller=actions.Caller(request.user),
                official=who,
                agency=who.agency,
                title=form.cleaned_data["title"] or str(file.name).removesuffix(".pdf"),
                now=now,
            )
        except TooManyAttempts as error:
            status = 429
            form.add_error(
                "file",
                _("Terlalu banyak unggahan. Coba lagi setelah %(time)s.") % {"time": clock(error.until)},
            )
        except CannotSign as error:
            form.add_error("file", words.of_error(error))
        except RequestError as error:
            form.add_error("file", request_words.of_error(error))
        else:
            return redirect("desk:pdf-one", made.reference)
    return render(request, "desk/pdf_upload.html", {"official": who, "form": form}, status=status)


@with_passphrase
@sensitive_post_parameters("passphrase")
@sensitive_variables("form")
@official()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, reference: str) -> HttpResponse:
    """The pages with the place of the signature; sign it, or refuse what an application sent."""
    found = _found(request, reference)
    if request.method != "POST" or found.state not in ("draft", "waiting"):
        return _page(request, found)
    if "refuse" in request.POST:
        return _refuse(request, found)
    form = PassphraseForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form=form, status=422)
    return _sign(request, found, form)


@official()
@require_safe
def picture(request: HttpRequest, reference: str) -> HttpResponse:
    """A page of the PDF (`?halaman=2`) as PNG, drawn in the sandbox."""
    found = _found(request, reference)
    asked = request.GET.get("halaman", "1")
    page = int(asked) if asked.isdecimal() and len(asked) < 6 else 0
    if not 1 <= page <= len(found.sizes):
        raise Http404
    try:
        drawn = queries.page_picture(found, page)
    except CannotRead as error:
        return HttpResponse(words.of_error(error), status=422, content_type="text/plain; charset=utf-8")
    response = HttpResponse(drawn, content_type="image/png")
    response["Cache-Control"] = KEEP
    return response


@official()
@require_safe
def download(request: HttpRequest, reference: str) -> HttpResponse:
    """The signed PDF; before that the one that is to be signed. Always as a file: it was made elsewhere."""
    found = _found(request, reference)
    content = documents.read(found.document) if found.document else queries.content(found)
    response = HttpResponse(content, content_type="application/pdf")
    suffix = "-ttd" if found.document else ""
    response["Content-Disposition"] = content_disposition_header(
        True, f"{_file_name(found.title)}{suffix}.pdf"
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


@sensitive_variables("form")
def _sign(request: HttpRequest, found: SigningRequest, form: PassphraseForm) -> HttpResponse:
    who: agencies.Official = request.official  # type: ignore[attr-defined]
    now, where = timezone.now(), given(request.POST)
    office = next(
        (agency for agency, _s in _acting(who) if str(agency.pk) == request.POST.get("sebagai")), None
    )
    try:
        placed = actions.place(found, where, queries.content(found), signed_for=office, now=now)
        with signing.unlock(who, form.cleaned_data["passphrase"], now) as key:
            actions.sign_request(found.reference, queries.mark_of(placed), official=who, key=key, now=now)
    except BadPlacement as error:
        return _page(request, found, where=where, error=request_words.of_error(error), status=422)
    except CannotRead as error:
        return _page(request, found, where=where, error=words.of_error(error), status=422)
    except RequestError as error:
        again = PassphraseForm({}, error=request_words.of_error(error))
        return _page(request, found, where=where, form=again, status=409)
    except SigningError as error:
        again = PassphraseForm({}, error=words.of_error(error))
        return _page(request, found, where=where, form=again, status=422)
    return redirect("desk:pdf-one", found.reference)


def _refuse(request: HttpRequest, found: SigningRequest) -> HttpResponse:
    refusal = RefusalForm(request.POST)
    if not refusal.is_valid():
        return _page(request, found, refusal=refusal, status=422)
    try:
        actions.refuse(
            found.reference,
            refusal.cleaned_data["reason"],
            official=request.official,  # type: ignore[attr-defined]
            now=timezone.now(),
        )
    except RequestError as error:
        refusal.add_error("reason", request_words.of_error(error))
        return _page(request, found, refusal=refusal, status=409)
    except OutcomeUnknown as error:
        return _page(request, found, refusal=refusal, error=words.of_error(error), status=409)
    return redirect("desk:pdf-one", found.reference)


def _page(
    request: HttpRequest,
    found: SigningRequest,
    *,
    where: Mapping[str, str] | None = None,
    form: PassphraseForm | None = None,
    refusal: RefusalForm | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    who: agencies.Official = request.official  # type: ignore[attr-defined]
    address = reverse("desk:pdf-picture", args=[found.reference])
    pages = [
        PlacedPage(number, width, height, f"{address}?halaman={number}")
        for number, (width, height) in enumerate(found.sizes, 1)
    ]
    known = facts_as_given(found.placement, hidden=found.state == "waiting")
    context = {
        "official": who,
        "request_": found,
        "place": PlacementWidget(pages, known if where is None else where, error),
        "form": form or PassphraseForm(),
        "refusal": refusal or RefusalForm(),
        "acting": _acting(who),
        "as_whom": request.POST.get("sebagai") or str(found.signed_for_id or ""),
        "verify_url": documents.verify_url(found.document) if found.document else "",
    }
    return render(request, "desk/pdf.html", context, status=status)


def _acting(who: agencies.Official) -> list[tuple[agencies.Agency, agencies.Signer]]:
    """The offices whose head the official stands in for now."""
    now = timezone.now()
    signers = [(agency, agencies.may_sign(who, agency, now)) for agency in agencies.may_sign_for(who, now)]
    return [(agency, signer) for agency, signer in signers if signer is not None and signer.acting_as]


def _found(request: HttpRequest, reference: str) -> SigningRequest:
    try:
        return queries.of_official(reference, request.official)  # type: ignore[attr-defined]
    except NoSuchRequest as error:
        raise Http404 from error


def _file_name(title: str) -> str:
    """A title as the name of a file."""
    return (
        "".join(sign if sign.isalnum() or sign in " -_.," else "-" for sign in title)[:100].strip()
        or "dokumen"
    )
