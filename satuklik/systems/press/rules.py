"""The press desk, decided purely: the states of a question, its clock, who may approve, what a deadline says.

The law sets no reply time for journalists. It gives the right to reply (UU 40/1999 ps. 5(2), with ps. 18(2) for a press
company that ignores it); both sides are proven by the log of every attempt.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

ASKED, ASSIGNED, FACTS_REQUESTED = "asked", "assigned", "facts_requested"
DRAFT, APPROVED, SENT, PUBLISHED = "draft", "approved", "sent", "published"
BALANCED, HAK_JAWAB, SENT_TO_OUTLET = "balanced", "hak_jawab", "sent_to_outlet"
RUN, REFUSED, DEWAN_PERS = "run", "refused", "dewan_pers"
NOT_PUBLISHED, HANDED_OVER, WITHDRAWN = "not_published", "handed_over", "withdrawn"
NEXT: Mapping[str, frozenset[str]] = {
    ASKED: frozenset({ASSIGNED, HANDED_OVER, WITHDRAWN}),
    ASSIGNED: frozenset({FACTS_REQUESTED, DRAFT, HANDED_OVER, WITHDRAWN}),
    FACTS_REQUESTED: frozenset({DRAFT, HANDED_OVER, WITHDRAWN}),
    DRAFT: frozenset({FACTS_REQUESTED, APPROVED, HANDED_OVER, WITHDRAWN}),
    APPROVED: frozenset({SENT, DRAFT, WITHDRAWN}),
    SENT: frozenset({PUBLISHED, NOT_PUBLISHED}),
    PUBLISHED: frozenset({BALANCED, HAK_JAWAB}),
    HAK_JAWAB: frozenset({SENT_TO_OUTLET}),
    SENT_TO_OUTLET: frozenset({RUN, REFUSED}),
    REFUSED: frozenset({RUN, DEWAN_PERS}),
    NOT_PUBLISHED: frozenset({PUBLISHED}),  # printed later after all
    BALANCED: frozenset({HAK_JAWAB}),  # a second reading found that it is not
    RUN: frozenset(),
    DEWAN_PERS: frozenset(),
    HANDED_OVER: frozenset(),
    WITHDRAWN: frozenset(),
}


def outcomes(state: str) -> tuple[str, ...]:
    """What can be recorded of a letter in this state. That it went to the Press Council is no outcome but a sending; of
    what lies there the number can be noted."""
    if state == DEWAN_PERS:
        return (DEWAN_PERS,)
    return tuple(one for one in (RUN, REFUSED) if one in NEXT.get(state, frozenset()))


UNANSWERED = frozenset({ASKED, ASSIGNED, FACTS_REQUESTED, DRAFT, APPROVED})
AFTER = frozenset(
    {SENT, PUBLISHED, HAK_JAWAB, SENT_TO_OUTLET, REFUSED}
)  # sent, and something may still be done
WRITING = frozenset({ASSIGNED, FACTS_REQUESTED, DRAFT})

RELEASE_DRAFT, RELEASE_SUBMITTED, RELEASE_APPROVED = "draft", "submitted", "approved"
RELEASE_PUBLISHED, RELEASE_WITHDRAWN = "published", "withdrawn"
RELEASE_NEXT: Mapping[str, frozenset[str]] = {
    RELEASE_DRAFT: frozenset({RELEASE_SUBMITTED, RELEASE_WITHDRAWN}),
    RELEASE_SUBMITTED: frozenset({RELEASE_APPROVED, RELEASE_DRAFT, RELEASE_WITHDRAWN}),
    RELEASE_APPROVED: frozenset({RELEASE_PUBLISHED, RELEASE_DRAFT, RELEASE_WITHDRAWN}),
    RELEASE_PUBLISHED: frozenset({RELEASE_WITHDRAWN}),
    RELEASE_WITHDRAWN: frozenset(),
}

LONGEST_QUESTION, LONGEST_STATEMENT, LONGEST_NOTE = 10_000, 10_000, 1_000
LONGEST_SLUG = 80
SHORTEST_FACTS = timedelta(minutes=15)  # even where the clock has run out, an agency is given so long
IsWorkday = Callable[[date], bool]


@dataclass(frozen=True)
class Policy:
    """The clock in force from a date on; see data/policy.toml for what each entry means."""

    valid_from: date
    source: str
    confirmed: bool
    urgent_minutes: int
    press_opens: time
    press_closes: time
    normal_cutoff: time
    normal_closes: time
    normal_next: time
    urgent_if_minutes: int
    facts_percent: int
    warn_percent: int


def policy_of(row: Mapping[str, Any]) -> Policy:
    """A clock as it stands in policy.toml. Raises KeyError."""
    return Policy(**{name: row[name] for name in Policy.__dataclass_fields__})


def faults_of(policy: Policy) -> list[str]:
    """What makes a clock unusable: "urgent", "press_day", "normal_day", "percent"."""
    found = []
    if not 5 <= policy.urgent_minutes <= 1_440 or not 0 <= policy.urgent_if_minutes <= 2_880:
        found.append("urgent")
    if policy.press_opens >= policy.press_closes:
        found.append("press_day")
    if policy.normal_cutoff > policy.normal_closes:
        found.append("normal_day")
    if not 10 <= policy.facts_percent <= 90 or not 10 <= policy.warn_percent <= 100:
        found.append("percent")
    return found


def is_urgent(policy: Policy, received: datetime, deadline: datetime | None, *, marked: bool) -> bool:
    """Marked so by the desk, or the journalist's deadline is near."""
    near = timedelta(minutes=policy.urgent_if_minutes)
    return marked or (deadline is not None and deadline - received <= near)


def due_at(
    policy: Policy, received: datetime, *, urgent: bool, deadline: datetime | None, is_workday: IsWorkday
) -> datetime:
    """Until when the house answers. All times local; a journalist's own deadline counts where it is earlier.

    Urgent: minutes of the press day, every day of the week; what is left in the evening goes on in the morning.
    Normal: the same working day; what comes in late, or on a day off, by noon of the next working day.
    """
    promised = _urgent(policy, received) if urgent else _normal(policy, received, is_workday)
    if deadline is not None and received < deadline < promised:
        return deadline
    return promised


def _urgent(policy: Policy, received: datetime) -> datetime:
    left = timedelta(minutes=policy.urgent_minutes)
    at = received
    while True:
        begin = datetime.combine(at.date(), policy.press_opens, at.tzinfo)
        end = datetime.combine(at.date(), policy.press_closes, at.tzinfo)
        at = max(at, begin)
        if at < end:
            if at + left <= end:
                return at + left
            left -= end - at
        at = begin + timedelta(days=1)


def _normal(policy: Policy, received: datetime, is_workday: IsWorkday) -> datetime:
    day = received.date()
    if is_workday(day) and received.timetz().replace(tzinfo=None) <= policy.normal_cutoff:
        return datetime.combine(day, policy.normal_closes, received.tzinfo)
    while True:
        day += timedelta(days=1)
        if is_workday(day):
            return datetime.combine(day, policy.normal_next, received.tzinfo)


def facts_until(policy: Policy, now: datetime, due: datetime) -> datetime:
    """Until when agencies give facts: a share of the time that is left, never less than a quarter of an hour."""
    return max(now + (due - now) * policy.facts_percent / 100, now + SHORTEST_FACTS)


def warn_at(policy: Policy, received: datetime, due: datetime) -> datetime:
    """From when on the desk is warned."""
    return received + (due - received) * policy.warn_percent / 100


# -- A deadline as somebody types it -----------------------------------------------------------------

_CLOCK = re.compile(r"\b([01]?\d|2[0-3])[.:]([0-5]\d)\b")
_HOUR = re.compile(r"\b(?:jam|pukul|pkl)\.?\s*([01]?\d|2[0-3])\b", re.IGNORECASE)
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_DAY = re.compile(r"\b(\d{1,2})[/-](\d{1,2})(?:[/-](\d{4}))?\b")


def deadline_of(text: str, received: datetime) -> datetime | None:
    """What a typed deadline means: "15.00", "jam 3 sore", "besok 10:00", "25/11 09.00", "2026-11-25T09:00". None where
    it names no time of day. A time of day that has passed is tomorrow's. `received` is local."""
    words = re.sub(r"(\d{4}-\d{2}-\d{2})t", r"\1 ", text.lower())
    clock = _clock(words)
    if clock is None:
        return None
    day, named = received.date(), True
    iso, short = _ISO.search(words), _DAY.search(_ISO.sub(" ", words))
    try:
        if iso:
            day = date(int(iso[1]), int(iso[2]), int(iso[3]))
        elif short:
            day = date(int(short[3] or received.year), int(short[2]), int(short[1]))
            if not short[3] and day < received.date():
                day = day.replace(year=day.year + 1)  # asked on 31 December for 2 January
        elif "lusa" in words:
            day += timedelta(days=2)
        elif "besok" in words:
            day += timedelta(days=1)
        else:
            named = False
    except ValueError:
        return None
    at = datetime.combine(day, clock, received.tzinfo)
    return at + timedelta(days=1) if not named and at <= received else at


def _clock(words: str) -> time | None:
    found, hour_only = _CLOCK.search(words), _HOUR.search(words)
    if found:
        hour, minute = int(found[1]), int(found[2])
    elif hour_only:
        hour, minute = int(hour_only[1]), 0
    else:
        return None
    if hour == 12 and "malam" in words:
        return time(23, 59)  # midnight is the end of the day that is meant
    if hour < 12 and ("malam" in words or "sore" in words or ("siang" in words and hour < 6)):
        hour += 12
    return time(hour, minute)


# -- Releases ----------------------------------------------------------------------------------------


def slug_of(title: str, day: date) -> str:
    """The address of a release: its day and the words of its title in plain letters."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return f"{day.isoformat()}-{words}"[:LONGEST_SLUG].rstrip("-") if words else f"{day.isoformat()}-siaran"


def paragraphs(text: str) -> list[str]:
    """A text without marks as paragraphs: an empty line parts them."""
    return [part.strip() for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if part.strip()]


# -- Both sides --------------------------------------------------------------------------------------


def draft_of(facts: Sequence[tuple[str, str]]) -> str:
    """Where a statement begins: what each agency said, in its own words."""
    return "\n\n".join(f"{agency}: {text.strip()}" for agency, text in facts if text.strip())


def share(part: int, whole: int) -> float | None:
    """Per cent with one digit; None of nothing."""
    return round(100 * part / whole, 1) if whole else None


def is_link(text: str) -> bool:
    """An address of the web that may be shown as a link: http or https, with a host, without spaces."""
    return (
        bool(re.fullmatch(r"https?://[^\s/?#@\\]+\.[^\s/?#@\\]+(?:[/?#][^\s]*)?", text)) and len(text) <= 500
    )
