"""Those who handle ideas, an agency that reviews, residents who support and vote. All people are made up."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from satuklik.systems.ideas import actions
from satuklik.systems.ideas.actions import Proposal
from satuklik.systems.ideas.models import Idea, Round
from tests.people import NOW

TEXT = "Pasang lampu tenaga surya di jalan menuju sekolah, supaya anak-anak pulang mengaji dengan aman."
PEOPLE = {
    "petugas": ("diskominfo", "staff", "Yusuf Rekaan"),
    "staf_pupr": ("dpupr", "staff", "Eko Rekaan"),
    "kadis_pupr": ("dpupr", "head", "Rosmaida Rekaan"),
    "admin_situs": ("diskominfo", "admin", "Indah Rekaan"),
}


@pytest.fixture
def people(regency: None) -> dict[str, Any]:
    """Everybody by name, with logins."""
    return make_people()


def make_people() -> dict[str, Any]:
    from satuklik.base.accounts.models import User
    from satuklik.base.agencies.models import Agency, Official

    codes = {code for code, _, _ in PEOPLE.values()}
    Official.objects.filter(agency__code__in=codes).update(active_until=date(2020, 1, 1))
    return {
        key: Official.objects.create(
            user=User.objects.create(username=f"i-{key}", name=name, kind="official"),
            agency=Agency.objects.get(code=code), role=role, name=name, position=f"Jabatan {key}",
            active_from=date(2025, 1, 2), nip=f"19810101200501{number:04}",
        )
        for number, (key, (code, role, name)) in enumerate(PEOPLE.items())
    }  # fmt: skip


@pytest.fixture
def petugas(people: dict[str, Any]) -> Any:
    return people["petugas"]


def propose(title: str = "Lampu surya ke sekolah", *, now: datetime = NOW, **more: Any) -> Idea:
    """An idea of a resident without account."""
    given: dict[str, Any] = {
        "title": title,
        "text": TEXT,
        "category": "jalan-lingkungan",
        "name": "Budi Rekaan",
        "phone": "+6281200000055",
    }
    done = actions.submit(Proposal(**(given | more)), now=now)
    done.idea.key = done.key  # type: ignore[attr-defined]
    return done.idea


@pytest.fixture
def idea(regency: None) -> Callable[..., Idea]:
    return propose


def publish(idea: Idea, by: Any, **more: Any) -> Idea:
    given = {"title": idea.title, "text": idea.text, "category": idea.category, "agency": "dpupr", "like": ""}
    return actions.moderate(idea.pk, by=by, now=NOW, **(given | more))


def reviewed(title: str, cost: int, by: Any) -> Idea:
    """An idea that may stand in a round."""
    one = propose(title)
    publish(one, by)
    actions.start_review(one.pk, by=by, now=NOW)
    actions.review(
        one.pk, by=by, feasible=True, cost=cost, rkpd_code="1.03.02.2.01", text="Dapat dikerjakan.", now=NOW
    )
    return Idea.objects.get(pk=one.pk)


def make_round(by: Any, costs: tuple[int, ...] = (60, 50, 40), cap: int = 100) -> tuple[Round, list[Idea]]:
    """A round of a week with ideas of these costs (in millions)."""
    ideas = [reviewed(f"Ide nomor {number}", cost * 1_000_000, by) for number, cost in enumerate(costs)]
    made = actions.create_round(
        title="Putaran uji", about="", cap=cap * 1_000_000, opens_at=NOW, closes_at=NOW + timedelta(days=7),
        ideas=[one.pk for one in ideas], by=by, now=NOW,
    )  # fmt: skip
    return made, ideas
