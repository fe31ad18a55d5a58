"""What no view gets to see, and what no cache may keep."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client


def test_a_body_that_no_form_takes_is_refused_and_not_kept(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LARGEST_REQUEST = 1_000_000
    monkeypatch.setattr("django.http.multipartparser.MultiPartParser.parse", None)
    answer = client.post("/verifikasi/", {"berkas": SimpleUploadedFile("a.pdf", bytes(2_000_000))})
    assert answer.status_code == 413
    assert "Berkas terlalu besar" in answer.content.decode()


def test_a_body_without_end_is_not_waited_for(client: Client) -> None:
    assert client.generic("POST", "/tampilan/tema/", b"", CONTENT_LENGTH="9" * 18).status_code == 413


def test_a_nul_in_the_address_is_not_found(client: Client) -> None:
    assert client.get("/urusan/%00/").status_code == 404


def test_the_address_of_a_button_opened_as_a_page_says_so(client: Client) -> None:
    """Reloading a form with a mistake, or switching its language, showed an empty sheet."""
    page = client.get("/tampilan/tema/", headers={"accept": "text/html,*/*"})
    assert (page.status_code, page["Allow"]) == (405, "POST")
    assert "dibuka lewat formulirnya" in page.content.decode()
    assert client.get("/tampilan/tema/", headers={"accept": "application/json"}).content == b""


@pytest.mark.django_db
def test_pages_of_somebody_are_kept_by_no_cache(client: Client) -> None:
    assert "Cache-Control" not in client.get("/tidak-ada/")
    client.cookies["satuklik"] = "a" * 32
    assert client.get("/tidak-ada/")["Cache-Control"] == "private, no-store"


@pytest.mark.django_db
def test_answers_to_a_token_are_kept_by_no_cache(client: Client) -> None:
    answer = client.get("/tidak-ada/", headers={"authorization": "Bearer sk_x"})
    assert answer["Cache-Control"] == "private, no-store"
