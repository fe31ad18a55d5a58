"""Remind officials of steps that have been open for too long."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from satuklik.base.calendar import queries as calendar
from satuklik.systems.correspondence import rules
from satuklik.systems.correspondence.actions import telling
from satuklik.systems.correspondence.models import Step

REMIND_AFTER = 2  # working days; again each further day until it is done


@transaction.atomic
def remind(*, now: datetime) -> int:
    """Tell whoever has had a paraf or a signature open for more than two working days. To be called once a day; on
    days off it does nothing. How many steps it reminded of. Raises YearNotLoaded."""
    today = timezone.localdate(now)
    days = calendar.working_days()
    if not days.is_workday(today):
        return 0
    reminded = 0
    waiting = Step.objects.filter(
        state=Step.State.OPEN, naskah__state__in=rules.GOING_UP, opened_at__isnull=False
    )
    for step in waiting.select_related("naskah__agency", "naskah__drafted_by", "official__user", "agency"):
        assert step.opened_at is not None
        open_for = days.between(timezone.localdate(step.opened_at), today)
        if open_for > REMIND_AFTER:
            telling.of_steps(step.naskah, [step], now, kind="late", note=str(open_for))
            reminded += 1
    return reminded
