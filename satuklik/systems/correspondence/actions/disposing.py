"""Dispositions: instructions on an incoming letter, passed on, reported back, closed."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from satuklik.base.agencies import queries as agencies
from satuklik.systems.correspondence import catalogue
from satuklik.systems.correspondence.actions import telling
from satuklik.systems.correspondence.actions.opening import heads, locked_incoming, record_incoming
from satuklik.systems.correspondence.errors import BadDisposition, NotYours, ReasonMissing, WrongState
from satuklik.systems.correspondence.models import Disposition, Incoming
from satuklik.systems.correspondence.queries.permits import below
from satuklik.systems.correspondence.typed import remark

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

NOTE_LENGTH, REPORT_LENGTH = 500, 1000


@transaction.atomic
def dispose(
    incoming: Incoming,
    *,
    by: "Official",
    now: datetime,
    takers: "Sequence[Official]",
    instruction: str,
    note: str = "",
    due_on: date | None = None,
    parent: Disposition | None = None,
) -> list[Disposition]:
    """Give an instruction to one or several officials of the office: the head (or who acts for him) and the secretary
    freely, others by passing on an open disposition of their own (`parent`). Who has an open disposition of this
    letter already keeps that one. Raises BadDisposition, NotYours, WrongState."""
    current = locked_incoming(incoming)
    if current.state == Incoming.State.DONE:
        raise WrongState(current.state, "disposed")
    if not agencies.in_office(by, now):
        raise NotYours(by.name, str(current.entry))
    note = remark("note", note, most=NOTE_LENGTH)
    acting_as = _capacity(current, by, now, parent)
    _check(
        current, by, now, takers, instruction, note, due_on, acting=acting_as is not None and acting_as != ""
    )
    open_now = {
        one.taker_id: one for one in current.dispositions.filter(done_at=None).select_related("taker__agency")
    }
    made = []
    for taker in dict.fromkeys(takers):
        if taker.pk in open_now:
            continue
        one = Disposition.objects.create(
            incoming=current,
            parent=parent,
            giver=by,
            acting_as=acting_as or "",
            taker=taker,
            instruction=instruction,
            note=note,
            due_on=due_on,
            given_at=now,
        )
        made.append(one)
        words = catalogue.current().instructions[instruction].words["id"]
        telling.of_incoming(
            current, taker, "disposition", now, who=by.name, office=current.agency.short_name,
            note=f"{words}. {note}".strip(),
        )  # fmt: skip
    if not made:
        raise BadDisposition(_("Semua penerima sudah memegang disposisi surat ini."))
    current.state = Incoming.State.DISPOSED
    current.save(update_fields=["state"])
    facts = {
        "takers": [one.taker_id for one in made],
        "instruction": instruction,
        "acting_as": acting_as or "",
    }
    record_incoming(current, "disposed", by, now, facts)
    return made


@transaction.atomic
def report(disposition: Disposition, *, by: "Official", now: datetime, text: str) -> Disposition:
    """The taker says what was done. When every disposition of a letter is done, the letter is. Doing it twice returns
    the first. Raises NotYours, WrongState (what he passed on is not done), ReasonMissing (an empty report)."""
    current = locked_incoming(disposition.incoming)
    row = Disposition.objects.select_related("taker", "giver__user").get(pk=disposition.pk)
    if row.taker_id != by.pk or not agencies.in_office(by, now):
        raise NotYours(by.name, str(current.entry))
    if row.done_at is not None:
        return row
    tidy = remark("text", text, most=REPORT_LENGTH)
    if not tidy:
        raise ReasonMissing
    waiting = row.children.filter(done_at=None).select_related("taker").first()
    if waiting is not None:
        raise BadDisposition(
            _("%(name)s belum melapor. Tunggu laporannya, atau minta ia menyelesaikannya.")
            % {"name": waiting.taker.name}
        )
    row.report, row.done_at, row.read_at = tidy, now, row.read_at or now
    row.save(update_fields=["report", "done_at", "read_at"])
    record_incoming(current, "reported", by, now, {"disposition": row.pk})
    telling.of_incoming(
        current, row.giver, "reported", now, who=by.name, office=current.agency.short_name, note=tidy
    )
    if not current.dispositions.filter(done_at=None).exists():
        _done(current, by, now)
    return row


@transaction.atomic
def close(incoming: Incoming, *, by: "Official", now: datetime) -> Incoming:
    """The head or the secretary ends the matter, also without a disposition; what is open of it ends with it. Doing it
    twice returns the first. Raises NotYours."""
    current = locked_incoming(incoming)
    if current.state == Incoming.State.DONE:
        return current
    secretary = by.role == "secretary" and by.agency_id == current.agency_id
    if not (secretary or heads(by, current.agency, now)) or not agencies.in_office(by, now):
        raise NotYours(by.name, str(current.entry))
    current.dispositions.filter(done_at=None).update(done_at=now, report=f"Ditutup oleh {by.name}.")
    _done(current, by, now)
    return current


def _capacity(incoming: Incoming, by: "Official", now: datetime, parent: Disposition | None) -> str | None:
    """In which capacity he disposes: "" as what he is, "Plh" …; None for passing on. Raises NotYours."""
    capacity = heads(by, incoming.agency, now)
    if capacity is not None:
        return capacity.acting_as
    if parent is not None and parent.taker_id == by.pk and parent.incoming_id == incoming.pk:
        if parent.done_at is not None:
            raise WrongState("done", "disposed")
        return None
    # A head whom somebody acts for is not the head now: may_sign says so.
    if by.role == "secretary" and by.agency_id == incoming.agency_id:
        return ""
    raise NotYours(by.name, str(incoming.entry))


def _check(
    incoming: Incoming,
    by: "Official",
    now: datetime,
    takers: "Sequence[Official]",
    instruction: str,
    note: str,
    due_on: date | None,
    *,
    acting: bool,
) -> None:
    if not takers:
        raise BadDisposition(_("Pilih sedikitnya satu penerima disposisi."))
    if instruction not in catalogue.current().instructions:
        raise BadDisposition(_("Pilih isi disposisi dari daftar."))
    if due_on is not None and due_on < timezone.localdate(now):
        raise BadDisposition(_("Batas waktu ini sudah lewat."))
    for taker in takers:
        if taker.pk == by.pk:
            raise BadDisposition(_("Disposisi tidak dapat diberikan kepada diri sendiri."))
        if not agencies.in_office(taker, now):
            raise BadDisposition(
                _("%(name)s tidak lagi menjabat. Ganti dengan pejabat yang menjabat.") % {"name": taker.name}
            )
        if not below(by, taker, incoming.agency, acting=acting):
            raise BadDisposition(_("%(name)s bukan bawahan Anda.") % {"name": taker.name})


def _done(incoming: Incoming, by: "Official", now: datetime) -> None:
    incoming.state, incoming.done_at = Incoming.State.DONE, now
    incoming.save(update_fields=["state", "done_at"])
    record_incoming(incoming, "done", by, now)
