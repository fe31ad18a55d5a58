"""Logins for officials of the imported list, who have none yet."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, count
from typing import TYPE_CHECKING

from django.db import transaction

from satuklik.base.accounts import actions as accounts
from satuklik.base.accounts import queries as logins
from satuklik.base.accounts import words
from satuklik.base.agencies import actions as agencies
from satuklik.systems.enrolment import rules
from satuklik.systems.enrolment.actions.moving import SYSTEM, actor_of, locked, note
from satuklik.systems.enrolment.errors import HasLogin, MayNot, NotNow
from satuklik.systems.enrolment.queries import scope_of

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

LONGEST_STEM = 40  # an account's name has 64 characters; what makes it unique comes behind


@dataclass(frozen=True)
class Login:
    """A new account. `password` is shown this once; at the first login its owner replaces it and sets up a second
    factor."""

    name: str
    username: str
    password: str = field(repr=False)


@transaction.atomic
def open_login(enrolment_id: int, *, by: "Official | None", now: datetime) -> Login:
    """Make an account for an enrolled official: the NIP is its name (else what stands before the @ of his e-mail).
    `by` None: the command line. Raises NotFound, MayNot, HasLogin, NotNow (he has left)."""
    row = locked(enrolment_id)
    if by is not None and not scope_of(by, now).appoints:
        raise MayNot("role")
    official = row.official
    # The lock holds the enrolment only: what was joined to it is as old as the question, so ask again behind the lock.
    official.refresh_from_db(fields=["user"])
    if official.user_id is not None:
        raise HasLogin(official.name)
    if row.stage == rules.ENDED:
        raise NotNow(row.stage, rules.REGISTERED)
    username, password = _free_name(official), words.secret()
    user = accounts.create_official(
        username, official.name, password=password, email=official.email, handed_over=True
    )
    agencies.give_login(official, user)
    actor = actor_of(by.pk) if by is not None else SYSTEM
    note(row.pk, "login_opened", by=actor, now=now, username=username)
    accounts.note(user, "account.opened", now=now, actor=actor)
    return Login(official.name, username, password)


def _free_name(official: "Official") -> str:
    """A name that no account has: a former account of the same person keeps its own."""
    wanted = (official.nip or official.email.partition("@")[0].lower() or "pejabat")[:LONGEST_STEM]
    more = (f"{wanted}-{official.pk}" + (f"-{again}" if again else "") for again in count())
    return next(name for name in chain([wanted], more) if logins.is_free(name))
