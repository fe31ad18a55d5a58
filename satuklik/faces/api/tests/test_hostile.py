"""What a hostile client sends to the API: wrong types, used keys; and that officials' reads leave their trace."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from satuklik.base.accounts.actions import create_token
from satuklik.spine.cases.models import Case
from satuklik.spine.population.models import AccessLog

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("services")]
DOMISILI = {"service": "surat-keterangan-domisili", "answers": {"purpose": "kerja"}}
Call = Callable[..., Any]


@pytest.fixture
def call() -> Call:
    client = Client()

    def send(method: str, path: str, user: Any, body: object = None, **more: Any) -> Any:
        more["HTTP_AUTHORIZATION"] = f"Bearer {create_token(user, 'uji')}"
        return getattr(client, method)(f"/api/{path}", body, content_type="application/json", **more)

    return send


@pytest.mark.parametrize("value", [[], ["kerja"], {}, {"kerja": 1}, 1.5, [[[]]], True])
def test_a_choice_of_a_wrong_type_is_told(call: Call, sari: Any, value: object) -> None:
    answer = call("post", "cases", sari.user, DOMISILI | {"answers": {"purpose": value}})
    assert (answer.status_code, answer.json()["code"]) == (422, "answers_invalid")


@pytest.mark.parametrize(
    "reason", ["\x00 untuk keperluan warga", "\ud800 untuk keperluan warga", "\u202eagraw nalrepek"]
)
def test_a_reason_that_no_page_can_show_is_refused(
    call: Call, sari: Any, operator_desa: Any, reason: str
) -> None:
    answer = call(
        "post", "cases", operator_desa.user, DOMISILI | {"on_behalf_of": sari.nik, "reason": reason}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "reason_needed")
    assert not AccessLog.objects.exists()


@pytest.mark.parametrize("path", ["cases/%00", "letters/%00.pdf"])
def test_a_nul_in_an_address_is_no_case(call: Call, sari: Any, path: str) -> None:
    assert call("get", path, sari.user).status_code == 404


def test_a_used_key_never_gives_another_persons_case(
    call: Call, sari: Any, make_person: Any, operator_desa: Any, pak_lurah: Any
) -> None:
    other = make_person("Tetangga Sari")
    key = {"HTTP_IDEMPOTENCY_KEY": "satu"}
    first = call("post", "cases", operator_desa.user, DOMISILI | {"on_behalf_of": sari.nik}, **key)
    assert first.status_code == 201
    again = call("post", "cases", operator_desa.user, DOMISILI | {"on_behalf_of": sari.nik}, **key)
    assert (again.status_code, again.json()) == (200, first.json())
    for body in (
        DOMISILI | {"on_behalf_of": other.nik},
        DOMISILI | {"on_behalf_of": sari.nik, "answers": {"purpose": "bank"}},
        {"service": "pengantar-skck", "answers": {"purpose": "kerja"}, "on_behalf_of": sari.nik},
    ):
        refused = call("post", "cases", operator_desa.user, body, **key)
        assert (refused.status_code, refused.json()["code"]) == (409, "key_taken")
    assert Case.objects.count() == 1


def test_what_an_official_reads_is_told_to_the_resident(
    call: Call, sari: Any, pak_lurah: Any, kepala_desa: Any
) -> None:
    case = call("post", "cases", sari.user, DOMISILI).json()
    call("get", f"cases/{case['reference']}", sari.user)
    call("get", f"cases/{case['reference']}", kepala_desa.user)
    assert not AccessLog.objects.exists()
    call("get", f"cases/{case['reference']}", pak_lurah.user)
    call("get", f"letters/{case['letter']['number']}.pdf", pak_lurah.user)
    row = AccessLog.objects.get()  # one look, not two
    assert (row.person_id, row.official_id, row.case_reference) == (sari.pk, pak_lurah.pk, case["reference"])
    assert "API" in row.reason


def test_checking_files_has_a_budget(client: Client, sari: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("satuklik.faces.api.views.CHECKS", 3)

    def check(**headers: str) -> Any:
        return client.post("/api/verify", {"file": SimpleUploadedFile("a.pdf", b"%PDF")}, **headers)  # type: ignore[arg-type]

    assert [check().status_code for _ in range(4)] == [200, 200, 200, 429]
    assert check().json()["code"] == "too_many"
    # Who has a token has a budget of his own; a wrong token is nobody's.
    assert check(HTTP_AUTHORIZATION=f"Bearer {create_token(sari.user, 'uji')}").status_code == 200
    assert check(HTTP_AUTHORIZATION="Bearer sk_wrong").status_code == 429
