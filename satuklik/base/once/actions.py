"""One form, one object: whoever sends a form twice gets the receipt of the first time.

A form carries a random word in a hidden field; it is bound to what the form says (`bound`), so that a form that was changed
and sent again is not taken for the first one. The key of what comes of it (its receipt) is computed from the word, so
that the second post finds the first one's object by the key, and can show the receipt even where only a digest of the
key is kept. Two posts at one moment wait for each other.
"""

import base64
import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

from django.db import models, transaction
from django.http import HttpRequest
from django.views.decorators.debug import sensitive_variables

from satuklik.base.postgres import queries
from satuklik.base.sealing import actions as sealing
from satuklik.kernel import codes

FIELD = "nonce"
SHORTEST, LONGEST = 16, 80
KEY_LETTERS = 28  # of 5 bits each

T = TypeVar("T")


def new_word() -> str:
    """A random word for one form (144 bits)."""
    return secrets.token_urlsafe(18)


def word_of(request: HttpRequest) -> str:
    """The word that a form brought back; a new one where it has none, or one too short to be ours."""
    given = request.POST.get(FIELD, "")[:LONGEST]
    return given if len(given) >= SHORTEST else new_word()


@sensitive_variables()
def bound(word: str, *content: object) -> str:
    """The word bound to what the form says: the same content again is the same post, and other content is another one,
    so that nobody's correction falls away behind an old receipt. Content: dataclasses, dicts, sequences and plain values;
    bytes count by their digest. Without a word there is nothing to bind."""
    if not word:
        return ""
    return f"{word}:{hashlib.sha256(repr([_plain(one) for one in content]).encode()).hexdigest()}"


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    if is_dataclass(value) and not isinstance(value, type):
        return [(one.name, _plain(getattr(value, one.name))) for one in fields(value)]
    if isinstance(value, Mapping):
        return sorted((str(name), repr(_plain(one))) for name, one in value.items())
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.pk if isinstance(value, models.Model) else value


@sensitive_variables()
def spoken_key(word: str, *, purpose: str) -> str:
    """The key that belongs to a word, to be read out and typed: seven groups of four letters (140 bits)."""
    return codes.code(sealing.derived(word or new_word(), purpose=purpose, size=KEY_LETTERS))


@sensitive_variables()
def link_key(word: str, *, purpose: str, size: int) -> str:
    """The key that belongs to a word, for an address: `size` bytes (at most 32) in URL-safe base64."""
    derived = sealing.derived(word or new_word(), purpose=purpose, size=size)
    return base64.urlsafe_b64encode(derived).decode().rstrip("=")


@sensitive_variables()
def earlier(word: str, *, purpose: str, find: Callable[[], T | None]) -> T | None:
    """What an earlier post of this word made, as `find` finds it by its key; None: make it now. To be called in the
    transaction that makes it: another post of the same word waits until that ends. Without a word nothing is looked for."""
    if not word:
        return None
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("A word is held by the transaction that makes something of it; there is none.")
    name = hashlib.sha256(f"{purpose}:{word}".encode()).hexdigest()
    queries.rows("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"once:{name}"])
    return find()
