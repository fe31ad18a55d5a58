"""One look at everything that concerns a resident: each room gives a sub-select, one trip asks them all."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from satuklik.base.postgres import queries as prepared
from satuklik.base.ui import registry
from satuklik.spine.cases import queries as cases
from satuklik.spine.messaging import queries as messaging
from satuklik.spine.population import queries as population


@dataclass(frozen=True)
class Glance:
    """What concerns the resident behind a login."""

    person_id: int
    level: int
    name: str
    running: list[cases.Running]
    unread: int = 0
    offers: tuple[registry.Offer, ...] = ()


@cache
def _home_statement() -> str:
    offers = "".join(f", ({source.sql})" for source in registry.OFFERS.values())
    return (
        f"WITH me AS ({population.ME_SQL}) SELECT me.person_id, me.level, me.name, "  # noqa: S608 - rooms' own text
        f"({cases.RUNNING_SQL}), ({messaging.UNREAD_SQL}){offers} FROM me"
    )


_SERVICE = (
    f"WITH me AS ({population.ME_SQL}) "  # noqa: S608 - rooms' own text
    f"SELECT me.person_id, me.level, me.name, ({cases.RUNNING_OF_SERVICE_SQL}) FROM me"
)


def of_home(user_id: int, today: date, language: str) -> Glance | None:
    """For the home page; None when the login is no resident's."""
    row = prepared.row(_home_statement(), {"user": user_id, "today": today})
    if row is None:
        return None
    person_id, level, name, running, unread, *offers = row
    values = dict(zip(registry.OFFERS, offers, strict=True))
    offered = tuple(registry.offers(values, today, language))
    return Glance(person_id, level, name, cases.running(running), unread, offered)


def of_service(user_id: int, slug: str) -> Glance | None:
    """For a service's page: the level of proof, and the running matter of this service."""
    row = prepared.row(_SERVICE, {"user": user_id, "slug": slug})
    return Glance(row[0], row[1], row[2], cases.running(row[3])) if row else None
