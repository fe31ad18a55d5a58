"""E-mail over real servers: read by IMAP, sent by SMTP, threads, bounces, machines, and hostile letters."""

import time
from datetime import timedelta

import pytest

from satuklik.spine.messaging import actions, links, queries
from satuklik.spine.messaging.actions.handling import store_event
from satuklik.spine.messaging.adapters import letters, mail
from satuklik.spine.messaging.models import Attachment, Conversation, Identity, Message, RawEvent
from satuklik.spine.messaging.tests.clock import NOW
from satuklik.spine.messaging.tests.people import MX, PNG, letter, only, take
from tests.mailserver import BOX

SITI = "siti@warga.example"
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def office(settings):
    settings.MESSAGING_MAIL, settings.MESSAGING_MAIL_AUTHSERV_ID = BOX, MX


def test_letters_are_read_once(db, mailbox, work):
    mailbox.put(letter("Satu", number=1))
    mailbox.put(letter("Dua", number=2))
    assert mail.poll(NOW) == 2
    assert mail.poll(NOW) == 0
    work()
    assert [m.text for m in queries.messages(only().pk)] == ["Satu", "Dua"]
    assert (only().name, only().email) == ("Siti Aminah", SITI)
    mailbox.put(letter("Tiga", number=3))
    assert mail.poll(NOW) == 1
    # The server numbers everything anew: known letters are recognised.
    mailbox.empty()
    time.sleep(1.1)  # UIDVALIDITY is a time in seconds
    for number, text in enumerate(("Satu", "Dua", "Empat"), start=1):
        mailbox.put(letter(text, number=number if number < 3 else 4))
    mail.poll(NOW)
    work()
    assert sorted(m.text for m in Message.objects.all()) == ["Dua", "Empat", "Satu", "Tiga"]


def test_a_wrong_password_is_said(db, mailbox, settings):
    settings.MESSAGING_IMAP_PASSWORD = "salah"
    with pytest.raises(mail.SendFailed) as failure:
        mail.poll(NOW)
    assert failure.value.again
    assert "cannot be opened" in mail.problems()[0]
    settings.MESSAGING_IMAP_HOST = "mail.example"
    with pytest.raises(mail.SendFailed, match="insecure"):
        mail.poll(NOW)


def test_a_letter_of_ten_megabytes_with_its_file(db, mailbox, work):
    big = letter("Foto terlampir")
    big.add_attachment(PNG + b"\x00" * 7_400_000, maintype="image", subtype="png", filename="foto.png")
    mailbox.put(big)
    mail.poll(NOW)
    work()
    (file,) = Attachment.objects.all()
    assert (file.name, file.media_type, file.size > 7_000_000) == ("foto.png", "image/png", True)
    assert len(RawEvent.objects.get().body) > 10_000_000


def test_a_letter_that_is_far_too_large_stays_in_the_mailbox_and_is_named(db, mailbox, work, monkeypatch):
    monkeypatch.setattr(mail, "MOST_MAIL", 50_000)
    mailbox.put(letter("x" * 900 + "\n" + "panjang sekali\n" * 9000))
    mail.poll(NOW)
    work()
    event = RawEvent.objects.get()
    assert event.problem == "too_large"
    assert b"Tanya data" in bytes(event.body)


def test_an_answer_goes_out_in_the_thread_and_comes_back(db, postbox, work):
    take(letter("Apakah ada data jalan?"), work)
    message = actions.reply(only(), "Ada. Untuk tahun berapa?", now=NOW)
    work()
    message.refresh_from_db()
    assert message.status == "sent"
    (sent,) = postbox.taken
    assert sent["To"] == SITI
    assert sent["In-Reply-To"] == "<1@warga.example>"
    assert sent["Subject"] == "Re: Tanya data"
    assert sent["Message-ID"] == message.external_id
    assert queries.link(message) in sent.get_content()
    # She answers from another address, to the address that the letter named.
    take(
        letter("Tahun 2025.", sender="siti@kantor.example", number=2, To=str(sent["Reply-To"]).upper()), work
    )
    assert [m.text for m in queries.messages(only().pk)] == [
        "Apakah ada data jalan?",
        "Ada. Untuk tahun berapa?",
        "Tahun 2025.",
    ]


def test_a_reply_is_recognised_by_its_references(db, postbox, work):
    take(letter("Apakah ada data jalan?"), work)
    message = actions.reply(only(), "Ada.", now=NOW)
    work()
    message.refresh_from_db()
    take(
        letter(
            "Terima kasih.", sender="lain@kantor.example", number=2, References=f"<x@y> {message.external_id}"
        ),
        work,
    )
    assert only().messages.count() == 3


def test_a_forged_reply_word_opens_nothing(db, work):
    take(letter("Satu"), work)
    take(
        letter("Dua", sender="jahat@x.example", number=2, To=f"ppid+{only().pk}-{'0' * 32}@asahan.example"),
        work,
    )
    assert Conversation.objects.count() == 2
    assert links.conversation_of(links.reply_token(7)) == 7
    assert links.conversation_of("7-x") is None
    assert links.conversation_of("9" * 4000 + "-x") is None


def test_nobody_hides_a_letter_by_copying_its_id(db, work):
    take(letter("Asli"), work)
    take(letter("Palsu", sender="jahat@x.example"), work)
    take(letter("Asli"), work, key="lagi")
    assert sorted(m.text for m in Message.objects.all()) == ["Asli", "Palsu"]


QUOTED = """Baik, terima kasih.

Pada Sel, 24 Nov 2026 pukul 10.00 PPID Kabupaten Asahan <ppid@asahan.example> menulis:
> Ada. Untuk tahun berapa?
> Salam
"""


def test_only_what_is_new_is_shown(db, work):
    take(letter(QUOTED), work)
    assert only().messages.get().text == "Baik, terima kasih."
    assert b"tahun berapa" in bytes(RawEvent.objects.get().body)  # the whole is kept


def test_a_page_becomes_words(db, work):
    made = letter()
    made.set_content(
        "<html><head><style>p{}</style><script>alert(1)</script></head><body onload=alert(2)>"
        "<p>Jalan <b>rusak</b><img src=x onerror=alert(3)></p><script>alert(4)</script></body></html>",
        subtype="html",
    )
    take(made, work)
    assert only().messages.get().text == "Jalan rusak"


@pytest.mark.parametrize(
    "page",
    ["<div>" * 30_000 + "dalam" + "</div>" * 30_000, "<p>kata</p>" * 150_000, "<" * 100_000, "<!--" * 50_000],
    ids=["deep", "long", "angles", "comments"],
)
def test_a_hostile_page_costs_little(page):
    begin = time.process_time()
    letters.page_text(page)
    letters.without_quotation("> " * 20_000 + "On \n" * 10_000)
    assert time.process_time() - begin < 8


BOUNCE = """From: MAILER-DAEMON@mx.example
To: ppid@asahan.example
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

I'm sorry.
--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; siti@warga.example
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 No such user

--B
Content-Type: {kind}

From: ppid@asahan.example
Message-ID: {message_id}
Subject: Re: Tanya data

--B--
"""


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
def test_a_bounce_is_a_failed_message_and_another_way_is_taken(db, postbox, work, telegram, kind):
    take(letter("Halo"), work)
    Identity.objects.create(conversation=only(), channel="telegram", address="77", created_at=NOW)
    telegram.memory.chats.add("77")
    message = actions.reply(only(), "Jawaban.", now=NOW)
    work()
    message.refresh_from_db()
    take(BOUNCE.format(action="failed", kind=kind, message_id=message.external_id).encode(), work)
    message.refresh_from_db()
    assert (message.status, message.error) == ("failed", "bounce")
    assert telegram.memory.taken == [("77", "Jawaban.")]
    assert Message.objects.filter(direction="in").count() == 1  # the report is no message of a person


def test_a_delay_is_no_failure_and_an_unknown_bounce_is_quarantined(db, postbox, work):
    take(letter("Halo"), work)
    message = actions.reply(only(), "Jawaban.", now=NOW)
    work()
    message.refresh_from_db()
    take(
        BOUNCE.format(action="delayed", kind="message/rfc822", message_id=message.external_id).encode(), work
    )
    message.refresh_from_db()
    assert message.status == "sent"
    take(BOUNCE.format(action="failed", kind="message/rfc822", message_id="<x@y>").encode(), work)
    for hours in range(12):
        work(NOW + hours * HOUR)
    assert queries.quarantine()[0].problem == "unknown_message"


def test_the_mail_server_refuses_at_once_or_for_now(db, postbox, work):
    take(letter("Halo"), work)
    postbox.refuse[SITI] = "450 4.2.1 Try later"
    message = actions.reply(only(), "Jawaban.", now=NOW)
    work()
    message.refresh_from_db()
    assert message.status == "queued"
    postbox.refuse[SITI] = "550 5.1.1 No such user"
    work(NOW + HOUR)
    message.refresh_from_db()
    assert (message.status, message.error) == ("failed", "bounce")


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"}, {"Auto_Submitted": "auto-generated (vacation)"}, {"Precedence": "bulk"},
        {"Precedence": "LIST"}, {"List_Id": "<warga.example>"}, {"Return_Path": "<>"}, {"X_Satuklik_Loop": "1"},
        {"sender": BOX}, {"sender": "PPID <Ppid+123-abc@Asahan.example>"}, {"sender": "MAILER-DAEMON@mx.example"},
    ],
)  # fmt: skip
def test_machines_get_no_answer_and_are_not_lost(db, work, headers):
    take(letter("Saya sedang cuti", **headers), work)
    assert not Message.objects.exists()
    assert queries.quarantine()[0].problem == "loop"


def test_a_person_may_say_that_no_machine_wrote(db, work):
    take(letter("Halo", Auto_Submitted="no"), work)
    assert only().messages.count() == 1


def test_two_machines_that_hide_it_are_stopped(db, work):
    for number in range(40):
        store_event("email", BOX, letter("Diterima", number=number).as_bytes(), now=NOW)
    work()
    assert Message.objects.count() == mail.MOST_AN_HOUR
    assert {event.problem for event in queries.quarantine()} == {"too_many"}


HOSTILE = [
    b"", b"\x00\x01\x02", b"From: \n\nx", b"From: =?utf-8?q?=00?= <a@b>\n\nx", b"From: a@b\nSubject: " + b"x" * 200_000 + b"\n\nx",
    b"From: <<<>>>,,@\nMessage-ID: <\n\nx", b"From: a@b\nContent-Type: multipart/mixed; boundary=\"\n\n--\n",
    b"From: a@b\nContent-Type: text/plain; charset=gibtsnicht\n\n\xff\xfe", b"From: a@b\nDate: Fri, 99 Foo 99999\n\nx",
    b"From: a@b\nContent-Transfer-Encoding: base64\n\n!!!!", b"From: a@b\nFrom: c@d\n\nx", b"From: a@b\nTo: " + b"x@y," * 5000 + b"\n\nx",
    b"From: a@b\nContent-Type: message/rfc822\n\n" * 200, b"From: a@b\nSubject: =?utf-8?b?\xff?=\nReferences: " + b"<x>" * 9000 + b"\n\nx",
]  # fmt: skip


def test_hostile_letters_are_read_or_quarantined_and_never_stop_us(db, work):
    for number, raw in enumerate(HOSTILE):
        store_event("email", BOX, raw, now=NOW, key=str(number))
    begin = time.monotonic()
    work()
    assert time.monotonic() - begin < 20
    assert queries.waiting_events() == 0
    assert RawEvent.objects.filter(problem="poison").count() == 0
    handled = RawEvent.objects.exclude(handled_at=None).count()
    assert handled + queries.quarantined() == len(HOSTILE)


@pytest.mark.parametrize(
    "name", ["../../x.png", "=?utf-8?q?=E2=80=AEgnp=2Eexe?=", "a\r\n b.png", "C:\\x.png"]
)
def test_names_of_attachments_lead_nowhere(db, work, name):
    raw = (
        letter("Lihat")
        .as_bytes()
        .replace(b"Content-Type: text/plain", b'Content-Type: image/png; name="' + name.encode() + b'"')
    )
    raw = raw.partition(b"\n\n")[0].replace(b"7bit", b"binary") + b"\n\n" + PNG
    take(raw, work)
    file = Attachment.objects.get()
    assert "/" not in file.name
    assert "\n" not in file.name
    assert "\u202e" not in file.name


def test_a_program_is_named_and_not_kept(db, work):
    made = letter("Buka ini")
    made.add_attachment(b"MZ\x90\x00" + b"\x00" * 100, maintype="image", subtype="png", filename="foto.png")
    take(made, work)
    assert (Attachment.objects.get().problem, Attachment.objects.get().sha256) == ("wrong_type", "")


def test_a_subject_with_line_breaks_injects_nothing(db, postbox, work):
    take(letter("Halo", Subject="Tanya"), work)
    actions.reply(only(), "Jawaban.", now=NOW, subject="Halo\r\nBcc: semua@warga.example")
    work()
    (sent,) = postbox.taken
    assert sent["Bcc"] is None
    assert sent["Subject"] == "Halo Bcc: semua@warga.example"


def test_stop_works_by_mail_too(db, postbox, work):
    take(letter("STOP"), work)
    assert "MULAI" in postbox.taken[0].get_content()
    assert actions.reply(only(), "Kabar", now=NOW).status == "failed"


def test_problems_of_the_configuration(db, mailbox, postbox, settings):
    assert mail.problems() == []
    settings.EMAIL_PORT = 1
    assert "does not take letters" in mail.problems()[0]
