"""What other rooms register with the interface at start: tabs, footer links, search, inboxes, offers.

Everything is registered in an `AppConfig.ready()`; a name that is taken fails at start with both places named.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django.http import HttpRequest

from satuklik.kernel.remembering import remembering


class DuplicateName(RuntimeError):
    """Two rooms registered the same name in one registry."""


@dataclass(frozen=True)
class Tab:
    """One entry of the main navigation. `label` is a lazy text; `url` a path or the name of a URL."""

    name: str
    label: Any
    icon: str
    url: str
    order: int
    signed_out_url: str = ""
    """Where the tab leads without login, when that differs."""


@dataclass(frozen=True)
class FooterLink:
    """A link at the foot of every page."""

    name: str
    label: Any
    url: str
    order: int


@dataclass(frozen=True)
class SearchResult:
    """One hit of the search in plain words. `score` is 0–1, best first."""

    title: str
    summary: str
    url: str
    icon: str
    score: float
    group: str = ""


@dataclass(frozen=True)
class Inbox:
    """An entry of the officials' rail: how many things wait, how many of them are late."""

    label: Any
    url: str
    icon: str
    count: int = 0
    late: int = 0
    order: int = 50
    group: Any = ""
    """A heading above the first entry of the group; entries of one group have neighbouring orders."""


@dataclass(frozen=True)
class Offer:
    """Something that the portal offers to a resident without being asked ("Untuk Anda")."""

    title: str
    reason: str
    url: str
    icon: str
    action: str
    until: date | None = None
    weight: int = 50
    """Bigger comes first."""


@dataclass(frozen=True)
class Entrance:
    """A way in that the home page shows everybody beside the services: ask for information, complain, …"""

    name: str
    label: Any
    about: Any
    """One short sentence."""
    icon: str
    url: str
    order: int


@dataclass(frozen=True)
class Matter:
    """Something of a resident that is under way or done, for the page «Urusan» beside the services' cases."""

    title: str
    state: str
    """In words, in the language of the page."""
    tone: str
    """"" (grey), "info", "success", "warning" or "danger"."""
    url: str
    icon: str
    since: datetime
    due_on: date | None = None
    closed: bool = False


Matters = Callable[[Any, int], Iterable[Matter]]
"""(user, limit) → that user's matters, newest first"""
Search = Callable[[str, str], Iterable[SearchResult]]
"""(query, language) → results"""
Inboxes = Callable[[HttpRequest], Iterable[Inbox]]
Offers = Callable[[Any, date, str], Iterable[Offer]]
"""(what the offer's statement gave, today, language) → offers"""


@dataclass(frozen=True)
class OfferSource:
    """Where offers come from: a scalar sub-select and what makes offers of its value.

    The sub-select stands in one statement with all others (one trip to the database for the whole home page).
    It may name `me.person_id`, `me.user_id` and the parameter %(today)s, and gives one value, best JSON.
    """

    sql: str
    make: Offers


TABS: dict[str, Tab] = {}
FOOTER: dict[str, FooterLink] = {}
SEARCHES: dict[str, Search] = {}
INBOXES: dict[str, Inboxes] = {}
OFFERS: dict[str, OfferSource] = {}
ENTRANCES: dict[str, Entrance] = {}
MATTERS: dict[str, Matters] = {}

T = TypeVar("T")


def _add(registry: dict[str, T], name: str, thing: T) -> None:
    if name in registry:
        raise DuplicateName(f"{name!r} is registered twice: {registry[name]!r} and {thing!r}.")
    registry[name] = thing


def register_tab(tab: Tab) -> None:
    """Add an entry to the main navigation."""
    _add(TABS, tab.name, tab)


def register_footer_link(link: FooterLink) -> None:
    """Add a link to the foot of every page."""
    _add(FOOTER, link.name, link)


def register_search(name: str, search: Search) -> None:
    """Let the portal's search ask `search(query, language)`."""
    _add(SEARCHES, name, search)


def register_inbox(name: str, inboxes: Inboxes) -> None:
    """Let the officials' rail ask `inboxes(request)`."""
    _add(INBOXES, name, inboxes)


def register_offer(name: str, sql: str, make: Offers) -> None:
    """Let the portal's home offer something: see OfferSource. `make` is called unless the value is NULL."""
    _add(OFFERS, name, OfferSource(sql, make))


def register_entrance(entrance: Entrance) -> None:
    """Let the home page show a way in."""
    _add(ENTRANCES, entrance.name, entrance)


def register_matters(name: str, matters: Matters) -> None:
    """Let the page «Urusan» ask `matters(user, limit)`."""
    _add(MATTERS, name, matters)


def entrances() -> list[Entrance]:
    """The ways in, in their order."""
    return sorted(ENTRANCES.values(), key=lambda entrance: entrance.order)


def matters(user: Any, limit: int) -> list[Matter]:
    """The user's matters of every room that registered some, newest first, at most `limit` of each."""
    found = [matter for ask in MATTERS.values() for matter in ask(user, limit)]
    return sorted(found, key=lambda matter: matter.since, reverse=True)


def tabs() -> list[Tab]:
    """The main navigation in its order."""
    return sorted(TABS.values(), key=lambda tab: tab.order)


def footer_links() -> list[FooterLink]:
    """The links at the foot in their order."""
    return sorted(FOOTER.values(), key=lambda link: link.order)


def search(query: str, language: str) -> list[SearchResult]:
    """Every room's results, best first."""
    found = [result for ask in SEARCHES.values() for result in ask(query, language)]
    return sorted(found, key=lambda result: -result.score)


def inboxes(request: HttpRequest) -> list[Inbox]:
    """The officials' rail in its order."""
    with remembering():
        return sorted((box for ask in INBOXES.values() for box in ask(request)), key=lambda box: box.order)


def offers(values: dict[str, Any], today: date, language: str) -> list[Offer]:
    """The offers made of each source's value (by the source's name), most urgent first."""
    found = [
        offer
        for name, source in OFFERS.items()
        if values.get(name) is not None
        for offer in source.make(values[name], today, language)
    ]
    return sorted(found, key=lambda offer: (-offer.weight, offer.until or date.max))
