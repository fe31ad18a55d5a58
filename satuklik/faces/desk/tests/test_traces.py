"""No look without a trace, no signature under what was not seen, no broken page from hostile input."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from satuklik.base.agencies.models import Official
from satuklik.spine.cases import actions
from satuklik.spine.documents.models import IssuedDocument
from satuklik.spine.population.models import AccessLog
from tests.people import NOW, PASSPHRASE, TODAY

Browser = Callable[[Any], Client]
SIGN = "/meja/tandatangan/"


@pytest.mark.parametrize("page", ["pratinjau.png", "pratinjau.pdf"])
def test_the_picture_alone_is_a_look(
    page: str, sari: Any, pak_lurah: Any, staf_desa: Any, browser: Browser, apply: Any
) -> None:
    case = apply(sari)
    client = browser(staf_desa)
    assert client.get(f"/meja/perkara/{case.reference}/{page}").status_code == 200
    row = AccessLog.objects.get()
    assert (row.person_id, row.official_id, row.case_reference) == (sari.pk, staf_desa.pk, case.reference)
    client.get(f"/meja/perkara/{case.reference}/{page}")
    assert AccessLog.objects.count() == 1


def test_a_form_that_is_refused_shows_the_case_and_is_a_look(
    sari: Any, staf_desa: Any, browser: Browser, apply: Any
) -> None:
    case = apply(sari)
    answer = browser(staf_desa).post(f"/meja/perkara/{case.reference}/putuskan/", {})
    assert answer.status_code == 422
    assert sari.nik in answer.content.decode()
    assert AccessLog.objects.get().case_reference == case.reference


def test_searching_names_and_choosing_letters_are_looks(
    sari: Any, pak_lurah: Any, browser: Browser, apply: Any
) -> None:
    case = apply(sari)
    client = browser(pak_lurah)
    client.get("/meja/kotak/putuskan/")
    assert not AccessLog.objects.exists()
    client.get("/meja/kotak/putuskan/", {"q": "Sari"})
    assert AccessLog.objects.get().case_reference == case.reference
    AccessLog.objects.all().delete()
    client.get(SIGN, {"perkara": case.reference})
    assert AccessLog.objects.get().case_reference == case.reference


def test_nobody_signs_what_was_mended_behind_his_back(
    sari: Any, staf_desa: Any, pak_lurah: Any, browser: Browser, apply: Any
) -> None:
    case = apply(sari)
    client = browser(pak_lurah)
    task = case.tasks.get().pk
    mark = f'value="case:{case.reference}:{task}"'
    assert mark in client.get(SIGN, {"perkara": case.reference}).content.decode()
    assert mark in client.get(f"/meja/perkara/{case.reference}/").content.decode()
    actions.decide(case.reference, official=staf_desa, outcome="return", reason="Perbaiki nama.", now=NOW)
    actions.mend(
        case.reference, person_id=sari.pk, answers=case.answers | {"business_name": "Bank Sari"}, uploads={},
        user_id=sari.user.pk, now=NOW,
    )  # fmt: skip
    told = client.post(
        SIGN, {"dilihat": f"case:{case.reference}:{task}", "passphrase": PASSPHRASE}, follow=True
    )
    assert "sudah ditangani orang lain" in told.content.decode()
    assert not IssuedDocument.objects.exists()
    now_seen = case.tasks.get(done_at=None).pk
    client.post(SIGN, {"dilihat": f"case:{case.reference}:{now_seen}", "passphrase": PASSPHRASE})
    assert IssuedDocument.objects.count() == 1


def test_the_preview_is_there_while_the_post_of_the_head_is_vacant(
    sari: Any, staf_desa: Any, browser: Browser, apply: Any
) -> None:
    case = apply(sari)
    Official.objects.filter(agency=staf_desa.agency, role="head").update(active_until=TODAY - timedelta(1))
    assert browser(staf_desa).get(f"/meja/perkara/{case.reference}/pratinjau.png").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/meja/perkara/%00/",
        "/meja/perkara/%00/pratinjau.png",
        "/meja/tandatangan/?perkara=%00",
        "/meja/kotak/putuskan/?sesudah=WyIyMDI2LTExLTI0IiwgIlx1MDAwMCJd",
    ],
)
def test_a_nul_breaks_no_page(path: str, staf_desa: Any, browser: Browser, services: None) -> None:
    assert browser(staf_desa).get(path).status_code in (200, 404)


@pytest.mark.parametrize("other", ["aaaaaaaaaaaaa", "1234567890123", "\u202eagraw nalrepek"])
def test_a_reason_that_says_nothing_is_told_at_the_counter(
    other: str, sari: Any, operator_desa: Any, browser: Browser
) -> None:
    sent = {"nik": sari.nik, "reason": "other", "other": other}
    answer = browser(operator_desa).post("/loket/", sent)
    assert answer.status_code == 422
    assert not AccessLog.objects.exists()
