"""Where the visible signature stands on an uploaded PDF: the widget of all desks, on the pages of this naskah."""

from collections.abc import Mapping

from django.urls import reverse

from satuklik.base.files import queries as files
from satuklik.base.ui.placement import PlacedPage, PlacementWidget, facts_as_given, given
from satuklik.spine.requests import words as request_words
from satuklik.spine.requests.actions import read_placement
from satuklik.spine.requests.errors import BadPlacement
from satuklik.spine.signing import queries as signing
from satuklik.spine.signing import words as signing_words
from satuklik.spine.signing.errors import CannotRead
from satuklik.spine.signing.placement import Placement
from satuklik.systems.correspondence.queries import NaskahView

LAST = {"mode": "corner", "page": "-1", "corner": "bottom_right"}


class Misplaced(ValueError):
    """The place cannot be used; `str(error)` says why to a person. `unreadable`: it is the PDF's fault."""

    def __init__(self, words: str, *, unreadable: bool) -> None:
        super().__init__(words)
        self.unreadable = unreadable


def widget(view: NaskahView, post: Mapping[str, str] | None, error: str = "") -> PlacementWidget:
    """The widget over the kept PDF; `post` is what was just chosen. A PDF that cannot be read has no pages."""
    address = reverse("correspondence:picture", args=[view.reference])
    version = f"{view.changed_at:%s%f}"
    pages = [
        PlacedPage(number, width, height, f"{address}?halaman={number}&v={version}")
        for number, (width, height) in enumerate(_sizes(view), 1)
    ]
    kept = facts_as_given(_on_a_page(view.naskah.placement, len(pages)), hidden=True)
    return PlacementWidget(pages, given(post) if post is not None else kept, error)


def place_of(post: Mapping[str, str], pdf: bytes) -> Placement | None:
    """The place that the form asks for on this PDF, by default the lower right corner of its last page; None: not
    visible. Raises Misplaced."""
    chosen = given(post) or LAST
    try:
        sizes = signing.page_sizes(pdf)
        return read_placement(
            chosen, sizes, lambda tag, width, height: signing.find_tag(pdf, tag, width, height)
        )
    except BadPlacement as error:
        raise Misplaced(request_words.of_error(error), unreadable=False) from error
    except CannotRead as error:
        raise Misplaced(signing_words.of_error(error), unreadable=True) from error


def kept_pdf(view: NaskahView) -> bytes:
    """The PDF that was uploaded."""
    assert view.naskah.uploaded_id is not None
    return files.read(view.naskah.uploaded_id)


def _sizes(view: NaskahView) -> list[tuple[float, float]]:
    try:
        return signing.page_sizes(kept_pdf(view))
    except CannotRead:
        return []


def _on_a_page(facts: Mapping[str, object] | None, pages: int) -> Mapping[str, object] | None:
    """-1 is the last page."""
    return {**facts, "page": pages} if facts and facts.get("page") == -1 else facts
