"""The figures of public services, from real applications: at once, waiting, late, and what nobody measured."""

from datetime import date, timedelta
from typing import Any

from satuklik.spine.cases import actions
from satuklik.spine.cases.actions.submitting import Applicant
from satuklik.systems.services.figures import figures
from tests.people import NOW, TODAY

USAHA = {
    "business_name": "Warung Sari", "business_kind": "kuliner", "business_place": "Jl. Cokroaminoto 12",
    "since": "2024-01-15", "purpose": "kur",
}  # fmt: skip


def apply(person: Any, slug: str, answers: dict[str, str]) -> None:
    actions.submit(
        slug, person_id=person.pk, answers=answers, uploads={}, by=Applicant(person.user.pk, 2, "portal"),
        key=slug, language="id", now=NOW,
    )  # fmt: skip


def test_what_came_in_and_what_became_of_it(services: None, sari: Any, pak_lurah: Any) -> None:
    empty = {figure.name: figure.value for figure in figures(TODAY, TODAY, NOW)}
    assert empty["services.submitted"] == 0
    assert empty["services.at_once"] is None
    assert empty["services.median"] is None
    assert empty["services.satisfaction"] is None
    apply(sari, "surat-keterangan-domisili", {"purpose": "bank"})
    apply(sari, "surat-keterangan-usaha", USAHA)
    found = {figure.name: figure for figure in figures(TODAY, TODAY, NOW)}
    assert {name: figure.value for name, figure in found.items()} == {
        "services.submitted": 2,
        "services.issued": 1,
        "services.at_once": 50.0,
        "services.median": 0.0,
        "services.waiting": 1,
        "services.late": 0,
        "services.satisfaction": None,
    }
    later = {figure.name: figure for figure in figures(TODAY, TODAY, NOW + timedelta(days=30))}
    assert later["services.late"].value == 1
    assert later["services.late"].alarm
    assert {figure.value for figure in figures(date(2026, 11, 25), TODAY + timedelta(days=9), NOW)} == {
        0,
        None,
    }
