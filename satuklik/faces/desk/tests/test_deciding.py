"""Decide: grant, return, refuse; nothing typed is lost, nothing is decided twice."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from satuklik.faces.desk.tests.test_pages import decide, given
from satuklik.spine.cases.models import Decision

Browser = Callable[[Any], Client]


def test_a_grant_opens_the_next_case(sari: Any, staf_desa: Any, browser: Browser, apply: Any) -> None:
    first, second = apply(sari), apply(sari)
    first, second = sorted((first, second), key=lambda case: case.reference)
    answer = decide(browser(staf_desa), first, outcome="grant")
    assert answer.status_code == 302
    assert answer["Location"] == f"/meja/perkara/{second.reference}/?kotak=putuskan&beres={first.reference}"
    first.refresh_from_db()
    assert first.state == "granted"
    answer = decide(browser(staf_desa), second, outcome="grant")
    assert answer["Location"] == f"/meja/kotak/putuskan/?beres={second.reference}"


def test_a_return_needs_words_and_keeps_them(sari: Any, staf_desa: Any, browser: Browser, apply: Any) -> None:
    case = apply(sari)
    client = browser(staf_desa)
    empty = decide(client, case, outcome="return", note="  ")
    assert empty.status_code == 422
    assert "Tulis apa yang harus diperbaiki warga." in empty.content.decode()
    none = decide(client, case, note="Foto terlalu gelap")
    assert none.status_code == 422
    assert "Foto terlalu gelap" in none.content.decode()
    assert decide(client, case, outcome="return", note="Foto terlalu gelap").status_code == 302
    case.refresh_from_db()
    assert (case.state, case.note, case.due_on) == ("returned", "Foto terlalu gelap", None)


def test_a_refusal_names_rule_law_and_reason(sari: Any, staf_desa: Any, browser: Browser, apply: Any) -> None:
    case = apply(sari)
    client = browser(staf_desa)
    half = decide(client, case, outcome="refuse", reason="Usahanya belum ada.")
    assert half.status_code == 422
    assert "Usahanya belum ada." in half.content.decode()
    forged = decide(client, case, outcome="refuse", reason="Usahanya belum ada.", rule="no_such_rule")
    assert forged.status_code == 422
    assert (
        decide(
            client, case, outcome="refuse", reason="Usahanya belum ada.", rule="already_running"
        ).status_code
        == 302
    )
    decision = Decision.objects.get()
    assert (decision.outcome, decision.rule) == ("refuse", "already_running")
    assert decision.law.startswith("UU 20/2008")
    done = client.get(f"/meja/perkara/{case.reference}/").content.decode()
    assert "Usahanya belum ada." in done
    assert "UU 20/2008" in done


def test_a_counter_operator_does_not_decide(
    sari: Any, operator_desa: Any, browser: Browser, apply: Any
) -> None:
    case = apply(sari)
    client = browser(operator_desa)
    page = client.get(f"/meja/perkara/{case.reference}/")
    assert "Tugas ini menunggu pejabat lain" in page.content.decode()
    assert "Simpan keputusan" not in page.content.decode()
    answer = decide(client, case, outcome="return", note="Kata-kata saya")
    assert answer.status_code == 403
    assert "bukan wewenang Anda" in answer.content.decode()
    case.refresh_from_db()
    assert case.state == "in_review"


def test_a_stale_page_decides_nothing(
    sari: Any, staf_desa: Any, pak_lurah: Any, browser: Browser, apply: Any
) -> None:
    case = apply(sari)
    form = given(case, outcome="return", note="Tulisan yang panjang sekali")
    decide(browser(staf_desa), case, outcome="grant")
    late = browser(pak_lurah).post(f"/meja/perkara/{case.reference}/putuskan/", form)
    text = late.content.decode()
    assert late.status_code == 409
    assert "sudah ditangani orang lain" in text
    assert "Menunggu tanda tangan" in text
    assert "Tulisan yang panjang sekali" in text
    case.refresh_from_db()
    assert case.state == "granted"
    assert Decision.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_officials_at_once_one_decides(
    sari: Any, staf_desa: Any, pak_lurah: Any, browser: Browser, apply: Any
) -> None:
    case = apply(sari)
    url, form = f"/meja/perkara/{case.reference}/putuskan/", given(case)
    work = [
        (browser(staf_desa), {**form, "outcome": "grant"}),
        (browser(pak_lurah), {**form, "outcome": "return", "note": "Foto kurang jelas."}),
    ]
    start, answers = threading.Barrier(2), []

    def press(client: Client, body: dict[str, object]) -> None:
        start.wait()
        answers.append(client.post(url, body).status_code)
        connections.close_all()

    threads = [threading.Thread(target=press, args=one) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [302, 409]
    assert Decision.objects.count() == 1
    assert case.tasks.filter(done_at=None).count() <= 1
