"""A head takes a letter back: reason, decision, passphrase; the holder is told, and everybody who checks."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from satuklik.base.agencies.models import Mandate, Official
from satuklik.spine.documents.models import IssuedDocument
from satuklik.spine.messaging.models import OutboundMessage
from tests.people import NOW, PASSPHRASE

Browser = Callable[[Any], Client]
REASON = "Nama usaha pada surat ternyata bukan milik pemohon"


@pytest.fixture
def issued(sari: Any, pak_lurah: Any, browser: Browser, apply: Any) -> Any:
    """A letter that Pak Lurah signed; its case."""
    from satuklik.spine.cases.actions import sign_many

    case = apply(sari)
    (result,) = sign_many([case.reference], official=pak_lurah, passphrase=PASSPHRASE, now=NOW)
    assert result.document is not None
    return case


def address(case: Any, more: str = "") -> str:
    return f"/meja/perkara/{case.reference}/cabut/{more}"


def seen(client: Client, case: Any) -> dict[str, str]:
    """What the page of the decision shows, as its form sends it."""
    page = client.get(address(case, "keputusan/")).content.decode()
    found = re.search(r'name="dilihat" value="(\w+)"', page)
    return {"dilihat": found[1] if found else ""}


def give_reason(client: Client, case: Any, **changes: str) -> Any:
    return client.post(address(case), {"defect": "substance", "reason": REASON, "kotak": "selesai"} | changes)


def test_the_whole_way(sari: Any, pak_lurah: Any, issued: Any, browser: Browser) -> None:
    client = browser(pak_lurah)
    assert "Cabut surat" in client.get(f"/meja/perkara/{issued.reference}/").content.decode()
    assert client.get(address(issued)).status_code == 200
    to_sign = give_reason(client, issued)
    assert to_sign["Location"].startswith(address(issued, "keputusan/"))
    page = client.get(to_sign["Location"])
    assert REASON in page.content.decode()
    assert pak_lurah.name in page.content.decode()
    assert page["Cache-Control"].count("no-store") == 1
    assert client.get(address(issued, "keputusan.png")).content.startswith(b"\x89PNG")
    assert client.get(address(issued, "keputusan.pdf")).content.startswith(b"%PDF")
    done = client.post(
        address(issued, "keputusan/"), seen(client, issued) | {"passphrase": PASSPHRASE}, follow=True
    )
    text = done.content.decode()
    document = IssuedDocument.objects.get(case_reference=issued.reference)
    decision = document.status_decision
    assert document.status == "annulled"
    assert f"Surat {document.number} dicabut dengan keputusan {decision.number}" in text
    assert "Surat dicabut" in text  # the case's history
    assert text.count(REASON) >= 2
    assert "Cabut surat" not in text
    served = client.get(f"/meja/perkara/{issued.reference}/keputusan.pdf")
    assert served.content.startswith(b"%PDF")
    told = OutboundMessage.objects.filter(user=sari.user, kind="letter.annulled").get()
    assert REASON in told.body
    assert told.link == f"/urusan/{issued.reference}/"
    assert "Surat ini sudah dicabut" in Client().get(f"/v/{document.token}").content.decode()
    mine = browser_of_resident(sari).get(f"/urusan/{issued.reference}/").content.decode()
    assert "Surat dicabut" in mine
    assert REASON in mine


def browser_of_resident(person: Any) -> Client:
    client = Client()
    client.force_login(person.user)
    return client


def test_not_without_reason_nor_with_signs_that_no_letter_prints(
    pak_lurah: Any, issued: Any, browser: Browser
) -> None:
    client = browser(pak_lurah)
    for changes, said in (
        ({"reason": ""}, "Tulis alasan pencabutan"),
        ({"reason": "keliru"}, "Terlalu pendek"),
        ({"reason": "x" * 301}, "Paling banyak 300"),
        ({"reason": f"{REASON} 😀"}, "tidak dapat dicetak: 😀"),
        ({"defect": ""}, "Pilih apa yang keliru"),
        ({"defect": "lain"}, "lain"),
    ):
        answer = give_reason(client, issued, **changes)
        assert answer.status_code == 422, changes
        assert said in answer.content.decode()
    assert client.get(address(issued, "keputusan/")).status_code == 302
    assert client.get(address(issued, "keputusan.png")).status_code == 404
    assert IssuedDocument.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_wrong_passphrase_changes_nothing(pak_lurah: Any, issued: Any, browser: Browser) -> None:
    client = browser(pak_lurah)
    give_reason(client, issued)
    for typed, said in (("", "Ketik kata sandi"), ("bukan-sandinya", "Sisa 4 kali percobaan")):
        answer = client.post(address(issued, "keputusan/"), seen(client, issued) | {"passphrase": typed})
        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert "bukan-sandinya" not in answer.content.decode()
    assert IssuedDocument.objects.get().status == "in_force"


def test_only_the_head(
    staf_desa: Any, operator_desa: Any, kepala_desa: Any, pak_lurah: Any, issued: Any, browser: Browser
) -> None:
    for other in (staf_desa, operator_desa):
        client = browser(other)
        assert "Cabut surat" not in client.get(f"/meja/perkara/{issued.reference}/").content.decode()
        for answer in (client.get(address(issued)), give_reason(client, issued),
                       client.post(address(issued, "keputusan/"), {"passphrase": PASSPHRASE})):  # fmt: skip
            assert answer.status_code == 403
            assert "Minta kepala kantor" in answer.content.decode()
    assert give_reason(browser(kepala_desa), issued).status_code == 404
    assert Client().get(address(issued)).status_code == 302
    assert IssuedDocument.objects.get().status == "in_force"


def test_what_ended_meanwhile_is_told(pak_lurah: Any, issued: Any, browser: Browser) -> None:
    client = browser(pak_lurah)
    give_reason(client, issued)
    IssuedDocument.objects.update(status="annulled")
    answer = client.post(address(issued, "keputusan/"), {"passphrase": PASSPHRASE})
    assert answer.status_code == 409
    assert "sudah dicabut" in answer.content.decode()
    assert client.get(address(issued)).status_code == 409


def test_a_case_without_letter_has_nothing_to_annul(
    sari: Any, pak_lurah: Any, browser: Browser, apply: Any
) -> None:
    assert browser(pak_lurah).get(address(apply(sari))).status_code == 404


def test_somebody_else_is_acting_meanwhile(
    bu_camat: Any, pak_lurah: Any, issued: Any, browser: Browser
) -> None:
    from satuklik.spine.signing.actions import issue_official_key

    issue_official_key(bu_camat, "sandi bu camat", NOW, algorithm="P-256")
    client = browser(pak_lurah)
    give_reason(client, issued)
    Mandate.objects.create(
        official=bu_camat, agency=pak_lurah.agency, kind="Plh", decree="SPT 800/12/2026",
        valid_from=NOW - timedelta(days=1), valid_until=NOW + timedelta(days=5),
    )  # fmt: skip
    assert (
        client.post(
            address(issued, "keputusan/"), seen(client, issued) | {"passphrase": PASSPHRASE}
        ).status_code
        == 403
    )
    acting = browser(bu_camat)
    give_reason(acting, issued)
    assert "Plh." in acting.get(address(issued, "keputusan/")).content.decode()
    acting.post(address(issued, "keputusan/"), seen(acting, issued) | {"passphrase": "sandi bu camat"})
    document = IssuedDocument.objects.get(case_reference=issued.reference)
    assert document.status_decision.signature["signer"] == bu_camat.name
    assert document.status_decision.signature["position"].startswith("Plh.")


def test_who_left_office_does_neither_sign_nor_annul(
    sari: Any, pak_lurah: Any, issued: Any, browser: Browser, apply: Any
) -> None:
    waiting = apply(sari)
    Official.objects.filter(pk=pak_lurah.pk).update(active_until=NOW.date() - timedelta(days=1))
    client = browser(pak_lurah)
    assert client.get(address(issued)).status_code in (302, 403, 404)
    client.post(address(issued, "keputusan/"), {"passphrase": PASSPHRASE})
    client.post("/meja/tandatangan/", {"perkara": waiting.reference, "passphrase": PASSPHRASE})
    assert IssuedDocument.objects.get().status == "in_force"


def test_a_newer_letter_of_the_same_holder_takes_its_place(
    sari: Any, pak_lurah: Any, issued: Any, browser: Browser, apply: Any
) -> None:
    from satuklik.spine.cases.actions import sign_many

    client = browser(pak_lurah)
    assert "Surat penggantinya" not in client.get(address(issued)).content.decode()  # there is none yet
    again, later = apply(sari), NOW + timedelta(hours=1)
    (made,) = sign_many([again.reference], official=pak_lurah, passphrase=PASSPHRASE, now=later)
    newer = made.document
    assert newer is not None
    page = client.get(address(issued)).content.decode()
    assert "Surat penggantinya" in page
    assert newer.number in page
    refused = give_reason(client, issued, by="400/999/ANTAH/XI/2026")
    assert refused.status_code == 422
    assert "tidak ada lagi" in refused.content.decode()
    assert give_reason(client, issued, defect="", by="").status_code == 422
    to_sign = give_reason(client, issued, defect="", by=newer.number)
    assert newer.number in client.get(to_sign["Location"]).content.decode()
    assert client.get(address(issued, "keputusan.pdf")).content.startswith(b"%PDF")
    IssuedDocument.objects.filter(pk=newer.pk).update(status="annulled")
    assert client.get(address(issued, "keputusan.png")).status_code == 404
    ended = client.post(address(issued, "keputusan/"), seen(client, issued) | {"passphrase": PASSPHRASE})
    assert (ended.status_code, "tidak berlaku lagi" in ended.content.decode()) == (422, True)
    IssuedDocument.objects.filter(pk=newer.pk).update(status="in_force")
    give_reason(client, issued, defect="", by=newer.number)
    done = client.post(
        address(issued, "keputusan/"), seen(client, issued) | {"passphrase": PASSPHRASE}, follow=True
    )
    old = IssuedDocument.objects.get(case_reference=issued.reference)
    assert (old.status, old.replaced_by) == ("replaced", newer)
    assert f"Surat {old.number} diganti dengan keputusan" in done.content.decode()
    assert OutboundMessage.objects.filter(user=sari.user, kind="letter.replaced").exists()
    told = Client().get(f"/v/{old.token}").content.decode()
    assert newer.number in told
    assert "Surat ini asli dan berlaku" not in told


def test_nobody_signs_another_decision_than_the_page_shows(
    pak_lurah: Any, issued: Any, browser: Browser
) -> None:
    client = browser(pak_lurah)
    give_reason(client, issued)
    shown = seen(client, issued)
    give_reason(client, issued, reason="Alasan lain dari tab yang lain.")
    for typed in (shown, {}):
        answer = client.post(address(issued, "keputusan/"), typed | {"passphrase": PASSPHRASE})
        assert answer.status_code == 409
        assert "berubah sejak halaman dibuka" in answer.content.decode()
        assert "Alasan lain" in answer.content.decode()
    assert IssuedDocument.objects.get().status == "in_force"
    client.post(address(issued, "keputusan/"), seen(client, issued) | {"passphrase": PASSPHRASE})
    assert IssuedDocument.objects.get(case_reference=issued.reference).status_reason.startswith("Alasan lain")
