"""Reminders: whoever must act is told, each at most once a day, and what went out is kept."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from satuklik.base.agencies import queries as agencies
from satuklik.base.calendar import queries as calendar
from satuklik.base.postgres.actions import insert_unless_there
from satuklik.spine.signing import queries as keys
from satuklik.systems.enrolment import rules, telling, wording
from satuklik.systems.enrolment.actions.moving import actor_of, locked, note
from satuklik.systems.enrolment.errors import AlreadyReminded, MayNot, NobodyToRemind, NotNow
from satuklik.systems.enrolment.models import Enrolment, Reminder
from satuklik.systems.enrolment.queries import admin_users, scope_of, verifier_users

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official


@dataclass(frozen=True)
class Stuck:
    """One enrolment that somebody is to be told of."""

    row: Enrolment
    days: int


def remind_stuck(now: datetime) -> int:
    """Tell whoever must act, on working days only: one message a person for all that wait for him. How many
    messages went out; a second run on the same day sends none."""
    today, count = timezone.localdate(now), calendar.working_days()
    if not count.is_workday(today):
        return 0
    for_whom: dict[tuple[int, str], list[Stuck]] = defaultdict(list)
    users: dict[int, Any] = {}
    rows = list(_waiting())
    told = _told(rows)
    finder = _Finder(rows, now)
    for row in rows:
        days = count.between(timezone.localdate(row.since), today)
        since = timezone.localdate(row.since)
        ago = {actor: count.between(last, today) for actor, last in told[row.pk].items() if last >= since}
        for actor in rules.to_remind(row.stage, days, rules.Sent(ago), settings.SATUKLIK_REMIND_DAYS):
            for user in finder.users(row, actor):
                users[user.pk] = user
                for_whom[user.pk, actor].append(Stuck(row, days))
    return sum(
        _send(users[user_id], actor, sorted(stuck, key=lambda one: -one.days), today, now)
        for (user_id, actor), stuck in for_whom.items()
    )


def remind_expiry(now: datetime) -> int:
    """Tell officials 90, 30 and 7 days before their certificate ends, at last their verifikator too. How many."""
    today, sent = timezone.localdate(now), 0
    ending = keys.expiring(rules.EXPIRY_MARKS[0], now)
    rows = {
        row.serial: row
        for row in Enrolment.objects.filter(serial__in=[key.serial for key in ending])
        .exclude(stage=rules.ENDED)
        .select_related("official__user", "official__agency")
    }
    for key in ending:
        row = rows.get(key.serial)
        if row is None:
            continue
        ends = timezone.localdate(key.not_after)
        told = [
            int(kind.rpartition(".")[2])
            for kind in Reminder.objects.filter(enrolment=row, serial=key.serial).values_list(
                "kind", flat=True
            )
        ]
        mark = rules.expiry_mark(ends, today, told)
        if mark is None:
            continue
        values = {"left": (ends - today).days, "day": wording.day(ends), "name": row.official.name}
        users = [(row.official.user, "expiry")] if row.official.user else []
        if mark == min(rules.EXPIRY_MARKS) or not users:
            users += [
                (user, "expiry.verifier")
                for user in verifier_users(row.official.agency_id, now, but=row.official_id)
            ]
        for user, kind in users:
            with transaction.atomic():
                if _keep(row, user, f"expiry.{mark}", today, now, key.serial):
                    telling.tell(user, kind, now, pk=row.pk, **values)
                    sent += 1
    return sent


@transaction.atomic
def remind_now(enrolment_id: int, *, by: "Official", now: datetime) -> str:
    """The verifikator's button: tell whoever must act, unless he was told today. The name of who was told.
    Raises MayNot, NotNow (nobody waits), NobodyToRemind, AlreadyReminded."""
    row = locked(enrolment_id)
    if not scope_of(by, now).verifies(row.official.agency_id):
        raise MayNot("agency")
    actor = rules.WAITS_FOR.get(row.stage)
    if actor is None:
        raise NotNow(row.stage, row.stage)
    today = timezone.localdate(now)
    days = calendar.working_days().between(timezone.localdate(row.since), today)
    users = _Finder([row], now).users(row, actor)
    if not users:
        raise NobodyToRemind
    sent = [user for user in users if _send(user, actor, [Stuck(row, days)], today, now)]
    if not sent:
        raise AlreadyReminded(today)
    note(row.pk, "reminded", by=actor_of(by.pk), now=now, users=[user.pk for user in sent])
    return ", ".join(user.name for user in sent)


class _Finder:
    """Finds the people to tell; each question to the database is asked once."""

    def __init__(self, rows: Sequence[Enrolment], now: datetime) -> None:
        self._now = now
        self._heads = agencies.heads({row.official.agency_id for row in rows}, timezone.localdate(now))
        self._verifiers: dict[int, list[Any]] = {}
        self._admins: list[Any] | None = None

    def users(self, row: Enrolment, actor: rules.Actor) -> list[Any]:
        """Who is told as `actor`. Where an agency has no verifikator with a login, the admin is told; an official
        without login cannot be, so his verifikator is."""
        own, agency_id = row.official.user, row.official.agency_id
        if actor == "official":
            return [own] if own is not None else self._verifiers_of(agency_id)
        if actor == "head":
            head = self._heads.get(agency_id)
            return [head.user] if head is not None and head.user is not None and head.user != own else []
        found = self._verifiers_of(agency_id) if actor == "verifier" else self._all_admins()
        return [user for user in found if own is None or user.pk != own.pk]

    def _verifiers_of(self, agency_id: int) -> list[Any]:
        if agency_id not in self._verifiers:
            self._verifiers[agency_id] = verifier_users(agency_id, self._now)
        return self._verifiers[agency_id]

    def _all_admins(self) -> list[Any]:
        if self._admins is None:
            self._admins = admin_users(self._now)
        return self._admins


def _waiting() -> Iterable[Enrolment]:
    return (
        Enrolment.objects.filter(stage__in=rules.WAITS_FOR)
        .select_related("official__user", "official__agency")
        .order_by("since", "pk")
    )


def _told(rows: Sequence[Enrolment]) -> dict[int, dict[rules.Actor, date]]:
    """When each was told last of each enrolment, by actor."""
    found: dict[int, dict[rules.Actor, date]] = defaultdict(dict)
    sent = Reminder.objects.filter(enrolment__in=[row.pk for row in rows], kind__startswith="stuck.")
    for enrolment_id, kind, day in sent.order_by("day").values_list("enrolment_id", "kind", "day"):
        found[enrolment_id][kind.removeprefix("stuck.")] = day  # type: ignore[index]
    return found


@transaction.atomic
def _send(user: Any, actor: rules.Actor, stuck: Sequence[Stuck], today: date, now: datetime) -> bool:
    """One message about all of them, unless this person had one of this kind today."""
    kind = f"stuck.{actor}"
    # Two runs at once take turns on the person: the second finds what the first has kept.
    type(user).objects.select_for_update().get(pk=user.pk)
    if Reminder.objects.filter(user=user, kind=kind, day=today).exists():
        return False
    for one in stuck:
        _keep(one.row, user, kind, today, now)
    first = stuck[0]
    # An official without login: his verifikator reads it, as one who is to act for others.
    own = actor == "official" and first.row.official.user_id == user.pk
    telling.tell(
        user,
        kind if own or actor != "official" else "stuck.verifier",
        now,
        count=len(stuck),
        name=first.row.official.name,
        days=first.days,
        step=wording.STEPS[first.row.stage],
    )
    return True


def _keep(row: Enrolment, user: Any, kind: str, today: date, now: datetime, serial: str = "") -> bool:
    return insert_unless_there(
        Reminder(enrolment=row, user=user, kind=kind, serial=serial, day=today, sent_at=now)
    )
