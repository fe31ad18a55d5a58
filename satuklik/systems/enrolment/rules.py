"""Decisions about enrolment: stages, echelons, e-mail addresses, passphrases, who is reminded when. Pure."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Literal

REGISTERED, DOCUMENTS, VERIFIED, ISSUED, ACTIVE, ENDED = (
    "registered", "documents", "verified", "issued", "active", "ended",
)  # fmt: skip
FUNNEL = (REGISTERED, DOCUMENTS, VERIFIED, ISSUED, ACTIVE)
"""The stages in their order; each is reached by everybody who is further on."""
NEXT: Mapping[str, frozenset[str]] = {
    REGISTERED: frozenset({DOCUMENTS, ENDED}),
    DOCUMENTS: frozenset({REGISTERED, VERIFIED, ENDED}),  # back: returned with a reason
    VERIFIED: frozenset({ISSUED, DOCUMENTS, ENDED}),
    # Back to the verifikator: the certificate was revoked, or its passphrase is forgotten. Who asks for a new key
    # proves anew who he is (PP 71/2019 ps. 60: the signature is in the sole control of its signer).
    ISSUED: frozenset({ACTIVE, DOCUMENTS, ENDED}),
    ACTIVE: frozenset({DOCUMENTS, ENDED}),
    ENDED: frozenset({REGISTERED}),  # appointed again
}

Actor = Literal["official", "verifier", "head", "admin"]
WAITS_FOR: Mapping[str, Actor] = {
    REGISTERED: "official",
    DOCUMENTS: "verifier",
    VERIFIED: "official",
    ISSUED: "official",
}
# Who is told, one after the other, while nothing happens.
CHAINS: Mapping[Actor, tuple[Actor, ...]] = {
    "official": ("official", "verifier", "head"),
    "verifier": ("verifier", "head", "admin"),
}

EXPIRY_MARKS = (90, 30, 7)  # days before a certificate ends
PASSPHRASE_LENGTH = 12
LONGEST_PASSPHRASE = 256  # what the signing desk's field takes

Problem = Literal["short", "long", "repeated", "sequence", "personal", "common", "login", "controls"]


def may_move(before: str, after: str) -> bool:
    """Whether an enrolment may go from one stage to the other."""
    return after in NEXT[before]


def reached(stage: str) -> tuple[str, ...]:
    """The stages of the funnel that somebody at `stage` has reached; none for one who left office."""
    return FUNNEL[: FUNNEL.index(stage) + 1] if stage in FUNNEL else ()


# --- echelons -------------------------------------------------------------------------------------

ECHELONS = ("II.a", "II.b", "III.a", "III.b", "IV.a", "IV.b")
GROUPS = ("II", "III", "IV", "")
"""The order in which a regency works: II first, then III, IV, at last who has none."""
_ECHELON = re.compile(r"^(II|III|IV)[\s./-]*([AB])$")
NO_ECHELON = frozenset({"", "-", "NON", "NON ESELON", "NONESELON", "TIDAK ADA"})


@dataclass(frozen=True)
class Post:
    """A kind of position and its echelon, with where that stands."""

    pattern: str
    echelon: str


def read_echelon(text: str) -> str:
    """ "II.a" … "IV.b" of what was typed ("ii/a", "IIIb"); "" for none. Raises ValueError."""
    wanted = " ".join(text.upper().removeprefix("ESELON").split())
    if wanted in NO_ECHELON:
        return ""
    found = _ECHELON.match(wanted)
    if found is None:
        raise ValueError(text)
    return f"{found[1]}.{found[2].lower()}"


def group_of(echelon: str) -> str:
    """II, III, IV or ""."""
    return echelon.partition(".")[0]


def order_of(echelon: str) -> tuple[int, str]:
    """A key that sorts echelons as a regency works through them."""
    return GROUPS.index(group_of(echelon)), echelon


@cache
def posts() -> tuple[Post, ...]:
    """The positions of data/echelons.toml, the first that fits counts."""
    with (Path(__file__).parent / "data" / "echelons.toml").open("rb") as file:
        return tuple(Post(row["pattern"], row["echelon"]) for row in tomllib.load(file)["post"])


def echelon_of_position(position: str, known: Sequence[Post]) -> str:
    """The echelon that a position usually has; "" where none fits."""
    words = " ".join(position.split())
    return next((post.echelon for post in known if re.match(post.pattern, words, re.IGNORECASE)), "")


def role_of(position: str, head_title: str) -> str:
    """What somebody in this position does in the house: head, secretary or staff."""
    words = " ".join(position.casefold().split())
    if words == " ".join(head_title.casefold().split()):
        return "head"
    return "secretary" if words.startswith("sekretaris") else "staff"


# --- e-mail, passphrase ---------------------------------------------------------------------------


def is_official_email(address: str, domains: Iterable[str]) -> bool:
    """Whether the address lies on one of the regency's domains, or below one. An office's mailbox at a public
    provider is nobody's official address (the enrolment needs one: docs/law.md)."""
    name, at, host = address.strip().casefold().rpartition("@")
    if not (name and at) or " " in address.strip():
        return False
    return any(host == domain or host.endswith("." + domain) for domain in domains)


def passphrase_problems(passphrase: str, personal: Iterable[str]) -> list[Problem]:
    """What makes a signing passphrase too weak. `personal`: words that others know of the official (names, NIP,
    user name, parts of the e-mail). Whether it is a common one, or the login's, is looked up elsewhere."""
    problems: list[Problem] = []
    if len(passphrase) < PASSPHRASE_LENGTH:
        problems.append("short")
    if len(passphrase) > LONGEST_PASSPHRASE:
        problems.append("long")
    if any(not character.isprintable() for character in passphrase):
        problems.append("controls")
    folded = passphrase.casefold()
    if passphrase and len(set(folded)) < 5:
        problems.append("repeated")
    elif _steps(folded):
        problems.append("sequence")
    known = {
        word.casefold() for given in personal for word in re.split(r"[\s.,@_-]+", given) if len(word) > 3
    }
    rest = folded
    for word in sorted(known, key=len, reverse=True):
        rest = rest.replace(word, "")
    if passphrase and len(rest) < len(folded) and len(rest.strip()) < PASSPHRASE_LENGTH - 4:
        problems.append("personal")
    return problems


def _steps(text: str) -> bool:
    """Whether most characters only follow the one before: 123456, abcdef, 987654."""
    steps = [ord(after) - ord(before) for before, after in pairwise(text)]
    return bool(steps) and sum(step in (1, -1) for step in steps) >= 0.7 * len(steps)


# --- reminders ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sent:
    """How many working days ago each of them was told last since this stage began; absent: never."""

    ago: Mapping[Actor, int]


def to_remind(stage: str, waiting: int, sent: Sent, every: int) -> list[Actor]:
    """Who is told today that somebody is stuck. `waiting`: working days in this stage; `every`: after how many of
    them the first is told, the next one after as many more, and each again after as many."""
    waits_for = WAITS_FOR.get(stage)
    if waits_for is None:
        return []
    return [
        actor
        for place, actor in enumerate(CHAINS[waits_for], 1)
        if waiting >= every * place and sent.ago.get(actor, every) >= every
    ]


def expiry_mark(ends_on: date, today: date, told: Iterable[int]) -> int | None:
    """Which mark (90, 30, 7 days) to tell of today; None where it was told already or lies ahead."""
    left = (ends_on - today).days
    passed = [mark for mark in EXPIRY_MARKS if 0 <= left <= mark]
    if not passed or min(passed) in set(told):
        return None
    return min(passed)


def may_renew(ends_on: date, today: date) -> bool:
    """A certificate is renewed from 90 days before its end."""
    return ends_on - today <= timedelta(days=EXPIRY_MARKS[0])


def has_left(active_until: date | None, today: date) -> bool:
    """Whether the term of office is over; its last day still counts."""
    return active_until is not None and active_until < today


# --- the funnel -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bar:
    """One stage of a funnel: how many reached it, how many stand there now, the longest wait in working days."""

    stage: str
    reached: int
    here: int
    longest: int


def funnel(found: Iterable[tuple[str, int]]) -> list[Bar]:
    """The funnel of (stage, working days there)."""
    counts = {stage: [0, 0, 0] for stage in FUNNEL}
    for stage, days in found:
        for passed in reached(stage):
            counts[passed][0] += 1
        if stage in counts:
            counts[stage][1] += 1
            counts[stage][2] = max(counts[stage][2], days)
    return [Bar(stage, *counts[stage]) for stage in FUNNEL]
