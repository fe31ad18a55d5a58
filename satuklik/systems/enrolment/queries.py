"""Read enrolments: who may see what, the board, one person's way."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from satuklik.base.agencies import queries as agencies
from satuklik.base.agencies.rules import RANKS
from satuklik.base.audit import queries as audit
from satuklik.base.calendar import queries as calendar
from satuklik.base.calendar.errors import YearNotLoaded
from satuklik.spine.signing import queries as signing
from satuklik.systems.enrolment import rules, sealing, sheet
from satuklik.systems.enrolment.errors import NotFound
from satuklik.systems.enrolment.models import Document, Enrolment, Reminder, Verifier

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official
    from satuklik.base.audit.models import Event
    from satuklik.spine.signing.queries import KeyFacts

ADMIN, PPID, CHIEFS = "admin", "ppid", ("head", "secretary")


@dataclass(frozen=True)
class Scope:
    """What an official may see and do on the board."""

    official_id: int
    everything: bool
    """Sees every agency: admin, PPID, the heads of the overseeing agencies (Sekda)."""
    admin: bool
    agency_ids: frozenset[int]
    """Of which he is the verifikator today."""

    @property
    def sees_board(self) -> bool:
        return self.everything or bool(self.agency_ids)

    @property
    def appoints(self) -> bool:
        """Appoints verifikators and imports the list."""
        return self.admin

    def sees(self, agency_id: int) -> bool:
        """Whether the officials of this agency are his to see."""
        return self.everything or agency_id in self.agency_ids

    def verifies(self, agency_id: int) -> bool:
        """Whether their documents are his to open and to judge: who only oversees sees where somebody stands, not
        the identity card (UU 27/2022 ps. 16: no more than the purpose needs)."""
        return self.admin or agency_id in self.agency_ids


def scope_of(official: "Official", now: datetime) -> Scope:
    """What this official may see and do now."""
    user = official.user
    admin = official.role == ADMIN or bool(user is not None and user.is_superuser)
    chief = official.role in CHIEFS and official.agency.code in settings.SATUKLIK_TTE_OVERSEERS
    mine = _in_force(timezone.localdate(now)).filter(official=official).values_list("agency_id", flat=True)
    return Scope(official.pk, admin or chief or official.role == PPID, admin, frozenset(mine))


def verifier_users(agency_id: int, now: datetime, *, but: int | None = None) -> list[Any]:
    """The logins of the verifikators of an agency, but of the official `but`; where it has none: the admins'."""
    rows = _in_force(timezone.localdate(now)).filter(agency=agency_id).exclude(official=but)
    found = [row.official.user for row in rows.select_related("official__user") if row.official.user]
    return found or admin_users(now, but=but)


def admin_users(now: datetime, *, but: int | None = None) -> list[Any]:
    """The logins of the admins in office."""
    found = agencies.with_role(ADMIN, timezone.localdate(now))
    return [official.user for official in found if official.user is not None and official.pk != but]


def verifiers(now: datetime) -> list[Verifier]:
    """Every appointment that holds or will hold, by agency."""
    rows = Verifier.objects.filter(Q(valid_until=None) | Q(valid_until__gte=timezone.localdate(now)))
    return list(rows.select_related("official__agency", "agency").order_by("agency__name", "valid_from"))


def verifiers_of(agency_id: int, now: datetime) -> list[Verifier]:
    """Who verifies an agency's officials today."""
    rows = _in_force(timezone.localdate(now)).filter(agency=agency_id)
    return list(rows.select_related("official").order_by("official__name"))


def agencies_without_verifier(now: datetime) -> list[Any]:
    """Agencies with officials on the way whom nobody but the admin verifies."""
    covered = _in_force(timezone.localdate(now)).values("agency_id")
    ids = set(
        Enrolment.objects.exclude(stage=rules.ENDED)
        .exclude(official__agency__in=covered)
        .values_list("official__agency_id", flat=True)
    )
    return [agency for agency in agencies.agencies() if agency.pk in ids]


# --- the board ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Filter:
    """What the board is narrowed to; empty: everything."""

    agency: str = ""
    group: str | None = None
    stage: str = ""
    text: str = ""
    late: bool = False


@dataclass(frozen=True)
class Row:
    """Somebody on the board."""

    pk: int
    official: Any
    stage: str
    since: date
    days: int | None
    """Working days in this stage; None where a year's holidays are not loaded."""
    echelon: str
    waits_for: str
    returned: bool
    late: bool
    key: "KeyFacts | None"
    has_login: bool


@dataclass(frozen=True)
class Group:
    """One line of a table: an agency or an echelon with its funnel."""

    name: Any
    code: str
    bars: Sequence[rules.Bar]


@dataclass(frozen=True)
class Board:
    """The funnel of those who are shown, in all and in parts, and who waits, the longest first."""

    bars: Sequence[rules.Bar]
    by_echelon: Sequence[Group]
    by_agency: Sequence[Group]
    waiting: Sequence[Row]
    done: Sequence[Row]
    total: int


def board(scope: Scope, chosen: Filter, now: datetime) -> Board:
    """What this official sees of the board."""
    found = _rows(scope, chosen, now)
    shown = [row for row in found if chosen.stage in ("", row.stage) and (row.late or not chosen.late)]
    stuck = [row for row in shown if row.stage in rules.WAITS_FOR]
    of_group: dict[str, list[Row]] = defaultdict(list)
    of_agency: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in found:
        of_group[rules.group_of(row.echelon)].append(row)
        of_agency[row.official.agency.name, row.official.agency.code].append(row)
    return Board(
        bars=_funnel(found),
        by_echelon=[
            Group(group, group, _funnel(of_group[group])) for group in rules.GROUPS if group in of_group
        ],
        by_agency=[Group(name, code, _funnel(rows)) for (name, code), rows in sorted(of_agency.items())],
        waiting=sorted(stuck, key=_longest_first),
        done=sorted((row for row in shown if row.stage == rules.ACTIVE), key=_ends_first),
        total=len(found),
    )


def waiting_for(scope: Scope, now: datetime) -> tuple[int, int]:
    """How many wait for this verifikator's eyes, and how many of them are late."""
    rows = _visible(scope).filter(stage=rules.DOCUMENTS).exclude(official=scope.official_id)
    if not scope.admin:
        rows = rows.filter(official__agency__in=scope.agency_ids)
    count = _Days(now)
    days = [count.since(since) for since in rows.values_list("since", flat=True)]
    return len(days), sum(found is not None and found >= settings.SATUKLIK_REMIND_DAYS for found in days)


def agencies_of(scope: Scope) -> list[tuple[str, str]]:
    """The agencies to filter by: code and name."""
    found = _visible(scope).values_list("official__agency__code", "official__agency__name").distinct()
    return sorted(found, key=lambda pair: pair[1])


# --- one person -----------------------------------------------------------------------------------


def enrolment(enrolment_id: int) -> Enrolment:
    """One enrolment with its official. Raises NotFound."""
    row = (
        Enrolment.objects.select_related("official__agency", "official__user").filter(pk=enrolment_id).first()
    )
    if row is None:
        raise NotFound(enrolment_id)
    return row


def without_login(agency_code: str = "") -> list[tuple[int, str]]:
    """Enrolled officials without an account (of one agency, where it is named): (enrolment's id, agency's name)."""
    rows = Enrolment.objects.filter(official__user=None).exclude(stage=rules.ENDED)
    if agency_code:
        rows = rows.filter(official__agency__code=agency_code)
    ordered = rows.order_by("official__agency__name", "official__name", "pk")
    return list(ordered.values_list("pk", "official__agency__name"))


def enrolment_of(official: "Official") -> Enrolment | None:
    """An official's own enrolment."""
    return (
        Enrolment.objects.select_related("official__agency", "official__user")
        .filter(official=official)
        .first()
    )


def stage_of(official: "Official") -> str | None:
    """The stage of an official's own enrolment; None before it begins."""
    return Enrolment.objects.filter(official=official).values_list("stage", flat=True).first()


def document(document_id: int) -> Document:
    """What is known of a document, without its content. Raises NotFound."""
    found = Document.objects.select_related("enrolment__official").filter(pk=document_id).first()
    if found is None:
        raise NotFound(document_id)
    return found


def history(enrolment_id: int) -> list["Event"]:
    """What happened, the oldest first."""
    return audit.events_of(f"enrolment:{enrolment_id}")


def made_login(row: Enrolment, official: "Official") -> bool:
    """Whether this official made the other one's account, and so has seen its first password."""
    made = (event for event in history(row.pk) if event.kind == "enrolment.login_opened")
    return any(event.actor == f"official:{official.pk}" for event in made)


def nik_of(row: Enrolment) -> str:
    """The NIK in full; "" where none is known. Raises SealBroken."""
    return sealing.unseal(row.nik, f"nik:{row.official_id}").decode() if row.nik else ""


def days_waiting(row: Enrolment, now: datetime) -> int | None:
    """Working days in the stage that it is in."""
    return _Days(now).since(row.since)


def reminders(row: Enrolment, *, limit: int = 20) -> list[Reminder]:
    """What went out about this enrolment, the newest first."""
    return list(row.reminders.select_related("user").order_by("-sent_at")[:limit])


def names_of(actors: Iterable[str]) -> dict[str, str]:
    """The names behind "official:7"; what is nobody keeps its word."""
    ids = {actor: int(actor.partition(":")[2]) for actor in actors if actor.startswith("official:")}
    found = agencies.officials_by_ids(ids.values())
    return {actor: found[pk].name for actor, pk in ids.items() if pk in found}


def first_signature_of(serial: str) -> datetime | None:
    """When a certificate was used first."""
    return signing.first_use(serial) if serial else None


def template_bytes() -> bytes:
    """The template of the official list, an .xlsx file with this installation's agencies."""
    offices = [(agency.code, agency.name) for agency in agencies.agencies()]
    return sheet.template(offices, domain=settings.SATUKLIK_EMAIL_DOMAINS[0], ranks=list(RANKS))


# --- inside ---------------------------------------------------------------------------------------


class _Days:
    """Counts working days to now; each day is counted once."""

    def __init__(self, now: datetime) -> None:
        self._today, self._calendar = timezone.localdate(now), calendar.working_days()
        self._known: dict[date, int | None] = {}

    def since(self, at: datetime) -> int | None:
        begin = timezone.localdate(at)
        if begin not in self._known:
            try:
                self._known[begin] = self._calendar.between(begin, self._today)
            except YearNotLoaded:
                self._known[begin] = None
        return self._known[begin]


def _in_force(today: date) -> QuerySet[Verifier]:
    """Appointments in force of officials who are in office."""
    return Verifier.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=today),
        Q(official__active_until=None) | Q(official__active_until__gte=today),
        valid_from__lte=today,
    )


def _visible(scope: Scope) -> QuerySet[Enrolment]:
    rows = Enrolment.objects.exclude(stage=rules.ENDED)
    return rows if scope.everything else rows.filter(official__agency__in=scope.agency_ids)


def _rows(scope: Scope, chosen: Filter, now: datetime) -> list[Row]:
    rows = _visible(scope).select_related("official__agency").defer("nik")
    if chosen.agency:
        rows = rows.filter(official__agency__code=chosen.agency)
    if chosen.text:
        rows = rows.filter(Q(official__name__icontains=chosen.text) | Q(official__nip=chosen.text))
    if chosen.group is not None:
        rows = (
            rows.filter(echelon__startswith=f"{chosen.group}.") if chosen.group else rows.filter(echelon="")
        )
    found, count = list(rows), _Days(now)
    facts = signing.facts_of([row.serial for row in found if row.serial], now)
    made = []
    for row in found:
        days = count.since(row.since)
        waits_for = rules.WAITS_FOR.get(row.stage, "")
        made.append(
            Row(
                pk=row.pk,
                official=row.official,
                stage=row.stage,
                since=timezone.localdate(row.since),
                days=days,
                echelon=row.echelon,
                waits_for=waits_for,
                returned=bool(row.returned_reason),
                late=bool(waits_for) and days is not None and days >= settings.SATUKLIK_REMIND_DAYS,
                key=facts.get(row.serial),
                has_login=row.official.user_id is not None,
            )
        )
    return made


def _funnel(rows: Iterable[Row]) -> list[rules.Bar]:
    return rules.funnel((row.stage, row.days or 0) for row in rows)


def _longest_first(row: Row) -> tuple[date, tuple[int, str], str]:
    return row.since, rules.order_of(row.echelon), row.official.name


def _ends_first(row: Row) -> tuple[datetime, str]:
    end = (
        row.key.not_after
        if row.key is not None
        else datetime.max.replace(tzinfo=timezone.get_current_timezone())
    )
    return end, row.official.name
