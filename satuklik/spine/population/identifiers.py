"""Says to the login whose a NIK or a telephone number is, as the register knows it."""

from functools import partial

from satuklik.base.accounts.actions import Found
from satuklik.spine.population import actions, queries
from satuklik.spine.population.models import Person


def by_nik(nik: str) -> Found | None:
    """The living person with this NIK: where the code goes, the login, or how to make one."""
    return _found(queries.person(nik))


def by_phone(phone: str) -> Found | None:
    """The living person who registered this number (E.164); None also where several did."""
    return _found(queries.person_by_phone(phone))


def _found(person: Person | None) -> Found | None:
    if person is None or person.status != "alive":
        return None
    account = queries.account_of(person)
    if account is None:
        return Found(phone=person.phone, make=partial(actions.open_account, person))
    # The number that the person proved since goes before the one of the register.
    return Found(phone=account.user.phone or person.phone, user=account.user)
