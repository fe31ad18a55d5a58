"""Parafs: initials bound to the page that was read, one covering the other; returned; handed on."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from satuklik.base.agencies import queries as agencies
from satuklik.kernel.hashchain import link
from satuklik.systems.correspondence import rules
from satuklik.systems.correspondence.actions import telling
from satuklik.systems.correspondence.actions.opening import change, heads, in_office, locked, record, touch
from satuklik.systems.correspondence.actions.submitting import drop_open_steps
from satuklik.systems.correspondence.chain import content_of, end_of
from satuklik.systems.correspondence.errors import (
    BadChain,
    MaySignNot,
    NotTheVersionShown,
    NotYours,
    ReasonMissing,
    WrongState,
)
from satuklik.systems.correspondence.models import Naskah, Step, Version
from satuklik.systems.correspondence.typed import remark

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official


@transaction.atomic
def paraf(naskah: Naskah, *, by: "Official", now: datetime, sha256_seen: str, note: str = "") -> Step:
    """Approve the version whose PDF has the digest `sha256_seen`. The last of a group opens the next one. Doing it
    twice returns the first. Raises NotTheVersionShown, NotYours, WrongState."""
    current = locked(naskah)
    again = done_already(current, by, Step.Kind.PARAF)
    if again is not None and again.sha256 == sha256_seen:
        return again
    if current.state != rules.IN_REVIEW:
        raise WrongState(current.state, rules.IN_REVIEW)
    step, acting_as = open_step(current, by, now, Step.Kind.PARAF)
    version = require_shown(current, sha256_seen)
    finish(
        current,
        step,
        by,
        now,
        Step.State.DONE,
        acting_as=acting_as,
        sha256=version.file_id,
        note=remark("note", note),
    )
    record(current, "paraf", by, now, _facts(step))
    _go_on(current, now)
    return step


@transaction.atomic
def give_back(naskah: Naskah, *, by: "Official", now: datetime, reason: str) -> Naskah:
    """Return it to who drafted it, from a paraf or from the signature. The next version begins the chain anew; these
    steps stay. Raises ReasonMissing, NotYours, WrongState, StillSigning."""
    current = locked(naskah)
    if current.state not in rules.GOING_UP:
        raise WrongState(current.state, rules.RETURNED)
    kind = Step.Kind.PARAF if current.state == rules.IN_REVIEW else Step.Kind.SIGN
    step, acting_as = open_step(current, by, now, kind)
    reason = remark("reason", reason)
    if not reason:
        raise ReasonMissing
    version = current.versions.get(number=current.version)
    finish(
        current,
        step,
        by,
        now,
        Step.State.RETURNED,
        acting_as=acting_as,
        sha256=version.file_id,
        note=reason,
    )
    drop_open_steps(current, f"naskah dikembalikan: {reason}", by, now)
    change(current, rules.RETURNED, now)
    record(current, "returned", by, now, _facts(step) | {"reason": reason})
    telling.of_naskah(current, current.drafted_by, "returned", now, who=by, note=reason)
    return current


@transaction.atomic
def forward(naskah: Naskah, *, by: "Official", now: datetime, to: "Official", note: str = "") -> Step:
    """Hand one's own paraf to another official of the same office. Raises BadChain, NotYours, WrongState."""
    current = locked(naskah)
    if current.state != rules.IN_REVIEW:
        raise WrongState(current.state, rules.IN_REVIEW)
    step, acting_as = open_step(current, by, now, Step.Kind.PARAF)
    if to.agency_id != step.agency_id or not in_office(to, now):
        raise BadChain(_("%(name)s bukan pejabat kantor ini. Pilih rekan sekantor.") % {"name": to.name})
    asked = current.steps.filter(version=current.version, state__in=("open", "waiting", "done"))
    if to.pk == by.pk or to.pk == current.signer_id or asked.filter(official=to).exists():
        raise BadChain(_("%(name)s sudah ada dalam rangkaian naskah ini.") % {"name": to.name})
    version = current.versions.get(number=current.version)
    finish(
        current,
        step,
        by,
        now,
        Step.State.FORWARDED,
        acting_as=acting_as,
        sha256=version.file_id,
        note=remark("note", note),
    )
    following = Step.objects.create(
        naskah=current,
        version=step.version,
        order=step.order,
        kind=Step.Kind.PARAF,
        official=to,
        agency=step.agency,
        state=Step.State.OPEN,
        opened_at=now,
    )
    touch(current, now)
    record(current, "forwarded", by, now, _facts(step) | {"to": to.pk})
    telling.of_steps(current, [following], now)
    return following


def open_step(naskah: Naskah, by: "Official", now: datetime, kind: str) -> tuple[Step, str]:
    """The open step of this official and the capacity in which he does it ("", "Plt", "Plh", "Pj"). Raises NotYours;
    MaySignNot where it waits for the head of an office, and he is that no more (or not yet)."""
    steps = list(
        naskah.steps.filter(version=naskah.version, state=Step.State.OPEN, kind=kind).select_related("agency")
    )
    for step in steps:
        if step.official_id == by.pk and in_office(by, now):
            return step, ""
    for step in steps:
        if step.official_id is None:
            capacity = heads(by, step.agency, now)
            if capacity is not None:
                return step, capacity.acting_as
    for step in steps:
        if step.official_id is None and (
            by.agency_id == step.agency_id or agencies.has_acted(by, step.agency_id)
        ):
            raise MaySignNot(by.name, step.agency.name, now)
    raise NotYours(by.name, naskah.reference)


def done_already(naskah: Naskah, by: "Official", kind: str) -> Step | None:
    """What this official has done already with the version in force."""
    return naskah.steps.filter(version=naskah.version, done_by=by, kind=kind, state=Step.State.DONE).first()


def require_shown(naskah: Naskah, sha256_seen: str) -> Version:
    """The version in force. Raises NotTheVersionShown when another one was read."""
    version = naskah.versions.get(number=naskah.version)
    if version.file_id != sha256_seen:
        raise NotTheVersionShown(sha256_seen, version.file_id)
    return version


def finish(
    naskah: Naskah,
    step: Step,
    by: "Official",
    now: datetime,
    state: str,
    *,
    acting_as: str,
    sha256: str,
    note: str = "",
    document: str = "",
) -> None:
    """Close a step with its link of the chain. The caller holds the naskah's lock, so links have one order."""
    step.state, step.done_at, step.done_by, step.acting_as = state, now, by, acting_as
    step.note, step.sha256 = note[:500], sha256
    step.previous = end_of(naskah)
    step.hash = link(bytes.fromhex(step.previous), content_of(naskah, step, document)).hex()
    step.save()


def _facts(step: Step) -> dict[str, object]:
    return {
        "step": step.pk,
        "version": step.version,
        "order": step.order,
        "acting_as": step.acting_as,
        "sha256": step.sha256,
        "hash": step.hash,
        "note": step.note,
    }


def _go_on(naskah: Naskah, now: datetime) -> None:
    """Open the next order when nobody of this one is left."""
    steps = list(naskah.steps.filter(version=naskah.version).select_related("agency", "official__user"))
    if any(step.state == Step.State.OPEN for step in steps):
        touch(naskah, now)
        return
    waiting = [step for step in steps if step.state == Step.State.WAITING]
    order = min(step.order for step in waiting)  # the signature waits at least
    opened = [step for step in waiting if step.order == order]
    for step in opened:
        step.state, step.opened_at = Step.State.OPEN, now
    Step.objects.bulk_update(opened, ["state", "opened_at"])
    if opened[0].kind == Step.Kind.SIGN:
        change(naskah, rules.TO_SIGN, now)
    else:
        touch(naskah, now)
    telling.of_steps(naskah, opened, now)
