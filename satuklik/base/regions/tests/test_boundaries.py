"""Outlines: imported, drawn, asked for the village of a point. The outlines here are squares."""

import sys
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from xml.etree import ElementTree

import pytest
from django.db import transaction

from satuklik.base.regions import actions, outlines, queries
from satuklik.base.regions.models import Boundary
from satuklik.base.regions.queries import charts, known
from satuklik.base.ui import tiles
from satuklik.kernel.maps import centroid


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


def test_an_import_by_a_command_shows_in_a_running_server(drawn, monkeypatch):
    """Each process read the outlines once: after an import the map stayed empty until a restart."""
    kept = queries.outlines()
    picture = queries.kept("a picture", object)
    assert queries.outlines() is kept
    with transaction.atomic():
        Boundary.objects.filter(region="12.09.20.1009").update(source="another process")
    assert queries.outlines() is kept  # not asked at every page
    monkeypatch.setattr(known, "FRESH_SECONDS", -1)
    fresh = queries.outlines()
    assert fresh is not kept
    assert queries.outlines() is fresh
    assert queries.kept("a picture", object) is not picture


def test_importing_again_replaces(drawn):
    actions.import_boundaries(collection(square("12.09.20.1009", 99.0, 2.0)), source="x")
    assert queries.village_at(99.61, 2.91) is None


def test_a_point_just_outside_belongs_to_the_nearest(drawn):
    assert queries.village_at(99.5985, 2.95).code == "12.09.20.1009"  # 170 m: coasts are cut short
    assert queries.village_at(99.5965, 2.95) is None  # 390 m


def test_a_picture_keeps_proportion_and_leads_back(drawn):
    picture = charts.chart((99.55, 2.85, 99.75, 3.05))
    assert [area.region.code for area in picture.areas] == ["12.09.20.1009"]
    assert picture.source == "kotak uji"
    x, y = picture.frame.place(99.65, 2.95)
    assert picture.frame.back(x, y) == (pytest.approx(99.65, abs=1e-3), pytest.approx(2.95, abs=1e-3))
    assert picture.areas[0].path.startswith("M")
    assert [name.lines for name in picture.names] == [("Kisaran Naga",)]
    assert (picture.metres, picture.scale) == (5000, "5 km")
    wide = charts.chart((99.0, 2.5, 100.0, 3.2))
    assert [area.region.code for area in wide.areas] == ["12.09.20"]
    assert charts.whole() == pytest.approx((99.6, 2.9, 99.9, 3.0))
    image = b64decode(charts.image(picture, pin=(99.65, 2.95)).partition(",")[2]).decode()
    assert ElementTree.fromstring(image).tag == "{http://www.w3.org/2000/svg}svg"
    assert "translate(300" in image


def test_without_outlines_there_is_a_scale_alone(db):
    actions.load()
    queries.forget()
    assert charts.whole() is None
    assert charts.chart((99.6, 2.9, 99.7, 3.0)).areas == ()
    assert not queries.has_boundaries()


def test_outlines_for_maps_that_move(drawn, client):
    answer = client.get("/peta/batas/12.09.json")
    assert answer["Content-Type"] == "application/geo+json"
    assert "max-age" in answer["Cache-Control"]
    assert [one["properties"]["name"] for one in answer.json()["features"]] == ["Kota Kisaran Timur"]
    below = client.get("/peta/batas/12.09.20.json").json()["features"]
    assert [one["properties"]["code"] for one in below] == ["12.09.20.1009"]
    for code in ("12.09.21", "12.09.20.1009", "x", "%00"):
        assert client.get(f"/peta/batas/{code}.json").status_code == 404


def test_made_up_codes_throw_no_picture_out(drawn, client):
    picture = charts.chart((99.55, 2.85, 99.75, 3.05))
    for number in range(queries.known.MOST_KEPT + 1):
        assert client.get(f"/peta/batas/x{number}.json").status_code == 404
    assert charts.chart((99.55, 2.85, 99.75, 3.05)) is picture


def test_pictures_that_are_looked_at_stay(drawn):
    first = queries.kept("a", object)
    for number in range(3 * queries.known.MOST_KEPT):
        queries.kept(number, object)
        assert queries.kept("a", object) is first
    assert len(queries.known._Known.made) <= queries.known.MOST_KEPT


def test_threads_keep_pictures_beside_one_another(drawn, monkeypatch):
    monkeypatch.setattr(queries.known, "MOST_KEPT", 50)

    def look(_thread):
        return all(queries.kept(number % 53, lambda: True) for number in range(30_000))

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(6) as pool:
            assert all(pool.map(look, range(6)))
    finally:
        sys.setswitchinterval(before)


def test_the_middle_of_an_outline_is_reckoned_once(drawn, monkeypatch):
    reckoned = []
    monkeypatch.setattr(outlines, "centroid", lambda ring: reckoned.append(ring) or centroid(ring))
    assert charts.middle_of("12.09.20") == pytest.approx((99.65, 2.95))
    assert charts.middle_of("12.09.20") == pytest.approx((99.65, 2.95))
    assert charts.middle_of("12.09.21") is None
    assert len(reckoned) == 1


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("", ""), ("https://tiles.example/{z}/{x}/{y}.png", "https://tiles.example"),
        ("http://localhost:8080/t?z={z}&x={x}&y={y}", "http://localhost:8080"),
    ],
)  # fmt: skip
def test_tile_servers(address, origin):
    assert tiles.origin(address) == origin


@pytest.mark.parametrize(
    "address",
    [
        "https://tiles.example/", "https://{s}.tiles.example/{z}/{x}/{y}", "ftp://a/{z}/{x}/{y}",
        "https://*.example/{z}/{x}/{y}", "https://a b/{z}/{x}/{y}", "https://a;script-src/{z}/{x}/{y}",
    ],
)  # fmt: skip
def test_what_is_no_tile_server(address):
    with pytest.raises(ValueError, match="SATUKLIK_MAP_TILES"):
        tiles.origin(address)


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
