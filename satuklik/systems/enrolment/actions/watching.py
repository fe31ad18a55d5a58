"""What happens by itself: a first signature is noticed; who left office loses the certificate."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from satuklik.base.agencies import queries as agencies
from satuklik.spine.signing import queries as keys
from satuklik.systems.enrolment import rules, telling, wording
from satuklik.systems.enrolment.actions.certificates import end_all
from satuklik.systems.enrolment.actions.moving import SYSTEM, locked, move
from satuklik.systems.enrolment.models import Enrolment
from satuklik.systems.enrolment.queries import admin_users, verifier_users


def notice_first_signatures(now: datetime) -> int:
    """Move everybody on whose key has signed; the stage begins with the signature. How many."""
    waiting = dict(
        Enrolment.objects.filter(stage=rules.ISSUED).exclude(serial="").values_list("serial", "pk")
    )
    moved = 0
    for serial, at in keys.first_uses(list(waiting)).items():
        with transaction.atomic():
            row = locked(waiting[serial])
            if row.stage == rules.ISSUED and row.serial == serial:
                move(
                    row,
                    rules.ACTIVE,
                    kind="first_signature",
                    by=SYSTEM,
                    now=at,
                    serial=serial,
                    noticed_at=now,
                )
                moved += 1
    return moved


def end_who_left(now: datetime) -> int:
    """Revoke the certificates of everybody whose term of office is over, tell the verifikator. How many people."""
    today, holders = timezone.localdate(now), keys.holders(now)
    rows = dict(
        Enrolment.objects.filter(official__active_until__lt=today)
        .exclude(stage=rules.ENDED)
        .values_list("official_id", "pk")
    )
    ended = 0
    for official in agencies.ended(today):
        if official.pk not in holders and official.pk not in rows:
            continue
        with transaction.atomic():
            row = locked(rows[official.pk]) if official.pk in rows else None
            serials = end_all(row, official, now=now)
            if serials:
                day = wording.day(official.active_until)
                for user in verifier_users(official.agency_id, now) or admin_users(now):
                    if row is not None:
                        telling.tell(user, "left", now, pk=row.pk, name=official.name, day=day)
        ended += 1
    return ended
