"""What the desk's views share: who looks, whether he sits at the press desk, and how an act ends."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from satuklik.base.agencies.queries import Official
from satuklik.spine.documents.errors import LetterError
from satuklik.systems.press import permits, queries
from satuklik.systems.press.errors import EnquiryNotFound, PressError

View = TypeVar("View", bound=Callable[..., HttpResponse])


def who(request: HttpRequest) -> Official:
    """The official who looks; the permission decorator found him."""
    found: Official = request.official  # type: ignore[attr-defined]
    return found


def at_desk(view: View) -> View:
    """For officials of the press desk and those who approve; for all others the page is not there."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not permits.of_desk(who(request), timezone.now()):
            raise Http404
        return view(request, *args, **kwargs)

    return opened  # type: ignore[return-value]


def found(request: HttpRequest, reference: str) -> queries.Detail:
    """The question, or 404."""
    try:
        return queries.detail(reference, who(request), timezone.now())
    except EnquiryNotFound:
        raise Http404 from None


def finish(
    request: HttpRequest,
    reference: str,
    act: Callable[[], Any],
    said: str,
    again: Callable[[str], HttpResponse],
) -> HttpResponse:
    """Do it and go back to the question; where it is refused, `again(problem)` gives the page with all that was
    typed."""
    try:
        act()
    except PressError as error:
        return again(str(error))
    except LetterError:
        return again(
            _(
                "Surat tidak dapat dicetak: ada huruf yang tidak dikenal pencetak. Ganti huruf itu, lalu ulangi."
            )
        )
    messages.success(request, said)
    return redirect("press:enquiry", reference)
