"""Writes around persons: look-ups that leave a trace, claiming and proving who one is."""

import tomllib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction

from satuklik.base.accounts import actions as accounts
from satuklik.base.accounts import limits
from satuklik.base.accounts.errors import TooManyAttempts
from satuklik.base.audit import actions as audit
from satuklik.base.audit.actions import Happening
from satuklik.base.regions import queries as regions
from satuklik.kernel.nik import check_kk, check_nik
from satuklik.spine.population import loading, queries
from satuklik.spine.population.errors import (
    AlreadyClaimed,
    BadLookUp,
    OutsideArea,
    ReasonNeeded,
    TooManyLooks,
)
from satuklik.spine.population.models import AccessLog, Household, Person, ResidentAccount
from satuklik.spine.population.rules import AS_OF, is_reason

MOST_RESULTS = 20
FEWEST_LETTERS = 2
SAME_LOOK = timedelta(minutes=10)
# What a list of hits shows, and what the page of one person shows.
LIST_FIELDS = ("name", "nik_masked", "birth_date", "address")
PERSON_FIELDS = ("identity", "family", "address")
CLAIMED, PROVEN = 1, 2
COUNTER_REASON = "Verifikasi identitas di loket"
MOST_RESIDENTS = 3_000_000  # memory: about 0.8 kB each while they are made
DEMO_POSTAL_CODE = "21222"


# A counter serves some sixty people a day; who looks at more than two hundred in an hour collects data.
MOST_LOOKS, LOOKS_SECONDS = 200, 3600


def look_up(
    official: Any,
    *,
    reason: str,
    now: datetime,
    nik: str = "",
    village: str = "",
    name: str = "",
    case_reference: str = "",
    fields: Sequence[str] = (),
) -> list[Person]:
    """Persons as an official may see them: by `nik`, or by `village` (code) and the beginning of `name`.

    Each person found gets a row that says who looked, when and why, and which data (`fields`, else what a
    list or a person's page shows): the person sees it (UU 27/2022 ps. 31, 32). By name officials of a kecamatan
    or village search only in their own region. A NIK
    that nobody has leaves an event. Raises `ReasonNeeded`, `BadLookUp`, `OutsideArea`, `TooManyLooks`.
    """
    if not is_reason(reason):
        raise ReasonNeeded(reason)
    if nik:
        check = check_nik(nik)
        if not check.valid:
            raise BadLookUp(check.problems)
    try:
        # Before the transaction: a look that fails counts too.
        limits.check("look-up", f"official:{official.pk}", most=MOST_LOOKS, seconds=LOOKS_SECONDS, now=now)
    except TooManyAttempts as error:
        raise TooManyLooks(error.until) from error
    return _look_up(official, reason, now, nik, village, name, case_reference, fields)


@transaction.atomic
def _look_up(
    official: Any,
    reason: str,
    now: datetime,
    nik: str,
    village: str,
    name: str,
    case_reference: str,
    fields: Sequence[str],
) -> list[Person]:
    if nik:
        found = [person for person in [queries.person(nik)] if person is not None]
    else:
        if not village or len(name.strip()) < FEWEST_LETTERS:
            raise BadLookUp(("village_and_name",))
        area = official.agency.region_id or ""
        if area and village != area and not village.startswith(f"{area}."):
            raise OutsideArea(village, area)
        found = queries.search(village, name, MOST_RESULTS)
    shown = list(fields or (PERSON_FIELDS if nik else LIST_FIELDS))
    AccessLog.objects.bulk_create(
        AccessLog(
            person=person,
            official=official,
            at=now,
            reason=reason.strip()[:200],
            case_reference=case_reference,
            fields=shown,
        )
        for person in found
    )
    if nik and not found:
        vain = Happening(
            "person.looked_up_in_vain", f"official:{official.pk}", {"reason": reason.strip()[:200]}
        )
        audit.record(f"official:{official.pk}", [vain], at=now)
    return found


def record_access(
    official: Any,
    person: Person,
    *,
    reason: str,
    now: datetime,
    case_reference: str = "",
    fields: Sequence[str] = PERSON_FIELDS,
) -> AccessLog:
    """Note that `official` was shown data of `person` on the way, e.g. on the page of a case.
    Raises `ReasonNeeded`."""
    if not is_reason(reason):
        raise ReasonNeeded(reason)
    return AccessLog.objects.create(
        person=person,
        official=official,
        at=now,
        reason=reason.strip()[:200],
        case_reference=case_reference,
        fields=list(fields),
    )


@transaction.atomic
def record_looks(
    official: Any,
    shown: Iterable[tuple[int, str]],
    *,
    reason: str,
    now: datetime,
    fields: Sequence[str] = LIST_FIELDS,
) -> int:
    """Note that `official` was shown data of persons on the way: pairs of a person's id and a case's reference.

    Whoever has a row of this official and case of the last ten minutes gets no second one: a page and its
    pictures are one look. Returns how many rows were written. Raises `ReasonNeeded`.
    """
    if not is_reason(reason):
        raise ReasonNeeded(reason)
    pairs = list(dict.fromkeys(shown))
    known = set(
        AccessLog.objects.filter(
            official=official, person_id__in=[person for person, _ in pairs], at__gt=now - SAME_LOOK
        ).values_list("person_id", "case_reference")
    )
    rows = [
        AccessLog(
            person_id=person,
            official=official,
            at=now,
            reason=reason.strip()[:200],
            case_reference=reference,
            fields=list(fields),
        )
        for person, reference in pairs
        if (person, reference) not in known
    ]
    AccessLog.objects.bulk_create(rows)
    return len(rows)


@transaction.atomic
def claim(user: Any, person: Person, level: int = CLAIMED, now: datetime | None = None) -> ResidentAccount:
    """Bind the login `user` to `person`; binding the same two again only ever raises the level.

    Raises `AlreadyClaimed` where one of them is bound to somebody else.
    """
    proven_at = now if level >= PROVEN else None
    try:
        with transaction.atomic():
            account, made = ResidentAccount.objects.get_or_create(
                user=user, person=person, defaults={"level": level, "proven_at": proven_at}
            )
    except IntegrityError as error:
        raise AlreadyClaimed from error
    if not made and account.level < level:
        account.level, account.proven_at = level, proven_at
        account.save(update_fields=["level", "proven_at"])
    return account


@transaction.atomic
def prove(person: Person, official: Any, now: datetime, user: Any | None = None) -> ResidentAccount:
    """Note that `official` compared the person at the counter with the identity card: level 2.

    Without `user` the login is the one already bound to the person; where there is none, one is made. The
    look leaves a trace like any other. Raises `AlreadyClaimed`.
    """
    account = queries.account_of(person)
    if account is None:
        account = claim(user or make_user(person, phone_proven=False), person)
    elif user is not None and account.user_id != user.pk:
        raise AlreadyClaimed
    account.level, account.proven_at, account.proven_by = PROVEN, now, official
    account.save(update_fields=["level", "proven_at", "proven_by"])
    proven = Happening("person.proven", f"official:{official.pk}", {"user": account.user_id, "level": PROVEN})
    audit.record(f"person:{person.pk}", [proven], at=now)
    record_access(official, person, reason=COUNTER_REASON, now=now)
    return account


def make_user(person: Person, *, phone_proven: bool) -> Any:
    """A login for `person`, without password; not bound yet. It gets the registered telephone only where a code
    just came back from it, and no other login has it."""
    phone = person.phone if phone_proven else None
    if phone and get_user_model().objects.filter(phone=phone).exists():
        phone = None
    return accounts.create_resident(person.name, phone=phone)


def generate(
    residents: int, seed: int = 1, *, replace: bool = False, progress: loading.Progress | None = None
) -> int:
    """Fill the register with `residents` made-up people, the demonstration's residents among them; the same
    seed gives the same people on every machine. Regions must be loaded. Returns the number of families.

    Raises `NotEmpty` where there are residents and `replace` is False, or where rows of other tables refer to
    residents, and ValueError for a number that cannot be made.
    """
    # The machinery of made-up people takes 20 MB, and no resident ever asks for it.
    from satuklik.spine.population.synthesis import register, structure

    random_ones = residents - len(queries.demo_niks())
    if not 0 < random_ones <= MOST_RESIDENTS:
        raise ValueError(
            f"Between {len(queries.demo_niks()) + 1} and {MOST_RESIDENTS:,} residents can be made, not {residents:,}."
        )
    made = register.make(random_ones, seed, structure.read(_places()))
    with transaction.atomic():
        loading.load(
            made.households(), made.persons(), replace=replace, progress=progress or (lambda *_: None)
        )
        load_personas()
    return made.families


def _places() -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    found = [
        (
            district.code,
            district.name,
            [(village.code, village.name, village.kind) for village in regions.villages(district.code)],
        )
        for district in regions.districts()
    ]
    if not found:
        raise ValueError("No regions are loaded: run satuklik regions load.")
    return found


@transaction.atomic
def load_personas() -> int:
    """Put the demonstration's residents (personas.toml) into the register; those who are there stay. How many
    the file names. Regions must be loaded."""
    with queries.PERSONAS.open("rb") as file:
        households = tomllib.load(file)["household"]
    for row in households:
        members, decile = row.pop("members"), row.pop("dtsen_decile", None)
        village = row.pop("village")
        household, _ = Household.objects.get_or_create(
            kk=row["kk"],
            defaults=row
            | {
                "village_id": village,
                "postal_code": DEMO_POSTAL_CODE,
                "issued_on": check_kk(row["kk"]).parts.dates[-1],  # type: ignore[union-attr]
            },
        )
        for member in members:
            values = {name: value for name, value in member.items() if name != "key"}
            Person.objects.get_or_create(
                nik=member["nik"],
                defaults=values
                | {
                    "household": household,
                    "village_id": village,
                    "citizenship": "WNI",
                    "dtsen_decile": decile,
                    "updated_on": AS_OF,
                },
            )
    return len(queries.demo_niks())


@transaction.atomic
def open_account(person: Person) -> Any:
    """The login of `person`, made and claimed (level 1) where there is none; called after the right code."""
    account = queries.account_of(person)
    if account is not None:
        return account.user
    return claim(make_user(person, phone_proven=True), person).user
