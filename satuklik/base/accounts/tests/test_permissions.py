"""Who may open what: the decorators, and that every address of the whole wears one of them."""

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from satuklik.base.accounts import actions, registry
from satuklik.base.accounts.errors import DuplicateRegistration
from satuklik.base.accounts.models import User
from satuklik.base.accounts.permissions import admin, official, public, resident, signed_in
from satuklik.base.accounts.tests.conftest import Profile

pytestmark = pytest.mark.django_db


@pytest.fixture
def sari(profiles: dict[int, Profile]) -> User:
    """A resident who was not proven yet."""
    user = actions.create_resident("Sari")
    profiles[user.pk] = Profile(level=1)
    return user


@pytest.fixture
def rudi(profiles: dict[int, Profile]) -> User:
    """A member of the staff."""
    user = actions.create_official("rudi", "Rudi", password=None)
    profiles[user.pk] = Profile(role="staff")
    return user


def seen(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """A view that says whom it got."""
    return HttpResponse(f"{getattr(request, 'resident', None)} {getattr(request, 'official', None)}")


def get(view: Any, user: User | None, path: str = "/x/?a=1") -> HttpResponse:
    """Open the view as this user."""
    from django.contrib.auth.models import AnonymousUser
    from django.contrib.sessions.backends.base import SessionBase

    request = RequestFactory().get(path)
    request.user = user or AnonymousUser()
    request.session = SessionBase()
    answer: HttpResponse = view(request)
    return answer


def test_anonymous_visitors_are_led_to_the_right_door() -> None:
    assert get(public(seen), None).status_code == 200
    for view, door in (
        (signed_in(seen), "/masuk/"),
        (resident(seen), "/masuk/"),
        (resident(level=2)(seen), "/masuk/"),
        (official()(seen), "/masuk/petugas/"),
        (admin(seen), "/masuk/petugas/"),
    ):
        answer = get(view, None)
        assert (answer.status_code, answer["Location"]) == (302, f"{door}?next=%2Fx%2F%3Fa%3D1")


def test_after_a_form_the_way_back_is_the_page_it_was_on() -> None:
    from django.contrib.auth.models import AnonymousUser

    for referer, back in (
        ("http://testserver/layanan/domisili/", "%2Flayanan%2Fdomisili%2F"),
        ("https://example.org/x/", "%2F"),
        ("http://testserver//example.org/", "%2F"),
        ("", "%2F"),
    ):
        request = RequestFactory().post("/kirim/", HTTP_REFERER=referer)
        request.user = AnonymousUser()
        assert resident(seen)(request)["Location"] == f"/masuk/?next={back}"


def test_a_resident(sari: User) -> None:
    assert get(resident(seen), sari).content.decode().startswith("Profile(level=1")
    assert get(signed_in(seen), sari).status_code == 200
    for view in (official()(seen), official("head")(seen), admin(seen)):
        answer = get(view, sari)
        assert answer.status_code == 403
        assert "Halaman ini bukan untuk akun Anda" in answer.content.decode()


def test_level_two_explains_how_to_get_there(sari: User, profiles: dict[int, Profile]) -> None:
    answer = get(resident(level=2)(seen), sari)
    assert answer.status_code == 403
    assert "Datang ke kantor desa" in answer.content.decode()
    assert "INApas" in answer.content.decode()
    profiles[sari.pk] = Profile(level=2)
    assert get(resident(level=2)(seen), sari).status_code == 200


def test_an_official(rudi: User, profiles: dict[int, Profile]) -> None:
    assert get(official()(seen), rudi).content.decode() == "None Profile(level=0, role='staff')"
    assert get(official("head", "staff")(seen), rudi).status_code == 200
    for view in (official("head", "secretary")(seen), admin(seen), resident(seen)):
        assert get(view, rudi).status_code == 403
    profiles[rudi.pk] = Profile(role="admin")
    assert get(admin(seen), rudi).status_code == 200
    profiles[rudi.pk] = Profile()
    assert get(official()(seen), rudi).status_code == 403


def test_a_superuser_is_an_admin(profiles: dict[int, Profile]) -> None:
    assert get(admin(seen), User.objects.create_superuser("admin", name="Admin")).status_code == 200


def test_a_profile_is_asked_once_a_request(sari: User, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def profile(user: User) -> Profile:
        asked.append(user)
        return Profile(level=2)

    monkeypatch.setitem(registry.profiles, "resident", profile)
    get(resident(resident(level=2)(seen)), sari)
    assert asked == [sari]


def test_what_the_views_declare() -> None:
    declared = [public(seen), signed_in(seen), resident(seen), resident()(seen), resident(level=2)(seen)]
    declared += [official()(seen), official("head", "secretary")(seen), admin(seen)]
    assert [view.permission for view in declared] == [
        "public", "signed_in", "resident", "resident", "resident:2", "official", "official:head,secretary", "admin",
    ]  # fmt: skip
    assert all(view.__name__ == "seen" for view in declared)


def test_registering_twice_fails_with_both_places_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "profiles", {})
    registry.register_profile("resident", seen)
    registry.register_profile("resident", seen)
    with pytest.raises(DuplicateRegistration, match=r"seen.*get"):
        registry.register_profile("resident", get)


def addresses(patterns: list[URLPattern | URLResolver], before: str = "") -> list[tuple[str, Any]]:
    """Every address with its view."""
    found: list[tuple[str, Any]] = []
    for pattern in patterns:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found += addresses(pattern.url_patterns, path)
        else:
            found.append((path, pattern.callback))
    return found


def test_every_address_of_this_room_declares_a_permission() -> None:
    mine = [
        (path, view)
        for path, view in addresses(get_resolver().url_patterns)
        if view.__module__.startswith("satuklik.base.accounts")
    ]
    assert len(mine) > 15
    assert [path for path, view in mine if not hasattr(view, "permission")] == []


def test_addresses_of_allauth_that_are_not_needed_do_not_exist(client: Client) -> None:
    for path in (
        "/accounts/signup/",
        "/signup/",
        "/password/reset/",
        "/accounts/password/reset/",
        "/accounts/login/",
    ):
        assert client.get(path).status_code == 404


def test_a_broken_referer_leads_home(client: Client) -> None:
    answer = client.post("/bahasa/", {"language": "en"}, headers={"referer": "http://[::1"})
    assert (answer.status_code, answer["Location"]) == (303, "/")
