"""Published releases in the portal's search."""

from django.urls import reverse

from satuklik.base.ui.registry import SearchResult
from satuklik.systems.press import queries

SHORTEST, MOST = 3, 5


def search(query: str, language: str) -> list[SearchResult]:
    """The newest releases whose title or summary holds the words."""
    words = query.replace("\0", "").strip()
    if len(words) < SHORTEST:
        return []
    return [
        SearchResult(
            row.title, row.summary, reverse("press:release", args=[row.slug]), "megaphone", 0.3, "press"
        )
        for row in queries.published(words)[:MOST]
    ]
