"""Send a signed naskah: into the inbox of offices of ours, by hand to everybody else."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from satuklik.base.agencies import queries as agencies
from satuklik.base.webhooks import actions as webhooks
from satuklik.spine.documents.actions import verify_url
from satuklik.systems.correspondence import rules
from satuklik.systems.correspondence.actions import registers, telling
from satuklik.systems.correspondence.actions.opening import change, locked, record, record_incoming
from satuklik.systems.correspondence.errors import BadContent, NotYours, WrongState
from satuklik.systems.correspondence.models import Incoming, Naskah, Recipient
from satuklik.systems.correspondence.queries.reading import may_read
from satuklik.systems.correspondence.typed import remark

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

HOW_LENGTH = 120


@transaction.atomic
def dispatch(naskah: Naskah, *, by: "Official", now: datetime) -> list[Incoming]:
    """Put it into the agenda masuk of every office of ours that it goes to. Who is outside stays to be sent by hand
    (`confirm_sent`). Doing it twice delivers once and returns the same. Raises WrongState, NotYours."""
    current = locked(naskah)
    _require_sender(current, by, now)
    if current.state == rules.DISPATCHED:
        return list(current.deliveries.select_related("entry", "agency").order_by("agency_id"))
    if current.state != rules.SIGNED:
        raise WrongState(current.state, rules.DISPATCHED)
    inside: dict[int, bool] = {}
    for one in current.recipients.exclude(agency=None):
        assert one.agency_id is not None
        inside[one.agency_id] = inside.get(one.agency_id, True) and one.kind == "copy"
    # In the order of their ids: two that send to the same offices at once never wait for each other in a circle.
    made = [
        registers.delivered(current, agency_id, copy=copy, now=now)
        for agency_id, copy in sorted(inside.items())
    ]
    current.recipients.exclude(agency=None).update(delivered_at=now)
    change(current, rules.DISPATCHED, now)
    record(current, "dispatched", by, now, {"offices": sorted(inside)})
    document = current.document
    assert document is not None
    said = {
        "reference": current.reference, "number": document.number, "from": current.signed_for.code,
        "verify_url": verify_url(document.token),
    }  # fmt: skip
    for office in sorted({current.signed_for_id, *inside}):
        webhooks.emit("naskah.dispatched", agency_id=office, data=said, now=now)
    for incoming in made:
        record_incoming(
            incoming, "delivered", by, now, {"naskah": current.reference, "agenda": str(incoming.entry)}
        )
        head = telling.head_of(incoming.agency, now)
        if head is not None:
            telling.of_incoming(
                incoming,
                head,
                "incoming",
                now,
                who="",
                office=current.signed_for.name,
                note=incoming.entry.number,
            )
    return made


@transaction.atomic
def confirm_sent(recipient: Recipient, *, by: "Official", now: datetime, how: str) -> Recipient:
    """State that it was sent to somebody outside, and how ("diantar", "pos", "surel"). Raises WrongState (not signed
    yet, or an office of ours), BadContent (no `how`), NotYours."""
    naskah = locked(recipient.naskah)
    row = Recipient.objects.select_for_update().get(pk=recipient.pk)
    _require_sender(naskah, by, now)
    if row.agency_id is not None or naskah.state not in (rules.SIGNED, rules.DISPATCHED):
        raise WrongState(naskah.state, "sent")
    if row.delivered_at is not None:
        return row
    tidy = remark("how", " ".join(how.split()), most=HOW_LENGTH)
    if not tidy:
        raise BadContent([("how", _("Tulis bagaimana surat ini dikirim: diantar, pos, atau surel."))])
    row.delivered_at, row.sent_how, row.sent_by = now, tidy, by
    row.save(update_fields=["delivered_at", "sent_how", "sent_by"])
    record(naskah, "sent", by, now, {"recipient": row.pk, "how": tidy})
    return row


def _require_sender(naskah: Naskah, by: "Official", now: datetime) -> None:
    """Whoever works for the office that wrote or signed it and may read it."""
    offices = agencies.offices_of(by, now)
    ours = naskah.agency_id in offices or naskah.signed_for_id in offices
    if not (ours and agencies.in_office(by, now) and may_read(by, naskah, now)):
        raise NotYours(by.name, naskah.reference)
