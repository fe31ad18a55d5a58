"""Reads persons. What officials see goes through `actions.look_up`, which leaves a trace; these do not."""

import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from django.db import connection

from satuklik.base.postgres import queries as prepared
from satuklik.base.regions import queries as regions
from satuklik.kernel.names import tidy
from satuklik.spine.population import rules
from satuklik.spine.population.models import AccessLog, Household, Person, ResidentAccount
from satuklik.spine.population.rules import RELATION_ORDER

PERSONAS = Path(__file__).parent / "data" / "personas.toml"
LAST_CHARACTER = "\U0010ffff"  # sorts after every other, byte by byte
PERSON_FIELDS = [field.attname for field in Person._meta.concrete_fields]
HOUSEHOLD_FIELDS = [field.attname for field in Household._meta.concrete_fields]
COLUMNS = ", ".join([*(f"p.{name}" for name in PERSON_FIELDS), *(f"h.{name}" for name in HOUSEHOLD_FIELDS)])
JOINED = "population_person p join population_household h on h.id = p.household_id"
SELECT = f"select {COLUMNS} from {JOINED} "  # noqa: S608 (only names of our own columns)
BY_NIK = SELECT + "where p.nik = %s"
BY_USER = "select person_id, level from population_residentaccount where user_id = %s"
BY_PHONE = SELECT + "where p.phone = %s and p.status = 'alive' limit 2"
# Bounds instead of LIKE: they use the index also when the statement is prepared without its values.
BY_NAME = SELECT + (
    "where p.village_id = %s and p.name ~>=~ %s and p.name ~<~ %s and p.status = 'alive' "
    "order by p.name using ~<~ limit %s"
)

ME_SQL = """SELECT a.user_id, a.person_id, a.level, p.name FROM population_residentaccount a
  JOIN population_person p ON p.id = a.person_id WHERE a.user_id = %(user)s"""
"""The resident behind the login %(user)s, for statements that ask several rooms at once."""


@dataclass(frozen=True)
class Resident:
    """The person behind a login. Level 1: claimed with a code; level 2: proven (counter or INApas)."""

    person_id: int
    level: int

    @cached_property
    def person(self) -> Person:
        """The person, household and village read too; read when it is first asked for."""
        return _person(_rows(SELECT + "where p.id = %s", [self.person_id])[0])


def person(nik: str) -> Person | None:
    """The person with this NIK (also one who died or moved: see `status`), household and village read too."""
    found = _persons(BY_NIK, [nik])
    return found[0] if found else None


def person_by_id(pk: int) -> Person | None:
    """The person with this primary key, household and village read too."""
    found = _persons(SELECT + "where p.id = %s", [pk])
    return found[0] if found else None


def person_by_phone(phone: str) -> Person | None:
    """The living person who registered this number (E.164); None also where two did."""
    found = _persons(BY_PHONE, [phone])
    return found[0] if len(found) == 1 else None


def search(village_code: str, name_prefix: str, limit: int = 20) -> list[Person]:
    """Living persons of a village whose name begins with `name_prefix` (in any case), by name."""
    prefix = tidy(name_prefix.replace("\x00", ""))
    return _persons(BY_NAME, [village_code, prefix, prefix + LAST_CHARACTER, limit])


def person_of(user: Any) -> Resident | None:
    """The person whom the login `user` is bound to, with its level; None for officials and strangers."""
    if not getattr(user, "is_authenticated", False):
        return None
    found = _rows(BY_USER, [user.pk])
    return Resident(*found[0]) if found else None


def account_of(person: Person) -> ResidentAccount | None:
    """The login bound to `person`, or None."""
    return ResidentAccount.objects.select_related("user").filter(person=person).first()


def user_of(person_id: int) -> Any | None:
    """The active login bound to the person with this id, or None."""
    bound = (
        ResidentAccount.objects.select_related("user")
        .filter(person_id=person_id, user__is_active=True)
        .first()
    )
    return bound.user if bound else None


def word(column: str, code: str, language: str) -> str | None:
    """What a code of the register means: ("marital", "kawin") → "Kawin"; None for a column without codes."""
    return rules.label(column, code, language) if column in rules.TABLES else None


def family(person: Person) -> list[Person]:
    """Everybody on the family card of `person` (himself too), in the order of a family card."""
    members = _persons(SELECT + "where p.household_id = %s and p.status = 'alive'", [person.household_id])
    return sorted(
        members, key=lambda member: (RELATION_ORDER.get(member.relation, 99), member.birth_date, member.nik)
    )


def head_of_family(person: Person) -> Person | None:
    """The head of the family of `person`, or None where the card lacks one."""
    return Person.objects.filter(household_id=person.household_id, relation="kepala_keluarga").first()


def accesses_of(person: Person, limit: int = 200) -> list[AccessLog]:
    """Who looked at `person`, the newest first, with official and agency."""
    found = AccessLog.objects.filter(person=person).select_related("official__agency")
    return list(found.order_by("-at", "-pk")[:limit])


def count() -> int:
    """How many persons the register holds."""
    return Person.objects.count()


def demo_resident(key: str) -> Person:
    """One of the demonstration's residents: sari, dimas (her younger brother, a minor), rina (married, next
    door), pak_karto (old, without telephone), rudi (of another village). Raises KeyError for another key
    and LookupError where the synthetic population is not loaded."""
    found = person(demo_niks()[key])
    if found is None:
        raise LookupError("The demonstration's residents are not loaded: run satuklik population generate.")
    return found


@cache
def demo_niks() -> dict[str, str]:
    """The NIK of each of the demonstration's residents by key. The same in every generated population."""
    with PERSONAS.open("rb") as file:
        households = tomllib.load(file)["household"]
    return {member["key"]: member["nik"] for household in households for member in household["members"]}


def _persons(statement: str, values: list[object]) -> list[Person]:
    return [_person(row) for row in _rows(statement, values)]


def _rows(statement: str, values: list[object]) -> list[tuple[Any, ...]]:
    return prepared.rows(statement, values)


def _person(row: tuple[Any, ...]) -> Person:
    """The person of a row of COLUMNS, with household and villages; the villages are known to this process."""
    border = len(PERSON_FIELDS)
    person = Person.from_db(connection.alias, PERSON_FIELDS, row[:border])
    household = Household.from_db(
        connection.alias, HOUSEHOLD_FIELDS, row[border : border + len(HOUSEHOLD_FIELDS)]
    )
    household.village = regions.region(household.village_id)
    person.household = household
    person.village = regions.region(person.village_id)
    return person
