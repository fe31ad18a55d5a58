"""Reads of ideas."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from satuklik.base.figures.registry import Figure
from satuklik.base.ui.registry import SearchResult
from satuklik.kernel import likeness
from satuklik.kernel.likeness import Described
from satuklik.systems.ideas import keys
from satuklik.systems.ideas.errors import NotFound
from satuklik.systems.ideas.models import Idea, Round, Support, Voter
from satuklik.systems.ideas.rules import states
from satuklik.systems.ideas.scope import Scope

RELATED = ("village__parent", "agency", "term", "round", "suggested", "merged_into", "author")
MOST_COMPARED = 500
YEARS = timedelta(days=730)  # an idea does not age as a pothole does


def public(state: str = "", category: str = "") -> QuerySet[Idea]:
    """What everybody may read, most supported first among equals of the newest."""
    found = Idea.objects.filter(state__in=states.PUBLIC).select_related(*RELATED)
    if state in states.PUBLIC:
        found = found.filter(state=state)
    if category:
        found = found.filter(category=category)
    return found.order_by("-supports", "-submitted_at", "pk")


def one(reference: str, *, user: Any = None, key: str = "") -> Idea:
    """A public idea; one that is not yet (or no longer) public only for its author, by account or key. Raises
    NotFound."""
    found = Idea.objects.select_related(*RELATED).filter(reference=reference).first()
    if found is None:
        raise NotFound(reference)
    if found.state in states.PUBLIC or is_author(found, user, key):
        return found
    raise NotFound(reference)


def is_author(idea: Idea, user: Any, key: str = "") -> bool:
    """Whether this account, or the holder of this key, had the idea."""
    if user is not None and user.is_authenticated and idea.user_id == user.pk:
        return True
    return len(key) >= 20 and keys.digest(key) == idea.key_digest


def alike(title: str, text: str, category: str, now: datetime, *, exclude: int | None = None) -> list[Idea]:
    """Public ideas that are probably the same, the likest first."""
    rows = list(
        Idea.objects.filter(state__in=states.PUBLIC)
        .exclude(pk=exclude)
        .order_by("-submitted_at")[:MOST_COMPARED]
    )
    known = {row.pk: row for row in rows}
    earlier = [
        Described(row.pk, f"{row.title} {row.text}", "-", row.category, row.submitted_at) for row in rows
    ]
    new = Described(0, f"{title} {text}", "-", category, now)
    return [known[like.key] for like in likeness.similar(new, earlier, days=YEARS)]


def supports(idea: Idea, person_id: int) -> bool:
    """Whether this person supports it."""
    return Support.objects.filter(idea=idea, person_id=person_id).exists()


def at_desk(scope: Scope, state: str = "", words: str = "") -> QuerySet[Idea]:
    """The ideas that this official may see, what is due first."""
    found = Idea.objects.filter(scope.visible()).select_related(*RELATED)
    if state in states.NEXT:
        found = found.filter(state=state)
    elif state != "all":
        found = found.filter(state__in=[*states.OPEN, states.ADOPTED, states.IN_PROGRESS])
    if words:
        found = found.filter(
            Q(title__icontains=words) | Q(text__icontains=words) | Q(reference__icontains=words)
        )
    return found.order_by(F("term__due_on").asc(nulls_last=True), "-submitted_at", "pk")


def desk_one(scope: Scope, reference: str) -> Idea:
    """One of them. Raises NotFound."""
    found = Idea.objects.filter(scope.visible(), reference=reference).select_related(*RELATED).first()
    if found is None:
        raise NotFound(reference)
    return found


def counts(scope: Scope, now: datetime) -> tuple[int, int]:
    """(how many wait for this official's offices, how many of them are late)."""
    waiting = Q(state=states.REVIEW)
    if scope.coordinates:
        waiting |= Q(state=states.SUBMITTED)
    counted = Idea.objects.filter(scope.visible()).aggregate(
        waiting=Count("pk", filter=waiting),
        late=Count("pk", filter=waiting & Q(term__due_on__lt=timezone.localdate(now))),
    )
    return counted["waiting"], counted["late"]


@dataclass(frozen=True)
class RoundView:
    """A round with what everybody may know of it."""

    round: Round
    phase: str
    """early, open, over (not counted yet), counted"""
    ideas: tuple[Idea, ...]
    voters: int
    spent: int
    """Rupiah of the adopted ideas."""


def rounds(now: datetime) -> list[RoundView]:
    """Every round, the newest first."""
    return [_view(row, now) for row in Round.objects.order_by("-opens_at", "-pk")]


def round_one(round_id: int, now: datetime) -> RoundView:
    """One round. Raises NotFound."""
    found = Round.objects.filter(pk=round_id).first()
    if found is None:
        raise NotFound(round_id)
    return _view(found, now)


def _view(found: Round, now: datetime) -> RoundView:
    phase = (
        "counted" if found.counted_at is not None else "early" if now < found.opens_at
        else "open" if now < found.closes_at else "over"
    )  # fmt: skip
    ideas = found.ideas.select_related("village", "agency")
    order = ("-votes", "cost", "submitted_at", "pk") if phase == "counted" else ("title", "pk")
    spent = found.ideas.filter(outcome="adopted").aggregate(sum=Sum("cost"))["sum"] or 0
    voters = Voter.objects.filter(round=found).count()
    return RoundView(found, phase, tuple(ideas.order_by(*order)), voters, spent)


def has_voted(round_id: int, person_id: int) -> bool:
    """Whether this person has voted in the round."""
    return Voter.objects.filter(round=round_id, person_id=person_id).exists()


def of_user(user: Any, limit: int) -> list[Idea]:
    """The newest ideas of this account."""
    return list(Idea.objects.filter(user=user).select_related("term").order_by("-submitted_at")[:limit])


def search(query: str, language: str) -> Iterable[SearchResult]:
    """For the portal's search."""
    from django.utils.translation import gettext

    words = set(query.casefold().split())
    if words & {"ide", "usul", "usulan", "usulkan", "musrenbang", "gagasan", "saran", "idea", "ideas"}:
        yield SearchResult(
            gettext("Usulkan ide"),
            gettext("Usulkan, dukung, dan pilih ide untuk daerah."),
            reverse("ideas:list"),
            "lightbulb",
            0.8,
        )
    if len(query) >= 4:
        for idea in public().filter(title__icontains=query)[:5]:
            yield SearchResult(
                idea.title, idea.text[:120], reverse("ideas:idea", args=[idea.reference]), "lightbulb", 0.4
            )


def subject_of(typed: str) -> str:
    """ "idea:ID-…" of what a person wrote as a number, where there is one."""
    reference = keys.tidy_reference(typed)
    return f"idea:{reference}" if reference and Idea.objects.filter(reference=reference).exists() else ""


def figures(first: date, last: date, now: datetime) -> Iterable[Figure]:
    """Submitted, supported, adopted, done, voters, days until the review."""
    zone = timezone.get_current_timezone()
    begin = datetime.combine(first, time.min, zone)
    end = datetime.combine(last + timedelta(days=1), time.min, zone)
    found = Idea.objects.filter(submitted_at__gte=begin, submitted_at__lt=end)
    counted = found.aggregate(
        submitted=Count("pk"),
        journalists=Count("pk", filter=Q(group=Idea.Group.JOURNALIST)),
        adopted=Count("pk", filter=Q(state__in=[states.ADOPTED, states.IN_PROGRESS, states.DONE])),
        done=Count("pk", filter=Q(state=states.DONE)),
        late=Count("pk", filter=Q(state__in=states.OPEN, term__due_on__lt=timezone.localdate(now))),
    )
    spans = [
        (reviewed - submitted).total_seconds() / 86_400
        for submitted, reviewed in found.exclude(reviewed_at=None).values_list("submitted_at", "reviewed_at")
    ]
    url = reverse("ideas:list")
    yield Figure("ideas.submitted", _("Ide masuk"), counted["submitted"], url=url)
    yield Figure("ideas.journalists", _("Di antaranya dari jurnalis"), counted["journalists"])
    yield Figure("ideas.supports", _("Dukungan"), Support.objects.filter(at__gte=begin, at__lt=end).count())
    yield Figure(
        "ideas.voters", _("Suara dalam pemungutan yang berakhir"),
        Voter.objects.filter(round__closes_at__gte=begin, round__closes_at__lt=min(end, now)).count() if begin < now else 0,
    )  # fmt: skip
    yield Figure(
        "ideas.days", _("Hari sampai ditelaah (median)"), round(median(spans), 1) if spans else None, "days"
    )
    yield Figure("ideas.adopted", _("Terpilih"), counted["adopted"])
    yield Figure("ideas.done", _("Terwujud"), counted["done"])
    yield Figure(
        "ideas.late",
        _("Telaah atau moderasi terlambat"),
        counted["late"],
        alarm=counted["late"] > 0,
        url=reverse("ideas:desk"),
    )
