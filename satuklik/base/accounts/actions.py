"""Writes of accounts: users, codes, tokens. Also what rooms above register here at start-up."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction

from satuklik.base.accounts import channels, limits, rules
from satuklik.base.accounts.errors import BadApplication, CodeGone, WrongCode
from satuklik.base.accounts.models import ApiToken, Application, LoginCode, User
from satuklik.base.accounts.queries import TOKEN_PREFIX, find, token_digest
from satuklik.base.accounts.registry import (
    Found,
    Persona,
    register_identifier,
    register_persona,
    register_profile,
)
from satuklik.base.accounts.sessions import end_sessions
from satuklik.base.audit import actions as audit

__all__ = [
    "Found",
    "Persona",
    "change_password",
    "check_code",
    "create_application",
    "create_official",
    "create_resident",
    "create_token",
    "end_sessions",
    "note",
    "register_identifier",
    "register_persona",
    "register_profile",
    "revoke_token",
    "send_code",
    "set_language",
    "set_totp",
    "switch_application",
]

# Codes leave after the answer, so that the time of the answer tells nothing; no code is written to disk.
_sender = ThreadPoolExecutor(max_workers=4, thread_name_prefix="code")


def create_resident(name: str, *, phone: str | None = None, language: str = "id", username: str = "") -> User:
    """An account for a resident: no password, only codes and passkeys. `phone` is E.164 and verified."""
    return User.objects.create_user(
        username or f"w-{secrets.token_hex(8)}",
        None,
        kind=User.Kind.RESIDENT,
        name=name,
        phone=phone,
        phone_verified=phone is not None,
        language=language,
    )


def create_official(
    username: str,
    name: str,
    *,
    password: str | None,
    email: str = "",
    language: str = "id",
    admin: bool = False,
    handed_over: bool = False,
) -> User:
    """An account for an official. Without a second factor the first login leads to setting one up; a password that is
    `handed_over`, so that others have seen it, must be replaced there too."""
    return User.objects.create_user(
        username.lower(),
        password,
        kind=User.Kind.OFFICIAL,
        name=name,
        email=email,
        language=language,
        is_staff=admin,
        is_superuser=admin,
        must_change_password=handed_over,
    )


@transaction.atomic
def change_password(user: User, password: str, *, now: datetime) -> None:
    """Let the user log in with this password from now on; nobody has to change it any more."""
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    note(user, "account.password_changed", now=now)


@transaction.atomic
def note(user: User, kind: str, *, now: datetime, actor: str = "", **data: object) -> None:
    """Write to the event log what happened to the account (stream "account:<id>")."""
    User.objects.select_for_update().get(pk=user.pk)  # one writer of a stream at a time
    happening = audit.Happening(kind, actor or f"user:{user.pk}", data)
    audit.record(f"account:{user.pk}", [happening], at=now)


def set_totp(user: User, secret: str) -> None:
    """Give `user` the TOTP secret (base32); replaces an earlier one. For demo data and for recovery."""
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import TOTP

    with transaction.atomic():
        Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).delete()
        TOTP.activate(user, secret)


@transaction.atomic
def create_application(
    name: str, agency_id: int, scopes: Sequence[str], *, actor: str, now: datetime
) -> tuple[Application, str]:
    """An account for an agency's own program, with its first token (returned this once). `name`: 3–60 letters,
    digits and hyphens. Raises BadApplication."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{2,59}", name):
        raise BadApplication("name", name)
    if not scopes or set(scopes) - set(Application.Scope.values):
        raise BadApplication("scopes", ", ".join(scopes))
    if Application.objects.filter(name=name).exists():
        raise BadApplication("taken", name)
    user = User.objects.create_user(f"app-{name}", None, kind=User.Kind.APPLICATION, name=name)
    application = Application.objects.create(
        user=user, agency_id=agency_id, name=name, scopes=sorted(set(scopes)), created_at=now
    )
    note(user, "application.created", now=now, actor=actor, agency=agency_id, scopes=application.scopes)
    return application, create_token(user, name)


@transaction.atomic
def switch_application(application: Application, *, on: bool, actor: str, now: datetime) -> None:
    """Switch an application on or off: off, none of its tokens opens anything."""
    application.user.is_active = on
    application.user.save(update_fields=["is_active"])
    note(application.user, f"application.switched_{'on' if on else 'off'}", now=now, actor=actor)


def set_language(user: User, language: str) -> None:
    """Note the language that the user reads ("id", "en")."""
    user.language = language
    user.save(update_fields=["language"])


def create_token(user: User, label: str, *, expires_at: datetime | None = None) -> str:
    """A new API token for `user`. It is returned this once; only its SHA-256 is kept."""
    token = TOKEN_PREFIX + secrets.token_urlsafe(32)
    ApiToken.objects.create(user=user, label=label, sha256=token_digest(token), expires_at=expires_at)
    return token


def revoke_token(user: User, token_id: int) -> bool:
    """Delete one of the user's own tokens. False where there is none."""
    deleted, _ = ApiToken.objects.filter(user=user, pk=token_id).delete()
    return bool(deleted)


def send_code(kind: str, value: str, *, nonce: str, now: datetime) -> tuple[int, str]:
    """Make a one-time code for the identifier and send it to the telephone that belongs to it.

    It does the same for an identifier that nobody has; then nothing is sent and the code never works.
    `nonce` is a secret of the asking session; the code works in this session only.
    Returns the row's id and the code; the code may leave this process only through the channel.
    """
    found = find(kind, value)
    code = f"{secrets.randbelow(10**rules.CODE_DIGITS):0{rules.CODE_DIGITS}}"
    row = LoginCode.objects.create(
        identifier=limits.mark(f"{kind}:{value}"),
        binding=hashlib.sha256(nonce.encode()).hexdigest(),
        code=_code_digest(nonce, code),
        created_at=now,
        expires_at=now + rules.CODE_LIFE,
    )
    phone = found.phone if found else None
    _sender.submit(_send, phone, code)
    return row.pk, code


def _send(phone: str | None, code: str) -> None:
    if phone:
        channels.channel().send(phone, code, int(rules.CODE_LIFE.total_seconds() // 60))


def _code_digest(nonce: str, code: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"{nonce}:{code}".encode(), hashlib.sha256).hexdigest()


_TRY = """
UPDATE accounts_logincode SET tries = tries + 1
WHERE id = %s AND binding = %s AND identifier = %s AND used_at IS NULL AND tries < %s AND expires_at > %s
RETURNING code, tries
"""


def check_code(code_id: int, code: str, *, kind: str, value: str, nonce: str, now: datetime) -> User:
    """The user who typed the right code; a person's first login makes the account.

    A code works once, in the session that asked for it. Raises WrongCode(left) or CodeGone.
    """
    binding = hashlib.sha256(nonce.encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(_TRY, [code_id, binding, limits.mark(f"{kind}:{value}"), rules.CODE_TRIES, now])
        row = cursor.fetchone()
    if row is None:
        raise CodeGone
    right = hmac.compare_digest(row[0], _code_digest(nonce, code))
    found = find(kind, value)  # always asked: the time must not tell whether somebody has this identifier
    known = (
        found is not None and found.phone is not None and (found.user is not None or found.make is not None)
    )
    if not (right and known):
        raise WrongCode(rules.CODE_TRIES - row[1])
    with transaction.atomic():
        if not LoginCode.objects.filter(pk=code_id, used_at=None).update(used_at=now):
            raise CodeGone
        assert found is not None
        user = found.user
        if user is None:
            assert found.make is not None
            user = found.make()
    if not user.is_active:
        raise CodeGone
    return user
