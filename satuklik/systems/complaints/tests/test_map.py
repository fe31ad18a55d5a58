"""The map: a place chosen by clicks, points that everybody sees, the desk's own. The outlines are made up."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from satuklik.base.regions import actions as region_actions
from satuklik.base.regions import queries as regions
from satuklik.kernel.maps import CELL, block_at, coarse, holds
from satuklik.systems.complaints import actions, placing, queries
from satuklik.systems.complaints.models import Complaint
from satuklik.systems.complaints.queries.finding import described
from satuklik.systems.complaints.queries.public import Asked
from satuklik.systems.complaints.scope import scope_of
from satuklik.systems.complaints.views import desk as desk_views
from tests.outlines import made_up, middle_of
from tests.people import OTHER_VILLAGE, VILLAGE

WHAT = {
    "text": "Lampu jalan mati di depan pasar sejak dua minggu.",
    "category": "jalan",
    "village": "",
    "place": "",
}
BOX = "w=99&s=2&e=100&n=3.5"
OUTSIDE = {"latitude": "3.5", "longitude": "99.9"}


@pytest.fixture
def outlines(regency: None) -> Any:
    region_actions.import_boundaries(made_up(), source="kotak uji")
    yield
    regions.forget()


@pytest.fixture
def released(report: Callable[..., Complaint], petugas: Any) -> Callable[..., Complaint]:
    """Report something at a place and show it to everybody."""

    def make(*, point: bool = True, title: str = "Lubang jalan", **more: Any) -> Complaint:
        now = timezone.now()
        complaint = report(now=now - timedelta(days=1), **more)
        actions.verify(complaint.pk, by=petugas, level="normative", category="jalan", title=title, now=now)
        return actions.release(
            complaint.pk, by=petugas, title=title, text="Jalan berlubang.", point=point, photos=[], checked=True, now=now
        )  # fmt: skip

    return make


@pytest.fixture
def desk(petugas: Any) -> Client:
    client = Client()
    client.force_login(petugas.user)
    return client


def place(code: str = VILLAGE) -> dict[str, float]:
    longitude, latitude = middle_of(code)
    return {"longitude": longitude, "latitude": latitude}


def value(page: str, name: str) -> str:
    """What the field `name` of a page holds."""
    found = re.search(rf'<input[^>]*name="{name}"[^>]*?value="([^"]*)"', page)
    return found.group(1) if found else ""


def click(page: str, longitude: float, latitude: float) -> dict[str, str]:
    """Where in the picture of this page a place is, as a browser sends it."""
    from satuklik.base.regions.queries import charts

    west, south, east, north = (float(edge) for edge in value(page, "petakotak").split(","))
    chart = charts.chart((west, south, east, north), width=placing.SIZE, font=placing.FONT, square=True)
    x, y = chart.frame.place(longitude, latitude)
    return {"peta.x": str(round(x)), "peta.y": str(round(y)), "petakotak": value(page, "petakotak")}


def test_clicks_go_nearer_and_set_the_village(outlines: None, client: Client) -> None:
    longitude, latitude = middle_of(VILLAGE)
    page = client.get("/pengaduan/").content.decode()
    assert 'type="image"' in page
    first = client.post("/pengaduan/", WHAT | click(page, longitude, latitude)).content.decode()
    assert "Kecamatan Kota Kisaran Timur. Sekarang klik tempatnya." in first
    assert WHAT["text"] in first
    second = client.post("/pengaduan/", WHAT | click(first, longitude, latitude)).content.decode()
    assert "Titik di Kelurahan Kisaran Naga, Kecamatan Kota Kisaran Timur." in second
    assert f'value="{VILLAGE}" selected' in second
    pin = {name: value(second, name) for name in ("latitude", "longitude")}
    assert float(pin["latitude"]) == pytest.approx(latitude, abs=0.0006)  # a pixel
    third = client.post(
        "/pengaduan/", WHAT | pin | click(second, longitude + 0.001, latitude)
    ).content.decode()
    assert float(value(third, "longitude")) == pytest.approx(longitude + 0.001, abs=0.0002)
    removed = client.post("/pengaduan/", WHAT | pin | {"hapustitik": "1"}).content.decode()
    assert value(removed, "latitude") == ""
    after = client.post("/pengaduan/", WHAT | pin).content.decode()
    assert "Kelurahan Kisaran Naga" in after
    assert "Peta dengan titik laporan" in after
    changed = client.post("/pengaduan/", WHAT | pin | {"village": OTHER_VILLAGE}).content.decode()
    assert "Desa Meranti" in changed
    assert "Titiknya sendiri di Kelurahan Kisaran Naga." in changed


def test_outside_is_told_and_mended(outlines: None, client: Client) -> None:
    page = client.get("/pengaduan/").content.decode()
    missed = client.post("/pengaduan/", WHAT | click(page, 99.295, 2.61))
    assert "Titik ini di luar Kabupaten Asahan." in missed.content.decode()
    for address in ("/pengaduan/", "/pengaduan/kirim/"):
        refused = client.post(address, WHAT | OUTSIDE)
        assert refused.status_code == 422
        assert "Titik ini di luar Kabupaten Asahan." in refused.content.decode()
    assert not Complaint.objects.exists()
    assert client.post("/pengaduan/", WHAT | {"latitude": "", "longitude": ""}).status_code == 200


@pytest.mark.parametrize(
    "act",
    [
        {"peta.x": "0", "peta.y": "0"}, {"peta.x": "x"}, {"peta.x": "1e400", "peta.y": "nan"}, {"perkecil": "1", "petakotak": "1,2"},
        {"peta.x": "5", "peta.y": "5", "petakotak": "0,0,180,90"}, {"perkecil": "1", "petakotak": "nan,1,2,3"}, {"hapustitik": ""},
        {"peta.x": "9", "peta.y": "9", "petakotak": "99.5,2.8,99.5,2.8"}, {"peta.x": "-99999999", "peta.y": "3"},
    ],
)  # fmt: skip
def test_strange_clicks(outlines: None, client: Client, act: dict[str, str]) -> None:
    answer = client.post("/pengaduan/", WHAT | {"latitude": "x"} | act)
    assert answer.status_code == 200
    assert WHAT["text"] in answer.content.decode()


def test_without_outlines_the_ways_of_before_stay(regency: None, client: Client) -> None:
    page = client.get("/pengaduan/").content.decode()
    assert 'type="image"' not in page
    assert "data-sk-map" not in page
    assert "data-adu-here" in page
    assert client.post("/pengaduan/", WHAT | OUTSIDE).status_code == 200


def test_everybody_sees_only_what_was_released_and_only_coarsely(
    outlines: None, released: Any, report: Any, client: Client
) -> None:
    at = place()
    there = released(**at)
    hidden = released(point=False, title="Tanpa titik", **at)
    report(text="Rahasia di tempat yang sama, tolong.", mode="secret", phone="", **at)
    report(text="Belum ditampilkan untuk umum.", **at)
    block = block_at((at["longitude"], at["latitude"]))
    found = client.get("/pengaduan/peta/titik.json?w=99.5&s=2.8&e=99.6&n=2.9").json()["points"]
    assert [(one["count"], one["url"]) for one in found] == [(1, f"/pengaduan/peta/{there.reference}/")]
    assert (found[0]["longitude"], found[0]["latitude"]) == coarse((at["longitude"], at["latitude"]))
    page = client.get(f"/pengaduan/peta/?kotak={block}").content.decode()
    assert there.reference in page
    assert hidden.reference not in page, "a hidden point is found by asking block after block"
    whole = client.get("/pengaduan/peta/").content.decode()
    assert hidden.reference in whole
    assert "Kota Kisaran Timur: 2 laporan, 2 masih terbuka" in whole
    assert "430 meter" in whole
    for text in (page, whole, str(found), str(client.get("/open311/v2/requests.json").json())):
        assert "Rahasia di tempat" not in text
        assert "Belum ditampilkan" not in text
        assert f"{at['latitude']:.4f}" not in text
    actions.withdraw_release(there.pk, by=there.events.exclude(official=None)[0].official, now=timezone.now())
    assert client.get(f"/pengaduan/peta/titik.json?{BOX}").json()["points"][0]["count"] == 1
    assert there.reference not in client.get(f"/pengaduan/peta/?kotak={block}").content.decode()


def test_no_box_tells_more_of_a_point_than_its_block(outlines: None, released: Any, client: Client) -> None:
    block = block_at(middle_of(VILLAGE))
    west, south, east, north = block.box
    middle = coarse((west, south))
    # One in a corner of the block and one in the other: whoever cuts the block must not tell them apart.
    for share, category in ((0.03, "a"), (0.97, "b")):
        one = released(longitude=west + share * CELL, latitude=south + (1 - share) * CELL)
        Complaint.objects.filter(pk=one.pk).update(category=category)
    for step in (1, 5, 9, 11, 15, 19):
        at = step / 20 * CELL
        for box in (
            (west - 0.01, south - 0.01, west + at, north + 0.01), (west - 0.01, south - 0.01, east + 0.01, south + at),
            (west + at, south, east, north), (west + at, south + at, west + at + 1e-5, south + at + 1e-5),
        ):  # fmt: skip
            near = [
                queries.clusters(queries.released_matching(Asked(category=one)), 0, box, public=True) for one in "ab"
            ]  # fmt: skip
            assert [len(found) for found in near] == [int(holds(box, middle))] * 2, box
            assert [one.point for found in near for one in found] in ([], [pytest.approx(middle)] * 2)
    w, s = west + 0.03 * CELL, south + 0.97 * CELL
    metre = f"w={w - 1e-5}&s={s - 1e-5}&e={w + 1e-5}&n={s + 1e-5}"
    assert client.get(f"/pengaduan/peta/titik.json?{metre}").json()["points"] == []


def test_distances_that_everybody_is_told_are_coarse(outlines: None, released: Any) -> None:
    at = place()
    complaint = released(**at)
    shown, true = described(complaint, public=True), described(complaint)
    assert (shown.longitude, shown.latitude) == coarse((at["longitude"], at["latitude"]))
    assert (true.longitude, true.latitude) == (at["longitude"], at["latitude"])


def test_filters_clusters_and_the_table(outlines: None, released: Any, client: Client) -> None:
    for step in range(3):
        released(longitude=place()["longitude"] + step * 0.0001, latitude=place()["latitude"])
    released(village=OTHER_VILLAGE, **place(OTHER_VILLAGE))
    page = client.get("/pengaduan/peta/").content.decode()
    assert "Kota Kisaran Timur: 3 laporan, 3 masih terbuka" in page
    assert "Meranti: 1 laporan, masih terbuka" in page
    assert "4 laporan</h2>" in page
    near = client.get("/pengaduan/peta/?kecamatan=12.09.20").content.decode()
    assert "3 laporan, 3 masih terbuka" in near
    assert "Kisaran Naga" in near
    for query, count in (
        ("kategori=sampah", 0),
        ("status=closed", 0),
        ("waktu=30", 4),
        ("kategori=jalan&waktu=90", 4),
    ):
        shown = client.get(f"/pengaduan/peta/?{query}").content.decode()
        assert (f"{count} laporan</h2>" in shown) if count else "Tidak ada laporan yang cocok" in shown
    for query in ("", "?w=1", "?w=5&s=1&e=2&n=3", "?w=nan&s=1&e=2&n=3", "?w=-999&s=0&e=1&n=1"):
        assert client.get(f"/pengaduan/peta/titik.json{query}").status_code == 400
    for strange in ("kotak=x", "kotak=-3_1_1", "kotak=0_1_1", "waktu=-1", "kotak=12_0_0"):
        assert client.get(f"/pengaduan/peta/?{strange}").status_code == 200


def test_points_over_names_where_no_outlines_are(regency: None, released: Any, client: Client) -> None:
    released(**place())
    page = client.get("/pengaduan/peta/").content.decode()
    assert ">Kota Kisaran Timur</text>" in page
    assert "data-sk-map" not in page
    assert ">Kisaran Naga</text>" in client.get("/pengaduan/peta/?kecamatan=12.09.20").content.decode()


def test_tiles_only_where_a_setting_names_them(
    outlines: None, released: Any, client: Client, settings: Any
) -> None:
    released(**place())
    pages = ("/pengaduan/", "/pengaduan/peta/")
    for page in pages:
        assert "img-src 'self' data:;" in client.get(page)["Content-Security-Policy"]
    settings.SATUKLIK_MAP_TILES = "https://tiles.example/{z}/{x}/{y}.png"
    settings.SATUKLIK_MAP_ATTRIBUTION = "© Peta Rekaan"
    for page in pages:
        answer = client.get(page)
        assert "img-src 'self' data: https://tiles.example;" in answer["Content-Security-Policy"]
        assert 'data-tiles="https://tiles.example/{z}/{x}/{y}.png"' in answer.content.decode()
    assert "tiles.example" not in client.get("/pengaduan/lacak/")["Content-Security-Policy"]


def test_the_desk_sees_what_it_may_where_it_is(
    outlines: None, report: Any, people: dict[str, Any], desk: Client
) -> None:
    at = place()
    one = report(text="Lubang besar di depan pasar Inpres.", **at)
    secret = report(text="Pungli di kantor ini, tolong.", mode="secret", phone="", **at)
    near = report(
        text="Parit tersumbat di seberangnya.", longitude=at["longitude"] + 0.001, latitude=at["latitude"]
    )
    far = report(
        text="Lubang lain jauh dari sini.", longitude=at["longitude"] + 0.009, latitude=at["latitude"]
    )
    page = desk.get(f"/meja/pengaduan/{one.reference}/").content.decode()
    assert "Di peta" in page
    assert near.reference in page
    assert far.reference not in page
    assert "Kota Kisaran Timur: 4 laporan" in desk.get("/meja/pengaduan/peta/").content.decode()
    block = block_at((at["longitude"], at["latitude"]), -4)
    listed = desk.get(f"/meja/pengaduan/peta/?kotak={block}&state=all").content.decode()
    assert one.reference in listed
    assert near.reference not in listed
    assert sum(p["count"] for p in desk.get(f"/meja/pengaduan/peta/titik.json?{BOX}").json()["points"]) == 4
    # Another agency sees only what was sent to it, and never a secret one.
    actions.verify(
        one.pk, by=people["petugas"], level="normative", category="jalan", title="Lubang", now=timezone.now()
    )
    actions.dispatch(one.pk, ["dpupr"], question="Mohon ditambal.", by=people["petugas"], now=timezone.now())
    agency = Client()
    agency.force_login(people["staf_pupr"].user)
    theirs = agency.get("/meja/pengaduan/peta/?state=all&district=12.09.20").content.decode()
    assert one.reference in theirs
    assert secret.reference not in theirs
    points = agency.get(f"/meja/pengaduan/peta/titik.json?{BOX}&state=all").json()["points"]
    assert [p["count"] for p in points] == [1]
    assert near.reference not in agency.get(f"/meja/pengaduan/{one.reference}/").content.decode()
    stranger = Client()
    stranger.force_login(people["admin_situs"].user)
    assert stranger.get("/meja/pengaduan/peta/").status_code == 403
    for box in (BOX, "w=1"):
        assert stranger.get(f"/meja/pengaduan/peta/titik.json?{box}").status_code == 403
    assert desk.get("/meja/pengaduan/peta/titik.json?w=1").status_code == 400


def test_a_page_of_the_desk_asks_once_what_its_official_may_see(
    outlines: None, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(desk_views, "scope_of", lambda *given: asked.append(given) or scope_of(*given))
    for page in ("/meja/pengaduan/peta/?district=12.09.20", f"/meja/pengaduan/peta/titik.json?{BOX}"):
        asked.clear()
        assert desk.get(page).status_code == 200
        assert len(asked) == 1, page


def test_points_are_counted_in_the_database(
    outlines: None, released: Any, django_assert_num_queries: Any
) -> None:
    released(**place())
    found = queries.released_matching(Asked())
    regions.outlines()
    with django_assert_num_queries(1):
        clusters = queries.clusters(found, 0, (99.0, 2.0, 100.0, 3.5), public=True)
    assert [one.count for one in clusters] == [1]
