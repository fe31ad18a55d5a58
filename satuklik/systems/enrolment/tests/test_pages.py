"""The pages: who may open which, what they say, and that they answer 422 where something is wrong."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from satuklik.systems.enrolment import rules
from satuklik.systems.enrolment.tests.conftest import (
    GOOD,
    LOGIN,
    NIK,
    PASSPHRASE,
    Browser,
    book,
    brought,
    enrol,
    hand_in,
    line,
    make_official,
    picture,
)

BOARD, OWN, IMPORT, VERIFIERS = "/meja/tte/", "/meja/tte/saya/", "/meja/tte/impor/", "/meja/tte/verifikator/"


def test_who_may_open_what(
    bu_kabid: Any, bu_admin: Any, verifikator: Any, pak_lain: Any, browser: Browser
) -> None:
    row = brought(bu_kabid, rules.DOCUMENTS, verifikator)
    card = row.documents.first()
    person, document = f"/meja/tte/pejabat/{row.pk}/", f"/meja/tte/berkas/{card.pk}/"
    sekda = make_official("setda", "Sekda", "Sekretaris Daerah", 960, role="head")
    ppid = make_official("diskominfo", "Pe Pei De", "PPID", 961, role="ppid")
    staff = make_official("diskominfo", "Rudi Staf", "Analis", 962)
    expected = {
        # who: board, person, document, own, import, verifiers
        bu_admin: (200, 200, 200, 200, 200, 200),
        verifikator: (200, 200, 200, 200, 403, 403),
        pak_lain: (200, 404, 404, 200, 403, 403),
        sekda: (200, 200, 404, 200, 403, 403),
        ppid: (200, 200, 404, 200, 403, 403),
        staff: (403, 403, 404, 200, 403, 403),
        bu_kabid: (403, 403, 200, 200, 403, 403),
    }
    for who, statuses in expected.items():
        client = browser(who)
        found = tuple(
            client.get(address).status_code for address in (BOARD, person, document, OWN, IMPORT, VERIFIERS)
        )
        assert found == statuses, who
    for address in (BOARD, person, document, OWN, IMPORT, VERIFIERS):
        assert Client().get(address).status_code == 302
    for what in ("verifikasi", "kembalikan", "ingatkan", "bekukan", "cabut"):
        assert browser(staff).post(f"{person}{what}/").status_code == 403
        assert browser(pak_lain).post(f"{person}{what}/").status_code == 404
    assert browser(verifikator).post(f"{person}akhir-jabatan/", {"last_day": "2026-12-01"}).status_code == 403


def test_residents_may_not(rudi: Any) -> None:
    client = Client()
    client.force_login(rudi.user)
    for address in (BOARD, OWN, IMPORT, VERIFIERS):
        assert client.get(address).status_code == 403


@pytest.fixture
def rudi(regency: None) -> Any:
    """A resident: none of this is for him."""
    from satuklik.base.accounts.actions import create_resident

    class Rudi:
        user = create_resident("Rudi Hartono", username="rudi")

    return Rudi


def test_the_board_counts_and_lists(bu_kabid: Any, bu_admin: Any, verifikator: Any, browser: Browser) -> None:
    brought(bu_kabid, rules.DOCUMENTS, verifikator)
    enrol(make_official("disdukcapil", "Kedua, S.E", "Kepala Dinas", 963), echelon="II.b")
    client = browser(bu_admin)
    page = client.get(BOARD)
    text = page.content.decode()
    assert [(bar.reached, bar.here) for bar in page.context["board"].bars] == [
        (2, 1),
        (1, 1),
        (0, 0),
        (0, 0),
        (0, 0),
    ]
    assert 'aria-label="Terdaftar: 2; Berkas masuk: 1;' in text
    assert [row.echelon for row in page.context["board"].waiting] == [
        "II.b",
        "III.b",
    ]  # the same day: II before III
    assert "1 instansi belum mempunyai verifikator" in text
    only = client.get(BOARD, {"eselon": "II", "tahap": "registered", "q": "kedua", "opd": "disdukcapil"})
    assert only.context["board"].total == 1
    assert client.get(BOARD, {"telat": "on"}).context["board"].waiting == []
    assert "cocok dengan saringan" in client.get(BOARD, {"q": "tidak ada"}).content.decode()
    assert (
        client.get(BOARD, {"opd": "'; drop", "eselon": "IX", "tahap": "\u202e", "page": "x"}).status_code
        == 200
    )
    own = browser(verifikator).get(BOARD)
    assert own.context["board"].total == 1
    assert "Kedua, S.E" not in own.content.decode()


def test_the_rail_says_what_waits(bu_kabid: Any, verifikator: Any, browser: Browser) -> None:
    brought(bu_kabid, rules.DOCUMENTS, verifikator)
    text = browser(verifikator).get(BOARD).content.decode()
    assert 'TTE: menunggu verifikasi</span><span class="sk-count">1' in text
    assert "TTE: menunggu verifikasi" not in browser(bu_kabid).get(OWN).content.decode()
    assert "TTE saya" in browser(bu_kabid).get(OWN).content.decode()


def upload(name: str = "ktp.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture(), "image/png")


def test_through_the_pages(bu_kabid: Any, verifikator: Any, browser: Browser) -> None:
    row = enrol(bu_kabid)
    mine, his, person = browser(bu_kabid), browser(verifikator), f"/meja/tte/pejabat/{row.pk}/"
    half = mine.post(OWN, {"email": bu_kabid.email, "nik": "1", "recommendation": upload("r.png")})
    assert half.status_code == 422
    text = half.content.decode()
    assert "NIK terdiri atas 16 angka" in text
    assert "Sudah ada: r.png" in text
    full = {"email": bu_kabid.email, "nik": NIK, "recommendation_number": "800/1", "identity_card": upload()}
    assert mine.post(OWN, full).status_code == 302
    page = his.get(person).content.decode()
    assert NIK in page
    assert his.post(f"{person}verifikasi/", {}).status_code == 422
    assert his.post(f"{person}kembalikan/", {"reason": " "}).status_code == 422
    his.post(f"{person}kembalikan/", {"reason": "KTP buram <script>"})
    returned = mine.get(OWN).content.decode()
    assert "KTP buram &lt;script&gt;" in returned
    assert mine.post(OWN, {**full, "identity_card": upload(), "nik": ""}).status_code == 302
    seen = {f"seen_{kind}": digest for kind, digest in row.documents.values_list("kind", "sha256")}
    assert NIK not in mine.get(OWN).content.decode()
    his.post(f"{person}verifikasi/", {"person": "on", "identity_card": "on", "recommendation": "on", **seen})
    assert NIK not in his.get(person).content.decode()  # it was needed to verify, and no longer
    address = "/meja/tte/saya/kata-sandi/"
    assert mine.post(address, {"passphrase": PASSPHRASE, "again": "lain"}).status_code == 422
    weak = mine.post(address, {"passphrase": LOGIN, "again": LOGIN})
    assert weak.status_code == 422
    assert "Jangan pakai kata sandi masuk" in weak.content.decode()
    assert LOGIN not in weak.content.decode()
    done = mine.post(address, {"passphrase": PASSPHRASE, "again": PASSPHRASE}, follow=True).content.decode()
    assert "Sertifikat Anda terbit" in done
    assert PASSPHRASE not in done
    assert "Sertifikat terbit" in his.get(person).content.decode()
    assert "Berkas dibuka" in mine.get(OWN).content.decode()


def test_a_passphrase_needs_a_login_just_now(bu_kabid: Any, verifikator: Any, browser: Browser) -> None:
    brought(bu_kabid, rules.VERIFIED, verifikator)
    stale = browser(bu_kabid, fresh=False)
    for method in (stale.get, stale.post):
        answer = method("/meja/tte/saya/kata-sandi/", {"passphrase": PASSPHRASE, "again": PASSPHRASE})
        assert answer.status_code == 403
        assert "Masuk lagi" in answer.content.decode()
    assert brought_stage(bu_kabid) == rules.VERIFIED
    # A lost telephone does not wait for another login: suspension is open, what gives power is not.
    assert stale.post("/meja/tte/saya/kunci-baru/").status_code == 403


def brought_stage(official: Any) -> str:
    from satuklik.systems.enrolment import queries

    row = queries.enrolment_of(official)
    assert row is not None
    return str(row.stage)


def test_own_certificate_pages(bu_kabid: Any, verifikator: Any, browser: Browser) -> None:
    brought(bu_kabid, rules.ISSUED, verifikator)
    mine = browser(bu_kabid, fresh=False)
    assert mine.post("/meja/tte/saya/bekukan/", {"reason": ""}).status_code == 422
    page = mine.post("/meja/tte/saya/bekukan/", {"reason": "Ponsel hilang"}, follow=True).content.decode()
    assert "Dibekukan" in page
    assert browser(bu_kabid).post("/meja/tte/saya/aktifkan/", follow=True).status_code == 200
    assert mine.post("/meja/tte/saya/cabut/", {"reason": "Sandi bocor"}).status_code == 422
    page = mine.post(
        "/meja/tte/saya/cabut/", {"reason": "Sandi bocor", "sure": "on"}, follow=True
    ).content.decode()
    assert "Dicabut" in page
    assert "Menunggu verifikator" in page
    assert mine.get("/meja/tte/saya/perbarui/").status_code == 403  # not fresh
    assert browser(bu_kabid).get("/meja/tte/saya/perbarui/").status_code == 302  # nothing to renew


def test_documents_are_shown_as_strangers(bu_kabid: Any, verifikator: Any, browser: Browser) -> None:
    from satuklik.spine.cases.attachments import Upload

    enrol(bu_kabid)
    pdf = b"%PDF-1.7\n<script>alert(1)</script>\n%%EOF"
    hand_in(
        bu_kabid,
        uploads={"recommendation": Upload("x.pdf", pdf), "identity_card": Upload("k.png", picture())},
    )
    from satuklik.systems.enrolment import queries

    row = queries.enrolment_of(bu_kabid)
    assert row is not None
    his = browser(verifikator)
    shown = his.get(f"/meja/tte/berkas/{row.documents.get(kind='identity_card').pk}/")
    assert (shown["Content-Type"], shown["Content-Disposition"]) == ("image/png", 'inline; filename="k.png"')
    assert "sandbox" in shown["Content-Security-Policy"]
    saved = his.get(f"/meja/tte/berkas/{row.documents.get(kind='recommendation').pk}/")
    assert saved["Content-Disposition"].startswith("attachment")
    assert "no-store" in saved["Cache-Control"]


def test_import_by_two_clicks(bu_admin: Any, browser: Browser) -> None:
    from satuklik.systems.enrolment.models import Enrolment, ImportDraft

    client = browser(bu_admin)
    assert client.post(IMPORT, {}).status_code == 422
    bad = client.post(IMPORT, {"file": SimpleUploadedFile("a.xlsx", b"PK no")})
    assert (bad.status_code, "rusak" in bad.content.decode()) == (422, True)
    mixed = client.post(IMPORT, {"file": SimpleUploadedFile("a.xlsx", book(GOOD, line(NIP="1", NIK=NIK)))})
    assert mixed.status_code == 422
    text = mixed.content.decode()
    assert "Bukan NIP" in text
    assert "Impor 1 baris yang benar, tinggalkan 1" in text
    assert not Enrolment.objects.exists()
    clean = client.post(IMPORT, {"file": SimpleUploadedFile("b.xlsx", book(line(NIK=NIK)))})
    assert clean.status_code == 200
    draft = ImportDraft.objects.get()
    assert NIK.encode() not in bytes(draft.rows)
    other = make_official("diskominfo", "Admin Dua", "Pranata Komputer", 970, role="admin")
    stolen = browser(other).post(f"{IMPORT}{draft.pk}/", follow=True).content.decode()
    assert "sudah tidak berlaku" in stolen
    done = client.post(f"{IMPORT}{draft.pk}/", follow=True).content.decode()
    assert "1 pejabat baru" in done
    assert Enrolment.objects.count() == 1
    assert "sudah tidak berlaku" in client.post(f"{IMPORT}{draft.pk}/", follow=True).content.decode()
    template = client.get(f"{IMPORT}templat.xlsx")
    assert template["Content-Disposition"] == 'attachment; filename="daftar-pejabat.xlsx"'


def test_appointing(bu_admin: Any, bu_kabid: Any, browser: Browser) -> None:
    client = browser(bu_admin)
    given = {"agency": "diskominfo", "nip": bu_kabid.nip, "decree": "SK 1/2026", "valid_from": "2026-11-24"}
    assert client.post(VERIFIERS, {}).status_code == 422
    assert "Tidak ada pejabat" in client.post(VERIFIERS, given | {"nip": "1"}).content.decode()
    assert "menunjuk diri sendiri" in client.post(VERIFIERS, given | {"nip": bu_admin.nip}).content.decode()
    assert (
        "sesudah tanggal mulai"
        in client.post(VERIFIERS, given | {"valid_until": "2026-11-01"}).content.decode()
    )
    assert client.post(VERIFIERS, given).status_code == 302
    page = client.get(VERIFIERS)
    assert bu_kabid.name in page.content.decode()
    assert "sudah menjadi verifikator" in client.post(VERIFIERS, given).content.decode()
    client.post(f"{VERIFIERS}{page.context['rows'][0].pk}/akhiri/")
    assert "sampai 24 November 2026" in client.get(VERIFIERS).content.decode()


def test_in_english(bu_kabid: Any, verifikator: Any, browser: Browser) -> None:
    enrol(bu_kabid)
    client = browser(bu_kabid)
    text = client.get(OWN, headers={"accept-language": "en"}).content.decode()
    assert "Send your documents" in text
