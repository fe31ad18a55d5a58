"""What rooms above tell this room at start-up: who is behind an identifier, and behind a login."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from satuklik.base.accounts.errors import DuplicateRegistration
from satuklik.base.accounts.models import User


@dataclass(frozen=True)
class Found:
    """Whom an identifier belongs to.

    `phone` (E.164) is where the code goes; without it no code can be sent. `user` is the account;
    without it `make` creates the account, called only after the right code was typed.
    """

    phone: str | None
    user: User | None = None
    make: Callable[[], User] | None = None


@dataclass(frozen=True)
class Persona:
    """A demo account that the login page offers by a button. `title` and `about` may be lazy texts."""

    username: str
    title: object
    about: object


Entry = TypeVar("Entry")
Resolver = Callable[[str], Found | None]
Profile = Callable[[User], object | None]

resolvers: dict[str, Resolver] = {}
profiles: dict[str, Profile] = {}
personas: dict[str, Persona] = {}


def register_identifier(name: str, resolver: Resolver) -> None:
    """Let `resolver` find the person with an identifier. `name`: "nik" (16 digits) or "phone" (E.164)."""
    _register("identifier", resolvers, name, resolver)


def register_profile(name: str, profile: Profile) -> None:
    """Let `profile` say what a user is: "resident" → an object with `.level`, "official" → with `.role`."""
    _register("profile", profiles, name, profile)


def register_persona(username: str, *, title: object, about: object) -> None:
    """Offer this account by a button on the login page of a demo."""
    _register("persona", personas, username, Persona(username, title, about))


def _register(what: str, where: dict[str, Entry], name: str, entry: Entry) -> None:
    if name in where and where[name] != entry:
        raise DuplicateRegistration(what, name, where[name], entry)
    where[name] = entry
