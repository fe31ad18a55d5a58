"""Regions: all of 12.09 is there, with its kinds and parents."""

from collections import Counter

import pytest

from satuklik.base.regions import actions, queries
from satuklik.base.regions.models import Region
from satuklik.base.regions.rules import district_code, title, village_kind


@pytest.fixture
def loaded(db):
    actions.load()
    yield
    queries.forget()


def test_every_region_of_the_regency(loaded):
    kinds = Counter(Region.objects.values_list("kind", flat=True))
    assert kinds == {"province": 1, "regency": 1, "district": 25, "kelurahan": 27, "desa": 177}
    assert len(queries.districts()) == 25
    assert len(queries.villages()) == 204


def test_loading_again_changes_nothing(loaded):
    before = list(Region.objects.order_by("code").values_list())
    assert actions.load() == 231
    assert list(Region.objects.order_by("code").values_list()) == before


def test_a_village_knows_what_it_lies_in(loaded, django_assert_num_queries):
    queries.regions()
    with django_assert_num_queries(0):
        place = queries.place("12.09.20.1009")
        assert place.village.parent.parent.name == "Kabupaten Asahan"
    assert [r.name for r in (place.village, place.district, place.regency, place.province)] == [
        "Kisaran Naga", "Kota Kisaran Timur", "Kabupaten Asahan", "Sumatera Utara",
    ]  # fmt: skip
    assert queries.full_name("12.09.20.1009") == "Kelurahan Kisaran Naga"
    assert queries.full_name("12.09.08.2002") == "Desa Meranti"
    assert queries.full_name("12.09.20") == "Kecamatan Kota Kisaran Timur"
    assert queries.full_name("12.09") == "Kabupaten Asahan"


def test_villages_of_a_district(loaded):
    names = [village.name for village in queries.villages("12.09.20")]
    assert len(names) == 12
    assert "Kisaran Naga" in names


@pytest.mark.parametrize("code", ["", "12.09.20", "12.09.99.2001", "12.09.20.9999", "12.09.20.1009'--"])
def test_no_such_village(loaded, code):
    with pytest.raises(queries.NoSuchRegion) as error:
        queries.place(code)
    assert code.startswith(error.value.code)


@pytest.mark.parametrize("code", ["12.09.20", "12.09.20.3001", ""])
def test_no_village_code(code):
    with pytest.raises(ValueError):
        village_kind(code)


def test_codes():
    assert village_kind("12.09.20.1009") == "kelurahan"
    assert village_kind("12.09.08.2002") == "desa"
    assert district_code("12.09.08.2002") == "12.09.08"
    assert title("regency", "Kabupaten Asahan") == "Kabupaten Asahan"
    with pytest.raises(ValueError):
        district_code("12.09")
