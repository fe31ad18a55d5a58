"""Outlines: imported, drawn, asked for the village of a point. The outlines here are squares."""

import pytest

from satuklik.base.regions import actions, outlines, queries


def square(code, west, south, size=0.1):
    ring = [
        [west, south],
        [west + size, south],
        [west + size, south + size],
        [west, south + size],
        [west, south],
    ]
    hole = [[x * 0.2 + (west + size / 2) * 0.8, y * 0.2 + (south + size / 2) * 0.8] for x, y in ring]
    return {
        "type": "Feature", "properties": {"code": code},
        "geometry": {"type": "MultiPolygon", "coordinates": [[ring, hole]]},
    }  # fmt: skip


def collection(*features):
    return {"type": "FeatureCollection", "features": list(features)}


@pytest.fixture
def drawn(db):
    actions.load()
    actions.import_boundaries(
        collection(
            square("12.09.20", 99.6, 2.9),
            square("12.09.20.1009", 99.6, 2.9),
            square("12.09.08.2002", 99.8, 2.9),
        ),
        source="kotak uji",
    )
    yield
    queries.forget()


def test_a_point_lies_in_its_village(drawn):
    assert queries.village_at(99.61, 2.91).code == "12.09.20.1009"
    assert queries.village_at(99.81, 2.91).code == "12.09.08.2002"
    assert queries.village_at(99.65, 2.95) is None  # in the hole
    assert queries.village_at(98.0, 2.95) is None
    assert queries.has_boundaries()


def test_importing_again_replaces(drawn):
    actions.import_boundaries(collection(square("12.09.20.1009", 99.0, 2.0)), source="x")
    assert queries.village_at(99.61, 2.91) is None


def test_the_map_keeps_proportion_and_leads_back(drawn):
    picture = queries.map_of()
    assert [area.region.code for area in picture.areas] == ["12.09.20"]
    assert picture.source == "kotak uji"
    x, y = picture.frame.place(99.65, 2.95)
    assert picture.frame.back(x, y) == (pytest.approx(99.65, abs=1e-4), pytest.approx(2.95, abs=1e-4))
    assert picture.areas[0].path.startswith("M")
    assert queries.map_of("12.09.09") is None


@pytest.mark.parametrize(
    "document",
    [
        [], {}, {"features": 1}, {"features": [1]}, collection({"properties": {}}),
        collection({"properties": {"code": "12.09.20"}, "geometry": {"type": "Point", "coordinates": [1, 2]}}),
        collection(square("12.09.20", 1000, 2)), collection(square("99.99.99", 99, 2)),
        collection({"properties": {"code": "12.09.20"}, "geometry": {"type": "Polygon", "coordinates": [[[1, 1]]]}}),
        collection({"properties": {"code": "12.09.20"}, "geometry": {"type": "MultiPolygon", "coordinates": []}}),
    ],
)  # fmt: skip
def test_what_is_no_outline_is_refused(db, document):
    actions.load()
    with pytest.raises(outlines.BadOutline):
        actions.import_boundaries(document, source="x")
