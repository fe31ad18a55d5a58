"""Logins for officials of the imported list, who have none yet."""

from dataclasses import dataclass, field
from datetime import datetime
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


@dataclass(frozen=True)
class Login:
    """A new account. `password` is shown this once; at the first login its owner sets up a second factor, without which
    it opens nothing any more."""

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
    if official.user_id is not None:
        raise HasLogin(official.name)
    if row.stage == rules.ENDED:
        raise NotNow(row.stage, rules.REGISTERED)
    wanted = official.nip or official.email.partition("@")[0].lower() or f"pejabat-{official.pk}"
    username = wanted if logins.is_free(wanted) else f"{wanted}-{official.pk}"
    password = words.secret()
    user = accounts.create_official(username, official.name, password=password, email=official.email)
    agencies.give_login(official, user)
    actor = actor_of(by.pk) if by is not None else SYSTEM
    note(row.pk, "login_opened", by=actor, now=now, username=username)
    accounts.note(user, "account.opened", now=now, actor=actor)
    return Login(official.name, username, password)
