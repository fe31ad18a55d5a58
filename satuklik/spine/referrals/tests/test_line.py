"""A question's life in the database: asked, silent, escalated, acknowledged, answered, given back, recalled."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from satuklik.base.agencies.actions import end_term, give_mandate
from satuklik.base.calendar.actions import declare_holiday
from satuklik.spine.messaging.queries import inbox
from satuklik.spine.referrals import actions, queries, registry
from satuklik.spine.referrals.errors import BadText, NotYours, ReasonMissing, WrongState
from satuklik.spine.referrals.models import Hop, Referral, ReferralEvent
from satuklik.spine.referrals.tests.conftest import make_people
from tests.people import NOW

DAY = timedelta(days=1)
People = dict[str, Any]
Ask = Callable[..., Any]


def asked(referral: Referral) -> list[tuple[str, Any, str]]:
    return [(hop.post, hop.official_id, hop.skipped) for hop in referral.hops.order_by("order")]


def test_the_contact_is_told_at_once_with_a_link(ask: Ask, people: People) -> None:
    referral = ask()
    assert asked(referral) == [("contact", people["staf"].pk, "")]
    message = inbox(people["staf"].user).get()
    assert "/t/" in message.link
    assert "puskesmas" in message.title
    assert "0812" not in message.body + message.title  # the question itself stays in the house
    assert referral.term.due_on == date(2026, 12, 1)  # five working days from the 24th


def test_nobody_answers_for_three_days(ask: Ask, people: People) -> None:
    referral = ask()
    assert [actions.escalate(NOW + DAY * n) for n in (0, 1, 1, 2, 3, 4, 10)] == [0, 1, 0, 1, 1, 0, 0]
    assert asked(referral) == [
        ("contact", people["staf"].pk, ""), ("deputy", people["sekdis"].pk, ""),
        ("head", people["kadis"].pk, ""), ("board", people["sekda"].pk, ""),
    ]  # fmt: skip
    view = queries.of_subject("uji:1", NOW + DAY * 3)[0]
    assert view.silent
    assert view.last_hop_done
    assert [one.reference for one in queries.silent(NOW + DAY * 3)] == [referral.reference]


def test_a_weekend_and_a_new_holiday_move_the_next_hop(ask: Ask, people: People) -> None:
    friday = datetime(2026, 11, 27, 3, tzinfo=UTC)
    referral = ask(now=friday)
    assert actions.escalate(friday + DAY) == 0
    declare_holiday(
        date(2026, 11, 30), name="Pilkada", kind="local", decree="SE Bupati", actor="admin", now=friday
    )
    assert actions.escalate(friday + DAY * 3) == 0
    assert actions.escalate(friday + DAY * 4) == 1
    referral.refresh_from_db()
    assert referral.hops.count() == 2


def test_acknowledged_by_the_agency_the_hops_wait_for_the_date(ask: Ask, people: People) -> None:
    referral = ask()
    actions.acknowledge(referral, by=people["staf"], via="desk", now=NOW + timedelta(hours=1))
    assert actions.escalate(NOW + DAY * 3) == 0
    assert queries.silent(NOW + DAY * 3) == []
    # Day 5 has passed without an answer: it goes on where it stopped.
    assert actions.escalate(datetime(2026, 12, 2, 2, tzinfo=UTC)) == 1
    assert [post for post, *_ in asked(referral)] == ["contact", "deputy"]


def test_the_boards_acknowledgement_is_not_the_agencys(ask: Ask, people: People) -> None:
    referral = ask()
    for n in (1, 2, 3):
        actions.escalate(NOW + DAY * n)
    actions.acknowledge(referral, by=people["sekda"], via="desk", now=NOW + DAY * 3)
    referral.refresh_from_db()
    assert referral.state == "open"
    assert referral.acknowledged_at is None
    assert referral.hops.get(post="board").acknowledged_at is not None


def test_missing_people_are_passed_over_at_once_and_it_says_so(ask: Ask, people: People) -> None:
    end_term(people["sekdis"], date(2026, 11, 23))
    end_term(people["staf"], date(2026, 11, 23))
    end_term(people["staf_lain"], date(2026, 11, 23))
    referral = ask()
    assert asked(referral) == [
        ("contact", None, "nobody"), ("deputy", None, "nobody"), ("head", people["kadis"].pk, "")
    ]  # fmt: skip
    assert referral.escalated is False  # nobody was silent: the first who was there is the first asked
    shown = queries.of_subject("uji:1", NOW)[0].hops[0]
    assert "kosong" in shown.skipped
    assert [actions.escalate(NOW + DAY * n) for n in (1, 2, 3)] == [0, 0, 1]  # the board, on its day
    assert ReferralEvent.objects.filter(referral=referral, kind="skipped").count() == 2


def test_whom_no_message_reaches_is_passed_over_at_once(ask: Ask, people: People) -> None:
    """An e-mail address without any channel that is switched on: the message fails, so nobody was asked."""
    for name in ("staf", "staf_lain", "sekdis"):
        people[name].user, people[name].email = None, f"{name}@dinkes.example"
        people[name].save()
    referral = ask()
    assert asked(referral) == [
        ("contact", people["staf"].pk, "unreachable"), ("deputy", people["sekdis"].pk, "unreachable"),
        ("head", people["kadis"].pk, ""),
    ]  # fmt: skip
    assert Hop.objects.filter(skipped="unreachable", token_sha256__isnull=False).count() == 0


def test_a_message_that_bounces_later_passes_the_turn_on(ask: Ask, people: People) -> None:
    from satuklik.spine.messaging.models import Message

    referral = ask()
    people["staf"].user = None
    people["staf"].save()
    hop = referral.hops.get()
    assert actions.escalate(NOW) == 0
    Message.objects.filter(pk=hop.message_id).update(status="failed")
    assert [actions.escalate(NOW), actions.escalate(NOW)] == [1, 0]
    assert asked(referral) == [
        ("contact", people["staf"].pk, "unreachable"), ("deputy", people["sekdis"].pk, "")
    ]  # fmt: skip


def test_where_nobody_can_be_reached_ppid_utama_sees_it_at_once(ask: Ask, people: People) -> None:
    from satuklik.base.agencies.models import Official

    Official.objects.exclude(pk=people["ppid"].pk).update(user=None)
    referral = ask()
    assert [hop.skipped for hop in referral.hops.order_by("order")] == ["unreachable"] * 4
    assert [one.reference for one in queries.silent(NOW)] == [referral.reference]
    assert actions.answer(referral, text="Dua.", by=people["ppid"], now=NOW).on_behalf


def test_who_acts_for_the_head_is_asked_and_nobody_twice(ask: Ask, people: People) -> None:
    end_term(people["kadis"], date(2026, 11, 20))
    give_mandate(
        official=people["sekdis"], agency=people["kadis"].agency, kind="Plt", decree="SK 1/2026",
        valid_from=NOW - DAY, valid_until=NOW + DAY * 30,
    )  # fmt: skip
    referral = ask()
    actions.escalate(NOW + DAY)
    actions.escalate(NOW + DAY * 2)
    assert asked(referral) == [
        ("contact", people["staf"].pk, ""), ("deputy", people["sekdis"].pk, ""),
        ("head", people["sekdis"].pk, "already"), ("board", people["sekda"].pk, ""),
    ]  # fmt: skip


def test_a_row_names_the_contact_until_he_leaves(ask: Ask, people: People) -> None:
    agency = people["kadis"].agency
    with pytest.raises(NotYours):
        actions.set_contact(agency, contact=people["staf_lain"], deputy=None, by=people["staf"], now=NOW)
    actions.set_contact(agency, contact=people["staf_lain"], deputy=None, by=people["kadis"], now=NOW)
    assert asked(ask())[0] == ("contact", people["staf_lain"].pk, "")
    end_term(people["staf_lain"], date(2026, 11, 23))
    assert asked(ask(subject="uji:2"))[0] == ("contact", people["staf"].pk, "")


def test_the_agency_answers_and_its_subject_hears_of_it(ask: Ask, people: People, monkeypatch: Any) -> None:
    heard: list[tuple[str, str]] = []
    monkeypatch.setitem(
        registry.SUBJECTS, "uji",
        registry.Subject("uji", lambda one, now: heard.append(("answered", one.answer)),
                         lambda one, now: heard.append(("given_back", one.reason))),
    )  # fmt: skip
    referral = ask()
    with pytest.raises(NotYours):
        actions.answer(referral, text="Dua.", by=people["staf_pupr"], now=NOW)
    with pytest.raises(BadText):
        actions.answer(referral, text=" \0 ", by=people["staf"], now=NOW)
    done = actions.answer(referral, text="Dua puskesmas.", by=people["staf"], now=NOW + DAY)
    assert (done.state, done.on_behalf, heard) == ("answered", False, [("answered", "Dua puskesmas.")])
    assert actions.escalate(NOW + DAY * 9) == 0
    assert inbox(people["ppid"].user).get().kind == "referral.answered"
    with pytest.raises(WrongState):
        actions.answer(referral, text="Tiga.", by=people["kadis"], now=NOW + DAY)
    done.term.refresh_from_db()
    assert done.term.closed_at is not None
    back = ask(subject="uji:2")
    with pytest.raises(ReasonMissing):
        actions.give_back(back, by=people["staf"], reason=" ", suggested=None, now=NOW)
    actions.give_back(
        back, by=people["staf"], reason="Data ini di PUPR.", suggested=people["staf_pupr"].agency, now=NOW
    )
    assert heard[-1] == ("given_back", "Data ini di PUPR.")


def test_on_behalf_needs_a_reason_until_the_last_hop_or_the_last_day(ask: Ask, people: People) -> None:
    referral = ask()
    with pytest.raises(NotYours):  # staff of Diskominfo are not PPID Utama
        actions.answer(referral, text="Dua.", by=people["petugas"], now=NOW, on_behalf_reason="x")
    with pytest.raises(ReasonMissing):
        actions.answer(referral, text="Dua.", by=people["ppid"], now=NOW)
    early = actions.answer(
        referral, text="Dua.", by=people["ppid"], now=NOW, on_behalf_reason="Sudah ada di laporan 2025."
    )
    assert early.on_behalf
    assert early.acknowledged_at is None
    late = ask(subject="uji:2")
    for n in (1, 2, 3):
        actions.escalate(NOW + DAY * n)
    done = actions.answer(late, text="Dua.", by=people["ppid"], now=NOW + DAY * 3)
    assert done.on_behalf
    assert done.events.filter(kind="on_behalf", actor=people["ppid"]).count() == 1
    slow = ask(subject="uji:3")  # the worker stood still; its last day is 1 December
    with pytest.raises(ReasonMissing):
        actions.answer(slow, text="Dua.", by=people["ppid"], now=NOW + DAY * 7)
    assert actions.answer(slow, text="Dua.", by=people["ppid"], now=NOW + DAY * 8).on_behalf


def test_recalled_by_the_office_that_asked(ask: Ask, people: People) -> None:
    referral = ask()
    with pytest.raises(NotYours):
        actions.recall(referral, by=people["staf"], reason="x", now=NOW)
    actions.recall(referral, by=people["petugas"], reason="Pemohon mencabut.", now=NOW)
    assert actions.escalate(NOW + DAY * 5) == 0
    with pytest.raises(WrongState):
        actions.acknowledge(referral, by=people["staf"], via="desk", now=NOW)


FORWARDED_LATE = [
    # received, asked, the agency's date
    (date(2026, 11, 24), date(2026, 12, 1)),  # on the day itself: day 5
    (date(2026, 11, 20), date(2026, 11, 27)),  # two days ago: still day 5 of the matter
    (date(2026, 11, 16), date(2026, 11, 26)),  # six days ago: two working days are left to the agency
]


@pytest.mark.parametrize(("received", "due"), FORWARDED_LATE)
def test_forwarding_never_resets_the_clock(ask: Ask, received: date, due: date) -> None:
    assert ask(received_on=received).term.due_on == due


def test_a_question_into_a_year_without_decree_waits_for_nobody(ask: Ask, people: People) -> None:
    now = datetime(2029, 12, 27, 3, tzinfo=UTC)  # a Thursday; no calendar of 2029 or 2030
    referral = ask(received_on=date(2029, 12, 27), now=now)
    assert referral.term.due_on is None
    assert actions.escalate(now + DAY) == 1
    assert referral.hops.count() == 2


def test_urgent_hops_come_in_minutes(ask: Ask, people: People) -> None:
    referral = ask(urgent_until=NOW + timedelta(hours=2))
    made = [actions.escalate(NOW + timedelta(minutes=n)) for n in (29, 30, 60, 90, 119)]
    assert made == [0, 1, 1, 1, 0]
    assert queries.waiting(people["staf"], NOW)[0].reference == referral.reference
    assert queries.of_subject("uji:1", NOW + timedelta(hours=3))[0].late


def test_events_cannot_be_changed(ask: Ask) -> None:
    event = ask().events.first()
    with pytest.raises(DatabaseError), transaction.atomic():
        ReferralEvent.objects.filter(pk=event.pk).update(note="anders")
    with pytest.raises(DatabaseError), transaction.atomic():
        event.delete()


def test_hostile_words_are_kept_or_refused_never_an_error(ask: Ask) -> None:
    referral = ask(question="\0‮Halo 😀" + "x" * 9_000, title="😀 ‮judul")
    assert "\0" not in referral.question
    with pytest.raises(BadText):
        ask(question="x" * 10_001)
    with pytest.raises(BadText):
        ask(title="")


@pytest.mark.django_db(transaction=True)
def test_two_runners_make_each_hop_once(settings: Any, tmp_path: Any) -> None:
    people = make_people(settings, tmp_path)
    for n in range(8):
        actions.refer(
            subject=f"uji:{n}", title="Uji", question="Uji?", agency=people["kadis"].agency, asked_by=people["ppid"],
            received_on=date(2026, 11, 24), now=NOW, url="/",
        )  # fmt: skip
    made: list[int] = []
    start = threading.Barrier(3)

    def run() -> None:
        start.wait()
        try:
            made.append(actions.escalate(NOW + DAY))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(made) == 8
    assert Hop.objects.filter(order=1).count() == 8
    assert ReferralEvent.objects.filter(kind="sent", hop__order=1).count() == 8


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_once_one_counts(settings: Any, tmp_path: Any) -> None:
    people = make_people(settings, tmp_path)
    referral = actions.refer(
        subject="uji:1", title="Uji", question="Uji?", agency=people["kadis"].agency, asked_by=people["ppid"],
        received_on=date(2026, 11, 24), now=NOW, url="/",
    )  # fmt: skip
    said: list[str] = []
    start = threading.Barrier(2)

    def say(name: str) -> None:
        start.wait()
        try:
            actions.answer(referral, text=name, by=people[name], now=NOW)
            said.append(name)
        except WrongState:
            said.append("too late")
        finally:
            connection.close()

    threads = [threading.Thread(target=say, args=(name,)) for name in ("staf", "kadis")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    referral.refresh_from_db()
    assert sorted(said) == sorted([referral.answer, "too late"])
    assert referral.events.filter(kind="answered").count() == 1
