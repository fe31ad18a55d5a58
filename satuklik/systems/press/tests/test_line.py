"""From one chat line to an approved statement with facts from three agencies, within the clock; and what comes after."""

import threading
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from satuklik.base.agencies.actions import end_term, give_mandate
from satuklik.spine.intake import registry as intake
from satuklik.spine.intake.registry import CannotCreate, Created, Intake, Kind
from satuklik.spine.messaging import actions as messaging
from satuklik.spine.messaging import queries as conversations
from satuklik.spine.messaging.models import Message
from satuklik.spine.messaging.queries import inbox
from satuklik.spine.referrals import actions as referrals
from satuklik.spine.referrals import queries as referred
from satuklik.systems.press import actions, kinds, queries
from satuklik.systems.press.errors import (
    BadText,
    NoAgencies,
    NoContact,
    NotTheVersionShown,
    NotYours,
    OwnWork,
    WrongState,
)
from satuklik.systems.press.models import Attempt, Enquiry, Journalist, Outlet
from satuklik.systems.press.tests.conftest import make_press
from tests.people import NOW

People = dict[str, Any]
Ask = Callable[..., Enquiry]


def minutes(n: int) -> Any:
    return NOW + timedelta(minutes=n)


def test_from_one_chat_line_to_an_approved_statement_with_three_agencies_facts(people: People) -> None:
    """The whole path, two hours from the line to the answer on the journalist's own channel."""
    line = (
        "Selamat pagi Pak, saya Bram dari Harian Contoh, mohon konfirmasi banjir semalam: berapa rumah rusak, kapan "
        "jembatan diperbaiki, dan apa benar puskesmas tutup? Deadline jam 12.30."
    )
    conversation = messaging.open_conversation(name="Bram Contoh", email="bram@harian.example", now=NOW)
    made = kinds.PRESS.create(
        Intake(
            conversation_id=conversation.pk, message_ids=(), text=line, received_at=NOW, channel="whatsapp",
            name="Bram Contoh", email="bram@harian.example", urgent=True,
            extra=(("outlet", "Harian Contoh"), ("deadline", "12.30"), ("allegation", "Pemerintah lambat.")),
        ),
        people["ppid"], minutes(5),
    )  # fmt: skip
    assert "PR-" in made.reply
    enquiry = Enquiry.objects.get(reference=made.reference)
    assert enquiry.urgent
    assert enquiry.due_at == minutes(120)  # from the line, not from the click; earlier than the deadline
    assert kinds.find(made.reference.lower().replace("-", " ")) == made.subject

    actions.assign(enquiry, to=people["petugas"], by=people["ppid"], now=minutes(6))
    three = [people["kadis"].agency, people["kadis_pupr"].agency, people["staf_bpbd"].agency]
    asked = actions.request_facts(
        enquiry, agencies=three, question="Mohon angka dan jadwalnya.", by=people["petugas"], now=minutes(10)
    )
    assert len(asked) == 3
    assert {one.urgent_until for one in asked} == {minutes(76)}  # 60 % of the 110 minutes that are left
    referrals.answer(asked[0], text="Puskesmas buka 24 jam.", by=people["staf"], now=minutes(25))
    referrals.answer(asked[1], text="Jembatan selesai Jumat.", by=people["staf_pupr"], now=minutes(40))
    for n in (27, 44, 60, 76):
        referrals.escalate(minutes(n))  # BPBD is silent at every level
    referrals.answer(asked[2], text="Dua belas rumah rusak ringan.", by=people["ppid"], now=minutes(77))

    detail = queries.detail(enquiry.reference, people["petugas"], minutes(78))
    for said in ("Puskesmas buka 24 jam.", "Jembatan selesai Jumat.", "Dua belas rumah rusak ringan."):
        assert said in detail.draft
    assert [one.on_behalf for one in detail.facts] == [False, False, True]
    statement = actions.write(
        enquiry, text=detail.draft, by=people["petugas"], now=minutes(85), submit=True,
        spokesperson="Kepala Dinas Komunikasi dan Informatika",
    )  # fmt: skip
    with pytest.raises(WrongState):
        actions.send(enquiry, by=people["petugas"], now=minutes(86))
    actions.approve(enquiry, seen=statement.number, by=people["kadis_kominfo"], now=minutes(95))
    sent = actions.send(enquiry, by=people["petugas"], now=minutes(97))

    assert (sent.state, sent.sent_at) == ("sent", minutes(97))
    assert sent.sent_at < sent.due_at
    message = Message.objects.get(pk=sent.message_id)
    assert message.conversation_id == conversation.pk
    assert "Dua belas rumah rusak ringan." in message.text
    assert conversations.proof(message)
    ways = list(enquiry.attempts.order_by("at", "pk").values_list("way", "outcome"))
    assert ways[0] == ("chat", "received")
    assert ways.count(("referral", "sent")) == 3
    assert ways.count(("referral", "received")) == 3
    told = queries.told(date(2026, 11, 24), date(2026, 11, 24))
    assert (told.asked, told.in_time, told.minutes) == (1, 1, 97)


def submitted(ask: Ask, people: People, **more: Any) -> Enquiry:
    enquiry = ask(**more)
    actions.assign(enquiry, to=people["petugas"], by=people["ppid"], now=NOW)
    actions.write(enquiry, text="Dua belas rumah.", by=people["petugas"], now=NOW, submit=True)
    return Enquiry.objects.get(pk=enquiry.pk)


def sent(ask: Ask, people: People) -> Enquiry:
    enquiry = submitted(ask, people)
    actions.approve(enquiry, seen=1, by=people["kadis_kominfo"], now=NOW)
    return actions.send(enquiry, by=people["petugas"], now=NOW)


def test_four_eyes(ask: Ask, people: People) -> None:
    enquiry = submitted(ask, people)
    for nobody in ("petugas", "ppid", "kadis"):
        with pytest.raises(NotYours):
            actions.approve(enquiry, seen=1, by=people[nobody], now=NOW)
    actions.write(enquiry, text="Tiga belas rumah.", by=people["kadis_kominfo"], now=NOW, submit=True, seen=1)
    with pytest.raises(OwnWork):  # the head wrote a version himself
        actions.approve(enquiry, seen=2, by=people["kadis_kominfo"], now=NOW)
    with pytest.raises(NotTheVersionShown):
        actions.approve(enquiry, seen=1, by=people["sekda"], now=NOW)
    assert actions.approve(enquiry, seen=2, by=people["sekda"], now=NOW).state == "approved"


def test_who_acts_for_the_head_approves_and_the_head_does_not(ask: Ask, people: People) -> None:
    enquiry = submitted(ask, people)
    give_mandate(
        official=people["sekdis"], agency=people["kadis_kominfo"].agency, kind="Plh", decree="SPT 1/2026",
        valid_from=NOW - timedelta(days=1), valid_until=NOW + timedelta(days=2),
    )  # fmt: skip
    with pytest.raises(NotYours):
        actions.approve(enquiry, seen=1, by=people["kadis_kominfo"], now=NOW)
    assert actions.approve(enquiry, seen=1, by=people["sekdis"], now=NOW).state == "approved"


def test_given_back_with_a_reason_and_written_anew(ask: Ask, people: People) -> None:
    enquiry = submitted(ask, people)
    with pytest.raises(BadText):
        actions.give_back(enquiry, seen=1, reason=" ", by=people["sekda"], now=NOW)
    actions.give_back(enquiry, seen=1, reason="Sebut kecamatannya.", by=people["sekda"], now=NOW)
    assert inbox(people["petugas"].user).first().body == "Sebut kecamatannya."
    with pytest.raises(WrongState):
        actions.approve(enquiry, seen=1, by=people["sekda"], now=NOW)
    with pytest.raises(NotTheVersionShown):
        actions.write(enquiry, text="x", by=people["petugas"], now=NOW, seen=0)
    actions.write(
        enquiry, text="Dua belas rumah di Kisaran.", by=people["petugas"], now=NOW, seen=1, submit=True
    )
    assert actions.approve(enquiry, seen=2, by=people["sekda"], now=NOW).statement.number == 2


def test_facts_are_asked_once_of_each_agency(ask: Ask, people: People) -> None:
    enquiry = ask()
    actions.assign(enquiry, to=people["petugas"], by=people["ppid"], now=NOW)
    one, two = people["kadis"].agency, people["kadis_pupr"].agency
    first = actions.request_facts(
        enquiry, agencies=[one, one], question="Angka?", by=people["petugas"], now=NOW
    )
    assert len(first) == 1
    with pytest.raises(NoAgencies):
        actions.request_facts(enquiry, agencies=[one], question="Angka?", by=people["petugas"], now=NOW)
    referrals.give_back(first[0], by=people["staf"], reason="Bukan kami.", suggested=two, now=NOW)
    again = actions.request_facts(
        enquiry, agencies=[one, two], question="Angka?", by=people["petugas"], now=NOW
    )
    assert len(again) == 2
    assert enquiry.events.filter(kind="given_back").count() == 1


def test_a_balanced_report_and_one_that_never_came(ask: Ask, people: People) -> None:
    enquiry = sent(ask, people)
    actions.judge(enquiry, verdict="not_published", by=people["petugas"], now=NOW)
    actions.published(enquiry, link="", on=NOW.date(), by=people["petugas"], now=NOW)  # it came after all
    assert actions.judge(enquiry, verdict="balanced", by=people["petugas"], now=NOW).state == "balanced"


def test_a_question_for_data_keeps_its_day_zero(ask: Ask, people: People, monkeypatch: Any) -> None:
    taken: list[Intake] = []

    def create(given: Intake, by: Any, now: Any) -> Created:
        taken.append(given)
        return Created("ppid:PI-1", "PI-1", "/meja/ppid/PI-1/", "/lacak/x/", "Terdaftar dengan nomor PI-1.")

    monkeypatch.setitem(intake.KINDS, "information", Kind("information", "Informasi", "info", 10, create))
    enquiry = ask(question="Mohon data APBD 2025.", received_at=NOW - timedelta(days=1))
    done = actions.hand_over(enquiry, by=people["ppid"], now=NOW)
    assert (done.state, done.handed_to) == ("handed_over", "ppid:PI-1")
    assert taken[0].received_at == NOW - timedelta(days=1)
    assert Message.objects.latest("pk").text == "Terdaftar dengan nomor PI-1.\n/lacak/x/"
    with pytest.raises(WrongState):
        actions.hand_over(enquiry, by=people["ppid"], now=NOW)


def test_urgent_never_means_later(ask: Ask, people: People) -> None:
    enquiry = ask(received_at=NOW, deadline=NOW + timedelta(hours=5))
    assert not enquiry.urgent
    assert actions.make_urgent(enquiry, by=people["ppid"], now=NOW).due_at == minutes(120)


def test_the_clock_warns_once_and_alarms_once(ask: Ask, people: People) -> None:
    enquiry = ask(urgent=True)
    made = [actions.watch(minutes(n)) for n in (60, 90, 95, 121, 130)]
    assert made == [0, 1, 0, 1, 0]
    assert queries.counts(minutes(121)) == (1, 1)
    assert queries.desk(people["ppid"], minutes(121))[0].tone == "late"
    assert inbox(people["kadis_kominfo"].user).first().kind == "press.late"
    told = queries.told(NOW.date(), NOW.date())
    assert (told.measured, told.in_time) == (1, 0)  # what is late and unanswered counts against us
    assert enquiry.events.filter(kind__in=("warned", "late")).count() == 2


def test_one_journalist_whatever_he_asks(ask: Ask, people: People) -> None:
    one = ask(phone="+6284090000011", email="")
    two = ask(phone="+6284090000011", email="bram@harian.example", outlet="HARIAN  contoh", question="Lagi?")
    assert one.journalist_id == two.journalist_id
    assert Outlet.objects.count() == 1
    with pytest.raises(NoContact):
        ask(phone="", email="")
    assert Journalist.objects.count() == 1


def test_the_desk_alone_may(ask: Ask, people: People) -> None:
    enquiry = ask()
    for act in (
        lambda: actions.assign(enquiry, to=people["petugas"], by=people["staf"], now=NOW),
        lambda: actions.assign(enquiry, to=people["staf"], by=people["ppid"], now=NOW),
        lambda: actions.withdraw(enquiry, by=people["staf"], reason="", now=NOW),
        lambda: actions.attempt(
            enquiry, way="call", outcome="reached", whom="x", at=NOW, by=people["staf"], now=NOW
        ),
    ):
        with pytest.raises(NotYours):
            act()
    end_term(people["petugas"], date(2026, 11, 23))
    with pytest.raises(NotYours):
        actions.assign(enquiry, to=people["petugas"], by=people["ppid"], now=NOW)


BAD_INTAKE = [
    ((), "nama medianya"),
    ((("outlet", "Harian Contoh"), ("deadline", "secepatnya")), "tenggat"),
]


@pytest.mark.parametrize(("extra", "said"), BAD_INTAKE)
def test_intake_says_what_is_missing(people: People, extra: Any, said: str) -> None:
    given = Intake(
        conversation_id=0, message_ids=(), text="Mohon konfirmasi.", received_at=NOW, channel="whatsapp",
        phone="+6284090000011", extra=extra,
    )  # fmt: skip
    with pytest.raises(CannotCreate, match=said):
        kinds.create(given, people["ppid"], NOW)


def test_hostile_words_are_kept_or_refused(ask: Ask) -> None:
    enquiry = ask(name="\0😀‮Bram", outlet="<script>", question="\0Halo 0812-3456-7890 ‮😀")
    assert "\0" not in enquiry.question
    assert "0812" not in enquiry.topic
    with pytest.raises(BadText):
        ask(question="x" * 10_001)
    with pytest.raises(BadText):
        ask(question=" \0 ")


def test_attempts_cannot_be_changed(ask: Ask, people: People) -> None:
    enquiry = ask()
    actions.attempt(
        enquiry,
        way="call",
        outcome="no_answer",
        whom="redaksi",
        at=NOW,
        by=people["ppid"],
        now=NOW,
        note="Dua kali.",
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        Attempt.objects.update(note="lain")
    with pytest.raises(DatabaseError), transaction.atomic():
        Attempt.objects.all().delete()


def given_back_while_another_approves(enquiry: Enquiry, people: People) -> None:
    """Who waits for the row reads what became of it: a statement that was given back is not approved."""
    said: list[str] = []

    def approve() -> None:
        try:
            actions.approve(enquiry, seen=1, by=people["sekda"], now=NOW)
            said.append("approved")
        except WrongState:
            said.append("too late")
        finally:
            connection.close()

    waits = threading.Thread(target=approve)
    with transaction.atomic():
        Enquiry.objects.select_for_update().get(pk=enquiry.pk)
        waits.start()
        time.sleep(0.5)
        actions.give_back(enquiry, seen=1, reason="Sebut tanggalnya.", by=people["kadis_kominfo"], now=NOW)
    waits.join()
    assert said == ["too late"]


@pytest.mark.django_db(transaction=True)
def test_two_clicks_send_one_message(settings: Any, tmp_path: Any) -> None:
    people = make_press(settings, tmp_path)
    enquiry = actions.ask(
        name="Bram", outlet="Harian", email="bram@harian.example", question="Benar?", received_at=NOW, now=NOW
    ).enquiry
    actions.assign(enquiry, to=people["petugas"], by=people["ppid"], now=NOW)
    actions.write(enquiry, text="Benar.", by=people["petugas"], now=NOW, submit=True)
    given_back_while_another_approves(enquiry, people)
    actions.write(enquiry, text="Benar, hari ini.", by=people["petugas"], now=NOW, submit=True, seen=1)
    actions.approve(enquiry, seen=2, by=people["sekda"], now=NOW)
    before, said, start = Message.objects.count(), [], threading.Barrier(2)

    def click() -> None:
        start.wait()
        try:
            actions.send(enquiry, by=people["petugas"], now=NOW)
            said.append("sent")
        except WrongState:
            said.append("too late")
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["sent", "too late"]
    assert Message.objects.count() == before + 1


def test_the_referral_shows_in_the_agencies_list(ask: Ask, people: People) -> None:
    enquiry = ask(urgent=True)
    actions.assign(enquiry, to=people["petugas"], by=people["ppid"], now=NOW)
    actions.request_facts(
        enquiry, agencies=[people["kadis"].agency], question="Angka?", by=people["petugas"], now=NOW
    )
    assert referred.waiting(people["staf"], NOW)[0].subject == f"press:{enquiry.reference}"
    actions.withdraw(enquiry, by=None, reason="", now=NOW)
    assert referred.waiting(people["staf"], NOW) == []  # nobody is reminded of what nobody asks any more


def test_a_release_with_the_longest_title(people: People) -> None:
    made = [
        actions.write_release(title="Jembatan " * 17, summary="x", body="y", by=people["petugas"], now=NOW)
        for _ in range(3)
    ]
    assert len({one.slug for one in made}) == 3
    actions.submit_release(made[2], by=people["petugas"], now=NOW)


def test_the_real_information_desk_takes_a_question_for_data(ask: Ask, people: People) -> None:
    if "information" not in intake.KINDS:
        pytest.skip("The system of information requests is switched off.")
    enquiry = ask(question="Mohon data APBD 2025 per dinas.", received_at=NOW - timedelta(hours=30))
    done = actions.hand_over(enquiry, by=people["ppid"], now=NOW)
    assert done.handed_to.startswith("ppid:")
    assert done.handed_url.startswith("/meja/")
    assert "http" in Message.objects.latest("pk").text  # number and tracking link, as that system words it
