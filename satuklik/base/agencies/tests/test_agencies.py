"""Agencies: every region has its office, every office its officials, and it is certain who may sign."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser

from satuklik.base.agencies import actions, queries
from satuklik.base.agencies.errors import NoHead, NoSuchAgency
from satuklik.base.agencies.models import Agency, Official
from satuklik.base.agencies.rules import compose_nip, read_nip
from satuklik.base.regions import actions as regions
from satuklik.base.regions import queries as region_queries

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def loaded(db):
    regions.load()
    actions.load()
    yield
    region_queries.forget()


@pytest.fixture
def pak_lurah():
    return queries.demo_official("pak_lurah")


@pytest.fixture
def sekretaris():
    return queries.demo_official("sekretaris_lurah")


def test_every_office_is_there():
    kinds = Counter(Agency.objects.values_list("kind", flat=True))
    assert kinds == {"opd": 43, "kecamatan": 25, "kelurahan": 27, "desa": 177}
    assert Agency.objects.values("number_code").distinct().count() == 272
    for agency in Agency.objects.all():
        roles = Counter(agency.officials.values_list("role", flat=True))
        assert roles["head"] == roles["secretary"] == roles["counter"] == 1
        assert roles["staff"] >= 1


def test_loading_again_changes_nothing(django_assert_max_num_queries):
    rows = (
        list(Agency.objects.order_by("pk").values_list()),
        list(Official.objects.order_by("pk").values_list()),
    )
    Official.objects.filter(pk=rows[1][0][0]).update(name="Pengganti")
    with django_assert_max_num_queries(10):
        assert actions.load() == 272
    assert list(Agency.objects.order_by("pk").values_list()) == rows[0]
    assert Official.objects.count() == len(rows[1])
    assert Official.objects.filter(name="Pengganti").exists()


def test_made_up_civil_servants_have_possible_numbers():
    nips = list(Official.objects.exclude(nip="").values_list("nip", flat=True))
    assert len(nips) == len(set(nips)) > 250
    for nip in nips:
        read = read_nip(nip)
        assert 20 <= read.in_service.year - read.birth_date.year <= 30
    assert not Official.objects.filter(agency__kind="desa").exclude(nip="").exists()
    assert not Official.objects.filter(agency__kind="kelurahan", role="head", nip="").exists()


@pytest.mark.parametrize(
    "nip",
    ["", "12345", "198001012005011000", "198013012005011001", "198001012005013001", "198001011979011001"],
)
def test_no_nip(nip):
    with pytest.raises(ValueError):
        read_nip(nip)


def test_nip_is_read_as_composed():
    nip = compose_nip(date(1980, 1, 31), date(2005, 3, 1), "P", 7)
    assert nip == "198001312005032007"
    assert read_nip(nip).sex == "P"
    with pytest.raises(ValueError):
        compose_nip(date(1980, 1, 31), date(2005, 3, 1), "P", 1000)


def test_offices_of_a_region():
    assert queries.office_of("12.09.20.1009", "village").code == "kel-12.09.20.1009"
    assert queries.office_of("12.09.20.1009", "district").code == "kec-12.09.20"
    assert queries.office_of("12.09.20", "district").head_title == "Camat Kota Kisaran Timur"
    assert queries.office_of("12.09.08.2002", "village").head_title == "Kepala Desa Meranti"
    assert queries.agency("disdukcapil").short_name == "Disdukcapil"
    for code, kind in (("12.09.20", "village"), ("12.09.99.2001", "district"), ("", "district")):
        with pytest.raises(NoSuchAgency):
            queries.office_of(code, kind)
    with pytest.raises(NoSuchAgency) as error:
        queries.agency("tidak-ada")
    assert error.value.code == "tidak-ada"


def test_the_head_signs_and_nobody_else(pak_lurah, sekretaris):
    signer = queries.head_of(pak_lurah.agency, NOW)
    assert (signer.official, signer.acting_as, signer.mandate) == (pak_lurah, "", None)
    assert signer.position == "Lurah Kisaran Naga"
    assert queries.may_sign(pak_lurah, pak_lurah.agency, NOW) == signer
    assert queries.may_sign(sekretaris, pak_lurah.agency, NOW) is None
    assert queries.may_sign(pak_lurah, queries.agency("kec-12.09.20"), NOW) is None


def test_while_somebody_acts_only_he_signs(pak_lurah, sekretaris):
    mandate = actions.give_mandate(
        official=sekretaris,
        agency=pak_lurah.agency,
        kind="Plh",
        decree="800/12/2026",
        valid_from=NOW,
        valid_until=NOW + timedelta(days=3),
    )
    signer = queries.may_sign(sekretaris, pak_lurah.agency, NOW)
    assert signer == queries.Signer(sekretaris, "Plh", mandate)
    assert signer.position == "Plh. Lurah Kisaran Naga"
    assert queries.may_sign(pak_lurah, pak_lurah.agency, NOW) is None
    assert queries.may_sign_for(sekretaris, NOW) == [pak_lurah.agency]
    assert queries.may_sign_for(pak_lurah, NOW) == []
    for before_or_after in (NOW - timedelta(seconds=1), NOW + timedelta(days=3)):
        assert queries.head_of(pak_lurah.agency, before_or_after).official == pak_lurah


@pytest.mark.parametrize(("kind", "days"), [("Plh", 0), ("Plh", -1), ("Wakil", 1)])
def test_no_such_mandate(pak_lurah, sekretaris, kind, days):
    with pytest.raises(ValueError):
        actions.give_mandate(
            official=sekretaris,
            agency=pak_lurah.agency,
            kind=kind,
            decree="x",
            valid_from=NOW,
            valid_until=NOW + timedelta(days=days),
        )


def test_an_office_without_head(pak_lurah):
    Official.objects.filter(pk=pak_lurah.pk).update(active_until=TODAY - timedelta(days=1))
    with pytest.raises(NoHead) as error:
        queries.head_of(pak_lurah.agency, NOW)
    assert "Kisaran Naga" in str(error.value)
    assert queries.may_sign(pak_lurah, pak_lurah.agency, NOW) is None


def test_whose_login(pak_lurah):
    user = get_user_model().objects.create_user("pak_lurah", name="Pak Lurah")
    assert queries.official_of(user, TODAY) is None
    actions.give_login(pak_lurah, user)
    assert queries.official_of(user, TODAY) == pak_lurah
    assert queries.official_of(user, date(2024, 1, 1)) is None
    assert queries.official_of(AnonymousUser(), TODAY) is None


def test_everybody_of_the_demonstration_is_there():
    for key in queries.demo_keys():
        assert queries.demo_official(key)
    assert queries.demo_official("ppid").agency.code == "diskominfo"
    assert queries.demo_official("bu_camat").name == "Dra. Nurhayati Siregar, M.AP"
    heads = queries.officials(queries.agency("diskominfo"), TODAY)
    assert heads[0].role == "head"


def test_the_mandate_of_somebody_who_left_gives_way_to_the_head(pak_lurah, sekretaris):
    actions.give_mandate(
        official=sekretaris,
        agency=pak_lurah.agency,
        kind="Plh",
        decree="800/12/2026",
        valid_from=NOW - timedelta(days=1),
        valid_until=NOW + timedelta(days=5),
    )
    assert queries.head_of(pak_lurah.agency, NOW).official == sekretaris
    Official.objects.filter(pk=sekretaris.pk).update(active_until=TODAY - timedelta(days=1))
    assert queries.head_of(pak_lurah.agency, NOW).official == pak_lurah
    assert queries.may_sign(sekretaris, pak_lurah.agency, NOW) is None
