"""Who can be in a chain, who can take a disposition, where a naskah can go."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from satuklik.base.agencies import queries as agencies
from satuklik.base.agencies.errors import NoHead
from satuklik.systems.correspondence import rules

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Agency, Official


def proposed_chain(
    by: "Official",
    *,
    signed_for: "Agency | None" = None,
    signer: "Official | None" = None,
    now: datetime | None = None,
) -> "list[list[Official]]":
    """Whose parafs a draft of `by` usually needs, in order, each inner list side by side: his chief of section or
    division, the secretary, and where another office signs, the head of his own. Neither `by` himself nor who signs is
    in it."""
    moment = now or timezone.now()
    office = signed_for or (signer.agency if signer else by.agency)
    people = agencies.officials(by.agency, timezone.localdate(moment))
    known = {one.pk: one for one in people}
    own_head = _head(by.agency, moment)
    signs = signer or _head(office, moment)
    groups = rules.proposed(
        _rank(by),
        [_rank(one) for one in people],
        signer=signs.pk if signs else None,
        drafter_heads=own_head is not None and own_head.pk == by.pk,
    )
    chain = [[known[pk] for pk in group] for group in groups]
    if (
        office.pk != by.agency_id
        and own_head is not None
        and own_head.pk not in (by.pk, signs.pk if signs else 0)
    ):
        chain.append([own_head])
    return chain


def colleagues(official: "Official", now: datetime | None = None) -> "list[Official]":
    """Everybody in office at the same agency, himself left out, the head first."""
    today = timezone.localdate(now or timezone.now())
    return [one for one in agencies.officials(official.agency, today) if one.pk != official.pk]


def offices() -> "list[Agency]":
    """Every office of ours that a naskah can go to, by name."""
    return sorted(agencies.agencies(), key=lambda one: one.name)


def _rank(one: "Official") -> rules.Rank:
    return rules.Rank(one.pk, one.role, one.position)


def _head(agency: "Agency", now: datetime) -> "Official | None":
    try:
        return agencies.head_of(agency, now).official
    except NoHead:
        return None
