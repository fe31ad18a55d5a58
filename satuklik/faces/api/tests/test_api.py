"""The API's whole path with real tokens: submit, ask, download, verify; and everyone who may not."""

import base64
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openapi_spec_validator import validate

from satuklik.base.accounts.actions import create_token
from satuklik.spine.cases.models import Attachment, Case
from satuklik.spine.documents.models import IssuedDocument
from satuklik.spine.population.models import AccessLog
from tests.people import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("services")]
DOMISILI = {"service": "surat-keterangan-domisili", "answers": {"purpose": "kerja"}}
Call = Callable[..., Any]


@pytest.fixture
def call() -> Call:
    client = Client()

    def send(method: str, path: str, user: Any = None, body: object = None, **more: Any) -> Any:
        if user is not None:
            more["HTTP_AUTHORIZATION"] = f"Bearer {create_token(user, 'uji')}"
        return getattr(client, method)(f"/api/{path}", body, content_type="application/json", **more)

    return send


def test_the_document_that_describes_it(call: Call) -> None:
    spec = call("get", "openapi.json").json()
    validate(spec)
    assert {"/api/services", "/api/cases", "/api/cases/{reference}", "/api/verify"} <= set(spec["paths"])


def test_services(call: Call) -> None:
    listed = call("get", "services").json()
    domisili = next(s for s in listed if s["slug"] == "surat-keterangan-domisili")
    assert domisili["fee"] == 0
    assert "person.name" in domisili["facts"]
    assert call("get", "services/surat-keterangan-domisili").json() == domisili
    assert call("get", "services/surat-sakti").status_code == 404


def test_submit_ask_download_verify(call: Call, sari: Any, pak_lurah: Any) -> None:
    made = call("post", "cases", sari.user, DOMISILI)
    assert made.status_code == 201, made.content
    case = made.json()
    assert case["state"] == "issued"
    again = call("post", "cases", sari.user, DOMISILI)
    assert (again.status_code, again.json()) == (200, case)
    assert call("get", f"cases/{case['reference']}", sari.user).json() == case
    letter = call("get", f"letters/{case['letter']['number']}.pdf", sari.user)
    assert letter.content.startswith(b"%PDF-")
    told = Client().post("/api/verify", {"file": SimpleUploadedFile("surat.pdf", letter.content)}).json()
    assert told["verdict"] == "valid"
    assert told["letter"]["number"] == case["letter"]["number"]
    assert sari.nik not in str(told)
    token = case["letter"]["verify_url"].rsplit("/", 1)[1]
    for asked in ({"token": token}, {"token": case["letter"]["verify_url"]}):
        assert Client().post("/api/verify", asked).json()["verdict"] == "valid"
        assert call("post", "verify", None, asked).json()["verdict"] == "valid"


def test_a_changed_byte_is_told(call: Call, sari: Any, pak_lurah: Any) -> None:
    case = call("post", "cases", sari.user, DOMISILI).json()
    pdf = bytearray(call("get", f"letters/{case['letter']['number']}.pdf", sari.user).content)
    place = pdf.index(b"stream") + 200
    pdf[place] ^= 1
    told = Client().post("/api/verify", {"file": SimpleUploadedFile("surat.pdf", bytes(pdf))}).json()
    assert told["verdict"] == "altered"


def test_the_letter_can_be_annulled(call: Call, sari: Any, pak_lurah: Any) -> None:
    from satuklik.spine.documents.actions import annul
    from satuklik.spine.signing.actions import unlock
    from tests.people import PASSPHRASE

    case = call("post", "cases", sari.user, DOMISILI).json()
    document = IssuedDocument.objects.get()
    with unlock(pak_lurah, PASSPHRASE, NOW) as key:
        annul(document, "Alamatnya keliru", official=pak_lurah, key=key, now=NOW)
    pdf = call("get", f"letters/{case['letter']['number']}.pdf", sari.user).content
    told = Client().post("/api/verify", {"file": SimpleUploadedFile("surat.pdf", pdf)}).json()
    assert (told["verdict"], told["letter"]["status_reason"]) == ("annulled", "Alamatnya keliru")


@pytest.mark.parametrize(
    ("content", "verdict"),
    [
        (b"", "unreadable"),
        (b"halo", "unreadable"),
        (b"%PDF-1.7 rusak", "unreadable"),
        (b"\x00" * 5000, "unreadable"),
    ],
)
def test_what_is_no_letter(content: bytes, verdict: str) -> None:
    told = Client().post("/api/verify", {"file": SimpleUploadedFile("surat.pdf", content)})
    assert (told.status_code, told.json()["verdict"]) == (200, verdict)


def test_on_behalf_of_a_neighbour(call: Call, sari: Any, pak_lurah: Any, operator_desa: Any) -> None:
    made = call("post", "cases", operator_desa.user, DOMISILI | {"on_behalf_of": sari.nik})
    assert made.status_code == 201, made.content
    case = Case.objects.get(reference=made.json()["reference"])
    assert (case.person_id, case.assisted_by_id, case.channel) == (sari.pk, operator_desa.pk, "counter")
    assert AccessLog.objects.filter(person_id=sari.pk, official_id=operator_desa.pk).exists()
    assert (
        call("get", f"letters/{made.json()['letter']['number']}.pdf", operator_desa.user).status_code == 200
    )


def test_who_may_not(
    call: Call, sari: Any, rudi: Any, make_person: Any, pak_lurah: Any, kepala_desa: Any
) -> None:
    case = call("post", "cases", sari.user, DOMISILI).json()
    for user in (rudi.user, kepala_desa.user):
        assert call("get", f"cases/{case['reference']}", user).status_code == 404
        assert call("get", f"letters/{case['letter']['number']}.pdf", user).status_code == 404
    assert call("get", f"cases/{case['reference']}").status_code == 401
    assert call("get", f"cases/{case['reference']}", HTTP_AUTHORIZATION="Bearer sk_wrong").status_code == 401
    nobody = call("post", "cases", None, DOMISILI)
    assert (nobody.status_code, nobody.json()["code"], nobody["WWW-Authenticate"]) == (
        401,
        "unauthorized",
        "Bearer",
    )
    assert call("post", "cases", rudi.user, DOMISILI | {"on_behalf_of": sari.nik}).status_code == 403
    weak = make_person("Wati Baru", level=1)
    told = call("post", "cases", weak.user, DOMISILI)
    assert (told.status_code, told.json()["code"]) == (403, "proof_needed")
    assert "KTP" in told.json()["message"]


def test_bad_requests_say_what_to_do(call: Call, sari: Any, operator_desa: Any, pak_lurah: Any) -> None:
    def told(body: object, user: Any = sari.user) -> tuple[int, str]:
        answer = call("post", "cases", user, body)
        assert answer.json()["message"]
        return answer.status_code, answer.json()["code"]

    assert told({"service": "surat-sakti"}) == (404, "no_such_service")
    assert told({"answers": {}}) == (422, "bad_request")
    assert told(DOMISILI | {"answers": {}}) == (422, "answers_invalid")
    assert told(DOMISILI | {"answers": {"purpose": "kerja'; DROP TABLE cases_case; --"}}) == (
        422,
        "answers_invalid",
    )
    assert told(DOMISILI | {"on_behalf_of": "1209203102900001"}, operator_desa.user) == (422, "bad_nik")
    assert told(DOMISILI | {"on_behalf_of": "1209201708450001"}, operator_desa.user) == (
        404,
        "no_such_person",
    )
    assert call("post", "verify").status_code == 422
    assert Case.objects.count() == 0
    english = call("post", "cases", sari.user, DOMISILI | {"answers": {}}, HTTP_ACCEPT_LANGUAGE="en")
    assert english.status_code == 422


def test_files_come_as_base64(call: Call, sari: Any, pak_lurah: Any) -> None:
    with_file = {
        "service": "izin-keramaian",
        "answers": {"surat": {"name": "x.pdf", "content": base64.b64encode(b"<html>").decode()}},
    }
    answer = call("post", "cases", sari.user, with_file)
    assert answer.status_code in (404, 422)
    broken = DOMISILI | {"answers": {"purpose": {"name": "x.pdf", "content": "***"}}}
    assert call("post", "cases", sari.user, broken).json()["fields"] == {"purpose": "base64"}
    assert Attachment.objects.count() == 0
