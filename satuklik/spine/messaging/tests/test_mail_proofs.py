"""Whose letter is it? From headers are believed by our own mail server's word, or by an answer to a letter of ours."""

import pytest

from satuklik.spine.messaging import actions, queries
from satuklik.spine.messaging.actions import receiving
from satuklik.spine.messaging.adapters import letters, mail, proofs
from satuklik.spine.messaging.models import Conversation, Identity, Message
from satuklik.spine.messaging.tests.clock import NOW
from satuklik.spine.messaging.tests.people import MX, letter, take
from tests.mailserver import BOX

SITI = "siti@warga.example"
EVIL = "jahat@musuh.example"
FORGED = "mx.musuh.example; dmarc=pass header.from=warga.example"


@pytest.fixture(autouse=True)
def office(settings):
    settings.MESSAGING_MAIL, settings.MESSAGING_MAIL_AUTHSERV_ID = BOX, MX


DMARC = "dmarc=pass (p=REJECT sp=NONE) header.from=warga.example"
PROVEN = {
    "dmarc": [f"{MX}; {DMARC}"],
    "all of them": [f"{MX}; dkim=pass header.i=@warga.example; spf=pass smtp.mailfrom=a@warga.example; {DMARC}"],
    "one a method": [f"{MX}; dkim=pass header.d=lain.example", f"{MX} 1; {DMARC}"],
    "capitals and folds": [f"{MX.upper()};\n dmarc=PASS\n header.from=Warga.Example"],
    "no policy, aligned dkim": [f"{MX}; dkim=fail header.d=x.example; dkim=pass header.d=warga.example; dmarc=none"],
    "aligned dkim by identity": [f"{MX}; dkim=pass (2048-bit key; insecure) header.i=bagian@warga.example header.s=s1"],
    "aligned spf": [f"{MX}; spf=pass (mx: domain of siti@warga.example) smtp.mailfrom=siti@warga.example"],
    "a stranger's word beside ours": [FORGED.replace("pass", "fail"), f"{MX}; {DMARC}"],
}  # fmt: skip
UNPROVEN = {
    "nothing": [],
    "another server": [FORGED],
    "a server whose name begins like ours": [f"{MX}.musuh.example; {DMARC}"],
    "our name in a comment": [f"mx.musuh.example ({MX}); {DMARC}"],
    "none": [f"{MX}; none"],
    "failed": [f"{MX}; dmarc=fail header.from=warga.example; dkim=pass header.d=warga.example"],
    "for the moment": [f"{MX}; dmarc=temperror header.from=warga.example; spf=pass smtp.mailfrom=a@warga.example"],
    "of another domain": [f"{MX}; dmarc=pass header.from=musuh.example"],
    "without a domain": [f"{MX}; dmarc=pass"],
    "only another domain signed": [f"{MX}; dkim=pass header.d=musuh.example; spf=pass smtp.mailfrom=x@musuh.example"],
    "a domain that ends alike": [f"{MX}; dkim=pass header.d=xwarga.example"],
    "a parent domain": [f"{MX}; dkim=pass header.d=example"],
    "spf of the greeting only": [f"{MX}; spf=pass smtp.helo=warga.example"],
    "a forged one above": [f"{MX}; {DMARC}", f"{MX}; dmarc=fail header.from=warga.example"],
    "a forged one below": [f"{MX}; dmarc=none", f"{MX}; {DMARC}"],
    "in a quoted value": [f'{MX}; spf=fail smtp.mailfrom="a; dmarc=pass header.from=warga.example"@musuh.example'],
    "in a comment": [f"{MX}; spf=fail (dmarc=pass header.from=warga.example) smtp.mailfrom=a@musuh.example"],
    "hidden in an encoded word": [
        f"{MX}; spf=pass smtp.mailfrom==?utf-8?q?a=3B_dmarc=3Dpass_header=2Efrom=3Dwarga=2Eexample?=@musuh.example"
    ],
    "broken": [f"{MX}; dmarc=pass header.from=", f"{MX}; {DMARC}"],
    "deep": [f"{MX} {'(' * 5000}; {DMARC}"],
    "endless": [f"{MX}; {DMARC}; dkim=pass header.d={'x' * 9000}"],
    "many": [f"{MX}; {DMARC}"] * 40,
}  # fmt: skip


def raw_letter(results: list[str], sender: str = f"From: Siti <{SITI}>") -> bytes:
    heads = [f"Authentication-Results: {one}" for one in results]
    return "\n".join(
        [*heads, sender, f"To: {BOX}", "Subject: Tanya", "Message-ID: <1@x>", "", "Halo"]
    ).encode()


@pytest.mark.parametrize("results", PROVEN.values(), ids=PROVEN)
def test_our_server_vouches(results):
    assert proofs.is_proven(letters.parse(raw_letter(results)), SITI, MX)


@pytest.mark.parametrize("results", UNPROVEN.values(), ids=UNPROVEN)
def test_nobody_vouches(results):
    parsed = letters.parse(raw_letter(results))
    assert not proofs.is_proven(parsed, SITI, MX)
    assert not proofs.is_proven(parsed, SITI, "")


@pytest.mark.parametrize(
    "sender",
    [f"From: {SITI}\nFrom: {EVIL}", f"From: {SITI}, {EVIL}", f"From: {EVIL}\nFROM: {SITI}", "Sender: siti@warga.example"],
)  # fmt: skip
def test_two_senders_are_none(sender):
    assert not proofs.is_proven(letters.parse(raw_letter([f"{MX}; {DMARC}"], sender)), SITI, MX)


def test_a_name_that_looks_like_an_address_harms_nobody():
    parsed = letters.parse(raw_letter([f"{MX}; {DMARC}"], f'From: "{SITI}" <{SITI}>'))
    assert proofs.is_proven(parsed, SITI, MX)


def conversations() -> list[list[str]]:
    rows = Conversation.objects.filter(joined_into=None).order_by("pk")
    return [[message.text for message in queries.messages(row.pk)] for row in rows]


def test_an_unproven_letter_is_kept_apart_and_never_dropped(db, work):
    take(letter("Asli", number=1), work)
    take(letter("Palsu", number=2, results=FORGED), work)
    take(letter("Palsu lagi", number=3, results=FORGED), work)
    take(letter("Asli lagi", number=4), work)
    assert conversations() == [["Asli", "Asli lagi"], ["Palsu", "Palsu lagi"]]
    proof = dict(Message.objects.values_list("text", "sender_proof"))
    assert proof == {"Asli": "server", "Asli lagi": "server", "Palsu": "none", "Palsu lagi": "none"}
    assert set(Identity.objects.values_list("address", "verified", "claimed")) == {
        (SITI, True, False), (SITI, False, True),
    }  # fmt: skip


def test_the_claim_first_and_the_person_later_are_two(db, work):
    take(letter("Palsu", number=1, results=FORGED), work)
    take(letter("Asli", number=2), work)
    assert conversations() == [["Palsu"], ["Asli"]]


def test_an_unproven_letter_stops_no_messages_and_proves_no_address(db, postbox, work):
    take(letter("Asli", number=1), work)
    siti = Conversation.objects.get()
    take(letter("STOP", number=2, results=FORGED), work)
    assert postbox.taken == []
    assert Identity.objects.filter(opted_out_at__isnull=False).count() == 0
    answer = actions.reply(siti, "Jawaban.", now=NOW)
    work()
    answer.refresh_from_db()
    assert (answer.status, postbox.taken[0]["To"]) == ("sent", SITI)


def test_without_a_server_that_vouches_only_an_answer_to_us_proves(db, postbox, work, settings):
    settings.MESSAGING_MAIL_AUTHSERV_ID = ""
    take(letter("Halo", number=1), work)
    conversation = Conversation.objects.get()
    assert Message.objects.get().sender_proof == "none"
    actions.reply(conversation, "Untuk tahun berapa?", now=NOW)
    work()
    (sent,) = postbox.taken
    assert sent["To"] == SITI
    take(letter("2025", number=2, In_Reply_To=str(sent["Message-ID"])), work)
    take(letter("Bukan balasan", number=3), work)
    assert conversations() == [["Halo", "Untuk tahun berapa?", "2025"], ["Bukan balasan"]]
    assert [m.sender_proof for m in Message.objects.filter(direction="in").order_by("pk")] == [
        "none",
        "thread",
        "none",
    ]
    assert Identity.objects.get(claimed=False).verified  # she reads what we write to that address


def test_nobody_brings_a_strangers_address_into_his_own_thread(db, postbox, work):
    """He has a thread with us, knows its Message-ID, and writes in somebody else's name."""
    take(letter("Saya jahat", sender=f"Budi <{EVIL}>", number=1), work)
    his = Conversation.objects.get()
    actions.reply(his, "Ya?", now=NOW)
    work()
    (sent,) = postbox.taken
    forged = letter(
        "Saya Siti", number=2, results=FORGED, In_Reply_To=str(sent["Message-ID"]), To=str(sent["Reply-To"])
    )
    take(forged, work)
    take(letter("Saya Siti sungguhan", number=3), work)
    assert conversations() == [["Saya jahat", "Ya?", "Saya Siti"], ["Saya Siti sungguhan"]]
    message = Message.objects.get(text="Saya Siti")
    assert (message.identity.address, message.sender_proof, message.claimed_from) == (EVIL, "thread", SITI)
    actions.reply(his, "Baik.", now=NOW)
    work()
    assert [one["To"] for one in postbox.taken] == [EVIL, EVIL]


def test_message_ids_of_ours_cannot_be_guessed_and_stay_the_same(db, postbox, work):
    take(letter("Halo"), work)
    message = actions.reply(Conversation.objects.get(), "Ya?", now=NOW)
    work()
    name, _account = mail.name_of(message.pk)
    assert (postbox.taken[0]["Message-ID"], mail.name_of(message.pk)[0]) == (name, name)
    number, mark = name.strip("<>").partition("@")[0].split(".")
    assert (int(number), len(mark)) == (message.pk, 32)
    forged = letter(
        "Hai", sender=EVIL, number=2, results=FORGED, In_Reply_To=f"<{message.pk}.{'0' * 32}@asahan.example>"
    )
    take(forged, work)
    assert Message.objects.get(text="Hai").sender_proof == "none"


def test_a_flood_in_her_name_does_not_shut_her_out(db, work):
    for number in range(mail.MOST_AN_HOUR + 3):
        receiving.receive(
            channel="email", address=SITI, account=BOX, name="", text="Palsu", external_id=f"<{number}@x>", at=NOW, now=NOW,
            claimed=True, proof="none",
        )  # fmt: skip
    take(letter("Palsu juga", number=901, results=FORGED), work)
    take(letter("Asli", number=902), work)
    assert Message.objects.filter(text="Asli").exists()
    assert [event.problem for event in queries.quarantine()] == ["too_many"]


def test_a_forged_copy_hides_no_genuine_letter(db, work):
    take(letter("Palsu", number=1, results=FORGED), work)
    take(letter("Asli", number=1), work)
    take(letter("Asli", number=1), work, key="lagi")
    assert sorted(Message.objects.values_list("text", flat=True)) == ["Asli", "Palsu"]


def test_a_typed_address_is_not_a_claimed_one(db, work):
    take(letter("Palsu", results=FORGED), work)
    typed = actions.open_conversation(name="Siti", email=SITI, now=NOW)
    assert conversations() == [["Palsu"], []]
    assert Identity.objects.get(conversation=typed).claimed is False
