"""My letters: the list, and each letter as file and as picture."""

from string import capwords

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from satuklik.base.accounts.permissions import resident
from satuklik.base.ui.errors import error_page
from satuklik.spine.documents import actions as documents_actions
from satuklik.spine.documents import queries as documents
from satuklik.spine.documents.queries import IssuedDocument

MOST = 100


@resident(level=2)
@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """Every letter that I got, the newest first, with whether it is in force."""
    now, english = timezone.now(), (get_language() or "id").startswith("en")
    found = documents.of_person(request.resident.person)[:MOST]  # type: ignore[attr-defined]
    rows = [
        {
            "letter": letter,
            "title": letter.title_en if english and letter.title_en else capwords(letter.title),
            "standing": documents.standing(letter, now),
            "office": letter.agency.name,
        }
        for letter in found
    ]
    return render(request, "portal/letters.html", {"tab": "letters", "rows": rows})


def _mine(request: HttpRequest, reference: str) -> IssuedDocument | None:
    letter = documents.by_case(reference)
    person = request.resident.person  # type: ignore[attr-defined]
    return letter if letter is not None and letter.person_id == person.pk else None


@resident(level=2)
@require_safe
def pdf(request: HttpRequest, reference: str) -> HttpResponse:
    """The registered file itself."""
    letter = _mine(request, reference)
    if letter is None:
        return error_page(request, 404)
    name = f"{letter.service}-{letter.number.replace('/', '-')}.pdf"
    disposition = content_disposition_header(as_attachment="lihat" not in request.GET, filename=name)
    return HttpResponse(
        documents.read(letter),
        content_type="application/pdf",
        headers={"Content-Disposition": disposition or "attachment", "Cache-Control": "private, no-store"},
    )


@resident(level=2)
@require_safe
def picture(request: HttpRequest, reference: str) -> HttpResponse:
    """The letter as a picture, drawn from the very bytes that were signed."""
    letter = _mine(request, reference)
    if letter is None:
        return error_page(request, 404)
    return HttpResponse(
        documents_actions.picture(letter),
        content_type="image/png",
        headers={"Cache-Control": "private, no-store"},
    )
