"""The page and the API of figures: spans, alarms, what was not measured."""

from datetime import date

import pytest
from django.test import Client

from satuklik.base.figures import registry
from satuklik.base.figures.registry import Figure, Source

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def source(monkeypatch):
    seen = []

    def give(first, last, now):
        seen.append((first, last))
        return [Figure("x.count", "Jumlah", 1234), Figure("x.mean", "Rata-rata", None, "days"),
                Figure("x.late", "Terlambat", 2, alarm=True)]  # fmt: skip

    monkeypatch.setattr(registry, "SOURCES", {})
    registry.register_figures(Source("x", "Uji", 1, give))
    return seen


def test_only_officials_are_led_to_their_lists(source, client, sari, pak_lurah, monkeypatch):
    """A resident who pressed «Terlambat» was told that the page is not for her account."""
    links = [
        Figure("x.late", "Terlambat", 2, url="/meja/x/?state=late"),
        Figure("x.all", "Semua", 3, url="/x/"),
    ]
    monkeypatch.setattr(registry, "SOURCES", {})
    registry.register_figures(Source("x", "Uji", 1, lambda first, last, now: links))
    for user, shown in ((None, False), (sari.user, False), (pak_lurah.user, True)):
        if user is not None:
            client.force_login(user)
        page = client.get("/statistik/").content.decode()
        assert ("/meja/x/" in page, 'href="/x/"' in page, "Terlambat" in page) == (shown, True, True)


def test_the_page_tells_each_figure(source):
    page = Client().get("/statistik/?dari=2026-03-01&sampai=2026-03-31").content.decode()
    assert source == [(date(2026, 3, 1), date(2026, 3, 31))]
    assert "1.234" in page
    assert "belum ada" in page
    assert 'class="is-alarm"' in page
    assert page.count("Perlu dilihat sekarang:") == 1  # not by colour alone


@pytest.mark.parametrize(
    "asked", ["dari=x", "dari=2026-02-31", "dari=2026-03-02&sampai=2026-03-01", "dari=1900-01-01", "dari=%00"]
)
def test_a_bad_span_is_told_and_the_usual_one_shown(source, asked):
    answer = Client().get(f"/statistik/?{asked}")
    assert answer.status_code == 422
    assert "span-error" in answer.content.decode()
    assert len(source) == 1


def test_the_api(source):
    answer = Client().get("/api/statistics?first=2026-03-01&last=2026-03-31")
    assert answer.json() == [
        {"name": "x", "label": "Uji", "figures": [
            {"name": "x.count", "label": "Jumlah", "value": 1234, "unit": "", "alarm": False},
            {"name": "x.mean", "label": "Rata-rata", "value": None, "unit": "days", "alarm": False},
            {"name": "x.late", "label": "Terlambat", "value": 2, "unit": "", "alarm": True},
        ]}
    ]  # fmt: skip
    assert Client().get("/api/statistics?first=2026-04-01&last=2026-03-31").status_code == 422
    assert Client().get("/api/statistics?first=x").status_code == 422
