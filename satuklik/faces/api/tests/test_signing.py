"""PDFs signed through the API: by the seal, by an official at his desk, by an official's own program; and who may not."""

import json
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import typst
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from satuklik.base.accounts.actions import create_application, create_token
from satuklik.base.agencies.models import Official
from satuklik.base.webhooks.actions import add_hook
from satuklik.base.webhooks.models import Delivery
from satuklik.spine.documents.models import IssuedDocument
from satuklik.spine.documents.queries import verdict_of_pdf
from satuklik.spine.requests.models import SigningRequest
from satuklik.spine.signing.models import SealPermission, SigningKey
from tests.people import NOW, PASSPHRASE

pytestmark = pytest.mark.django_db
Call = Callable[..., Any]
SIGN = "/api/signing/sign"
PLACE = {"page": 1, "x": 350, "y": 40, "width": 200, "height": 64}


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture(scope="module")
def pdf() -> bytes:
    made: bytes = typst.compile(b"= Surat Tugas\n#lorem(60)\n\n\\#tte", format="pdf")
    return made


@pytest.fixture
def send(pdf: bytes) -> Call:
    def post(token: str, content: bytes | None = None, **fields: Any) -> Any:
        headers = {key: fields.pop(key) for key in list(fields) if key.startswith("HTTP_")}
        file = SimpleUploadedFile("Surat Tugas.pdf", pdf if content is None else content, "application/pdf")
        return Client().post(SIGN, {"file": file, **fields}, HTTP_AUTHORIZATION=f"Bearer {token}", **headers)

    return post


def ask(token: str, path: str) -> Any:
    return Client().get(f"/api/signing/{path}", HTTP_AUTHORIZATION=f"Bearer {token}")


@pytest.fixture
def eoffice(pak_lurah: Any) -> str:
    """The token of a program of the kelurahan that may ask for signatures and use the seal."""
    SealPermission.objects.create(agency=pak_lurah.agency, service="api:eoffice", daily_quota=10)
    return create_application("eoffice", pak_lurah.agency_id, ["sign", "seal"], actor="test", now=NOW)[1]


def test_the_seal_answers_at_once(send: Call, eoffice: str, pak_lurah: Any) -> None:
    add_hook(pak_lurah.agency_id, "https://e.example/hook", ["signing.completed"], actor="test", now=NOW)
    answer = send(eoffice, placement=json.dumps(PLACE), reference="AGENDA-1")
    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert (told["state"], told["your_reference"], told["signature"]["kind"]) == (
        "signed",
        "AGENDA-1",
        "seal",
    )
    file = ask(eoffice, f"requests/{told['reference']}/file")
    assert verdict_of_pdf(file.content, now=NOW).verdict == "valid"
    assert ask(eoffice, f"requests/{told['reference']}").json() == told
    hooked = Delivery.objects.get().payload["data"]
    assert hooked.keys() == told.keys()
    assert {name: hooked[name] for name in ("reference", "sha256", "verify_url")} == {
        name: told[name] for name in ("reference", "sha256", "verify_url")
    }
    direct = send(eoffice, HTTP_ACCEPT="application/pdf")
    assert direct.content.startswith(b"%PDF-")
    assert direct["Satuklik-Reference"]


def test_the_same_key_gives_the_same_request(send: Call, eoffice: str) -> None:
    first = send(eoffice, HTTP_IDEMPOTENCY_KEY="a-1")
    again = send(eoffice, HTTP_IDEMPOTENCY_KEY="a-1")
    assert first.json() == again.json()
    assert IssuedDocument.objects.count() == 1
    other = send(eoffice, HTTP_IDEMPOTENCY_KEY="a-1", corner="top_left")
    assert (other.status_code, other.json()["code"]) == (409, "key_taken")


def test_an_official_signs_at_his_desk_and_the_application_is_told(
    send: Call, eoffice: str, pak_lurah: Any
) -> None:
    hook, _secret = add_hook(
        pak_lurah.agency_id,
        "https://e.example/a",
        ["signing.completed", "signing.refused"],
        actor="t",
        now=NOW,
    )
    add_hook(pak_lurah.agency_id, "https://e.example/b", ["signing.completed"], actor="t", now=NOW)
    answer = send(eoffice, official=pak_lurah.nip or pak_lurah.pk, tag="#tte", callback=hook.url)
    assert answer.status_code == 202, answer.content
    told = answer.json()
    assert told["state"] == "waiting"
    assert ask(eoffice, f"requests/{told['reference']}/file").json()["code"] == "not_signed"
    desk = Client()
    desk.force_login(pak_lurah.user)
    listed = desk.get("/meja/tandatangan/").content.decode()
    assert "Surat Tugas" in listed
    assert "PDF dari aplikasi" in listed
    name = f"permintaan:{told['reference']}"
    page = desk.post("/meja/tandatangan/", {"dokumen": name}).content.decode()
    mark = page.split(f'value="{name}:')[1].split('"')[0]
    signed = desk.post(
        "/meja/tandatangan/", {"dilihat": f"{name}:{mark}", "passphrase": PASSPHRASE}, follow=True
    )
    assert "1 surat sudah ditandatangani" in signed.content.decode()
    now = ask(eoffice, f"requests/{told['reference']}").json()
    assert (now["state"], now["signature"]["signer"]) == ("signed", pak_lurah.name)
    delivery = Delivery.objects.get()
    assert (delivery.hook_id, delivery.event, delivery.payload["data"]["state"]) == (
        hook.pk, "signing.completed", "signed",
    )  # fmt: skip
    refused = send(eoffice, official=pak_lurah.pk).json()
    url = f"/meja/tandatangan/pdf/{refused['reference']}/"
    assert desk.post(url, {"refuse": "1", "reason": " "}).status_code == 422
    desk.post(url, {"refuse": "1", "reason": "Nomor agenda salah."})
    now = ask(eoffice, f"requests/{refused['reference']}").json()
    assert (now["state"], now["reason"]) == ("refused", "Nomor agenda salah.")
    assert Delivery.objects.order_by("created_at", "pk").filter(event="signing.refused").exists() is True


def test_an_officials_own_program(send: Call, pak_lurah: Any, caplog: pytest.LogCaptureFixture) -> None:
    token = create_token(pak_lurah.user, "program saya")
    with caplog.at_level(logging.DEBUG):
        wrong = send(token, passphrase="sandi yang salah sekali")
        right = send(token, corner="bottom_right", page="-1", passphrase=PASSPHRASE)
        header = send(token, HTTP_SATUKLIK_PASSPHRASE=PASSPHRASE)
    assert (wrong.status_code, wrong.json()["code"], wrong.json()["left"]) == (422, "wrong_passphrase", 4)
    assert right.status_code == header.status_code == 200
    assert right.json()["signature"]["signer"] == pak_lurah.name
    assert SigningRequest.objects.exclude(state="signed").count() == 0
    waiting = send(token)
    assert (waiting.status_code, waiting.json()["state"]) == (202, "waiting")
    for secret in ("sandi yang salah sekali", PASSPHRASE):
        assert secret not in caplog.text
        with connection.cursor() as cursor:
            cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
            for (table,) in cursor.fetchall():
                cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{secret}%"])
                assert cursor.fetchone() == (0,), table


@pytest.mark.django_db(transaction=True)
def test_a_locked_key_says_until_when(send: Call, pak_lurah: Any) -> None:
    token = create_token(pak_lurah.user, "program saya")
    told = [send(token, passphrase="salah") for _ in range(6)][-1]
    assert (told.status_code, told.json()["code"]) == (423, "key_locked")
    assert told.json()["until"]
    assert ask(token, f"officials/{pak_lurah.pk}/status").json()["status"] == "locked"


def test_who_may_not(
    send: Call, eoffice: str, pak_lurah: Any, bu_camat: Any, sari: Any, staf_desa: Any
) -> None:
    def told(answer: Any) -> tuple[int, str]:
        assert answer.json()["message"]
        return answer.status_code, answer.json()["code"]

    assert told(send("sk_tidak-ada")) == (401, "unauthorized")
    assert told(send(create_token(sari.user, "x"))) == (403, "not_an_official")
    assert told(send(eoffice, official=pak_lurah.pk, passphrase=PASSPHRASE)) == (403, "passphrase_not_yours")
    assert told(send(eoffice, official=bu_camat.pk)) == (404, "no_such_official")
    assert told(send(eoffice, official="0")) == (404, "no_such_official")
    own = create_token(staf_desa.user, "x")
    assert told(send(own, official=pak_lurah.pk)) == (403, "not_yourself")
    assert told(send(own, passphrase="apa saja")) == (409, "no_certificate")
    only_sign = create_application("siap", pak_lurah.agency_id, ["sign"], actor="t", now=NOW)[1]
    assert told(send(only_sign)) == (403, "no_scope")
    only_seal = create_application("segel", pak_lurah.agency_id, ["seal"], actor="t", now=NOW)[1]
    assert told(send(only_seal, official=pak_lurah.pk)) == (403, "no_scope")
    mine = send(eoffice).json()["reference"]
    assert told(ask(only_sign, f"requests/{mine}")) == (404, "not_found")
    assert told(ask(only_sign, f"requests/{mine}/file")) == (404, "not_found")
    assert told(ask(create_token(sari.user, "y"), f"officials/{pak_lurah.pk}/status")) == (
        403,
        "not_an_official",
    )


def test_what_cannot_be_signed_is_told(send: Call, eoffice: str) -> None:
    def told(**fields: Any) -> tuple[int, str]:
        answer = send(eoffice, **fields)
        return answer.status_code, answer.json()["code"]

    assert told(content=b"halo") == (422, "cannot_sign")
    assert send(eoffice, content=b"halo").json()["problem"] == "not_pdf"
    assert told(content=b"%PDF-1.7" + b"0" * (20 * 1024 * 1024)) == (413, "too_large")
    for placement in ("{", "[]", '{"page": 1}', json.dumps(PLACE | {"x": "jauh"}), json.dumps(PLACE | {"page": 9}),
                      json.dumps(PLACE | {"x": 9000}), "[" * 100_000):  # fmt: skip
        assert told(placement=placement) == (422, "bad_placement")
    assert told(tag="#tidak-ada") == (422, "bad_placement")
    assert told(callback="https://lain.example/") == (422, "unknown_callback")
    assert told(for_agency="tidak-ada") == (404, "no_such_agency")
    english = send(eoffice, content=b"halo", HTTP_ACCEPT_LANGUAGE="en").json()["message"]
    assert "PDF" in english
    assert "Berkas ini" not in english
    assert not IssuedDocument.objects.exists()


def test_whether_an_official_can_sign(eoffice: str, pak_lurah: Any, bu_camat: Any, staf_desa: Any) -> None:
    def status(official: Any) -> str:
        return str(ask(eoffice, f"officials/{official.pk}/status").json()["status"])

    told = ask(eoffice, f"officials/{pak_lurah.nip}/status").json()
    assert (told["status"], told["agency"], told["acting_for"]) == ("ready", pak_lurah.agency.code, [])
    assert told["not_after"]
    assert status(staf_desa) == "no_certificate"
    Official.objects.filter(pk=staf_desa.pk).update(user=None)
    assert status(staf_desa) == "not_registered"
    key = SigningKey.objects.filter(official=pak_lurah)
    key.update(revoked_at=NOW, revocation_reason="certificateHold")
    assert status(pak_lurah) == "suspended"
    key.update(revocation_reason="keyCompromise")
    assert status(pak_lurah) == "revoked"
    key.update(revoked_at=None, not_after=NOW - timedelta(days=1))
    assert status(pak_lurah) == "expired"
    for wrong in ("x", "0", "9" * 18, "9" * 40, "%00"):
        assert ask(eoffice, f"officials/{wrong}/status").status_code == 404
    from satuklik.base.agencies.actions import give_mandate

    give_mandate(
        official=bu_camat, agency=pak_lurah.agency, kind="Plh", decree="SPT 1", valid_from=NOW - timedelta(1),
        valid_until=NOW + timedelta(1),
    )  # fmt: skip
    (acting,) = ask(eoffice, f"officials/{bu_camat.pk}/status").json()["acting_for"]
    assert (acting["agency"], acting["acting_as"]) == (pak_lurah.agency.code, "Plh")
