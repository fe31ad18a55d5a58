"""Limits of attempts, counted in PostgreSQL by one atomic statement, so they hold across processes.

Carriers put thousands of people behind one address. So accounts are limited tightly, addresses
generously, and a browser that has logged in to an account before has a budget of its own: a stranger
who uses up the budget of an account does not lock its owner out.
"""

import hashlib
import hmac
import ipaddress
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db import connection
from django.http import HttpRequest, HttpResponse

from satuklik.base.accounts.errors import TooManyAttempts

DEVICE_COOKIE = "satuklik_perangkat"
DEVICE_SALT = "satuklik.accounts.device"
DEVICE_SECONDS = 365 * 24 * 3600
DEVICE_ACCOUNTS = 8

_COUNT = """
INSERT INTO accounts_attempt AS a (kind, key, count, until) VALUES (%s, %s, 1, %s)
ON CONFLICT (kind, key) DO UPDATE SET
    count = CASE WHEN a.until <= %s THEN 1 ELSE a.count + 1 END,
    until = CASE WHEN a.until <= %s THEN excluded.until ELSE a.until END
RETURNING count, until
"""


def check(kind: str, key: str, *, most: int, seconds: int, now: datetime) -> int:
    """Count one attempt and return how many remain in this window of `seconds`.

    Raises TooManyAttempts from the attempt `most + 1` on. Call it outside of a transaction that may be
    rolled back: the count would be lost with it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [kind, mark(key), now + timedelta(seconds=seconds), now, now])
        count, until = cursor.fetchone()
    if count > most:
        raise TooManyAttempts(kind, until)
    return most - count


def forgive(kind: str, key: str) -> None:
    """Forget the attempts, after a success."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_attempt WHERE kind = %s AND key = %s", [kind, mark(key)])


def mark(text: str) -> str:
    """A keyed digest (64 hex digits): what is counted or looked up is not to be read in the table."""
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def address(request: HttpRequest) -> str:
    """Where the request comes from: an IPv4 address or an IPv6 /64.

    `TRUSTED_PROXIES` proxies stand before the server; each appended the address that it saw.
    """
    seen = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        chain = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        if len(chain) >= settings.TRUSTED_PROXIES:
            seen = chain[-settings.TRUSTED_PROXIES] or seen
    try:
        parsed = ipaddress.ip_address(seen)
    except ValueError:
        return "unknown"
    if parsed.version == 6:
        return str(ipaddress.ip_network(f"{parsed}/64", strict=False).network_address)
    return str(parsed)


def account_key(request: HttpRequest, account: str) -> str:
    """The key to limit `account` by: its own where this browser has logged in to it before."""
    known = mark(account)[:16] in _known_accounts(request)
    return f"{account}|{'known' if known else 'new'}"


def remember_device(request: HttpRequest, response: HttpResponse, account: str) -> None:
    """Note in a signed cookie that this browser has logged in to `account`."""
    mine = mark(account)[:16]
    accounts = [mine, *(entry for entry in _known_accounts(request) if entry != mine)]
    response.set_cookie(
        DEVICE_COOKIE,
        signing.dumps(accounts[:DEVICE_ACCOUNTS], salt=DEVICE_SALT),
        max_age=DEVICE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
        path="/masuk/",
    )


def _known_accounts(request: HttpRequest) -> list[str]:
    cookie = request.COOKIES.get(DEVICE_COOKIE)
    if not cookie:
        return []
    try:
        accounts: list[str] = signing.loads(cookie, salt=DEVICE_SALT, max_age=DEVICE_SECONDS)
    except signing.BadSignature:
        return []
    return accounts


def check_login(request: HttpRequest, kind: str, account: str, now: datetime) -> None:
    """Count one attempt of `kind` ("send", "try", "password", "passkey", "factor") against every budget.

    The address comes first: whoever is stopped by it uses up nobody's account. Raises TooManyAttempts.
    """
    quarter, day, per_address, overall = settings.LOGIN_LIMITS[kind]
    check(f"{kind}-address", address(request), most=per_address, seconds=900, now=now)
    check(f"{kind}-all", "", most=overall, seconds=900, now=now)
    if account:
        key = account_key(request, account)
        check(f"{kind}-account", key, most=quarter, seconds=900, now=now)
        check(f"{kind}-day", key, most=day, seconds=86_400, now=now)
