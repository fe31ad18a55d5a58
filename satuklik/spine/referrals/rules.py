"""The silence rule, decided purely: when the next hop is due, how long somebody was silent, what a link may show."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

OPEN, ACKNOWLEDGED, ANSWERED = "open", "acknowledged", "answered"
GIVEN_BACK, RECALLED = "given_back", "recalled"
NEXT: Mapping[str, frozenset[str]] = {
    OPEN: frozenset({ACKNOWLEDGED, ANSWERED, GIVEN_BACK, RECALLED}),
    ACKNOWLEDGED: frozenset({ANSWERED, GIVEN_BACK, RECALLED}),
    ANSWERED: frozenset(),
    GIVEN_BACK: frozenset(),
    RECALLED: frozenset(),
}
WAITING = frozenset({OPEN, ACKNOWLEDGED})
CONTACT, DEPUTY, HEAD, BOARD = "contact", "deputy", "head", "board"
POSTS = (CONTACT, DEPUTY, HEAD, BOARD)
OWN, SUPERIOR = "own", "superior"
LONGEST_QUESTION, LONGEST_ANSWER, LONGEST_REASON = 10_000, 20_000, 1_000
LONGEST_LINK_ANSWER = 4_000
LONGEST_WAIT = 400  # days: a count over offices' hours ends there
TOLERANCE = timedelta(minutes=30)  # the worker looks every quarter of an hour: that delay moves no later hop
IsWorkday = Callable[[date], bool]


@dataclass(frozen=True)
class HopRule:
    """One hop of the rule. `after_days`: working days after the question; `urgent_percent`: of the time to an urgent
    deadline; `roles`: who may be asked, the first that is there; `office`: of the agency itself, or the one above."""

    post: str
    after_days: int
    urgent_percent: int
    roles: tuple[str, ...]
    office: str = OWN


@dataclass(frozen=True)
class Policy:
    """The rule in force from a date on. Product policy, editable; `answer_days` are working days from receipt."""

    valid_from: date
    source: str
    confirmed: bool
    answer_days: int
    shortest_days: int
    link_days: int
    opens: time
    closes: time
    office_hours_only: bool
    acknowledged_pauses: bool
    hops: tuple[HopRule, ...]


@dataclass(frozen=True)
class Made:
    """A hop that was made, or passed over because nobody was there."""

    at: datetime
    skipped: bool = False


def faults_of(policy: Policy) -> list[str]:
    """What makes a rule unusable, as codes: "days", "hours", "order", "hops", "percent", "shortest"."""
    found = []
    if not 1 <= policy.answer_days <= 60 or not 1 <= policy.link_days <= 365:
        found.append("days")
    if not 0 <= policy.shortest_days <= policy.answer_days:
        found.append("shortest")
    if policy.opens >= policy.closes:
        found.append("hours")
    if not policy.hops or policy.hops[0].after_days != 0:
        found.append("hops")
    days = [hop.after_days for hop in policy.hops]
    if days != sorted(days):
        found.append("order")
    shares = [hop.urgent_percent for hop in policy.hops]
    if shares != sorted(shares) or any(not 0 <= share <= 100 for share in shares):
        found.append("percent")
    return found


def opening(at: datetime, policy: Policy, is_workday: IsWorkday) -> datetime:
    """The first moment at or after `at` (local) in which offices work."""
    day, clock = at.date(), at.timetz().replace(tzinfo=None)
    if is_workday(day):
        if clock < policy.opens:
            return datetime.combine(day, policy.opens, at.tzinfo)
        if clock < policy.closes:
            return at
    return datetime.combine(_next_workday(day, is_workday), policy.opens, at.tzinfo)


def later(start: datetime, days: int, policy: Policy, is_workday: IsWorkday) -> datetime:
    """`days` working days after `start` at the same time of day; `start` counts from the next opening on."""
    begun = opening(start, policy, is_workday)
    day = begun.date()
    for _ in range(days):
        day = _next_workday(day, is_workday)
    return datetime.combine(day, begun.timetz())


def next_hop_at(
    policy: Policy,
    made: Sequence[Made],
    *,
    asked_at: datetime,
    urgent_until: datetime | None,
    resume_at: datetime | None,
    is_workday: IsWorkday,
) -> datetime | None:
    """When the next hop is due; None after the last one. All times local.

    A hop that found nobody passes the turn on at once. No hop comes sooner after the one before than the rule says,
    even where the worker stood still for days: everybody gets the time to answer. `resume_at`: not before (somebody
    acknowledged).
    """
    if len(made) >= len(policy.hops):
        return None
    hop, earlier = policy.hops[len(made)], policy.hops[: len(made)]
    if made and made[-1].skipped:
        due = made[-1].at
    elif urgent_until is not None and urgent_until > asked_at:
        span = urgent_until - asked_at
        due = asked_at + span * hop.urgent_percent / 100
        if made:
            gap = span * (hop.urgent_percent - earlier[-1].urgent_percent) / 100
            due = max(due, made[-1].at + gap)
    else:
        due = later(asked_at, hop.after_days, policy, is_workday) if hop.after_days else asked_at
        if made:
            gap_days = hop.after_days - earlier[-1].after_days
            due = max(due, later(made[-1].at - TOLERANCE, gap_days, policy, is_workday))
    if resume_at is not None:
        due = max(due, resume_at)
    if made and urgent_until is None and policy.office_hours_only:
        due = opening(due, policy, is_workday)
    return due


def answer_days(policy: Policy, gone: int) -> int:
    """The working days of an agency's term, from receipt of the matter. `gone`: those that had passed when it was
    asked. Forwarding resets nothing; what is forwarded late still leaves the agency the shortest time."""
    return max(policy.answer_days, gone + policy.shortest_days)


def working_hours(first: datetime, last: datetime, policy: Policy, is_workday: IsWorkday) -> float:
    """Office hours between two local moments; 0 where `last` is earlier."""
    total = timedelta()
    day = first.date()
    for _ in range(LONGEST_WAIT):
        if day > last.date():
            break
        if is_workday(day):
            begin = max(first, datetime.combine(day, policy.opens, first.tzinfo))
            end = min(last, datetime.combine(day, policy.closes, first.tzinfo))
            total += max(end - begin, timedelta())
        day += timedelta(days=1)
    return total.total_seconds() / 3600


def _next_workday(day: date, is_workday: IsWorkday) -> date:
    for _ in range(LONGEST_WAIT):
        day += timedelta(days=1)
        if is_workday(day):
            return day
    raise ValueError(f"No working day in the {LONGEST_WAIT} days before {day}.")


# -- What may be seen without a login ----------------------------------------------------------------

# Long numbers (NIK, KK, telephone, account), also written in groups; addresses of e-mail.
_NUMBER = re.compile(r"(?<!\w)\+?\d(?:[\d .\-]{6,30})\d(?!\w)")
_EMAIL = re.compile(r"[^\s@<>()]{1,64}@[^\s@<>()]{1,255}")
HIDDEN = "•••"
# Programs that fetch a link to show a preview of it, by a word of their name.
_PREVIEWS = re.compile(
    r"whatsapp|telegrambot|facebookexternalhit|facebot|twitterbot|slackbot|discordbot|skypeuripreview|linkedinbot"
    r"|googlebot|bingbot|bot\b|crawler|spider|preview|curl|wget|python-|headless",
    re.IGNORECASE,
)


def without_personal_data(text: str) -> str:
    """Long numbers and e-mail addresses are covered; what a free text says of people beyond them nobody can know."""
    shown = _EMAIL.sub(HIDDEN, text)
    return _NUMBER.sub(lambda found: HIDDEN if sum(map(str.isdigit, found[0])) >= 8 else found[0], shown)


def is_preview(user_agent: str, purpose: str = "") -> bool:
    """Whether a program looks (a chat's preview, a crawler, a prefetch), not a person."""
    return not user_agent or bool(_PREVIEWS.search(user_agent)) or "prefetch" in purpose.lower()


# -- The rule as data --------------------------------------------------------------------------------


def policy_of(row: Mapping[str, Any]) -> Policy:
    """A rule as it stands in policy.toml or in a row. Raises KeyError, TypeError or ValueError."""
    hops = tuple(
        HopRule(
            post=hop["post"],
            after_days=int(hop["after_days"]),
            urgent_percent=int(hop["urgent_percent"]),
            roles=tuple(hop["roles"]),
            office=hop.get("office", OWN),
        )
        for hop in row["hop"]
    )
    return Policy(
        valid_from=row["valid_from"],
        source=row["source"],
        confirmed=row["confirmed"],
        answer_days=row["answer_days"],
        shortest_days=row["shortest_days"],
        link_days=row["link_days"],
        opens=row["opens"],
        closes=row["closes"],
        office_hours_only=row["office_hours_only"],
        acknowledged_pauses=row["acknowledged_pauses"],
        hops=hops,
    )


def median(values: Sequence[float]) -> float | None:
    """The middle value; None of nothing."""
    if not values:
        return None
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
