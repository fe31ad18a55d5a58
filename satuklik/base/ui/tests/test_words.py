"""How values are written, and that every icon that is asked for exists."""

import re
from datetime import date
from pathlib import Path

import pytest

from satuklik.base.ui import icons, registry, rules

PROJECT = Path(__file__).parents[4]


@pytest.mark.parametrize(
    ("amount", "text"),
    [(0, "Rp0"), (150_000, "Rp150.000"), (-2_500, "-Rp2.500"), (1_234_567_890, "Rp1.234.567.890")],
)
def test_money(amount, text):
    assert rules.rupiah(amount) == text


def test_dates_in_both_languages():
    day = date(2026, 8, 17)
    assert rules.long_date(day, "id") == "17 Agustus 2026"
    assert rules.long_date(day, "en", weekday=True) == "Monday, 17 August 2026"
    assert rules.short_date(date(2026, 11, 12), "id") == "12 Nov"


@pytest.mark.parametrize(
    ("left", "words"),
    [(2, "2 hari kerja lagi"), (0, "jatuh tempo hari ini"), (-1, "terlambat 1 hari kerja")],
)
def test_days_left(left, words):
    assert rules.days_left(left, "id") == words


def test_days_left_in_english():
    assert rules.days_left(1, "en") == "1 working day left"
    assert rules.days_left(-3, "en") == "3 working days late"


def test_identity_numbers_show_only_their_ends():
    assert rules.masked("1209205708950001") == "1209••••••••0001"
    assert rules.masked("1234") == "••••"


def asked_icons() -> set[str]:
    found = set()
    for template in PROJECT.glob("satuklik/**/templates/**/*.html"):
        found |= set(re.findall(r'{% icon "([^"]+)" %}', template.read_text()))
    for service in PROJECT.glob("layanan/*/service.toml"):
        found |= set(re.findall(r'^icon\s*=\s*"([^"]+)"', service.read_text(), re.M))
    return found


def test_every_icon_that_pages_and_services_ask_for_is_there():
    assert {name for name in asked_icons() if not icons.exists(name)} == set()


def test_a_name_is_registered_once(monkeypatch):
    monkeypatch.setattr(registry, "SEARCHES", {})
    registry.register_search("x", lambda query, language: [])
    with pytest.raises(registry.DuplicateName, match="'x'"):
        registry.register_search("x", lambda query, language: [])
