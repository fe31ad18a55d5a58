"""The frame of every page: language, theme, errors, security headers."""

import pytest
from django.test import Client, RequestFactory
from django.utils.translation import override

from satuklik.base.ui import errors, middleware


def test_an_unknown_address_is_told_in_plain_words_in_both_languages(client: Client) -> None:
    page = client.get("/tidak-ada/")
    assert page.status_code == 404
    assert "Halaman tidak ditemukan" in page.content.decode()
    assert '<html lang="id">' in page.content.decode()
    page = client.get("/tidak-ada/", headers={"accept-language": "en"})
    assert '<html lang="en">' in page.content.decode()


def test_every_answer_carries_the_policy(client: Client) -> None:
    page = client.get("/tidak-ada/")
    assert page["Content-Security-Policy"] == middleware.policy()
    assert "unsafe" not in middleware.policy()
    body = page.content.decode()
    assert "<style" not in body
    assert "style=" not in body
    assert "onclick" not in body


@pytest.mark.parametrize("status", [400, 403, 404, 413, 422, 429, 500])
def test_error_pages_say_what_happened_and_what_to_do(status: int, rf: RequestFactory) -> None:
    page = errors.error_page(rf.get("/"), status)
    assert page.status_code == status
    words = errors.WORDS[status]
    for text in (words.title, words.happened, words.todo):
        assert str(text) in page.content.decode()


def test_the_page_for_our_own_fault_needs_no_request(rf: RequestFactory) -> None:
    assert errors.server_error(rf.get("/")).status_code == 500


def test_theme_is_remembered_without_script(client: Client) -> None:
    answer = client.post(
        "/tampilan/tema/", {"theme": "dark"}, headers={"referer": "http://testserver/layanan/?a=1"}
    )
    assert answer.status_code == 303
    assert answer["Location"] == "/layanan/?a=1"
    assert 'data-theme="dark"' in client.get("/tidak-ada/").content.decode()
    client.post("/tampilan/tema/", {"theme": "auto"})
    assert "data-theme" not in client.get("/tidak-ada/").content.decode()


@pytest.mark.parametrize("value", ["<script>", "../../etc", "DARK", ""])
def test_a_theme_that_is_none_changes_nothing(client: Client, value: str) -> None:
    client.post("/tampilan/tema/", {"theme": value})
    client.cookies["theme"] = value
    assert "data-theme" not in client.get("/tidak-ada/").content.decode()


@pytest.mark.parametrize(
    "referer",
    ["https://jahat.example/", "//jahat.example", "javascript:alert(1)", "http://testserver//jahat.example/"],
)
def test_the_way_back_never_leaves_the_site(client: Client, referer: str) -> None:
    answer = client.post("/tampilan/tema/", {"theme": "dark"}, headers={"referer": referer})
    assert answer["Location"] == "/"


def test_the_language_is_remembered(client: Client) -> None:
    client.post("/bahasa/", {"language": "en"})
    assert '<html lang="en">' in client.get("/tidak-ada/").content.decode()
    with override("id"):
        client.post("/bahasa/", {"language": "klingon"})
    assert '<html lang="en">' in client.get("/tidak-ada/").content.decode()
