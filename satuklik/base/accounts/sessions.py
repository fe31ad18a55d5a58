"""The session engine: rows in the database, of which one query loads the session and its user together."""

import json
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import connection
from django.utils import timezone
from django.utils.functional import cached_property

from satuklik.base.accounts import rules
from satuklik.base.accounts.models import Session, User
from satuklik.base.postgres import queries as prepared

SHORTEST_KEY = 8
_FIELDS = [field.attname for field in User._meta.concrete_fields]
_LOAD = (
    # Nothing but the names of our own columns is put together here.
    "SELECT s.session_data, s.seen_at, "  # noqa: S608
    + ", ".join(f"u.{field.column}" for field in User._meta.concrete_fields)
    + " FROM accounts_session s LEFT JOIN accounts_user u ON u.id = s.user_id"
    " WHERE s.session_key = %s AND s.expire_date > %s"
)


class SessionStore(DatabaseStore):
    """Like Django's, but leaner: plain JSON (the table is as trusted as the users' table), one query.

    `loaded_user` is the user of the row that `load` read; whoever uses it must verify the session's hash.
    """

    loaded_user: User | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    @cached_property
    def model(self) -> type[Session]:
        return Session

    def _validate_session_key(self, key: str | None) -> bool:
        """A quoted cookie can hold any character, also those that PostgreSQL refuses."""
        return key is not None and len(key) >= SHORTEST_KEY and key.isascii() and key.isalnum()

    def load(self) -> dict[str, Any]:
        now = timezone.now()
        row = prepared.row(_LOAD, [self.session_key, now])
        if row is None:
            self._session_key = None
            return {}
        data, seen_at, *values = row
        kind = None
        if values[0] is not None:
            self.loaded_user = User.from_db(connection.alias, _FIELDS, values)
            kind = self.loaded_user.kind
        if now - seen_at > rules.touch_every(kind):
            self.modified = True  # writes the sign of life and renews the cookie
        return self.decode(data)

    def encode(self, session_dict: dict[str, Any]) -> str:
        return json.dumps(session_dict, separators=(",", ":"))

    def decode(self, session_data: str) -> dict[str, Any]:
        data: dict[str, Any] = json.loads(session_data)
        return data

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        return Session(
            session_key=self._get_or_create_session_key(),
            session_data=self.encode(data),
            expire_date=self.get_expiry_date(),
            user_id=data.get(SESSION_KEY),
            seen_at=timezone.now(),
        )

    def get_session_cookie_age(self) -> int:
        return int(self.idle_time().total_seconds())

    def idle_time(self) -> timedelta:
        """How long this session lives unused: by the kind that was noted at login."""
        return rules.idle(self.get("kind"))

    @classmethod
    def clear_expired(cls) -> None:
        Session.objects.filter(expire_date__lt=timezone.now()).delete()


def end_sessions(user: User, *, but: str | None = None) -> int:
    """Log `user` out everywhere, except in the session with the key `but`. How many were ended."""
    ended, _ = Session.objects.filter(user=user).exclude(session_key=but or "").delete()
    return ended


def sessions_of(user: User, *, now: datetime) -> list[Session]:
    """The running sessions of `user`, the latest first."""
    return list(Session.objects.filter(user=user, expire_date__gt=now).order_by("-seen_at"))
