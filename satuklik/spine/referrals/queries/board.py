"""The public board: how quickly each agency says «received» and answers. Offices only, never persons."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone

from satuklik.base.calendar import queries as calendar
from satuklik.base.calendar.errors import YearNotLoaded
from satuklik.spine.referrals import policies, rules
from satuklik.spine.referrals.models import Referral
from satuklik.spine.referrals.queries.lists import _silent

FEWEST = 3  # with fewer questions a median says nothing: such an agency is shown without a rank


@dataclass
class AgencyRow:
    """One agency in the period. Hours are office hours; days are working days; None: nothing to measure."""

    code: str
    name: str
    asked: int = 0
    answered: int = 0
    given_back: int = 0
    on_behalf: int = 0
    silent_now: int = 0
    hours_to_acknowledge: float | None = None
    days_to_answer: float | None = None
    rank: int | None = None

    @property
    def few(self) -> bool:
        """Too few questions for a rank."""
        return self.asked < FEWEST


@dataclass(frozen=True)
class Board:
    """The board of a period, ranked agencies first (the quickest at the top), then the others by name."""

    first: date
    last: date
    rows: list[AgencyRow]

    @property
    def asked(self) -> int:
        return sum(row.asked for row in self.rows)

    @property
    def silent_now(self) -> int:
        return sum(row.silent_now for row in self.rows)

    @property
    def on_behalf(self) -> int:
        return sum(row.on_behalf for row in self.rows)


def board(first: date, last: date, now: datetime) -> Board:
    """Over the questions asked from `first` to `last` (recalled ones left out). An answer on behalf is no answer of
    the agency: it counts in its own column, and not in the median."""
    begin = timezone.make_aware(datetime.combine(first, time.min))
    end = timezone.make_aware(datetime.combine(last, time.max))
    policy = policies.in_force(last)
    rows: dict[int, AgencyRow] = {}
    hours: dict[int, list[float]] = {}
    days: dict[int, list[float]] = {}
    asked = Referral.objects.filter(asked_at__range=(begin, end)).exclude(state=rules.RECALLED)
    for one in asked.select_related("agency").defer("question", "answer").iterator(1_000):
        row = rows.setdefault(one.agency_id, AgencyRow(one.agency.code, one.agency.name))
        row.asked += 1
        row.given_back += one.state == rules.GIVEN_BACK
        row.on_behalf += one.on_behalf
        if one.acknowledged_at is not None:
            hours.setdefault(one.agency_id, []).append(
                rules.working_hours(
                    policies.local(one.asked_at),
                    policies.local(one.acknowledged_at),
                    policy,
                    policies.is_workday,
                )
            )
        if one.state == rules.ANSWERED and not one.on_behalf and one.ended_at is not None:
            row.answered += 1
            days.setdefault(one.agency_id, []).append(_days(one.asked_at, one.ended_at))
    for one in Referral.objects.filter(_silent(now)).select_related("agency").only("agency"):
        rows.setdefault(one.agency_id, AgencyRow(one.agency.code, one.agency.name)).silent_now += 1
    for agency, row in rows.items():
        row.hours_to_acknowledge = rules.median(hours.get(agency, []))
        row.days_to_answer = rules.median(days.get(agency, []))
    return Board(first, last, _ranked(list(rows.values())))


def _ranked(rows: list[AgencyRow]) -> list[AgencyRow]:
    """Quick answers first; equal times share a rank. Who was asked enough but never answered stands last."""
    large = float("inf")

    def key(row: AgencyRow) -> tuple[float, float]:
        days, hours = row.days_to_answer, row.hours_to_acknowledge
        return (large if days is None else days, large if hours is None else hours)

    enough = sorted((row for row in rows if not row.few), key=lambda row: (key(row), row.name))
    for place, row in enumerate(enough, start=1):
        same = place > 1 and key(enough[place - 2]) == key(row)
        row.rank = enough[place - 2].rank if same else place
    return enough + sorted((row for row in rows if row.few), key=lambda row: row.name)


def _days(asked_at: datetime, ended_at: datetime) -> float:
    first, last = timezone.localdate(asked_at), timezone.localdate(ended_at)
    try:
        return max(0, calendar.working_days().between(first, last))
    except YearNotLoaded:
        return (last - first).days
