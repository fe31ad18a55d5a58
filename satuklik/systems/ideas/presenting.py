"""What templates show of ideas: the time line and the bars of a round."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from satuklik.systems.ideas import wording
from satuklik.systems.ideas.models import Event, Idea, Photo
from satuklik.systems.ideas.queries import RoundView
from satuklik.systems.ideas.rules import states

WIDTH, ROW = 600, 52


@dataclass(frozen=True)
class Step:
    """A step for the page."""

    title: str
    text: str
    at: datetime
    state: str
    office: str
    photos: Sequence[Photo] = ()


def time_line(idea: Idea, *, desk: bool = False) -> list[Step]:
    """What happened, the newest last."""
    found = idea.events.order_by("pk").prefetch_related("photos")
    events: list[Event] = list(found if desk else found.filter(shown=True))
    return [
        Step(
            str(wording.STEPS.get(event.kind, event.kind)), event.text, event.at,
            "now" if number == len(events) and idea.state != states.DONE else "done", event.office, list(event.photos.all()),
        )
        for number, event in enumerate(events, start=1)
    ]  # fmt: skip


@dataclass(frozen=True)
class Bar:
    """An idea's votes in the picture of the result."""

    title: str
    votes: int
    adopted: bool
    y: int
    width: int


def bars(view: RoundView) -> tuple[list[Bar], int]:
    """The bars of a counted round, and the height of the picture. The table beside it says the same."""
    most = max((idea.votes or 0 for idea in view.ideas), default=0) or 1
    rows = [
        Bar(
            idea.title,
            idea.votes or 0,
            idea.outcome == "adopted",
            number * ROW,
            max(2, round((WIDTH - 90) * (idea.votes or 0) / most)),
        )
        for number, idea in enumerate(view.ideas)
    ]
    return rows, ROW * len(rows)


def group_of(idea: Idea) -> str:
    """Who proposes, as everybody may read it: never a resident's name."""
    author = getattr(idea, "author", None)
    if idea.group == Idea.Group.JOURNALIST and author is not None and author.outlet:
        return _("Jurnalis, %(outlet)s") % {"outlet": author.outlet}
    return _("Jurnalis") if idea.group == Idea.Group.JOURNALIST else _("Warga")
