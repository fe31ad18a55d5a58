"""What an official may do with a naskah or an incoming letter now: which buttons a page shows. The actions ask again."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from satuklik.base.agencies import queries as agencies
from satuklik.systems.correspondence import rules
from satuklik.systems.correspondence.models import Incoming, Naskah
from satuklik.systems.correspondence.queries.boxes import Viewer
from satuklik.systems.correspondence.queries.views import DispositionView, RecipientView, StepView

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official


def of_naskah(
    naskah: Naskah, mine: StepView | None, recipients: Sequence[RecipientView], viewer: Viewer
) -> frozenset[str]:
    """edit, submit, cancel, withdraw, paraf, give_back, forward, sign, dispatch, confirm_sent."""
    may: set[str] = set()
    me = viewer.official
    leads = me.agency_id == naskah.agency_id and me.role in ("head", "secretary")
    if me.pk == naskah.drafted_by_id or leads or naskah.agency_id in viewer.headed:
        may |= {"edit", "submit"} if naskah.state in rules.EDITABLE else set()
        may |= {"withdraw"} if naskah.state in rules.GOING_UP else set()
        may |= {"cancel"} if rules.CANCELLED in rules.NEXT[naskah.state] else set()
    if mine is not None:
        may |= {"paraf", "forward", "give_back"} if mine.kind == "paraf" else {"sign", "give_back"}
    if naskah.agency_id in viewer.offices or naskah.signed_for_id in viewer.offices:
        may |= {"dispatch"} if naskah.state == rules.SIGNED else set()
        gone = naskah.state in (rules.SIGNED, rules.DISPATCHED)
        waiting = any(one.outside and one.delivered_at is None for one in recipients)
        may |= {"confirm_sent"} if gone and waiting else set()
    return frozenset(may)


def of_incoming(incoming: Incoming, given: Sequence[DispositionView], viewer: Viewer) -> frozenset[str]:
    """dispose, report, close, answer."""
    may: set[str] = set()
    me = viewer.official
    if incoming.agency_id == me.agency_id:
        may.add("answer")
    if incoming.state == Incoming.State.DONE:
        return frozenset(may)
    secretary = me.role == "secretary" and me.agency_id == incoming.agency_id
    if incoming.agency_id in viewer.headed or secretary:
        may |= {"dispose", "close"}
    if any(one.mine for one in given):
        may |= {"report", "dispose"}
    if not takers(incoming, viewer):
        may.discard("dispose")
    return frozenset(may)


def takers(incoming: Incoming, viewer: Viewer) -> "list[Official]":
    """Who can get a disposition of this letter from the official who looks."""
    me, office = viewer.official, incoming.agency
    acting = incoming.agency_id in viewer.headed and not (me.role == "head" and me.agency_id == office.pk)
    people = agencies.officials(office, viewer.today)
    if me.agency_id != office.pk:
        people += agencies.officials(me.agency, viewer.today)
    if office.code in agencies.ABOVE_ALL and office.pk in viewer.headed:
        people += agencies.heads_in_office(viewer.now)
    found = {one.pk: one for one in people if one.pk != me.pk and below(me, one, office, acting=acting)}
    return list(found.values())


def below(by: "Official", taker: "Official", office: "agencies.Agency", *, acting: bool) -> bool:
    """Whether `taker` can get a disposition of a letter to `office` from `by`: a subordinate of the same office, or
    the head of an office below it (the regent's and the regional secretary's: of any office)."""
    if taker.agency_id in (by.agency_id, office.pk):
        return rules.may_dispose_down(by.role, taker.role, acting=acting)
    if taker.role != "head":
        return False
    return office.code in agencies.ABOVE_ALL or office.pk in agencies.above(taker.agency)
