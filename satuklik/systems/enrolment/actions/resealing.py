"""After the vault's secret was replaced: everything that the old one sealed goes under the new one."""

from datetime import datetime

from django.db import transaction

from satuklik.base.files import actions as files
from satuklik.base.files import queries as stored
from satuklik.systems.enrolment import sealing
from satuklik.systems.enrolment.actions.handing_in import KEPT_AS, owner_of
from satuklik.systems.enrolment.actions.moving import locked
from satuklik.systems.enrolment.actions.registering import owner_of_nik
from satuklik.systems.enrolment.models import Enrolment


def reseal(now: datetime) -> int:
    """Seal NIKs and documents anew under today's secret, one enrolment a transaction; broken off, it goes on where it
    was. How many enrolments were changed. Raises SealBroken where no known secret opens something."""
    changed = 0
    for enrolment_id in Enrolment.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            changed += _reseal(locked(enrolment_id), now)
    return changed


def _reseal(row: Enrolment, now: datetime) -> bool:
    changed, owner = False, owner_of_nik(row.official_id)
    if row.nik and not sealing.is_current(row.nik, owner):
        nik = sealing.unseal(row.nik, owner)
        row.nik, row.nik_mark = sealing.seal(nik, owner), sealing.mark(nik.decode())
        row.save(update_fields=["nik", "nik_mark"])
        changed = True
    for document in row.documents.all():
        sealed, whose = stored.read(document.file_id), owner_of(row, document.kind)
        if not sealing.is_current(sealed, whose):
            content = sealing.unseal(sealed, whose)
            document.file_id = files.store(sealing.seal(content, whose), KEPT_AS, at=now)
            document.save(update_fields=["file"])
            changed = True
    return changed
