"""The counter: with a reason, after a look at the KTP, on behalf of a neighbour, and recorded as such."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from satuklik.base.audit.queries import events_of
from satuklik.base.ui.questions import Asked
from satuklik.faces.desk.models import Visit
from satuklik.faces.desk.tests.conftest import ANSWERS, USAHA
from satuklik.spine.cases.models import Case
from satuklik.spine.population.models import AccessLog, ResidentAccount
from tests.people import NOW, VILLAGE

Browser = Callable[[Any], Client]
CHECKED = {"ktp_seen": "on", "photo_matches": "on"}

pytestmark = pytest.mark.usefixtures("services")


def begin(client: Client, person: Any) -> str:
    """Find the neighbour by NIK and check the identity; the address of the visit."""
    found = client.post("/loket/", {"cari": "nik", "nik": person.nik, "reason": "letter"})
    assert found.status_code == 302, found.content.decode()
    assert client.post(found["Location"], CHECKED).status_code == 302
    return found["Location"].removesuffix("identitas/")


def test_a_look_up_needs_a_reason(sari: Any, operator_desa: Any, browser: Browser) -> None:
    client = browser(operator_desa)
    for body in ({}, {"reason": "other"}, {"reason": "other", "other": "mau"}, {"reason": "hack"}):
        answer = client.post("/loket/", {"cari": "nik", "nik": sari.nik, **body})
        assert answer.status_code == 422
    assert not AccessLog.objects.exists()
    assert not Visit.objects.exists()


@pytest.mark.parametrize(
    "nik", ["123", "1209203102900001", "1209200000000000", "1209205708950099", "abc", "'; --"]
)
def test_a_nik_that_is_nobodys(sari: Any, operator_desa: Any, browser: Browser, nik: str) -> None:
    answer = browser(operator_desa).post("/loket/", {"cari": "nik", "nik": nik, "reason": "letter"})
    assert answer.status_code == 422
    assert "NIK" in answer.content.decode()


def test_a_neighbour_is_found_by_name(
    sari: Any, make_person: Any, operator_desa: Any, browser: Browser
) -> None:
    make_person("Sarimin Jaya", sex="L")
    client = browser(operator_desa)
    body = {"cari": "nama", "village": VILLAGE, "name": "sari", "reason": "status"}
    page = client.post("/loket/", body)
    text = page.content.decode()
    assert "Sari Wulandari" in text
    assert "Sarimin Jaya" in text
    assert sari.nik not in text
    assert AccessLog.objects.count() == 2
    pick = page.context["people"][0][1]
    opened = client.post("/loket/buka/", {"warga": pick})
    assert opened.status_code == 302
    assert AccessLog.objects.filter(person=sari).count() == 2
    assert Visit.objects.get().reason == "Menjawab pertanyaan warga tentang permohonannya"
    assert client.post("/loket/buka/", {"warga": pick + "x"})["Location"] == "/loket/"


def test_names_are_searched_in_the_own_village_only(rudi: Any, operator_desa: Any, browser: Browser) -> None:
    body = {"cari": "nama", "village": rudi.village_id, "name": "rudi", "reason": "letter"}
    answer = browser(operator_desa).post("/loket/", body)
    assert answer.status_code == 422
    assert "Rudi Hartono" not in answer.content.decode()
    assert not AccessLog.objects.exists()


def test_who_lives_elsewhere_is_told_where_to_go(rudi: Any, operator_desa: Any, browser: Browser) -> None:
    answer = browser(operator_desa).post("/loket/", {"cari": "nik", "nik": rudi.nik, "reason": "letter"})
    text = answer.content.decode()
    assert answer.status_code == 403
    assert "dilayani di tempat tinggalnya" in text
    assert "Rudi Hartono" not in text
    assert not Visit.objects.exists()
    assert AccessLog.objects.get().person_id == rudi.pk


def test_nothing_goes_before_the_ktp_was_seen(sari: Any, operator_desa: Any, browser: Browser) -> None:
    client = browser(operator_desa)
    identity = client.post("/loket/", {"cari": "nik", "nik": sari.nik, "reason": "letter"})["Location"]
    visit = identity.removesuffix("identitas/")
    for url in (visit, f"{visit}layanan/{USAHA}/"):
        assert client.get(url)["Location"] == identity
    assert client.post(f"{visit}layanan/pengantar-skck/", {})["Location"] == identity
    assert client.post(f"{visit}buktikan/")["Location"] == identity
    assert client.post(identity, {"ktp_seen": "on"}).status_code == 422
    assert not Case.objects.exists()


def test_a_letter_for_a_neighbour_without_account(
    make_person: Any, operator_desa: Any, pak_lurah: Any, browser: Browser
) -> None:
    karto = make_person("Karto Wijoyo", sex="L", level=None, phone=None)
    client = browser(operator_desa)
    visit = begin(client, karto)
    check = client.get(f"{visit}layanan/keterangan-belum-menikah/")
    assert check.status_code == 200
    body = {"key": "k1", **{f"q-{field.name}": _some(field) for field in check.context["asked"]}}
    done = client.post(f"{visit}layanan/keterangan-belum-menikah/", body)
    assert done.status_code == 302, done.content.decode()
    again = client.post(f"{visit}layanan/keterangan-belum-menikah/", body)
    assert again["Location"] == done["Location"]
    case = Case.objects.get()
    assert (case.state, case.channel, case.person_id, case.assisted_by_id) == (
        "issued", "counter", karto.pk, operator_desa.pk,
    )  # fmt: skip
    assert events_of(f"case:{case.reference}")[0].data["assisted_by"] == operator_desa.pk
    rows = AccessLog.objects.filter(person=karto, case_reference=case.reference)
    assert [row.reason for row in rows] == [
        "Mengajukan Surat Keterangan Belum Menikah atas permintaan warga di loket"
    ]
    assert "Surat sudah terbit" in client.get(done["Location"]).content.decode()
    letter = client.get(done["Location"] + "surat.pdf")
    assert letter.content.startswith(b"%PDF-")
    assert letter["Content-Disposition"].startswith("inline")
    assert client.get(done["Location"] + "surat.pdf?unduh=1")["Content-Disposition"].startswith("attachment")


def test_the_neighbour_is_told(sari: Any, operator_desa: Any, browser: Browser) -> None:
    from satuklik.spine.messaging.models import OutboundMessage

    client = browser(operator_desa)
    visit = begin(client, sari)
    body = {f"q-{name}": value for name, value in ANSWERS.items()}
    assert client.post(f"{visit}layanan/{USAHA}/", body).status_code == 302
    assert Case.objects.get().state == "in_review"
    assert OutboundMessage.objects.filter(user=sari.user).exists()


def test_wrong_answers_stay_on_the_page(sari: Any, operator_desa: Any, browser: Browser) -> None:
    client = browser(operator_desa)
    visit = begin(client, sari)
    body = {f"q-{name}": value for name, value in ANSWERS.items()} | {
        "q-since": "kapan-kapan",
        "q-business_kind": "x",
    }
    page = client.post(f"{visit}layanan/{USAHA}/", body)
    text = page.content.decode()
    assert page.status_code == 422
    assert "Warung Sari" in text
    assert "kapan-kapan" in text
    assert "Tulis tanggal seperti" in text
    future = client.post(
        f"{visit}layanan/{USAHA}/", {**{f"q-{n}": v for n, v in ANSWERS.items()}, "q-since": "2030-01-01"}
    )
    assert future.status_code == 422
    assert "Tanggal mulai usaha belum tiba." in future.content.decode()
    assert not Case.objects.exists()


def test_a_visit_is_one_officials_and_ends(
    sari: Any, operator_desa: Any, staf_desa: Any, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser(operator_desa)
    visit = begin(client, sari)
    assert client.get(visit).status_code == 200
    assert browser(staf_desa).get(visit)["Location"] == "/loket/"
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(minutes=61))
    assert client.get(visit)["Location"] == "/loket/"
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    client.post(f"{visit}akhiri/")
    assert client.get(visit)["Location"] == "/loket/"


def test_another_neighbours_matter_is_not_in_this_visit(
    sari: Any, make_person: Any, operator_desa: Any, pak_lurah: Any, browser: Browser, apply: Any
) -> None:
    other = apply(make_person("Dewi Lestari"))
    client = browser(operator_desa)
    visit = begin(client, sari)
    assert client.get(f"{visit}permohonan/{other.reference}/").status_code == 404
    assert client.get(f"{visit}permohonan/{other.reference}/surat.pdf").status_code == 404


def test_the_identity_is_proven_at_the_counter(
    make_person: Any, operator_desa: Any, browser: Browser
) -> None:
    claimed = make_person("Budi Utomo", sex="L", level=1)
    client = browser(operator_desa)
    visit = begin(client, claimed)
    assert "Buktikan identitas" in client.get(visit).content.decode()
    client.post(f"{visit}buktikan/")
    account = ResidentAccount.objects.get(person=claimed)
    assert (account.level, account.proven_by_id, account.proven_at) == (2, operator_desa.pk, NOW)
    assert "sudah terbukti" in client.get(visit).content.decode()


def test_only_the_counter_serves(sari: Any, kepala_desa: Any, browser: Browser) -> None:
    from tests.people import _official

    assert browser(_official("ppid")).get("/loket/").status_code == 403
    assert browser(kepala_desa).get("/loket/").status_code == 200


def _some(field: Asked) -> str:
    if field.options:
        return field.options[0].value
    return {"date": "2024-01-15", "number": "1000000"}.get(field.control, "keperluan sekolah")


def test_who_looks_at_everybody_is_stopped_and_vain_looks_leave_an_event(
    sari: Any, operator_desa: Any, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("satuklik.spine.population.actions.MOST_LOOKS", 2)
    client = browser(operator_desa)
    nobody = {"cari": "nik", "nik": "1209201708450001", "reason": "letter"}
    assert client.post("/loket/", nobody).status_code == 422
    (event,) = events_of(f"official:{operator_desa.pk}")
    assert event.kind == "person.looked_up_in_vain"
    assert "1209201708450001" not in str(event.data)
    asked = {"cari": "nik", "nik": sari.nik, "reason": "letter"}
    assert client.post("/loket/", asked).status_code == 302
    stopped = client.post("/loket/", asked)
    assert stopped.status_code == 422
    assert "sangat banyak warga" in stopped.content.decode()
