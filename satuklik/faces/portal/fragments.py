"""Parts of pages that are the same for everybody: drawn once per language and catalogue, then kept."""

from dataclasses import replace
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from satuklik.base.ui import registry
from satuklik.faces.portal import presenting
from satuklik.spine.cases import queries as cases
from satuklik.systems.services import queries as services

AT_ONCE = 6
AT_ONCE_FIRST = ("surat-keterangan-domisili", "pengantar-skck", "sktm", "keterangan-belum-menikah")
"""The letters that the home page names first, as far as they are offered."""

# UU 25/2009 ps. 21: the fourteen parts of a service standard, in the law's order.
STANDARD = (
    ("legal_basis", _("Dasar hukum")),
    ("requirements", _("Persyaratan")),
    ("procedure", _("Sistem, mekanisme, dan prosedur")),
    ("time", _("Jangka waktu")),
    ("fee", _("Biaya")),
    ("product", _("Produk pelayanan")),
    ("facilities", _("Sarana dan prasarana")),
    ("competence", _("Kompetensi pelaksana")),
    ("supervision", _("Pengawasan internal")),
    ("complaints", _("Pengaduan, saran, dan masukan")),
    ("staffing", _("Jumlah pelaksana")),
    ("service_guarantee", _("Jaminan pelayanan")),
    ("safety_guarantee", _("Jaminan keamanan dan keselamatan")),
    ("evaluation", _("Evaluasi kinerja")),
)


def has_session(request: HttpRequest) -> bool:
    """Whether it is worth asking who is there: without a session cookie nobody is."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def versions() -> tuple[int, ...]:
    """What the kept parts depend on: which service versions are offered."""
    return tuple(service.version_id for service in cases.catalogue())


def shelves(language: str) -> SafeString:
    """The categories as tiles."""
    return _shelves(language, versions())


@lru_cache(maxsize=8)
def _shelves(language: str, offered: tuple[int, ...]) -> SafeString:
    return _drawn("portal/shelves.html", {"shelves": services.shelves()})


def home_rest(language: str) -> SafeString:
    """What the home page shows everybody: letters that are there at once, and all categories."""
    return _home_rest(language, versions())


@lru_cache(maxsize=8)
def _home_rest(language: str, offered: tuple[int, ...]) -> SafeString:
    straight = [service for service in cases.catalogue() if service.definition.kind == "straight"]
    straight.sort(
        key=lambda service: AT_ONCE_FIRST.index(service.slug) if service.slug in AT_ONCE_FIRST else 99
    )
    rows = [
        {"slug": s.slug, "icon": s.definition.icon, "name": s.definition.name.in_language(language)}
        for s in straight[:AT_ONCE]
    ]
    # A system gives the name of its page ("press:portal") or the address itself.
    entrances = [replace(entrance, url=resolve_url(entrance.url)) for entrance in registry.entrances()]
    context = {"services": rows, "shelves": services.shelves(), "entrances": entrances}
    return _drawn("portal/home_rest.html", context)


@lru_cache(maxsize=8)
def search_field(language: str) -> SafeString:
    """The search, still empty."""
    return _drawn("portal/search_field.html", {"query": ""})


def service_body(service: cases.Published, language: str) -> SafeString:
    """What the page of a service says to everybody."""
    return _service_body(service.slug, service.version_id, language)


@lru_cache(maxsize=400)
def _service_body(slug: str, version_id: int, language: str) -> SafeString:
    service = cases.service(slug)
    definition = service.definition
    context = {
        "service": service,
        "picture": definition.letter is not None,
        "how_long": presenting.how_long(definition),
        "how_much": presenting.how_much(definition),
        "issuer": presenting.issuer(definition),
        "uses": cases.fact_labels(presenting.told_apart(service.fact_names)),
        "asks": [question.label.in_language(language) for question in definition.question],
        "conditions": [
            (rule.message.in_language(language), rule.mend.in_language(language), rule.law)
            for rule in definition.rule
            if rule.effect == "require"
        ],
        "standard": [
            (label, getattr(definition.standard, part).in_language(language)) for part, label in STANDARD
        ],
        "handoff": definition.handoff.instructions.in_language(language) if definition.handoff else "",
    }
    return _drawn("portal/service_body.html", context)


def _drawn(template: str, context: dict[str, object]) -> SafeString:
    lines = render_to_string(template, context).splitlines()
    return mark_safe("\n".join(line.strip() for line in lines if line.strip()))  # noqa: S308 - autoescaped above
