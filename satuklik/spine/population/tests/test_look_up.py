"""Look-ups: by NIK, by village and name, never without a reason or a trace; logins and their persons."""

from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser

from satuklik.base.accounts import registry
from satuklik.base.agencies import actions as agency_actions
from satuklik.base.agencies import queries as agencies
from satuklik.kernel.nik import check_kk, check_nik
from satuklik.spine.population import actions, identifiers, queries
from satuklik.spine.population.errors import AlreadyClaimed, BadLookUp, OutsideArea, ReasonNeeded
from satuklik.spine.population.models import AccessLog, Household, Person
from satuklik.spine.population.rules import TABLES, age, is_adult, is_reason, label

NAGA = "12.09.20.1009"
REASON = "Surat keterangan domisili"


def test_personas_are_possible_people(people):
    assert Person.objects.count() == len(queries.demo_niks()) == 9
    for person in Person.objects.select_related("household"):
        check = check_nik(person.nik, birth_date=person.birth_date, sex=person.sex)
        assert (check.valid, check.doubts) == (True, ())
        for table, codes in TABLES.items():
            assert getattr(person, table) in codes
    for household in Household.objects.all():
        assert household.issued_on in check_kk(household.kk, region=household.village_id[:8]).parts.dates


def test_personas_are_loaded_once(people):
    assert actions.load_personas() == 9
    assert Person.objects.count() == 9


def test_sari_is_always_the_same(sari):
    assert (sari.name, sari.nik, sari.marital) == ("Sari Ramadhani", "1209205403019001", "belum_kawin")
    assert sari.dtsen_decile == 3
    assert sari.village.name == "Kisaran Naga"
    assert sari.village.parent.name == "Kota Kisaran Timur"
    assert queries.demo_resident("pak_karto").phone is None
    with pytest.raises(KeyError):
        queries.demo_resident("nobody")


def test_no_personas_without_population(db):
    with pytest.raises(LookupError):
        queries.demo_resident("sari")


def test_a_person_is_one_query(sari, django_assert_num_queries):
    with django_assert_num_queries(1):
        person = queries.person(sari.nik)
        assert person.household.address == "Jl. Cokroaminoto No. 12"
        assert person.village.parent.parent.name == "Kabupaten Asahan"
    assert queries.person("1209205403019002") is None
    assert queries.person("' or 1=1 --") is None
    assert queries.person_by_id(person.pk) == person
    assert queries.person_by_id(0) is None


def test_family_is_read_like_the_card(sari):
    assert [member.name for member in queries.family(sari)] == [
        "Suryadi Wibowo", "Nurhayati Lubis", "Sari Ramadhani", "Dimas Pratama Wibowo",
    ]  # fmt: skip
    assert queries.head_of_family(sari).name == "Suryadi Wibowo"


@pytest.mark.parametrize(
    ("prefix", "names"),
    [
        ("sari", ["Sari Ramadhani"]),
        ("SARI  RAM", ["Sari Ramadhani"]),
        ("r", ["Rina Wulandari"]),
        ("", 8),
        ("Sari%", []),
        ("S_ri", []),
        ("'; drop table population_person; --", []),
        ("\\", []),
        ("a\x00b", []),
    ],
)
def test_search(people, prefix, names):
    found = [person.name for person in queries.search(NAGA, prefix)]
    if isinstance(names, int):
        assert len(found) == names
        assert found == sorted(found)
    else:
        assert found == names


def test_search_knows_limits_villages_and_the_living(people):
    assert len(queries.search(NAGA, "", limit=2)) == 2
    assert queries.search("12.09.20.1008", "sari") == []
    Person.objects.filter(name="Sari Ramadhani").update(status="moved")
    assert queries.search(NAGA, "sari") == []


def test_an_official_leaves_a_trace(sari, operator, now):
    found = actions.look_up(operator, nik=sari.nik, reason=f" {REASON} ", now=now, case_reference="SK-1")
    assert found == [sari]
    (access,) = queries.accesses_of(sari)
    assert (access.official, access.at, access.reason, access.case_reference) == (
        operator,
        now,
        REASON,
        "SK-1",
    )
    assert access.fields == ["identity", "family", "address"]
    assert access.official.agency.short_name == "Kelurahan Kisaran Naga"


def test_a_list_leaves_a_trace_for_everybody_in_it(people, operator, now):
    found = actions.look_up(operator, village=NAGA, name="su", reason=REASON, now=now)
    assert [person.name for person in found] == ["Suryadi Wibowo"]
    assert AccessLog.objects.count() == 1
    actions.look_up(operator, village=NAGA, name="xx", reason=REASON, now=now)
    assert AccessLog.objects.count() == 1


def test_what_is_shown_on_the_way_leaves_a_trace_too(sari, operator, now):
    actions.record_access(operator, sari, reason=REASON, now=now, fields=["name"])
    assert queries.accesses_of(sari)[0].fields == ["name"]
    with pytest.raises(ReasonNeeded):
        actions.record_access(operator, sari, reason="", now=now)


@pytest.mark.parametrize("reason", ["", "   ", "x", "aaaaaaaaaa", "12345678", "........"])
def test_no_look_without_a_reason(sari, operator, now, reason):
    with pytest.raises(ReasonNeeded) as error:
        actions.look_up(operator, nik=sari.nik, reason=reason, now=now)
    assert error.value.given == reason
    assert not AccessLog.objects.exists()
    assert not is_reason(reason)


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"nik": "123"},
        {"nik": "1209203102900001"},
        {"village": NAGA},
        {"village": NAGA, "name": "s"},
        {"village": NAGA, "name": "  s  "},
        {"name": "Sari"},
    ],
)
def test_bad_questions(people, operator, now, asked):
    with pytest.raises(BadLookUp) as error:
        actions.look_up(operator, reason=REASON, now=now, **asked)
    assert error.value.problems
    assert not AccessLog.objects.exists()


def test_by_name_only_at_home(sari, operator, kepala_desa, now):
    with pytest.raises(OutsideArea):
        actions.look_up(kepala_desa, village=NAGA, name="sari", reason=REASON, now=now)
    assert actions.look_up(kepala_desa, nik=sari.nik, reason=REASON, now=now) == [sari]
    for key in ("bu_camat", "kadis_dukcapil"):
        official = agencies.demo_official(key)
        assert actions.look_up(official, village=NAGA, name="sari", reason=REASON, now=now) == [sari]


def test_claiming_and_proving(sari, operator, now):
    user = actions.open_account(sari)
    assert (user.kind, user.name, user.phone) == ("resident", "Sari Ramadhani", "+6284090000003")
    assert not user.has_usable_password()
    assert actions.open_account(sari) == user
    assert queries.person_of(user) == queries.Resident(sari.pk, 1)
    account = actions.prove(sari, operator, now)
    assert (account.level, account.proven_by, account.proven_at) == (2, operator, now)
    assert queries.person_of(user).level == 2
    assert actions.claim(user, sari).level == 2
    assert queries.accesses_of(sari)[0].reason.startswith("Verifikasi")


def test_resident_is_one_query_and_the_person_another(sari, django_assert_num_queries):
    user = actions.open_account(sari)
    with django_assert_num_queries(1):
        resident = queries.person_of(user)
        assert (resident.person_id, resident.level) == (sari.pk, 1)
    with django_assert_num_queries(1):
        assert resident.person.village.parent.name == "Kota Kisaran Timur"
        assert resident.person.household.rt == "002"


def test_one_login_one_person(sari, operator, now):
    rina = queries.demo_resident("rina")
    user = actions.open_account(sari)
    stranger = get_user_model().objects.create_user("x", name="X")
    for account in ((user, rina), (stranger, sari)):
        with pytest.raises(AlreadyClaimed):
            actions.claim(*account)
    with pytest.raises(AlreadyClaimed):
        actions.prove(sari, operator, now, user=stranger)
    assert queries.person_of(stranger) is None
    assert queries.person_of(AnonymousUser()) is None
    assert queries.person_of(operator.user) is None


def test_the_counter_opens_an_account_for_who_has_no_telephone(people, operator, now):
    karto = queries.demo_resident("pak_karto")
    account = actions.prove(karto, operator, now)
    assert account.user.phone is None
    assert queries.person_of(account.user).level == 2


def test_a_telephone_that_another_login_has(sari):
    get_user_model().objects.create_user("x", name="X", phone=sari.phone)
    assert actions.open_account(sari).phone is None


def test_by_telephone(sari):
    assert queries.person_by_phone(sari.phone) == sari
    assert queries.person_by_phone("+6284099999999") is None
    Person.objects.filter(name="Rina Wulandari").update(phone=sari.phone)
    assert queries.person_by_phone(sari.phone) is None


def test_the_login_finds_residents(sari, operator, now):
    found = identifiers.by_nik(sari.nik)
    assert (found.phone, found.user) == (sari.phone, None)
    user = found.make()
    assert queries.person_of(user).person == sari
    assert identifiers.by_nik(sari.nik).user == identifiers.by_phone(sari.phone).user == user
    assert identifiers.by_nik("1209205403019002") is None
    assert identifiers.by_phone("+6284099999999") is None
    assert identifiers.by_nik(queries.demo_resident("pak_karto").nik).phone is None
    Person.objects.filter(pk=sari.pk).update(status="dead")
    assert identifiers.by_nik(sari.nik) is None
    assert identifiers.by_phone(sari.phone) is None


def test_the_login_knows_officials_and_residents(sari, operator):
    user = actions.open_account(sari)
    assert registry.profiles["resident"](user).person == sari
    assert registry.profiles["official"](user) is None
    clerk = get_user_model().objects.create_user("op", name="Op", kind="official")
    agency_actions.give_login(operator, clerk)
    assert registry.profiles["official"](clerk) == operator
    assert registry.profiles["resident"](clerk) is None


@pytest.mark.parametrize(
    ("born", "today", "years"),
    [
        ("2000-02-29", "2017-02-28", 16),
        ("2000-02-29", "2017-03-01", 17),
        ("2000-11-24", "2026-11-23", 25),
        ("2000-11-24", "2026-11-24", 26),
    ],
)
def test_age(born, today, years):
    assert age(date.fromisoformat(born), date.fromisoformat(today)) == years


def test_adults():
    assert not is_adult(date(2010, 1, 1), "belum_kawin", date(2026, 1, 1))
    assert is_adult(date(2010, 1, 1), "kawin", date(2026, 1, 1))
    assert is_adult(date(2009, 1, 1), "belum_kawin", date(2026, 1, 1))


def test_labels():
    assert label("marital", "belum_kawin") == "Belum Kawin"
    assert label("marital", "belum_kawin", "en") == "Single"
    assert label("occupation", "astronot", "en") == "astronot"
    for codes in TABLES.values():
        assert all(one.id and one.en for one in codes.values())


def test_words_for_codes(people):
    assert queries.word("religion", "kristen", "en") == "Protestant"
    assert queries.word("relation", "kepala_keluarga", "id") == "Kepala Keluarga"
    assert queries.word("name", "Sari", "id") is None
