"""The press desk's clock in force: the newest row that has begun, else the file that came with the house."""

import tomllib
from datetime import date, datetime
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from satuklik.base.calendar import queries as calendar
from satuklik.base.calendar.errors import YearNotLoaded
from satuklik.systems.press import rules
from satuklik.systems.press.models import PressPolicy

DATA = Path(__file__).parent / "data" / "policy.toml"


def in_force(day: date) -> rules.Policy:
    """The clock on this day."""
    row = PressPolicy.objects.filter(valid_from__lte=day).order_by("-valid_from").first()
    if row is not None:
        return rules.policy_of({name: getattr(row, name) for name in rules.Policy.__dataclass_fields__})
    begun = [policy for policy in _of_file() if policy.valid_from <= day]
    return max(begun or _of_file(), key=lambda policy: policy.valid_from)


def is_workday(day: date) -> bool:
    """Whether offices work; in a year that is not decreed yet only weekends are known."""
    days = calendar.working_days(joint_leave=settings.SATUKLIK_JOINT_LEAVE_COUNTS_AS_OFF)
    try:
        return days.is_workday(day)
    except YearNotLoaded:
        return day.weekday() < 5


def local(at: datetime) -> datetime:
    """A moment by the clock of Asia/Jakarta."""
    return timezone.localtime(at)


@cache
def _of_file() -> tuple[rules.Policy, ...]:
    with DATA.open("rb") as file:
        return tuple(rules.policy_of(row) for row in tomllib.load(file)["policy"])
