"""The forms: sent twice they make one object, refused they store nothing, mended they have lost nothing."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from satuklik.base.files.actions import drop_held
from satuklik.base.files.models import StoredFile
from satuklik.spine.messaging.models import Message
from satuklik.systems.ppid import actions
from satuklik.systems.ppid.models import InformationRequest
from satuklik.systems.ppid.tests.conftest import Desk
from satuklik.systems.ppid.tests.test_pages import FORM
from tests.people import NOW

pytestmark = pytest.mark.django_db


def stored(settings: Any) -> tuple[int, int]:
    """(rows of stored files, files on the disk, held ones too)"""
    return StoredFile.objects.count(), sum(one.is_file() for one in Path(settings.FILES_ROOT).rglob("*"))


def power() -> SimpleUploadedFile:
    return SimpleUploadedFile("kuasa.pdf", b"%PDF-1.4 kuasa", "application/pdf")


def test_a_refused_form_stores_nothing(
    client: Client, desk: Desk, now: None, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from satuklik.systems.ppid.views import asking

    whole = FORM | {"proxy_for": "Budi", "kirim": "1"}
    monkeypatch.setattr(asking, "MOST_SENT", 0)
    assert client.post("/ppid/minta/", whole | {"power": power()}).status_code == 429
    assert stored(settings) == (0, 0)
    request = desk.register()
    here = f"/ppid/permohonan/{request.reference}/{request.key}/keberatan/"
    assert client.post(here, {"ground": "b", "power": power()}).status_code == 429
    monkeypatch.setattr(asking, "MOST_SENT", 30)
    assert (
        client.post(here, {"ground": "c", "power": power()}).status_code == 422
    )  # its ground has not come up yet
    actions.declare_incomplete(request, missing="Kartu identitas", by=desk.staf, now=NOW)
    bad = [power(), SimpleUploadedFile("a.exe", b"MZ\x90\0")]
    there = f"/ppid/permohonan/{request.reference}/{request.key}/"
    assert client.post(f"{there}lengkapi/", {"text": "Ini.", "files": bad}).status_code == 422
    assert stored(settings) == (0, 0)


def test_an_error_of_another_field_loses_no_file_and_stores_none(
    client: Client, desk: Desk, now: None, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from satuklik.systems.ppid.views import asking

    whole = FORM | {"proxy_for": "Budi", "kirim": "1"}
    monkeypatch.setattr(asking, "MOST_HELD", 1)
    page = client.post("/ppid/minta/", whole | {"details": "", "power": power()})
    assert (page.status_code, "kuasa.pdf" in page.text, stored(settings)) == (422, True, (0, 1))
    again = client.post("/ppid/minta/", whole | {"details": "", "power": power()})
    assert (again.status_code, stored(settings)) == (
        422,
        (0, 1),
    )  # an address that leaves too much leaves no more
    sealed = re.search(r'name="berkas" value="([^"]+)"', page.text)
    assert sealed
    assert client.post("/ppid/minta/", whole | {"berkas": sealed[1]}).status_code == 302
    assert stored(settings)[0] == 1
    assert drop_held(timezone.now() + timedelta(days=2)) == 1
    assert stored(settings) == (1, 1)


def test_a_form_sent_again_shows_the_first_receipt(
    client: Client, as_: Callable[[str], Client], desk: Desk
) -> None:
    word = re.search(r'name="nonce" value="([^"]+)"', client.get("/ppid/minta/").text)
    assert word
    form = FORM | {"nonce": word[1]}
    assert word[0] in client.post("/ppid/minta/", form).text
    sent = [client.post("/ppid/minta/", form | {"kirim": "1"}) for _ in range(2)]
    assert sent[0]["Location"] == sent[1]["Location"]
    assert InformationRequest.objects.count() == 1
    assert Message.objects.filter(direction="out").count() == 1
    # Changed by "Ubah" and sent again: nothing of it falls away behind the first receipt.
    other = client.post("/ppid/minta/", form | {"details": "Data jalan tahun 2024", "kirim": "1"})
    assert other["Location"] != sent[0]["Location"]
    assert InformationRequest.objects.latest("pk").details == "Data jalan tahun 2024"
    told = FORM | {"channel": "counter", "received_at": "2026-11-24T08:00", "nonce": "n" * 24}
    at_desk = [as_("staf").post("/meja/ppid/catat/", told) for _ in range(2)]
    assert at_desk[0]["Location"] == at_desk[1]["Location"]
    assert InformationRequest.objects.count() == 3
    assert (
        as_("staf").post("/meja/ppid/catat/", told | {"name": "Sari W."})["Location"]
        != at_desk[0]["Location"]
    )


def test_what_is_open_already_is_shown_before_it_is_asked_for(desk: Desk, client: Client) -> None:
    """Whoever asks for what lies open reads it now instead of waiting ten days."""
    for title, summary, kind, publish in (
        ("APBD 2026", "Anggaran pendapatan", "berkala", True), ("Draf pasien", "Anggaran rumah sakit", "berkala", False),
    ):  # fmt: skip
        item = actions.Item(
            title=title, summary=summary, kind=kind, agency=desk.staf.agency, made_on=NOW.date(), retention="5 tahun"
        )  # fmt: skip
        actions.save_item(item, by=desk.staf, now=NOW, publish=publish)
    asked = FORM | {"details": "Mohon salinan anggaran pendapatan kabupaten, juga APBD-nya OR ' & |"}
    page = client.post("/ppid/minta/", asked).text
    assert 'href="/ppid/informasi/apbd-2026/" target="_blank"' in page
    for nothing in ("Mohon data anggaran gedung sekolah", "Draf pasien", "2026?", "a" * 2_500):
        assert "Mungkin sudah terbuka" not in client.post("/ppid/minta/", FORM | {"details": nothing}).text


def test_a_lost_link_goes_to_the_contact_of_the_request_only(desk: Desk, client: Client, now: None) -> None:
    request = desk.register()
    assert request.phone == "+6281200000001"
    before = Message.objects.count()
    answers = set()
    for number, contact in (
        (request.number, "0813-0000-0009"), (request.number, "lain@contoh.example"), ("9999/PPID/XI/2026", request.phone),
        (request.number, "1"), ("\u0660" * 9, "@"), (request.number, "0812-0000-0001"), (request.reference.lower(), "SARI@contoh.example "),
    ):  # fmt: skip
        told = client.post("/ppid/lacak/", {"number": number, "contact": contact}, follow=True)
        answers.add(re.sub(r'value="[^"]*"', "", told.text))
    assert len(answers) == 1  # nobody learns whether there is such a request
    sent = list(Message.objects.order_by("pk")[before:])
    assert len(sent) == 2
    assert all(request.key in one.text and one.conversation.phone == request.phone for one in sent)
    for _again in range(4):
        client.post("/ppid/lacak/", {"number": request.number, "contact": request.email})
    assert Message.objects.count() == before + 3  # three a day
    assert client.post("/ppid/lacak/", {"number": ""}).status_code == 422
