"""The pages of the inbox: who may see them, what they show, hide, keep and refuse."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from satuklik.base.files.models import StoredFile
from satuklik.spine.intake import actions, queries
from satuklik.spine.messaging import queries as messages
from tests.people import NOW

LAMP = "Lampu jalan di simpang kami mati sudah dua minggu, mohon diperbaiki ya pak"
DATA = "Mohon data jumlah penduduk per kecamatan untuk skripsi saya"
LIST = "/meja/pesan/"


def address(message: Any, act: str = "") -> str:
    return f"/meja/pesan/{message.conversation_id}/{act}"


def form(message: Any, kind: str, **more: Any) -> dict[str, Any]:
    return {"pesan": [message.pk], "jenis": kind, "key": str(uuid4()), "tell": "on", **more}


def test_only_the_information_office_may_enter(
    write: Callable[..., Any], browser: Callable[[str], Client]
) -> None:
    message = write(DATA)
    for name, status in (
        ("lina", 200),
        ("rahmat", 200),
        ("kadis", 200),
        ("sekretaris", 200),
        ("tono", 403),
        ("andi", 404),
    ):
        client = browser(name)
        assert client.get(LIST).status_code == status, name
        assert client.get(address(message)).status_code == status, name
        told = client.post(address(message, "catat/"), {"note": name}).status_code
        assert told == (302 if status == 200 else status), name
    assert Client().get(LIST).status_code == 302
    assert [one.text for one in queries.notes(message.conversation_id)] == [
        "lina",
        "rahmat",
        "kadis",
        "sekretaris",
    ]


def test_the_rail_counts_for_the_office_only(
    write: Callable[..., Any], browser: Callable[[str], Client]
) -> None:
    write(DATA, now=NOW - timedelta(days=5))
    page = browser("lina").get(LIST).content.decode()
    assert re.search(r'Pesan masuk</span><span class="sk-count sk-count--late">1', page)
    assert "Pesan masuk" not in browser("andi").get("/meja/penerusan/").content.decode()


def test_the_morning_view(write: Callable[..., Any], browser: Callable[[str], Client]) -> None:
    write(DATA, now=NOW - timedelta(days=5))
    write(LAMP, who="6284090000102", name="Budi Contoh")
    write("tolong ada kebakaran di pasar!", who="6284090000103", name="Wati Contoh")
    page = browser("lina").get(LIST).content.decode()
    figures = re.findall(r"<dt>([^<]+)</dt><dd>(?:<a[^>]*>)?(\d+)", page)
    assert figures == [("Baru", "2"), ("Terlambat", "1"), ("Instansi diam", "0"), ("Milik Anda", "0")]
    assert (
        page.index("Mungkin darurat")
        < page.index("Wati Contoh")
        < page.index("Sari Contoh")
        < page.index("Budi Contoh")
    )
    for box in ("saya", "bebas", "semua", "selesai", "nonsense", "\x00"):
        assert browser("lina").get(LIST, {"kotak": box, "sesudah": "x-1"}).status_code == 200
    found = browser("lina").get(LIST, {"q": "skripsi"}).content.decode()
    assert "Sari Contoh" in found
    assert "Budi Contoh" not in found
    for text in ("' OR 1=1 --", "\x00\x00", "&:*!", "a" * 5000, "😀"):
        assert browser("lina").get(LIST, {"q": text}).status_code == 200


def test_the_conversation_with_its_suggestion_and_trace(
    write: Callable[..., Any], browser: Callable[[str], Client], kinds: list[Any]
) -> None:
    message = write(LAMP)
    page = browser("lina").get(address(message)).content.decode()
    assert "WhatsApp terbuka 1\xa0hari lagi." in page or "WhatsApp terbuka" in page
    assert LAMP in page
    assert [look.official.name for look in queries.looks(message.conversation_id)] == ["Lina Umpama, S.I.Kom"]
    other = browser("rahmat").get(address(message)).content.decode()
    assert "Lina Umpama, S.I.Kom sedang membaca" in other
    assert browser("lina").get("/meja/pesan/999999/").status_code == 404


def test_one_click_with_the_suggestion(
    write: Callable[..., Any], browser: Callable[[str], Client], kinds: list[Any]
) -> None:
    message, lina = write(DATA), browser("lina")
    page = lina.get(address(message)).content.decode()
    assert 'value="information" id="jadi_jenis' in page
    done = lina.post(address(message, "jadikan/"), form(message, "information"), follow=True)
    assert done.redirect_chain
    assert "PI-TEST-0001" in done.content.decode()
    assert kinds[0].text == DATA
    again = lina.post(address(message, "jadikan/"), form(message, "information"))
    assert again.status_code == 409
    assert "sudah dijadikan PI-TEST-0001" in again.content.decode()


def test_what_is_missing_is_said_with_everything_typed(
    write: Callable[..., Any], browser: Callable[[str], Client], kinds: list[Any]
) -> None:
    message, lina = write(DATA), browser("lina")
    refused = lina.post(
        address(message, "jadikan/"),
        form(message, "information", text="gagal, tetapi tertulis", address="Jl. Mawar 1"),
    )
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "Nama pemohon belum ada. Tanyakan dahulu." in page
    assert "gagal, tetapi tertulis" in page
    assert "Jl. Mawar 1" in page
    for bad in (
        {},
        {"pesan": "x"},
        {"jenis": "greeting"},
        {"key": "x"},
        {"dinas": "nowhere"},
        {"pesan": [999999]},
    ):
        assert lina.post(
            address(message, "jadikan/"), {**form(message, "information"), **bad}
        ).status_code in (302, 422)
    assert lina.post(address(message, "jadikan/"), {}).status_code == 422


def test_two_officers_answer_at_once(write: Callable[..., Any], browser: Callable[[str], Client]) -> None:
    message = write(DATA)
    lina, rahmat = browser("lina"), browser("rahmat")
    seen = re.search(r'name="seen" value="(\d+)"', rahmat.get(address(message)).content.decode())[1]
    assert (
        lina.post(address(message, "balas/"), {"text": "Kami siapkan datanya.", "seen": seen}).status_code
        == 302
    )
    late = rahmat.post(address(message, "balas/"), {"text": "Sedang saya cari.", "seen": seen})
    page = late.content.decode()
    assert late.status_code == 409
    assert "Kami siapkan datanya." in page
    assert "Sedang saya cari.</textarea>" in page
    seen = re.search(r'name="seen" value="(\d+)"', page)[1]
    assert (
        rahmat.post(address(message, "balas/"), {"text": "Sedang saya cari.", "seen": seen}).status_code
        == 302
    )
    ours = [one.text for one in messages.messages(message.conversation_id) if one.by_id]
    assert ours == ["Kami siapkan datanya.", "Sedang saya cari."]


def test_an_answer_takes_files_along(write: Callable[..., Any], browser: Callable[[str], Client]) -> None:
    message, lina, rahmat = write(DATA), browser("lina"), browser("rahmat")
    here = address(message, "balas/")
    for name, content in (
        ("jahat.pdf", b"MZ\x90\x00"),
        ("kosong.pdf", b""),
        ("besar.pdf", b"%PDF-" + b"0" * 11_000_000),
    ):
        refused = lina.post(here, {"text": "Ini.", "seen": 0, "files": SimpleUploadedFile(name, content)})
        assert (refused.status_code, "Ini.</textarea>" in refused.text) == (422, True), name
    many = [SimpleUploadedFile(f"{number}.pdf", b"%PDF-1.4") for number in range(4)]
    assert lina.post(here, {"text": "Ini.", "seen": 0, "files": many}).status_code == 422
    assert not StoredFile.objects.filter(media_type="application/pdf").exists()
    table = SimpleUploadedFile("../data\u202efdp.pdf", b"%PDF-1.4 data")
    assert lina.post(here, {"seen": 0, "files": table}).status_code == 302  # no word is needed
    (sent,) = [one for one in messages.messages(message.conversation_id) if one.by_id]
    assert [(file.name, file.media_type) for file in sent.attachments.all()] == [
        ("datafdp.pdf", "application/pdf")
    ]
    assert sent.text == "Berkas untuk Anda terlampir."
    assert "datafdp.pdf" in lina.get(address(message)).text
    late = rahmat.post(
        here, {"text": "Ini.", "seen": 0, "files": SimpleUploadedFile("b.pdf", b"%PDF-1.4 lain")}
    )
    assert (late.status_code, "Pilih lagi berkasnya." in late.text) == (409, True)
    assert StoredFile.objects.filter(media_type="application/pdf").count() == 1


def test_a_secret_person_is_covered_until_a_reason_is_given(
    write: Callable[..., Any], browser: Callable[[str], Client], kinds: list[Any]
) -> None:
    text = "kepala desa minta uang 500 ribu untuk blt, jangan sebut nama saya"
    message, lina, kadis = write(text, name="Sri Rahasia"), browser("lina"), browser("kadis")
    for page in (lina.get(LIST).content.decode(), lina.get(address(message)).content.decode()):
        assert "Sri Rahasia" not in page
        assert "6284090000101" not in page.replace("-", "")
        assert "500 ribu" not in page
    assert queries.looks(message.conversation_id) == []
    assert lina.post(address(message, "balas/"), {"text": "x", "seen": 0}).status_code == 422
    assert lina.post(address(message, "jadikan/"), form(message, "complaint")).status_code == 422
    reason = "Menghubungi pelapor untuk bukti"
    assert lina.post(address(message, "buka/"), {"reason": reason}).status_code == 422  # not hers to open
    assert "Sri Rahasia" not in lina.get(address(message)).content.decode()
    assert kadis.post(address(message, "buka/"), {"reason": "mau"}).status_code == 422
    assert kadis.post(address(message, "buka/"), {"reason": reason}).status_code == 302
    assert "Sri Rahasia" in kadis.get(address(message)).content.decode()
    assert "Sri Rahasia" not in browser("rahmat").get(address(message)).content.decode()
    assert kadis.post(address(message, "jadikan/"), form(message, "complaint")).status_code == 302
    assert kinds[0].secret


def test_hostile_words_are_shown_as_words(
    write: Callable[..., Any], browser: Callable[[str], Client]
) -> None:
    evil = '<script>alert(1)</script> \u202e"><img src=x onerror=alert(2)> {{ 7*7 }} lampu jalan mati mohon diperbaiki'
    message, lina = write(evil, name="<b>Budi</b>"), browser("lina")
    for page in (lina.get(LIST).content.decode(), lina.get(address(message)).content.decode()):
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "<b>Budi" not in page
    assert lina.post(address(message, "catat/"), {"note": "\x00<i>x</i>" + "y" * 3000}).status_code == 302
    assert "<i>x</i>" not in lina.get(address(message)).content.decode()
    assert lina.post(address(message, "catat/"), {"note": " "}).status_code == 422
    assert lina.post(address(message, "balas/"), {"text": "z" * 5000, "seen": 0}).status_code == 422
    assert lina.post(address(message, "balas/"), {"text": "z", "seen": "x"}).status_code == 422
    write("a" * 2_000_000, who="6284090000109")
    assert lina.get(LIST).status_code == 200


def test_assigning_noting_and_putting_aside(
    write: Callable[..., Any], browser: Callable[[str], Client], office: dict[str, Any]
) -> None:
    message, lina = write("Terima kasih banyak pak"), browser("lina")
    assert lina.post(address(message, "bagi/"), {"petugas": office["rahmat"].pk}).status_code == 302
    assert lina.post(address(message, "bagi/"), {"petugas": office["andi"].pk}).status_code == 404
    assert [one.pk for one in queries.page("saya", office["rahmat"])] == [message.conversation_id]
    assert lina.post(address(message, "catat/"), {"note": "Sudah beres."}).status_code == 302
    assert "Sudah beres." in lina.get(address(message)).content.decode()
    assert lina.post(address(message, "selesai/"), {"jenis": "greeting"}).status_code == 302
    assert queries.page("menunggu", office["lina"]) == []
    assert [one.right for one in queries.measured()] == [1]
    write(LAMP, minutes=5)
    assert [one.pk for one in queries.page("menunggu", office["lina"])] == [message.conversation_id]


def test_a_greeting_is_put_aside_without_the_question_after_it(
    write: Callable[..., Any], browser: Callable[[str], Client], office: dict[str, Any], kinds: list[Any]
) -> None:
    """Each button says which message it means: the question neither leaves the list nor teaches that it was a greeting."""
    hello, asked, lina = write("assalamualaikum pak"), write(DATA, minutes=1), browser("lina")
    write("air mati", minutes=2)  # a guess only
    page = lina.get(address(hello)).content.decode()
    # What is sure stands before guesses, though it came earlier.
    assert 'data-ib-key="1">information' in page
    assert "belum pasti" in page
    assert f'name="pesan" value="{hello.pk}"><button' in page
    assert "Salam atau terima kasih: selesai" not in page
    told = lina.post(address(hello, "selesai/"), {"jenis": "greeting", "pesan": hello.pk}, follow=True)
    assert "Pesan lain dari orang ini masih menunggu." in told.content.decode()
    assert [one.pk for one in queries.page("menunggu", office["lina"])] == [hello.conversation_id]
    decided = [
        (one.message_id, one.decided_kind) for one in (*hello.suggestions.all(), *asked.suggestions.all())
    ]
    assert decided == [(hello.pk, "greeting"), (asked.pk, "")]
    assert lina.post(address(hello, "selesai/"), {"jenis": "greeting", "pesan": "0"}).status_code == 404
    last = write(LAMP, who="6284090000102", minutes=3)
    for box, there in (("menunggu", address(last)), ("semua", LIST)):
        done = lina.post(address(hello, "selesai/"), {"kotak": box})
        assert (done.status_code, done.headers["Location"]) == (302, f"{there}?kotak={box}")
    assert [one.pk for one in queries.page("menunggu", office["lina"])] == [last.conversation_id]


def test_a_message_without_words_says_what_it_is(
    write: Callable[..., Any], browser: Callable[[str], Client]
) -> None:
    message = write("", kind="audio")
    for page in (LIST, address(message)):
        assert "(pesan suara)" in browser("lina").get(page).text, page
        assert "(audio)" not in browser("lina").get(page).text, page


def test_the_heartbeat(
    write: Callable[..., Any], browser: Callable[[str], Client], office: dict[str, Any]
) -> None:
    message = write(DATA)
    browser("lina").post(address(message, "langsung/"), {"typing": "1", "last": "0"})
    told = browser("rahmat").post(address(message, "langsung/"), {"last": str(message.pk)}).content.decode()
    assert "Lina Umpama, S.I.Kom sedang menulis balasan" in told
    write(LAMP, minutes=1)
    told = browser("rahmat").post(address(message, "langsung/"), {"last": str(message.pk)}).content.decode()
    assert "1 pesan baru." in told
    actions.answer(message.conversation, "Baik.", by=office["lina"], seen=0, now=NOW)
    told = browser("rahmat").post(address(message, "langsung/"), {"last": str(message.pk)}).content.decode()
    assert "Lina Umpama, S.I.Kom baru saja membalas." in told
    assert browser("rahmat").post(address(message, "langsung/"), {"last": "9" * 40}).status_code == 200


def test_canned_answers(
    write: Callable[..., Any], browser: Callable[[str], Client], kinds: list[Any]
) -> None:
    message, lina = write(DATA), browser("lina")
    wrong = lina.post("/meja/pesan/jawaban/baru/", {"title": "Diterima", "text": "Halo {pin}", "order": "1"})
    assert wrong.status_code == 422
    assert "pin" in wrong.content.decode()
    given = {"title": "Diterima", "text": "Yth. {nama}, nomor Anda {nomor}.", "order": "1", "active": "on"}
    assert lina.post("/meja/pesan/jawaban/baru/", given).status_code == 302
    assert lina.post("/meja/pesan/jawaban/baru/", given).status_code == 302
    assert [one.slug for one in queries.canned()] == ["diterima", "diterima-2"]
    assert lina.get("/meja/pesan/jawaban/").status_code == 200
    page = lina.get(address(message), {"jawaban": "diterima"}).content.decode()
    assert "Yth. Sari Contoh, nomor Anda [nomor?]." in page
    unfilled = lina.post(address(message, "balas/"), {"text": "nomor [nomor?]", "seen": 0})
    assert unfilled.status_code == 422
    lina.post(address(message, "jadikan/"), form(message, "information"))
    page = lina.get(address(message), {"jawaban": "diterima"}).content.decode()
    assert "nomor Anda PI-TEST-0001." in page
    assert lina.get("/meja/pesan/jawaban/tidak-ada/").status_code == 404


def test_merging_and_parting(write: Callable[..., Any], browser: Callable[[str], Client]) -> None:
    chat, lina = write(DATA), browser("lina")
    mail = write(LAMP, who="sari@contoh.example", channel="email", email="sari@contoh.example")
    for number in ("", "x", "999999", str(chat.conversation_id), "９"):
        assert lina.post(address(chat, "gabung/"), {"percakapan": number}).status_code == 422
    done = lina.post(address(chat, "gabung/"), {"percakapan": f"#{mail.conversation_id}"}, follow=True)
    # Whoever mistyped the number reads whose conversation it was.
    assert f"Percakapan #{mail.conversation_id}, {mail.conversation.name}, digabung ke sini." in done.text
    page = lina.get(address(chat)).content.decode()
    assert DATA in page
    assert LAMP in page
    assert lina.get(address(mail)).status_code == 200  # the old number leads on
    identity = next(one for one in messages.identities(chat.conversation_id) if one.channel == "email")
    assert lina.post(address(chat, f"pisah/{identity.pk}/")).status_code == 302
    assert mail.pk not in [one.pk for one in messages.messages(chat.conversation_id)]
    assert lina.post(address(chat, f"pisah/{identity.pk}/")).status_code == 404


def test_files_are_shown_or_downloaded_but_never_run(
    write: Callable[..., Any], browser: Callable[[str], Client]
) -> None:
    from satuklik.spine.messaging.actions import Handed

    files = [
        Handed("foto.png", b"\x89PNG\r\n\x1a\n" + b"0" * 20), Handed("../../surat\u202egnp.pdf", b"%PDF-1.4 x"),
        Handed("jahat.png", b"<html><script>alert(1)</script>"),
    ]  # fmt: skip
    message, lina = write(LAMP, files=files), browser("lina")
    picture, paper, evil = message.attachments.order_by("pk")
    shown = lina.get(address(message, f"berkas/{picture.pk}/"))
    assert (shown["Content-Type"], shown["Content-Disposition"]) == (
        "image/png",
        'inline; filename="foto.png"',
    )
    assert "sandbox" in shown["Content-Security-Policy"]
    load = lina.get(address(message, f"berkas/{paper.pk}/"))
    assert load["Content-Type"] == "application/octet-stream"
    assert load["Content-Disposition"].startswith("attachment")
    assert lina.get(address(message, f"berkas/{evil.pk}/")).status_code == 404
    assert "jenis berkas tidak diterima" in lina.get(address(message)).content.decode()
    other = write(DATA, who="6284090000102")
    assert lina.get(address(other, f"berkas/{picture.pk}/")).status_code == 404


def test_a_closed_window_offers_a_template(
    write: Callable[..., Any], browser: Callable[[str], Client]
) -> None:
    message, lina = write(DATA, now=NOW - timedelta(hours=30)), browser("lina")
    page = lina.get(address(message)).content.decode()
    assert "Jendela 24 jam WhatsApp sudah tertutup." in page
    assert "Ada jawaban untuk Anda dari PPID." in page
    assert (
        lina.post(address(message, "balas/"), {"text": "x", "seen": 0, "template": "nonsense"}).status_code
        == 422
    )
    assert (
        lina.post(
            address(message, "balas/"), {"text": "Ini datanya.", "seen": 0, "template": "message"}
        ).status_code
        == 302
    )
    assert messages.messages(message.conversation_id)[-1].variables["template"] == "message"


def test_the_measured_precision_is_shown(
    write: Callable[..., Any], browser: Callable[[str], Client], kinds: list[Any]
) -> None:
    lina = browser("lina")
    assert "Belum ada keputusan petugas." in lina.get("/meja/pesan/triase/").content.decode()
    message = write(DATA)
    lina.post(address(message, "jadikan/"), form(message, "information"))
    page = lina.get("/meja/pesan/triase/").content.decode()
    assert "100,0 %" in page


def test_the_list_asks_the_same_number_of_questions(
    write: Callable[..., Any], browser: Callable[[str], Client]
) -> None:
    lina, asked = browser("lina"), []
    for number in (1, 25):
        for one in range(number):
            write(LAMP, who=f"62840900003{one:02}", minutes=number)
        lina.get(LIST)
        with CaptureQueriesContext(connection) as queries_of_page:
            assert lina.get(LIST).status_code == 200
        asked.append(len(queries_of_page))
    assert asked[0] == asked[1]


def test_what_the_message_says_answers_the_kinds_questions(
    write: Callable[..., Any], browser: Callable[[str], Client], kinds: list[Any]
) -> None:
    from satuklik.spine.intake import registry

    registry.KINDS["press"] = registry.Kind(
        "press", "Pers", "newspaper", 30, registry.KINDS["complaint"].create,
        asks=(registry.Ask("outlet", "Media", required=True),),
    )  # fmt: skip
    named = write("Saya wartawan Harian Contoh, mohon konfirmasi soal jalan rusak, deadline pukul 15.00")
    unnamed = write("wartawan, mohon konfirmasi soal jalan rusak, deadline pukul 15.00", who="6284090000102")
    lina = browser("lina")
    page = lina.get(address(named)).content.decode()
    assert 'name="tanya-press-outlet" value="Harian Contoh"' in page
    assert "Pers → Dpupr" in page
    page = lina.get(address(unnamed)).content.decode()
    assert "Lengkapi Pers" in page
    refused = lina.post(address(unnamed, "jadikan/"), form(unnamed, "press"))
    assert refused.status_code == 422
    assert "Isi ini untuk jenis yang dipilih." in refused.content.decode()
    given = form(named, "press", **{"tanya-press-outlet": "Harian Contoh", "deadline": "2026-11-24T15:00"})
    assert lina.post(address(named, "jadikan/"), given).status_code == 302
    assert kinds[0].extra == (("outlet", "Harian Contoh"),)
    assert kinds[0].deadline.isoformat() == "2026-11-24T15:00:00+07:00"
