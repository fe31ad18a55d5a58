"""WhatsApp: numbers and user ids, who has them now, and who wants no messages."""

from satuklik.spine.messaging import actions, queries
from satuklik.spine.messaging.models import (
    Conversation,
    ConversationEvent,
    Identity,
)
from satuklik.spine.messaging.tests.clock import NOW
from satuklik.spine.messaging.tests.people import BUDI, BUDI_ID, HOUR, SITI, SITI_ID, only
from satuklik.spine.messaging.twins.meta import call, text_value
from tests.meta import PHONE_ID


def test_the_user_id_is_the_key_and_the_number_may_be_missing(post, work):
    post(call(PHONE_ID, text_value("", "Siti", "Tanpa nomor", NOW, user_id=SITI_ID)))
    post(call(PHONE_ID, text_value(SITI, "Siti", "Dengan nomor", NOW, user_id=SITI_ID)))
    post(call(PHONE_ID, text_value("", "Siti", "Lagi tanpa nomor", NOW, user_id=SITI_ID)))
    work()
    assert only().messages.count() == 3
    assert only().phone == f"+{SITI}"
    assert {i.address for i in Identity.objects.all()} == {SITI, SITI_ID}


def test_a_number_first_then_its_user_id_is_one_person(post, work):
    post(call(PHONE_ID, text_value(SITI, "Siti", "Satu", NOW)))
    post(call(PHONE_ID, text_value("", "Siti", "Dua", NOW, user_id=SITI_ID)))
    work()
    assert Conversation.objects.filter(joined_into=None).count() == 2  # nothing says yet that they are one
    post(call(PHONE_ID, text_value(SITI, "Siti", "Tiga", NOW, user_id=SITI_ID)))
    work()
    assert [m.text for m in queries.messages(only().pk)] == ["Satu", "Dua", "Tiga"]


def test_a_number_that_somebody_else_has_now_keeps_two_people_apart(post, work):
    post(call(PHONE_ID, text_value(SITI, "Siti", "Rahasia Siti", NOW, user_id=SITI_ID)))
    post(call(PHONE_ID, text_value(SITI, "Budi", "Nomor baru saya", NOW + HOUR, user_id=BUDI_ID)))
    work(NOW + HOUR)
    budi = Identity.objects.get(address=BUDI_ID).conversation
    assert [m.text for m in queries.messages(budi.pk)] == ["Nomor baru saya"]
    assert Identity.objects.get(address=SITI).conversation == budi


def changed(old: str, new: str, at=NOW, user_id: str = "") -> bytes:
    system = {"body": "changed", "type": "user_changed_number", "wa_id": new, "customer": old}
    if user_id:
        system["user_id"] = user_id
    value = {
        "messages": [
            {
                "from": old,
                "id": f"wamid.sys{new}",
                "timestamp": str(int(at.timestamp())),
                "type": "system",
                "system": system,
            }
        ]
    }
    return call(PHONE_ID, value)


def test_a_changed_number_takes_the_conversation_along(post, work):
    post(call(PHONE_ID, text_value(SITI, "Siti", "Dari nomor lama", NOW)))
    post(changed(SITI, BUDI, NOW + HOUR))
    post(changed(SITI, BUDI, NOW + HOUR) + b" ")
    post(call(PHONE_ID, text_value(BUDI, "Siti", "Dari nomor baru", NOW + 2 * HOUR)))
    work(NOW + 3 * HOUR)
    assert [m.text for m in queries.messages(only().pk)] == ["Dari nomor lama", "Dari nomor baru"]
    assert only().phone == f"+{BUDI}"
    assert ConversationEvent.objects.filter(kind="number_changed").count() == 1
    # The old number is given to a stranger one day: nothing of Siti's is his.
    post(call(PHONE_ID, text_value(SITI, "Orang lain", "Halo", NOW + 4 * HOUR)))
    work(NOW + 5 * HOUR)
    assert Identity.objects.get(address=SITI).conversation.messages.count() == 1


def test_a_changed_number_before_the_first_message_waits(post, work):
    post(changed(SITI, BUDI, NOW + HOUR))
    work(NOW + HOUR)
    post(call(PHONE_ID, text_value(SITI, "Siti", "Dari nomor lama", NOW)))
    work(NOW + 2 * HOUR)
    work(NOW + 3 * HOUR)
    assert {i.conversation_id for i in Identity.objects.all()} == {only().pk}
    assert Identity.objects.get(address=SITI).retired_at is not None


def test_stop_and_mulai(siti, post, work, meta):
    post(call(PHONE_ID, text_value(SITI, "Siti", " Berhenti! ", NOW + HOUR, wamid="wamid.s")))
    work(NOW + HOUR)
    assert "MULAI" in meta.memory.taken[-1].text  # the word itself is answered
    refused = actions.reply(siti, "Kabar.", now=NOW + HOUR)
    assert (refused.status, refused.error) == ("failed", "nowhere")
    assert not queries.window(siti, NOW + HOUR).open
    post(call(PHONE_ID, text_value(SITI, "Siti", "Masih ada pertanyaan", NOW + 2 * HOUR)))
    post(call(PHONE_ID, text_value(SITI, "Siti", "Halo?", NOW + 2 * HOUR)))
    work(NOW + 2 * HOUR)
    assert len(meta.memory.taken) == 2  # told once how to get answers again
    post(call(PHONE_ID, text_value(SITI, "Siti", "mulai", NOW + 3 * HOUR)))
    work(NOW + 3 * HOUR)
    actions.reply(siti, "Kabar lagi.", now=NOW + 3 * HOUR)
    work(NOW + 3 * HOUR)
    assert meta.memory.taken[-1].text == "Kabar lagi."
    assert [e.kind for e in queries.events(siti.pk)] == ["opted_out", "opted_in"]


def test_stop_that_comes_after_a_later_mulai_changes_nothing(siti, post, work, meta):
    post(call(PHONE_ID, text_value(SITI, "Siti", "MULAI", NOW + 2 * HOUR)))
    work(NOW + 2 * HOUR)
    post(call(PHONE_ID, text_value(SITI, "Siti", "STOP", NOW + HOUR)))
    work(NOW + 2 * HOUR)
    assert Identity.objects.get(address=SITI).opted_out_at is None
