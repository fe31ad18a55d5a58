"""Parameters are set: from a day that has not passed, by PPID Utama, and agreed to by a second person before they hold."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from satuklik.base.audit import actions as audit
from satuklik.base.once import actions as once
from satuklik.systems.ppid import permits, rules
from satuklik.systems.ppid.errors import BadInput, NotYours, OwnWork, WrongState
from satuklik.systems.ppid.models import ParameterRow

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

STREAM = "ppid-parameters"


@transaction.atomic
def propose_parameter(
    name: str, typed: str, *, valid_from: date, source: str, confirmed: bool, by: "Official", now: datetime
) -> ParameterRow:
    """Put a value from a day on before a second person. What came in before that day keeps its own. The same by the same
    officer again, while it waits, is the first one. Raises NotYours, BadInput."""
    if not permits.sets_parameters(by, now):
        raise NotYours(by.name)
    source, problems = rules.tidy(source, 200), []
    try:
        value = rules.parameter_of(name, typed)
    except ValueError:
        value = None
        problems.append(("value", _("Nilai ini tidak dapat dipakai. Lihat contoh di bawah isian.")))
    if not source:
        problems.append(("source", _("Tulis dasar hukumnya.")))
    if valid_from < timezone.localdate(now):
        problems.append(("valid_from", _("Pilih hari ini atau sesudahnya.")))
    if problems:
        raise BadInput(problems)
    same = ParameterRow.objects.filter(
        name=name, value=value, valid_from=valid_from, source=source, confirmed=confirmed, set_by=by, agreed_at=None,
        dropped_at=None,
    )  # fmt: skip
    # A double click proposes once: two equal rows could both be agreed to.
    word = once.bound(STREAM, name, value, valid_from, source, confirmed, by)
    known = once.earlier(word, purpose=STREAM, find=same.first)
    if known is not None:
        return known
    row = ParameterRow.objects.create(
        name=name,
        value=value,
        valid_from=valid_from,
        source=source,
        confirmed=confirmed,
        set_by=by,
        set_at=now,
    )
    _record("proposed", row, by, now)
    return row


@transaction.atomic
def agree_to_parameter(row: ParameterRow, *, by: "Official", now: datetime) -> ParameterRow:
    """Four eyes: from its day on it holds. Raises NotYours, OwnWork, WrongState, BadInput (its day has passed: what came
    in since would get another date)."""
    current = _waiting(row, by, now)
    if current.set_by_id == by.pk:
        raise OwnWork(by.name)
    if current.valid_from < timezone.localdate(now):
        raise BadInput(
            [("valid_from", _("Tanggal berlakunya sudah lewat. Usulkan lagi dengan tanggal baru."))]
        )
    current.agreed_by, current.agreed_at = by, now
    current.save(update_fields=["agreed_by", "agreed_at"])
    _record("agreed", current, by, now)
    return current


@transaction.atomic
def drop_parameter(row: ParameterRow, *, by: "Official", now: datetime) -> ParameterRow:
    """It does not come to be. Raises NotYours, WrongState."""
    current = _waiting(row, by, now)
    current.dropped_at = now
    current.save(update_fields=["dropped_at"])
    _record("dropped", current, by, now)
    return current


def _waiting(row: ParameterRow, by: "Official", now: datetime) -> ParameterRow:
    if not permits.sets_parameters(by, now):
        raise NotYours(by.name)
    current = ParameterRow.objects.select_for_update().get(pk=row.pk)
    if current.agreed_at is not None or current.dropped_at is not None:
        raise WrongState("parameter", "agreed")
    return current


def _record(what: str, row: ParameterRow, by: "Official", now: datetime) -> None:
    facts = {
        "row": row.pk, "name": row.name, "value": row.value, "valid_from": row.valid_from.isoformat(),
        "source": row.source, "confirmed": row.confirmed,
    }  # fmt: skip
    audit.record(STREAM, [audit.Happening(f"ppid.parameter_{what}", f"official:{by.pk}", facts)], at=now)
