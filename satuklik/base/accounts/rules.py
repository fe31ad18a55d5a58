"""Pure rules of login: what kind of identifier was typed, how long sessions and codes live."""

import re
from datetime import timedelta

import phonenumbers

CODE_DIGITS = 6
CODE_TRIES = 5
CODE_LIFE = timedelta(minutes=10)  # ASVS 5.0, 6.5.5: at most 10 minutes
OFFICIAL_IDLE = timedelta(hours=12)
RESIDENT_IDLE = timedelta(days=30)
ANONYMOUS_IDLE = timedelta(hours=2)
SHORTEST_PASSWORD = 12  # ASVS 5.0, 6.2.1: at least 8, better 15; a second factor stands beside it
LONGEST_PASSWORD = 200
FRESH = timedelta(minutes=15)  # how recent a login must be to change keys of the account

INDONESIA = 62
_MOBILE = re.compile(r"8[0-9]{8,11}")
_GAPS = re.compile(r"[\s.\-()]")


def identifier(typed: str) -> tuple[str, str] | None:
    """`("nik", 16 digits)` or `("phone", E.164)`, or None where the text can be neither.

    It looks only at the form; whether somebody has this NIK or number stays unsaid.
    """
    plain = _GAPS.sub("", typed)
    if plain.isascii() and plain.isdigit() and len(plain) == 16:
        return "nik", plain
    number = phone(plain)
    return ("phone", number) if number else None


def phone(typed: str) -> str | None:
    """A telephone number as E.164 ("0812…" and "812…" are Indonesian), or None."""
    plain = _GAPS.sub("", typed)
    if not re.fullmatch(r"\+?[0-9]{7,15}", plain):
        return None
    if plain.startswith("62"):
        plain = f"+{plain}"
    try:
        number = phonenumbers.parse(plain, "ID")
    except phonenumbers.NumberParseException:
        return None
    if number.country_code == INDONESIA:
        possible = bool(_MOBILE.fullmatch(str(number.national_number)))
    else:
        possible = phonenumbers.is_possible_number(number)
    if not possible:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def idle(kind: str | None) -> timedelta:
    """How long a session lives without being used."""
    return {"official": OFFICIAL_IDLE, "resident": RESIDENT_IDLE}.get(kind or "", ANONYMOUS_IDLE)


def touch_every(kind: str | None) -> timedelta:
    """How old the last sign of life may be before it is written again: a fiftieth of the idle time."""
    return idle(kind) / 50


def tells_its_owner(password: str, *known: str) -> bool:
    """Whether a password is little more than what others know of its owner: a word of `known`, and few characters
    beside it."""
    rest = plain = password.casefold()
    words = {word for given in known for word in re.split(r"[\s.,@_-]+", given.casefold()) if len(word) > 3}
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
    return len(rest) < len(plain) and len(rest) < SHORTEST_PASSWORD - 4
