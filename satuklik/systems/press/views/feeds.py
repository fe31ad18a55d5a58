"""The newest releases for feed readers and newsrooms: Atom 1.0 and JSON Feed 1.1."""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from satuklik.base.accounts.permissions import public
from satuklik.kernel.characters import writable
from satuklik.systems.press import queries

NEWEST = 30


class _Atom(Atom1Feed):
    """With the whole text too, as in the JSON feed. Django calls every summary HTML, so ours is given escaped."""

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["body"], {"type": "text"})


@public
@require_safe
def atom(request: HttpRequest) -> HttpResponse:
    """Atom 1.0; a correction makes an entry new again (`updated`)."""
    rows = list(queries.published()[:NEWEST])
    feed = _Atom(
        title=_title(), link=_whole(reverse("press:releases")), description=_title(), language="id",
        feed_url=_whole(reverse("press:atom")), author_name=settings.REGENCY_NAME,
    )  # fmt: skip
    for row in rows:
        address = _whole(reverse("press:release", args=[row.slug]))
        feed.add_item(
            title=writable(row.title), link=address, description=escape(writable(row.summary)), body=writable(row.body), unique_id=address, pubdate=row.published_at,
            updateddate=row.changed_at, author_name=writable(row.agency.name),
        )  # fmt: skip
    if not rows:
        feed.latest_post_date = lambda: datetime(2026, 1, 1, tzinfo=UTC)  # type: ignore[method-assign]
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


@public
@require_safe
def json_feed(request: HttpRequest) -> HttpResponse:
    """JSON Feed 1.1."""
    items = [
        {
            "id": _whole(reverse("press:release", args=[row.slug])),
            "url": _whole(reverse("press:release", args=[row.slug])),
            "title": row.title, "summary": row.summary, "content_text": row.body, "language": "id",
            "date_published": row.published_at.isoformat() if row.published_at else None,
            "date_modified": row.changed_at.isoformat(), "authors": [{"name": row.agency.name}],
            **({"image": _whole(reverse("press:photo", args=[row.slug]))} if row.photo else {}),
        }
        for row in queries.published()[:NEWEST]
    ]  # fmt: skip
    feed = {
        "version": "https://jsonfeed.org/version/1.1", "title": _title(), "language": "id",
        "home_page_url": _whole(reverse("press:releases")), "feed_url": _whole(reverse("press:json-feed")),
        "items": items,
    }  # fmt: skip
    return JsonResponse(feed, content_type="application/feed+json; charset=utf-8")


def _title() -> str:
    return _("Siaran pers %(regency)s") % {"regency": settings.REGENCY_NAME}


def _whole(path: str) -> str:
    return f"{settings.PUBLIC_URL}{path}"
