"""What opens where: the journalist's form and tracking page, the desk, releases and their feeds."""

import io
import json
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from satuklik.spine.referrals import actions as referrals
from satuklik.spine.referrals import queries as referred
from satuklik.systems.press import actions
from satuklik.systems.press.models import (
    Enquiry,
    EnquiryEvent,
    Outlet,
    PressLetter,
    PressPolicy,
    Release,
    ReplyLetter,
)
from tests.people import NOW, PASSPHRASE

People = dict[str, Any]
ASKED = {
    "name": "Bram Contoh", "outlet": "Harian Contoh", "email": "bram@harian.example", "phone": "",
    "question": "Berapa rumah rusak oleh banjir?", "allegation": "", "deadline": "", "website": "",
}  # fmt: skip


def desk(official: Any) -> Client:
    client = Client()
    client.force_login(official.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def asked(ask: Callable[..., Any]) -> Callable[..., Enquiry]:
    """Ask now: pages look at the clock."""
    return lambda **more: ask(now=timezone.now(), received_at=timezone.now(), **more)


def test_a_journalist_asks_and_follows_without_login(client: Client, people: People) -> None:
    assert client.get("/pers/").status_code == 200
    assert client.get("/pers/tanya/").status_code == 200
    done = client.post("/pers/tanya/", ASKED)
    assert done.status_code == 302
    page = client.get(done["Location"])
    assert page.status_code == 200
    text = page.content.decode()
    assert "Kami jawab paling lambat" in text
    assert "bram@harian.example" not in text  # the address may be shared: it shows no contact
    assert page["Referrer-Policy"] == "no-referrer"
    key = done["Location"].split("/")[3]
    assert len(key) >= 24
    assert not Enquiry.objects.filter(key_sha256__contains=key).exists()
    for wrong in (key[:-1], "x", "x" * 5_000, "%00"):
        assert client.get(f"/pers/lacak/{wrong}/").status_code == 404
    assert client.post(f"/pers/lacak/{key}/cabut/").status_code == 302
    assert Enquiry.objects.get().state == "withdrawn"


BAD = [
    ({"question": ""}, "Tulis pertanyaannya."),
    ({"email": "", "phone": ""}, "Isi nomor telepon atau surel"),
    ({"deadline": "2020-01-01T10:00"}, "sudah lewat"),
    ({"deadline": "9999-12-31T23:59"}, "lebih dari setahun"),
    ({"question": "x" * 10_001}, "10000"),
    ({"website": "https://spam.example"}, ""),
    ({"name": "\0"}, ""),
]


@pytest.mark.parametrize(("change", "said"), BAD)
def test_what_cannot_be_asked_is_said_and_nothing_is_lost(
    client: Client, people: People, change: dict[str, str], said: str
) -> None:
    page = client.post("/pers/tanya/", ASKED | change)
    assert page.status_code == 422
    text = page.content.decode()
    assert said in text.replace(".", "") or said in text
    assert "Harian Contoh" in text
    assert not Enquiry.objects.exists()


def test_a_flood_is_stopped(client: Client, people: People, monkeypatch: Any) -> None:
    from satuklik.systems.press.views import portal

    monkeypatch.setattr(portal, "MOST", 1)
    assert client.post("/pers/tanya/", ASKED).status_code == 302
    assert client.post("/pers/tanya/", ASKED).status_code == 429


def test_the_desk_is_not_there_for_others(asked: Any, people: People, client: Client) -> None:
    enquiry = asked()
    stranger = desk(people["staf"])
    for address in (
        "",
        "catat/",
        "persetujuan/",
        "media/",
        "aturan/",
        "siaran/",
        "siaran/tulis/",
        f"{enquiry.reference}/",
    ):
        assert stranger.get(f"/meja/pers/{address}").status_code == 404
        assert client.get(f"/meja/pers/{address}").status_code == 302
    assert "/meja/pers/" not in stranger.get("/meja/penerusan/").content.decode()
    assert "Meja pers" in desk(people["petugas"]).get("/meja/pers/").content.decode()
    assert desk(people["petugas"]).get("/meja/pers/aturan/").status_code == 404


def outcomes(page: Any) -> list[str]:
    return [key for key, _label in page.context["ending"].fields["outcome"].choices]


def test_the_whole_desk_in_pages(asked: Any, people: People, open_key: Callable[[Any], Any]) -> None:
    enquiry = asked()
    page = f"/meja/pers/{enquiry.reference}/"
    petugas, kepala = desk(people["petugas"]), desk(people["kadis_kominfo"])
    assert enquiry.topic in petugas.get("/meja/pers/?q=banjir").content.decode()
    text = petugas.get(page).content.decode()
    assert "bram@harian.example" in text
    petugas.get(page)
    assert EnquiryEvent.objects.filter(kind="read", by=people["petugas"]).count() == 1  # one trace, not two
    assert petugas.post(f"{page}tugaskan/", {"saya": "1"}).status_code == 302
    assert petugas.post(f"{page}tugaskan/", {"to": "x"}).status_code == 422
    assert petugas.post(f"{page}mendesak/").status_code == 302
    assert petugas.post(f"{page}fakta/", {"agencies": [], "question": "Angka?"}).status_code == 422
    facts = {"agencies": ["dinkes", "pupr", "bpbd"], "question": "Mohon angkanya."}
    assert petugas.post(f"{page}fakta/", facts).status_code == 302
    assert petugas.post(f"{page}fakta/", facts).status_code == 409
    attempt = {
        "way": "call",
        "outcome": "no_answer",
        "whom": "wartawan",
        "at": "2026-11-24T09:00",
        "note": "",
    }
    assert petugas.post(f"{page}upaya/", attempt).status_code == 302
    assert petugas.post(f"{page}upaya/", attempt | {"at": "kemarin"}).status_code == 422
    text = petugas.get(page).content.decode()
    assert text.count("Belum dikonfirmasi.") == 3
    assert "Menunggu fakta instansi" in text
    for one in referred.of_subject(f"press:{enquiry.reference}", NOW):
        referrals.recall(one.referral, by=people["petugas"], reason="Sudah ada.", now=NOW)
    assert "Fakta lengkap, siap ditulis" in petugas.get(page).content.decode()
    assert "Tidak diangkat" in text
    long = petugas.post(f"{page}pernyataan/", {"text": "x" * 10_001, "seen": "0"})
    assert long.status_code == 422
    assert (
        petugas.post(f"{page}pernyataan/", {"text": "Dua belas.", "seen": "0", "ajukan": "1"}).status_code
        == 302
    )
    stale = petugas.post(f"{page}pernyataan/", {"text": "Tiga belas.", "seen": "0"})
    assert stale.status_code == 409
    assert "Tiga belas." in stale.content.decode()
    assert petugas.post(f"{page}setujui/", {"seen": "1"}).status_code == 409
    assert enquiry.topic in kepala.get("/meja/pers/persetujuan/").content.decode()
    assert "Persetujuan Anda" in kepala.get(page).content.decode()
    assert kepala.post(f"{page}kembalikan/", {"seen": "1", "reason": ""}).status_code == 422
    assert kepala.post(f"{page}setujui/", {"seen": "x"}).status_code == 409
    assert kepala.post(f"{page}setujui/", {"seen": "1"}).status_code == 302
    assert petugas.post(f"{page}kirim/").status_code == 302
    assert petugas.post(f"{page}kirim/").status_code == 409
    assert "Bukti kirim" in petugas.get(page).content.decode()
    today = timezone.localdate()
    later = {"link": "https://harian.example/banjir", "on": (today + timedelta(days=1)).isoformat()}
    assert petugas.post(f"{page}terbit/", later).status_code == 422
    assert petugas.post(f"{page}terbit/", later | {"on": today.isoformat()}).status_code == 302
    assert petugas.post(f"{page}hak-jawab/", {"text": "Emoji 🌸"}).status_code == 409
    assert petugas.post(f"{page}hak-jawab/", {"text": "Kami menjawab."}).status_code == 302
    first = PressLetter.objects.get()
    back = {"reason": "Ganti satu kata"}
    assert kepala.post(f"/meja/pers/surat/{first.reference}/kembalikan/", back).status_code == 302
    assert "Kami menjawab.</textarea>" in petugas.get(page).text  # the writer goes on from his words
    assert petugas.post(f"{page}hak-jawab/", {"text": "Kami menanggapi."}).status_code == 302
    letter = PressLetter.objects.latest("pk")
    paper = f"/meja/pers/surat/{letter.reference}/"
    given = {"passphrase": PASSPHRASE, "sha256": letter.preview_id}
    assert petugas.post(f"{paper}tandatangani/", given).status_code == 403
    assert "Tanda tangan Anda adalah persetujuannya" in kepala.get(paper).content.decode()
    assert petugas.get(f"{paper}surat.pdf").content.startswith(b"%PDF")
    assert petugas.get(f"{paper}halaman.png").content.startswith(b"\x89PNG")
    open_key(people["kadis_kominfo"])
    assert kepala.post(f"{paper}tandatangani/", given | {"passphrase": "salah"}).status_code == 422
    assert kepala.post(f"{paper}tandatangani/", given).status_code == 302
    assert kepala.post(f"{paper}kembalikan/", {"reason": "Terlambat"}).status_code == 409
    assert petugas.post(f"{page}hak-jawab/kirim/", {"cara": "letter"}).status_code == 302
    assert outcomes(petugas.get(page)) == ["run", "refused"]
    end = {"outcome": "run", "on": today.isoformat(), "link": "https://harian.example/hak-jawab", "text": ""}
    assert petugas.post(f"{page}hak-jawab/hasil/", end | {"link": "javascript:x"}).status_code == 409
    assert petugas.post(f"{page}hak-jawab/hasil/", end | {"outcome": "dewan_pers"}).status_code == 422
    assert petugas.post(f"{page}hak-jawab/hasil/", end).status_code == 302
    assert Enquiry.objects.get().state == "run"
    assert petugas.get(page).status_code == 200
    for state, choices in (("refused", ["run"]), ("dewan_pers", ["dewan_pers"])):
        Enquiry.objects.update(state=state)
        assert outcomes(petugas.get(page)) == choices
    for box in ("open", "mine", "after", "done", "\u202e"):
        assert petugas.get("/meja/pers/", {"kotak": box, "q": "\0'%_"}).status_code == 200


def test_a_letter_from_before_letters_were_papers_is_shown(asked: Any, people: People) -> None:
    enquiry = asked()
    Enquiry.objects.update(state="hak_jawab")
    ReplyLetter.objects.create(
        enquiry=enquiry, text="Kata lama.", written_by=people["petugas"], written_at=timezone.now(),
        approved_by=people["kadis_kominfo"], approved_at=timezone.now(),
    )  # fmt: skip
    page = desk(people["petugas"]).get(f"/meja/pers/{enquiry.reference}/").text
    assert '<p class="govuk-body pr-text">Kata lama.</p>' in page
    assert "Kata lama.</textarea>" in page
    Enquiry.objects.update(state="sent_to_outlet")
    assert "Kata lama.</p>" in desk(people["petugas"]).get(f"/meja/pers/{enquiry.reference}/").text


def test_the_journalist_sees_the_statement_and_the_attempts_without_names(
    people: People, client: Client
) -> None:
    made = actions.ask(
        name="Bram", outlet="Harian", email="bram@harian.example", question="Benar?", received_at=NOW, now=NOW
    )
    enquiry = made.enquiry
    actions.assign(enquiry, to=people["petugas"], by=people["ppid"], now=NOW)
    actions.write(enquiry, text="Benar, dua belas rumah.", by=people["petugas"], now=NOW, submit=True)
    page = f"/pers/lacak/{made.key}/"
    assert "dua belas" not in client.get(page).content.decode()  # not before it was sent
    actions.approve(enquiry, seen=1, by=people["sekda"], now=NOW)
    actions.send(enquiry, by=people["petugas"], now=NOW)
    text = client.get(page).content.decode()
    assert "dua belas" in text
    assert people["petugas"].name not in text
    today = timezone.localdate().isoformat()
    assert client.post(f"{page}terbit/", {"link": "javascript:alert(1)", "on": today}).status_code == 422
    assert client.post(f"{page}terbit/", {"link": "https://harian.example/x", "on": today}).status_code == 302
    assert Enquiry.objects.get().state == "published"


def test_a_call_is_registered_by_the_desk(people: People) -> None:
    petugas = desk(people["petugas"])
    given = ASKED | {"channel": "call", "urgent": "on"}
    assert petugas.get("/meja/pers/catat/").status_code == 200
    assert petugas.post("/meja/pers/catat/", given | {"name": ""}).status_code == 422
    assert petugas.post("/meja/pers/catat/", given).status_code == 302
    assert Enquiry.objects.get().urgent


def picture() -> bytes:
    kept = io.BytesIO()
    image = Image.new("RGB", (2400, 1200), "navy")
    exif = image.getexif()
    exif[0x010F] = "Kamera Rahasia"
    image.save(kept, "JPEG", exif=exif)
    return kept.getvalue()


def test_a_release_from_draft_to_correction(people: People, client: Client) -> None:
    petugas, kepala = desk(people["petugas"]), desk(people["kadis_kominfo"])
    text = {
        "title": "Jembatan dibuka",
        "summary": "Jembatan dibuka Jumat.",
        "body": "Alinea satu.\n\nAlinea <b>dua</b>.",
    }
    bad = SimpleUploadedFile("x.jpg", b"<svg onload=alert(1)>", content_type="image/jpeg")
    assert (
        petugas.post("/meja/pers/siaran/tulis/", text | {"photo": bad, "photo_alt": "x"}).status_code == 422
    )
    photo = SimpleUploadedFile("../../x.jpg", picture(), content_type="text/html")
    assert (
        petugas.post("/meja/pers/siaran/tulis/", text | {"photo": photo}).status_code == 422
    )  # no words for it
    photo.seek(0)
    assert (
        petugas.post("/meja/pers/siaran/tulis/", text | {"photo": photo, "photo_alt": "Jembatan"}).status_code
        == 302
    )
    release = Release.objects.get()
    page = f"/meja/pers/siaran/{release.pk}/"
    assert client.get(f"/siaran-pers/{release.slug}/").status_code == 404
    assert petugas.get(page).status_code == 200
    assert petugas.get(f"{page}foto.jpg")["Content-Type"] == "image/jpeg"
    assert petugas.post(f"{page}terbitkan/").status_code == 409
    assert petugas.post(f"{page}ajukan/").status_code == 302
    assert petugas.post(f"{page}setujui/").status_code == 409
    assert kepala.post(f"{page}kembalikan/", {"reason": ""}).status_code == 422
    assert kepala.post(f"{page}setujui/", {"seen": Release.objects.get().version}).status_code == 302
    assert petugas.post(f"{page}ubah/", text | {"body": "Lain.", "photo_alt": "Jembatan"}).status_code == 302
    release.refresh_from_db()
    assert (release.state, release.approved_by) == ("draft", None)  # other words must be approved anew
    for who, act in ((petugas, "ajukan"), (kepala, "setujui"), (petugas, "terbitkan")):
        seen = {"seen": Release.objects.get(pk=release.pk).version}
        assert who.post(f"{page}{act}/", seen).status_code == 302
    assert petugas.post(f"{page}hapus/").status_code == 404
    public = f"/siaran-pers/{release.slug}/"
    assert "Lain." in client.get(public).content.decode()
    shown = client.get(f"{public}foto.jpg").content
    assert b"Kamera Rahasia" not in shown
    assert Image.open(io.BytesIO(shown)).width == 1600
    assert "Jembatan dibuka" in client.get("/siaran-pers/?page=\0").content.decode()
    assert "Jembatan dibuka" in client.get("/cari/?q=jembatan").content.decode()
    wrong = {"text": "Harinya keliru.", "body": "Jembatan dibuka Sabtu.", "summary": "R & D <b>1 < 2</b>."}
    assert petugas.post(f"{page}ralat/", wrong).status_code == 409
    assert kepala.post(f"{page}ralat/", wrong | {"text": ""}).status_code == 422
    assert kepala.post(f"{page}ralat/", wrong).status_code == 302
    text_now = client.get(public).content.decode()
    assert "Harinya keliru." in text_now
    assert "dibuka Sabtu" in text_now
    feed = ElementTree.fromstring(client.get("/siaran-pers/atom.xml").content)
    assert feed.tag == "{http://www.w3.org/2005/Atom}feed"
    [entry] = feed.findall("{http://www.w3.org/2005/Atom}entry")
    told = {child.tag.rpartition("}")[2]: (child.get("type"), child.text) for child in entry}
    assert told["content"] == ("text", "Jembatan dibuka Sabtu.")
    assert told["summary"] == (
        "html",
        "R &amp; D &lt;b&gt;1 &lt; 2&lt;/b&gt;.",
    )  # read as HTML, it is what was written
    items = json.loads(client.get("/siaran-pers/feed.json").content)["items"]
    assert items[0]["content_text"] == "Jembatan dibuka Sabtu."
    assert items[0]["summary"] == "R & D <b>1 < 2</b>."
    assert items[0]["date_modified"] > items[0]["date_published"]
    assert kepala.post(f"{page}tarik/", {"reason": "Batal dibuka."}).status_code == 302
    gone = client.get(public)
    assert gone.status_code == 410
    assert "Batal dibuka." in gone.content.decode()
    assert client.get(f"{public}foto.jpg").status_code == 404
    assert json.loads(client.get("/siaran-pers/feed.json").content)["items"] == []


def test_journalists_are_invited_to_submit_ideas(client: Client, people: People) -> None:
    assert 'href="/ide/"' in client.get("/pers/").content.decode()
    assert "/ide/baru/?sebagai=jurnalis" in client.get("/ide/").content.decode()
    page = client.get("/ide/baru/?sebagai=jurnalis").content.decode()
    assert re.search(r'value="journalist"[^>]* checked', page)
    assert not re.search(r'value="journalist"[^>]* checked', client.get("/ide/baru/").content.decode())


def test_empty_feeds_and_lists(people: People, client: Client) -> None:
    for address in ("/siaran-pers/", "/siaran-pers/atom.xml", "/siaran-pers/feed.json"):
        assert client.get(address).status_code == 200
    assert client.get("/siaran-pers/tidak-ada/").status_code == 404


def test_outlets_and_the_clock_are_set(asked: Any, people: People) -> None:
    asked()
    ppid = desk(people["ppid"])
    outlet = Outlet.objects.get()
    address = f"/meja/pers/media/?media={outlet.pk}"
    assert ppid.get("/meja/pers/media/").status_code == 200
    assert ppid.post(address, {"kind": "print", "email": "bukan surel"}).status_code == 422
    assert (
        ppid.post(address, {"kind": "print", "email": "redaksi@harian.example", "periksa": "1"}).status_code
        == 302
    )
    outlet.refresh_from_db()
    assert outlet.verified_by == people["ppid"]
    assert ppid.post("/meja/pers/media/?media=999999", {"kind": "print", "email": ""}).status_code == 404
    page = ppid.get("/meja/pers/aturan/")
    form = page.context["form"]
    given = {name: str(form[name].value()) for name in form.fields} | {
        "valid_from": timezone.localdate().isoformat(), "source": "Keputusan 1", "urgent_minutes": "90",
        "press_opens": "06:00", "press_closes": "22:00", "normal_cutoff": "13:00", "normal_closes": "16:00",
        "normal_next": "11:00",
    }  # fmt: skip
    assert ppid.post("/meja/pers/aturan/", given | {"press_closes": "05:00"}).status_code == 422
    assert ppid.post("/meja/pers/aturan/", given).status_code == 302
    assert PressPolicy.objects.get().urgent_minutes == 90


def test_the_home_page_has_a_way_in_and_figures_are_given(asked: Any, client: Client) -> None:
    from satuklik.base.figures.registry import figures
    from satuklik.base.ui.registry import ENTRANCES

    asked()
    assert ENTRANCES["press"].url == "press:portal"
    today = timezone.localdate()
    found = {one.name: one.value for _source, many in figures(today, today, timezone.now()) for one in many}
    assert found["press.enquiries"] == 1
    assert found["press.within_clock"] is None
