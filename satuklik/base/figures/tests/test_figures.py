"""Figures: how they are written, who sees them, and that two rooms do not share a name."""

from datetime import UTC, date, datetime

import pytest

from satuklik.base.figures import registry
from satuklik.base.figures.registry import Figure, Source
from satuklik.base.figures.rules import in_words

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "unit", "id_", "en"),
    [
        (0, "", "0", "0"),
        (1234, "", "1.234", "1,234"),
        (1234.5, "days", "1.234,5 hari kerja", "1,234.5 working days"),
        (97.0, "%", "97%", "97%"),
        (2.25, "hours", "2,2 jam", "2.2 hours"),
        (1500000, "rupiah", "Rp1.500.000", "Rp1,500,000"),
        (10.0, "", "10", "10"),
        (3, "surat", "3 surat", "3 surat"),
    ],
)
def test_how_a_figure_is_written(value, unit, id_, en):
    assert in_words(value, unit, "id") == id_
    assert in_words(value, unit, "en") == en


def test_sources_in_their_order_and_only_the_public_ones(monkeypatch):
    monkeypatch.setattr(registry, "SOURCES", {})
    seen = []

    def give(first, last, now):
        seen.append((first, last, now))
        return [Figure("x.count", "Jumlah", 3)]

    registry.register_figures(Source("b", "B", 20, give))
    registry.register_figures(Source("a", "A", 10, give, public=False))
    span = (date(2026, 1, 1), date(2026, 11, 24), NOW)
    assert [source.name for source, _ in registry.figures(*span)] == ["b"]
    assert [source.name for source, _ in registry.figures(*span, public=False)] == ["a", "b"]
    assert seen[0] == span
    with pytest.raises(registry.DuplicateFigures):
        registry.register_figures(Source("b", "B", 20, give))
