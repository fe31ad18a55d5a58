"""Reads of accounts: the user of a token, the profile of a request, tokens, sessions, second factors."""

import hashlib
from datetime import datetime
from typing import Any

from django.db import connection
from django.http import HttpRequest

from satuklik.base.accounts import registry, rules
from satuklik.base.accounts.models import ApiToken, Application, User
from satuklik.base.accounts.registry import Found, Persona

TOKEN_PREFIX = "sk_"  # noqa: S105 - a mark, not a secret
_FIELDS = [field.attname for field in User._meta.concrete_fields]
_BY_TOKEN = (
    # Nothing but the names of our own columns is put together here.
    "WITH found AS (SELECT id, user_id FROM accounts_apitoken"  # noqa: S608
    " WHERE sha256 = %s AND (expires_at IS NULL OR expires_at > COALESCE(%s, now()))),"
    " touched AS (UPDATE accounts_apitoken SET last_used_at = COALESCE(%s, now())"
    " WHERE id = (SELECT id FROM found)"
    " AND (last_used_at IS NULL OR last_used_at < COALESCE(%s, now()) - interval '1 minute'))"
    " SELECT "
    + ", ".join(f"u.{field.column}" for field in User._meta.concrete_fields)
    + " FROM found JOIN accounts_user u ON u.id = found.user_id WHERE u.is_active"
)


def user_by_token(token: str, *, now: datetime | None = None) -> User | None:
    """The active user of an API token, or None. One query; notes the use at most once a minute."""
    if not token.startswith(TOKEN_PREFIX):
        return None
    with connection.cursor() as cursor:
        cursor.execute(_BY_TOKEN, [token_digest(token), now, now, now])
        row = cursor.fetchone()
    return User.from_db(connection.alias, _FIELDS, row) if row else None


def token_digest(token: str) -> str:
    """What is kept of a token: its SHA-256 (it has 256 random bits, so a slow hash adds nothing)."""
    return hashlib.sha256(token.encode()).hexdigest()


def profile(request: HttpRequest, name: str) -> Any | None:
    """The user's profile called `name` ("resident", "official"), or None. Asked once a request."""
    known: dict[str, Any] = request.__dict__.setdefault("_profiles", {})
    if name not in known:
        find = registry.profiles.get(name)
        known[name] = find(request.user) if find and request.user.is_authenticated else None
    return known[name]


def find(kind: str, value: str) -> Found | None:
    """Who has the identifier `value` of `kind` ("nik", "phone"), among residents.

    Both places are always asked, so that the time tells nothing about which one knew.
    """
    by_register = registry.resolvers.get(kind)
    registered = by_register(value) if by_register else None
    if kind == "phone":
        user = User.objects.filter(phone=value, kind=User.Kind.RESIDENT, is_active=True).first()
        if user is not None:
            return Found(phone=value, user=user)
    if registered and registered.user and registered.user.kind != User.Kind.RESIDENT:
        return None
    return registered


def is_free(username: str) -> bool:
    """Whether no account has this name."""
    return not User.objects.filter(username__iexact=username).exists()


def personas() -> list[Persona]:
    """The registered personas whose accounts exist, in the order of their registration."""
    there = set(
        User.objects.filter(username__in=registry.personas, is_active=True).values_list("username", flat=True)
    )
    return [persona for name, persona in registry.personas.items() if name in there]


def tokens_of(user: User) -> list[ApiToken]:
    """The user's API tokens, the newest first."""
    return list(user.api_tokens.order_by("-created_at"))


def identifier(typed: str) -> tuple[str, str] | None:
    """What was typed into "NIK atau nomor HP": `("nik", …)`, `("phone", …)` or None."""
    return rules.identifier(typed)


def application_of(user: Any) -> Application | None:
    """The agency's application whose account this is, its agency read with it; None for people."""
    if not user.is_authenticated or user.kind != User.Kind.APPLICATION:
        return None
    return Application.objects.select_related("agency").filter(user=user).first()


def applications() -> list[Application]:
    """All applications with their agencies, by name."""
    return list(Application.objects.select_related("agency", "user").order_by("name"))
