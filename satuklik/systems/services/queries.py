"""The catalogue as people see it, the search in it, and what they say about it."""

from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Count

from satuklik.base.ui.registry import SearchResult
from satuklik.spine.cases import queries as cases
from satuklik.systems.services import finding, rules
from satuklik.systems.services.categories import BY_SLUG, CATEGORIES, Category
from satuklik.systems.services.models import SurveyResponse
from satuklik.systems.services.rules import Skm


@dataclass(frozen=True)
class Shelf:
    """A category with its services."""

    category: Category
    services: tuple[cases.Published, ...]


def shelves() -> list[Shelf]:
    """The categories that hold something, in their order."""
    offered = cases.catalogue()
    found = [
        Shelf(category, tuple(s for s in offered if s.definition.category == category.slug))
        for category in CATEGORIES
    ]
    return [shelf for shelf in found if shelf.services]


def search(query: str, language: str) -> list[SearchResult]:
    """Services for everyday words, best first."""
    offered = {service.slug: service for service in cases.catalogue()}
    index = _index(tuple(service.version_id for service in offered.values()), language)
    return [
        _result(offered[slug], score, language)
        for slug, score in finding.find(query, index)
        if slug in offered
    ]


def _result(service: cases.Published, score: float, language: str) -> SearchResult:
    definition = service.definition
    return SearchResult(
        title=definition.name.in_language(language),
        summary=definition.summary.in_language(language),
        url=f"/layanan/{service.slug}/",
        icon=definition.icon,
        score=score,
        group=str(BY_SLUG[definition.category].name),
    )


@lru_cache(maxsize=8)
def _index(versions: tuple[int, ...], language: str) -> finding.Index:
    """The prepared catalogue; the versions are its key: they never change."""
    entries = []
    for service in cases.catalogue():
        d = service.definition
        entries.append(
            finding.Entry(
                service.slug,
                f"{d.name.id} {d.name.en}" if language.startswith("en") else d.name.id,
                d.summary.in_language(language),
                # Who reads the portal in English may still know only the Indonesian word, and the other way.
                (*d.keywords.id, *d.keywords.en),
                str(BY_SLUG[d.category].name),
            )
        )
    return finding.build(entries)


def survey_of(case_reference: str) -> SurveyResponse | None:
    """What was answered about this case, or None."""
    return SurveyResponse.objects.filter(case_reference=case_reference).first()


@dataclass(frozen=True)
class ServiceSkm:
    """The satisfaction figures of one service."""

    slug: str
    figures: Skm


def satisfaction() -> tuple[Skm, list[ServiceSkm]]:
    """The figures of the whole, and of every service that somebody rated, most rated first."""
    rated = SurveyResponse.objects.values("service").annotate(n=Count("id")).order_by("-n", "service")
    by_service = [
        ServiceSkm(row["service"], rules.skm(SurveyResponse.objects.filter(service=row["service"]).values_list("scores", flat=True).iterator()))
        for row in rated
    ]  # fmt: skip
    whole = rules.skm(SurveyResponse.objects.values_list("scores", flat=True).iterator())
    return whole, by_service
