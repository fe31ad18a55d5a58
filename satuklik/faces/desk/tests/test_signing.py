"""Sign: the passphrase opens the key once, and is found nowhere afterwards."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from satuklik.base.agencies.models import Mandate
from satuklik.spine.documents.models import IssuedDocument
from tests.people import NOW, PASSPHRASE

Browser = Callable[[Any], Client]
SIGN = "/meja/tandatangan/"


def ticked(*cases: Any) -> dict[str, Any]:
    """What the page sends when these were looked at, and the passphrase typed."""
    return {"dilihat": [seen(case) for case in cases], "passphrase": PASSPHRASE}


def seen(case: Any) -> str:
    return f"case:{case.reference}:{case.tasks.order_by('pk').last().pk}"


def test_many_letters_each_with_its_result(sari: Any, pak_lurah: Any, browser: Browser, apply: Any) -> None:
    cases = [apply(sari) for _ in range(3)]
    client = browser(pak_lurah)
    chosen = [case.reference for case in cases]
    page = client.get(SIGN, {"perkara": chosen, "kotak": "tandatangani"})
    assert "Tandatangani 3 surat" in page.content.decode()
    assert pak_lurah.name in page.content.decode()
    double = {"dilihat": [*map(seen, cases), seen(cases[0])], "passphrase": PASSPHRASE}
    answer = client.post(SIGN, double, follow=True)
    text = answer.content.decode()
    assert "3 surat sudah ditandatangani" in text
    assert IssuedDocument.objects.count() == 3
    again = client.post(SIGN, ticked(*cases), follow=True).content.decode()
    assert "3 surat belum ditandatangani" in again
    assert "sudah ditangani orang lain" in again
    assert IssuedDocument.objects.count() == 3


def test_a_signed_letter_is_the_heads(
    sari: Any, staf_desa: Any, pak_lurah: Any, browser: Browser, apply: Any
) -> None:
    case = apply(sari)
    browser(staf_desa).post(
        f"/meja/perkara/{case.reference}/putuskan/", {"task": case.tasks.get().pk, "outcome": "grant"}
    )
    client = browser(pak_lurah)
    assert case.reference in client.get("/meja/kotak/tandatangani/").content.decode()
    client.post(SIGN, ticked(case))
    document = IssuedDocument.objects.get()
    assert document.signature["kind"] == "official"
    assert document.signature["signer"] == pak_lurah.name


@pytest.mark.django_db(transaction=True)
def test_wrong_passphrases_are_counted_and_then_locked(
    sari: Any, pak_lurah: Any, browser: Browser, apply: Any
) -> None:
    case = apply(sari)
    client = browser(pak_lurah)
    told = []
    for _ in range(8):
        answer = client.post(SIGN, ticked(case) | {"passphrase": "bukan-sandinya"})
        assert answer.status_code == 422
        told.append(answer.content.decode())
        assert "bukan-sandinya" not in told[-1]
    assert "Sisa " in told[0]
    assert "kali percobaan" in told[0]
    assert "terkunci sampai" in told[-1]
    assert "WIB" in told[-1]
    right = client.post(SIGN, ticked(case))
    assert "terkunci sampai" in right.content.decode()
    assert not IssuedDocument.objects.exists()


def test_nobody_else_signs(
    sari: Any, staf_desa: Any, operator_desa: Any, pak_lurah: Any, browser: Browser, apply: Any
) -> None:
    case = apply(sari)
    for official in (staf_desa, operator_desa):
        client = browser(official)
        assert "tidak berwenang" in client.get(SIGN, {"perkara": case.reference}).content.decode()
        answer = client.post(SIGN, ticked(case))
        assert answer.status_code == 403
    assert not IssuedDocument.objects.exists()


def test_an_acting_official_is_shown_as_printed(
    sari: Any, bu_camat: Any, pak_lurah: Any, browser: Browser, apply: Any
) -> None:
    from satuklik.spine.signing.actions import issue_official_key

    case = apply(sari)
    Mandate.objects.create(
        official=bu_camat, agency=pak_lurah.agency, kind="Plh", decree="SPT 800/12/2026",
        valid_from=NOW - timedelta(days=1), valid_until=NOW + timedelta(days=5),
    )  # fmt: skip
    issue_official_key(bu_camat, "sandi bu camat", NOW)
    client = browser(bu_camat)
    text = client.get(f"/meja/perkara/{case.reference}/").content.decode()
    assert f"Plh. {pak_lurah.agency.head_title}" in text
    assert "SPT 800/12/2026" in text
    client.post(SIGN, ticked(case) | {"passphrase": "sandi bu camat"})
    assert IssuedDocument.objects.get().signature["signer"] == bu_camat.name
    # While somebody acts for the head, the head does not sign (UU 30/2014 ps. 14).
    other = apply(sari)
    refused = browser(pak_lurah).post(SIGN, ticked(other))
    assert refused.status_code == 403


def test_an_official_without_key_is_told(sari: Any, pak_lurah: Any, browser: Browser, apply: Any) -> None:
    from satuklik.spine.signing.models import SigningKey

    case = apply(sari)
    SigningKey.objects.filter(official=pak_lurah).update(revoked_at=NOW)
    answer = browser(pak_lurah).post(SIGN, ticked(case))
    assert answer.status_code == 422
    assert "belum mempunyai kunci tanda tangan" in answer.content.decode()


def test_the_passphrase_is_found_nowhere(
    sari: Any, pak_lurah: Any, browser: Browser, apply: Any, caplog: pytest.LogCaptureFixture
) -> None:
    case = apply(sari)
    client = browser(pak_lurah)
    with caplog.at_level(logging.DEBUG):
        wrong = client.post(SIGN, ticked(case) | {"passphrase": "sandi-yang-salah-ketik"})
        client.post(SIGN, ticked(case), follow=True)
    assert 'autocomplete="off"' in wrong.content.decode()
    assert IssuedDocument.objects.count() == 1
    for secret in ("sandi-yang-salah-ketik", PASSPHRASE):
        assert secret not in wrong.content.decode()
        assert secret not in caplog.text
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{PASSPHRASE}%"])
            assert cursor.fetchone() == (0,), table
