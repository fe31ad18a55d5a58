"""The pages as people use them: report, track, map, desk; hostile input; who may not look."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from satuklik.base.files.models import StoredFile
from satuklik.spine.messaging import veiling
from satuklik.spine.messaging.models import Message
from satuklik.systems.complaints import actions
from satuklik.systems.complaints.models import Complaint, Event, Photo
from satuklik.systems.complaints.tests.conftest import TEXT, jpeg
from tests.people import NOW, VILLAGE

WHAT = {
    "text": TEXT,
    "category": "jalan",
    "village": VILLAGE,
    "place": "depan pasar",
    "happened_on": "2026-11-20",
}
WHO = {"mode": "contact", "name": "Siti Rekaan", "contact": "0812-0000-0077"}
HOSTILE = [
    "\x00" * 20 + "abcdefghijkl", "\u202etxt.exe abcdefgh", "😀" * 400, "<script>alert(1)</script> abcdef", "' OR 1=1 --  abcdef",
    "../../etc/passwd abcd", "x" * 1_000_000, "%s %(a)s {0} {a.b} abcdef", "\ud83d abc defghij".encode("utf-8", "replace").decode(),
]  # fmt: skip


@pytest.fixture
def desk(petugas: Any) -> Client:
    client = Client()
    client.force_login(petugas.user)
    return client


def send(client: Client, **more: Any) -> Any:
    return client.post("/pengaduan/kirim/", WHAT | WHO | {"nonce": "n" * 20} | more)


def test_from_the_first_page_to_the_tracking_page(regency: None, client: Client) -> None:
    assert client.get("/pengaduan/").status_code == 200
    second = client.post("/pengaduan/", WHAT)
    assert second.status_code == 200
    assert TEXT in second.content.decode()
    picture = jpeg(gps=True)
    done, again = (
        send(client, photos=SimpleUploadedFile("../../a\u202egpj.exe", picture, "text/html"))
        for _ in range(2)
    )
    assert done.status_code == 303
    page = client.get(done["Location"]).content.decode()
    complaint = Complaint.objects.get()
    assert complaint.reference in page
    kept = Photo.objects.get()
    shown = client.get(f"{done['Location']}foto/{kept.pk}/")
    assert shown["Content-Type"] == "image/jpeg"
    assert again["Location"] == done["Location"]  # a double click
    assert Complaint.objects.count() == 1
    assert send(client)["Location"] != done["Location"]  # the picture was taken out: another report


def test_a_wrong_form_loses_nothing(regency: None, client: Client) -> None:
    wrong = client.post("/pengaduan/", WHAT | {"category": "", "text": TEXT})
    assert wrong.status_code == 422
    assert TEXT in wrong.content.decode()
    no_contact = send(client, contact="", photos=SimpleUploadedFile("a.jpg", jpeg()))
    assert no_contact.status_code == 422
    page = no_contact.content.decode()
    assert "1 foto sudah kami terima" in page
    assert "Siti Rekaan" in page
    kept = page.split('name="kept" value="')[1].split('"')[0]
    assert send(client, kept=kept).status_code == 303
    assert Photo.objects.count() == 1
    assert send(client, kept="forged", nonce="m" * 20).status_code == 303
    assert Photo.objects.count() == 1


def test_a_refused_form_stores_nothing_and_loses_no_text(
    regency: None, client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from satuklik.systems.complaints.views import report

    def kept() -> tuple[int, int]:
        disk = [one for one in Path(settings.FILES_ROOT).rglob("*") if one.is_file()]
        return StoredFile.objects.count(), len(disk)

    monkeypatch.setattr(report, "MOST_PER_HOUR", 0)
    page = send(client, photos=SimpleUploadedFile("a.jpg", jpeg()))
    assert (page.status_code, kept()) == (429, (0, 0))
    assert "Siti Rekaan" in page.text
    assert "belum kami simpan" in page.text
    monkeypatch.setattr(report, "MOST_HELD", 1)
    several = [SimpleUploadedFile("a.jpg", jpeg()), SimpleUploadedFile("b.jpg", b"none")]
    assert (send(client, photos=several).status_code, kept()) == (422, (0, 0))
    assert (send(client, contact="", photos=SimpleUploadedFile("a.jpg", jpeg())).status_code, kept()) == (
        422,
        (0, 1),
    )
    assert (send(client, contact="", photos=SimpleUploadedFile("a.jpg", jpeg())).status_code, kept()) == (
        422,
        (0, 1),
    )
    assert not Complaint.objects.exists()


def test_back_keeps_what_was_typed(regency: None, client: Client) -> None:
    page = client.post("/pengaduan/", WHAT | WHO | {"back": "1"})
    assert page.status_code == 200
    assert TEXT in page.content.decode()


@pytest.mark.parametrize(("latitude", "longitude"), [("99", "999"), ("x", "99.6"), ("2,98", "99,61")])
def test_a_point_that_is_none_is_said_once(
    regency: None, client: Client, latitude: str, longitude: str
) -> None:
    """It was left out without a word, or stood in a hidden field that nobody could mend."""
    page = client.post("/pengaduan/", WHAT | {"latitude": latitude, "longitude": longitude})
    assert page.status_code == 422
    text = page.content.decode()
    assert "Titik lokasi tidak terbaca" in text
    assert TEXT in text
    assert f'value="{longitude}"' not in text


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_never_an_error_of_ours(regency: None, client: Client, text: str) -> None:
    for field in ("text", "place", "village", "category", "happened_on", "latitude"):
        given = WHAT | {field: text}
        assert client.post("/pengaduan/", given).status_code in (200, 413, 422)
        assert client.post("/pengaduan/kirim/", given | WHO | {"nonce": text}).status_code in (
            303,
            413,
            422,
            429,
        )
    for field in ("mode", "name", "contact", "kept"):
        assert send(client, **{field: text, "nonce": "q" * 20}).status_code in (303, 413, 422, 429)
    assert "<script>alert" not in client.get("/pengaduan/").content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/pengaduan/lacak/x/",
        "/pengaduan/lacak/" + "7" * 34 + "/",
        "/pengaduan/peta/PD-0000-0000/",
        "/pengaduan/lacak/%00/",
        "/pengaduan/peta/x/foto/1/",
    ],
)
def test_what_is_not_there(regency: None, client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "query", ["?page=x", "?page=-1", "?kategori=%00", "?kecamatan=x&status=y", "?page=99999999999999999999"]
)
def test_strange_queries_of_the_map(regency: None, client: Client, query: str) -> None:
    assert client.get(f"/pengaduan/peta/{query}").status_code == 200


def test_emergency_and_wrongdoing_get_their_hints(regency: None, client: Client) -> None:
    page = client.post(
        "/pengaduan/", WHAT | {"text": "Ada kebakaran di pasar, kabel listrik putus"}
    ).content.decode()
    assert "tel:113" in page
    assert (
        "Rahasia"
        in client.post("/pengaduan/", WHAT | {"text": "Diminta pungli di kantor lurah"}).content.decode()
    )


def test_similar_ones_are_shown_before_sending(replied: Any, petugas: Any, client: Client) -> None:
    now = timezone.now()
    old = replied(now=now)
    actions.release(
        old.pk,
        by=petugas,
        title="Lubang di depan pasar",
        text=TEXT,
        point=False,
        photos=[],
        checked=True,
        now=now,
    )
    page = client.post("/pengaduan/", WHAT).content.decode()
    assert "Apakah ini sudah dilaporkan?" in page
    assert old.reference in page
    assert "Siti" not in page
    done = client.post(f"/pengaduan/peta/{old.reference}/dukung/", {"contact": "0812-0000-0088"})
    assert done.status_code == 303
    assert "belum dihitung" in client.get(done["Location"]).content.decode()
    for _turn in range(5):
        client.post(f"/pengaduan/peta/{old.reference}/dukung/", {"contact": "081200000088"})
    assert Complaint.objects.get(pk=old.pk).supports == 0
    asked = Message.objects.filter(direction="out", conversation__phone="+6281200000088")
    assert asked.count() == 3  # nobody is pestered
    for written in (
        "siapa@contoh.example",
        "Siapa@contoh.example",
        "SIAPA@CONTOH.EXAMPLE",
        "sIapa@Contoh.example",
    ):
        client.post(f"/pengaduan/peta/{old.reference}/dukung/", {"contact": written})
    assert (
        Message.objects.filter(direction="out", conversation__email__iexact="siapa@contoh.example").count()
        == 3
    )
    link = "/" + veiling.whole(asked[0]).split("tombolnya: ")[1].split()[0].split("/", 3)[3]
    assert link not in asked[0].text
    assert Client().get(link).status_code == 200
    assert Complaint.objects.get(pk=old.pk).supports == 0  # a program that previews links opens it too
    for _turn in range(2):
        assert Client().post(link)["Location"] == f"/pengaduan/peta/{old.reference}/"
        assert Complaint.objects.get(pk=old.pk).supports == 1
    assert Client().get(link[:-2] + "x/").status_code == 404
    assert client.post(f"/pengaduan/peta/{old.reference}/dukung/", {"contact": "x"}).status_code == 422


def test_the_number_alone_opens_nothing(report: Any, client: Client) -> None:
    complaint = report()
    assert (
        client.post("/pengaduan/lacak/", {"reference": complaint.reference, "key": "A" * 28}).status_code
        == 422
    )
    other = report()
    assert (
        client.post("/pengaduan/lacak/", {"reference": other.reference, "key": complaint.key}).status_code
        == 422
    )
    found = client.post(
        "/pengaduan/lacak/", {"reference": complaint.reference.lower(), "key": complaint.key.lower()}
    )
    assert found.status_code == 302
    assert client.get(found["Location"]).status_code == 200


def test_the_two_taps_and_opening_again(replied: Any, client: Client) -> None:
    complaint = replied()
    base = f"/pengaduan/lacak/{complaint.key}/"
    assert "Apakah sudah selesai?" in client.get(base).content.decode()
    assert client.post(f"{base}nilai/", {"fixed": "1"}).status_code == 303
    client.post(f"{base}nilai/", {"fixed": "1", "rating": "4"})
    complaint.refresh_from_db()
    assert (complaint.state, complaint.rating) == ("closed", 4)
    assert client.post(f"{base}nilai/", {"fixed": "9"}).status_code == 400
    assert client.post(f"{base}buka-kembali/", {"reason": ""}).status_code == 422
    assert client.post(f"{base}buka-kembali/", {"reason": "Berlubang lagi."}).status_code == 303
    complaint.refresh_from_db()
    assert complaint.state == "reopened"
    assert client.post(f"{base}balas/", {"text": "Tolong segera."}).status_code == 303


def test_ones_own_account(sari: Any, rudi: Any, client: Client) -> None:
    from satuklik.base.ui.registry import matters

    client.force_login(sari.user)
    assert send(client, mode="account").status_code == 303
    complaint = Complaint.objects.get()
    assert [one.title for one in matters(sari.user, 5)] == [complaint.title]
    assert client.get(f"/pengaduan/saya/{complaint.reference}/").status_code == 302
    other = Client()
    other.force_login(rudi.user)
    assert other.get(f"/pengaduan/saya/{complaint.reference}/").status_code == 404


def test_the_desk_from_the_list_to_the_answer(report: Any, desk: Client, people: dict[str, Any]) -> None:
    complaint = report(text="Aspal Jalan Sudirman berlubang besar, WA 0812-3456-7890.")
    assert complaint.reference in desk.get("/meja/pengaduan/").content.decode()
    page = f"/meja/pengaduan/{complaint.reference}/"
    assert desk.get(page).status_code == 200
    assert Event.objects.filter(complaint=complaint, kind="looked").count() == 1
    assert (
        desk.post(f"{page}verifikasi/", {"title": "", "category": "jalan", "level": "light"}).status_code
        == 422
    )
    assert (
        desk.post(
            f"{page}verifikasi/", {"title": "Lubang", "category": "jalan", "level": "normative"}
        ).status_code
        == 303
    )
    asked = desk.get(page).content.decode()
    assert "Aspal Jalan Sudirman berlubang besar, WA [disamarkan]" in asked  # to the agency
    assert "Aspal [disamarkan] berlubang besar" in asked  # to everybody
    twice = desk.post(f"{page}verifikasi/", {"title": "Lubang", "category": "jalan", "level": "normative"})
    assert twice.status_code == 422
    assert (
        desk.post(f"{page}teruskan/", {"agencies": ["dpupr"], "question": "Mohon ditambal."}).status_code
        == 303
    )
    assert "PN-" in desk.get(page).content.decode()
    done = desk.post(
        f"{page}tanggapi/",
        {
            "text": "Sudah ditambal.",
            "result": "done",
            "photos": SimpleUploadedFile("b.png", jpeg(form="PNG")),
        },
    )
    assert done.status_code == 303
    assert Photo.objects.filter(source="office").count() == 1
    assert desk.post(f"{page}tampilkan/", {"title": "Lubang", "text": "HP 0812-3456-7890"}).status_code == 422
    assert (
        desk.post(
            f"{page}tampilkan/", {"title": "Lubang", "text": "Jalan berlubang.", "checked": "on"}
        ).status_code
        == 303
    )
    public = Client().get(f"/pengaduan/peta/{complaint.reference}/").content.decode()
    assert "Jalan berlubang." in public
    assert "Siti" not in public
    assert desk.post(f"{page}sembunyikan/").status_code == 303
    assert Client().get(f"/pengaduan/peta/{complaint.reference}/").status_code == 404
    assert desk.post(f"{page}tidak-ada/").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "?state=late",
        "?state=unsettled",
        "?state=all&q=lubang",
        "?state=x",
        "?q=%00",
        "?category=jalan&district=12.09.20",
        "?page=x",
    ],
)
def test_the_filters(report: Any, desk: Client, query: str) -> None:
    report()
    assert desk.get(f"/meja/pengaduan/{query}").status_code == 200


def test_late_ones_stand_first(report: Any, desk: Client) -> None:
    now = timezone.now()
    new, old = report(now=now), report(now=now - timedelta(days=20))
    page = desk.get("/meja/pengaduan/").content.decode()
    assert page.index(old.reference) < page.index(new.reference)


@pytest.mark.parametrize(
    ("who", "status"), [("staf_pupr", 404), ("admin_situs", 404), ("inspektur", 404), ("kepala", 200)]
)
def test_others_see_nothing_of_it(report: Any, people: dict[str, Any], who: str, status: int) -> None:
    complaint = report()
    client = Client()
    client.force_login(people[who].user)
    page = f"/meja/pengaduan/{complaint.reference}/"
    assert client.get(page).status_code == status
    if status == 404:
        assert (
            client.post(
                f"{page}verifikasi/", {"title": "x", "category": "jalan", "level": "light"}
            ).status_code
            == 404
        )


def test_an_agency_sees_what_was_sent_to_it_without_the_reporter(report: Any, people: dict[str, Any]) -> None:
    complaint = report()
    actions.verify(
        complaint.pk, by=people["petugas"], level="normative", category="jalan", title="Lubang", now=NOW
    )
    actions.dispatch(complaint.pk, ["dpupr"], question="Mohon ditambal.", by=people["petugas"], now=NOW)
    client = Client()
    client.force_login(people["staf_pupr"].user)
    page = client.get(f"/meja/pengaduan/{complaint.reference}/")
    assert page.status_code == 200
    assert "Siti" not in page.content.decode()
    assert (
        client.post(
            f"/meja/pengaduan/{complaint.reference}/tanggapi/", {"text": "x", "result": "done"}
        ).status_code
        == 404
    )
