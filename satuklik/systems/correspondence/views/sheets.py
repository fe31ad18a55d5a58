"""Pictures and files of letters: pages, PDFs, control sheets, disposition sheets, samples of the templates."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from satuklik.base.accounts.permissions import official
from satuklik.base.ui.errors import error_page
from satuklik.spine.documents import actions as documents
from satuklik.spine.documents.errors import LetterError
from satuklik.systems.correspondence import queries
from satuklik.systems.correspondence.errors import BadContent, BadUpload, UnknownKind
from satuklik.systems.correspondence.views import incoming, naskah

SAMPLE_SECONDS = 86_400


@official()
@require_safe
def sample(request: HttpRequest, slug: str) -> HttpResponse:
    """A small picture of a template, with invented content."""
    try:
        content = queries.sample(slug)
    except UnknownKind as error:
        raise Http404 from error
    response = HttpResponse(content, content_type="image/png")
    response["Cache-Control"] = f"private, max-age={SAMPLE_SECONDS}"
    return response


@official()
@require_safe
def picture(request: HttpRequest, reference: str) -> HttpResponse:
    """A page of a naskah as it looks now (`?halaman=2`)."""
    view = naskah.view_of(request, reference)
    number = _page_number(request)
    if number > max(1, view.pages):
        raise Http404
    try:
        return _private(queries.preview(view.naskah, "png", number), "image/png")
    except (BadContent, BadUpload, LetterError):
        return HttpResponse(status=422)


@official()
@require_safe
def pdf(request: HttpRequest, reference: str) -> HttpResponse:
    """The naskah as PDF: the signed one byte for byte, else as it would be."""
    view = naskah.view_of(request, reference)
    try:
        content = queries.preview(view.naskah, "pdf")
    except (BadContent, BadUpload, LetterError):
        return error_page(
            request, 422, happened=_("Naskah ini belum dapat dicetak."),
            todo=_("Lengkapi isinya, lalu coba lagi."),
        )  # fmt: skip
    name = (view.number or view.reference).replace("/", "-")
    return _private(content, "application/pdf", f"{name}.pdf", keep="unduh" in request.GET)


@official()
@require_safe
def control_sheet(request: HttpRequest, reference: str) -> HttpResponse:
    """Lembar kendali: every paraf with name, time and hash."""
    view = naskah.view_of(request, reference)
    if not view.versions:
        raise Http404
    content = queries.control_sheet(view.naskah)
    return _private(content, "application/pdf", f"lembar-kendali-{reference}.pdf", keep=True)


@official()
@require_safe
def incoming_file(request: HttpRequest, incoming_id: int) -> HttpResponse:
    """The letter that came in: the signed PDF, or the scan."""
    view = incoming.view_of(request, incoming_id)
    try:
        content, media_type = queries.incoming_file(view.incoming)
    except FileNotFoundError as error:
        raise Http404 from error
    ending = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}.get(media_type, "bin")
    response = _private(
        content, media_type, f"{view.number.replace('/', '-')}.{ending}", keep="unduh" in request.GET
    )
    if view.outside:  # a stranger's file
        response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@official()
@require_safe
def incoming_picture(request: HttpRequest, incoming_id: int) -> HttpResponse:
    """A page of a letter of ours that came in; of a scan only where it is a picture itself."""
    view = incoming.view_of(request, incoming_id)
    document = view.incoming.naskah.document if view.incoming.naskah else None
    if document is not None:
        return _private(documents.picture(document, page=_page_number(request)), "image/png")
    if not view.has_file or view.media_type not in ("image/png", "image/jpeg"):
        raise Http404
    content, media_type = queries.incoming_file(view.incoming)
    response = _private(content, media_type)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@official()
@require_safe
def disposition_sheet(request: HttpRequest, incoming_id: int) -> HttpResponse:
    """Lembar disposisi, for who keeps paper."""
    view = incoming.view_of(request, incoming_id)
    content = queries.disposition_sheet(view.incoming)
    return _private(content, "application/pdf", f"lembar-disposisi-{view.id}.pdf")


def _page_number(request: HttpRequest) -> int:
    named = request.GET.get("halaman", "1")
    return int(named) if named.isascii() and named.isdigit() and 0 < len(named) < 4 else 1


def _private(content: bytes, media_type: str, name: str = "", *, keep: bool = False) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(keep, name) if name else "inline"
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
