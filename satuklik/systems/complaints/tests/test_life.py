"""A complaint's life: clocks as tables, agencies asked and answering, the reporter's word, ends that can be contested."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from satuklik.base.accounts.models import User
from satuklik.base.once.actions import new_word
from satuklik.spine.referrals import actions as referral_actions
from satuklik.spine.referrals import queries as referral_queries
from satuklik.systems.complaints import actions, queries
from satuklik.systems.complaints.actions import Report
from satuklik.systems.complaints.errors import MayNot, Missing, NotFound, NotNow
from satuklik.systems.complaints.models import Complaint, Event, Supporter
from satuklik.systems.complaints.rules import states
from tests.people import NOW, VILLAGE

pytestmark = pytest.mark.django_db


def at(day: date, hour: int = 10) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour))


def fresh(complaint: Complaint) -> Complaint:
    return Complaint.objects.select_related("term", "completion", "quiet").get(pk=complaint.pk)


@pytest.mark.parametrize(
    ("received", "verified_by", "level", "done_by"),
    [
        (date(2026, 3, 9), date(2026, 3, 12), "normative", date(2026, 3, 16)),
        (date(2026, 3, 17), date(2026, 3, 27), "normative", date(2026, 3, 31)),  # Lebaran between
        (date(2025, 8, 15), date(2025, 8, 21), "light", date(2025, 8, 20)),  # 18 August was joint leave
        (date(2026, 12, 23), date(2026, 12, 30), "light", date(2026, 12, 29)),  # Christmas
        (date(2026, 11, 24), date(2026, 11, 27), "non_supervisory", date(2026, 12, 14)),
        (date(2026, 11, 28), date(2026, 12, 2), "light", date(2026, 12, 1)),  # a Saturday
    ],
)
def test_limits_are_working_days_from_the_receipt(
    report: Any, petugas: Any, received: date, verified_by: date, level: str, done_by: date
) -> None:
    complaint = report(now=at(received))
    assert complaint.term.due_on == verified_by
    actions.verify(complaint.pk, by=petugas, level=level, category="jalan", title="x", now=at(received, 12))
    assert fresh(complaint).completion.due_on == done_by


def test_reported_by_night_day_zero_is_here(report: Any) -> None:
    late = timezone.make_aware(datetime(2026, 11, 24, 23, 30))
    assert report(now=late).term.received_on == date(2026, 11, 24)


def test_a_holiday_declared_later_moves_the_open_term(report: Any) -> None:
    from satuklik.base.calendar.actions import declare_holiday

    complaint = report()
    declare_holiday(date(2026, 11, 26), name="Hari uji", kind="local", decree="SK uji", actor="uji", now=NOW)
    assert fresh(complaint).term.due_on == date(2026, 11, 30)


def test_the_straight_line_with_an_agency(report: Any, people: dict[str, Any]) -> None:
    petugas = people["petugas"]
    complaint = report()
    actions.verify(
        complaint.pk, by=petugas, level="normative", category="jalan", title="Jalan berlubang", now=NOW
    )
    made = actions.dispatch(complaint.pk, ["dpupr"], question="Mohon ditambal.", by=petugas, now=NOW)
    assert [row.agency.code for row in made] == ["dpupr"]
    waiting = fresh(complaint)
    assert waiting.state == states.DISPATCHED
    assert waiting.term.due_on == date(2026, 12, 1)  # five working days
    (one,) = referral_queries.of_subject(complaint.subject, NOW)
    assert one.waiting
    assert "0812" not in one.question
    referral_actions.answer(
        one.referral, text="Ditambal hari ini.", by=people["staf_pupr"], now=NOW + timedelta(days=2)
    )
    answered = fresh(complaint)
    assert answered.state == states.FOLLOWED_UP
    actions.reply(
        complaint.pk, by=petugas, text="Sudah ditambal oleh PUPR.", result="done", now=NOW + timedelta(days=2)
    )
    answered = fresh(complaint)
    assert (answered.state, answered.term) == (states.REPLIED, None)
    assert answered.quiet.due_on == date(2026, 12, 10)
    actions.judge(complaint.pk, fixed=True, rating=4, now=NOW + timedelta(days=3))
    closed = fresh(complaint)
    assert (closed.state, closed.closed_as, closed.settled, closed.rating) == ("closed", "confirmed", True, 4)
    assert closed.completion.closed_at is not None


def test_the_reporter_is_told_through_the_conversation(report: Any, petugas: Any) -> None:
    from satuklik.spine.messaging.models import Message

    complaint = report()
    actions.verify(complaint.pk, by=petugas, level="normative", category="jalan", title="x", now=NOW)
    actions.reply(complaint.pk, by=petugas, text="Sudah ditambal.", result="done", now=NOW)
    told = Message.objects.filter(conversation_id=complaint.reporter.conversation_id, direction="out")
    assert any("Sudah ditambal." in message.text and complaint.key in message.text for message in told)


def test_given_back_the_clock_goes_on(report: Any, people: dict[str, Any]) -> None:
    petugas = people["petugas"]
    complaint = report()
    actions.verify(complaint.pk, by=petugas, level="normative", category="jalan", title="x", now=NOW)
    actions.dispatch(complaint.pk, ["dpupr"], question="Mohon ditambal.", by=petugas, now=NOW)
    due = fresh(complaint).term.due_on
    (one,) = referral_queries.of_subject(complaint.subject, NOW)
    referral_actions.give_back(
        one.referral, by=people["staf_pupr"], reason="Jalan provinsi", suggested=None, now=NOW
    )
    back = fresh(complaint)
    assert (back.state, back.term.due_on) == (states.VERIFIED, due)
    with pytest.raises(NotNow):
        actions.close(complaint.pk, by=petugas, reason="x", now=NOW)


def test_of_two_agencies_both_are_waited_for(report: Any, people: dict[str, Any]) -> None:
    petugas = people["petugas"]
    complaint = report()
    actions.verify(complaint.pk, by=petugas, level="normative", category="jalan", title="x", now=NOW)
    actions.dispatch(complaint.pk, ["dpupr", "dishub"], question="Mohon ditangani.", by=petugas, now=NOW)
    assert actions.dispatch(complaint.pk, ["dpupr"], question="Sekali lagi.", by=petugas, now=NOW) == []
    first = next(
        one for one in referral_queries.of_subject(complaint.subject, NOW) if one.agency.code == "dpupr"
    )
    referral_actions.answer(first.referral, text="Sudah.", by=people["staf_pupr"], now=NOW)
    assert fresh(complaint).state == states.DISPATCHED


@pytest.mark.parametrize("end", ["reporter", "officer", "silence"])
def test_an_agency_is_asked_no_more_when_the_matter_is_over(report: Any, petugas: Any, end: str) -> None:
    """It climbed to the head and the Sekda over a complaint that its reporter had called done."""
    complaint = report()
    actions.verify(complaint.pk, by=petugas, level="normative", category="jalan", title="x", now=NOW)
    actions.dispatch(complaint.pk, ["dpupr"], question="Mohon ditangani.", by=petugas, now=NOW)
    actions.reply(complaint.pk, by=petugas, text="Sudah ditambal.", result="done", now=NOW)
    later = at(date(2026, 12, 20))
    if end == "reporter":
        actions.judge(complaint.pk, fixed=True, now=NOW)
    elif end == "officer":
        actions.close(complaint.pk, by=petugas, reason="Sudah diperiksa.", now=NOW)
    else:
        actions.judge(complaint.pk, fixed=False, now=NOW)
        assert actions.close_silent(later) == 0
        [one] = referral_queries.of_subject(complaint.subject, NOW)
        assert one.waiting  # not done after all: the agency is still asked
        actions.reply(complaint.pk, by=petugas, text="Sudah ditambal lagi.", result="done", now=NOW)
        assert actions.close_silent(later) == 1
    [one] = referral_queries.of_subject(complaint.subject, later)
    assert (one.waiting, one.state, one.ended_by) == (False, "recalled", "")
    assert referral_actions.escalate(later) == 0


@pytest.mark.parametrize(
    ("fixed", "result", "state", "settled"),
    [
        (None, "done", "closed", True),
        (None, "planned", "closed", False),  # closed, and visibly not settled
        (False, "done", "reporter_reply", False),  # never closed over a «not fixed»
    ],
)
def test_silence_closes_and_hides_nothing(
    replied: Any, fixed: bool | None, result: str, state: str, settled: bool
) -> None:
    complaint = replied(result=result)
    if fixed is not None:
        actions.judge(complaint.pk, fixed=fixed, now=NOW)
    due = at(date(2026, 12, 8))
    assert fresh(complaint).quiet is None or fresh(complaint).quiet.due_on == date(2026, 12, 8)
    assert actions.close_silent(due) == 0
    actions.close_silent(due + timedelta(days=1))
    done = fresh(complaint)
    assert (done.state, done.settled) == (state, settled)
    assert actions.close_silent(due + timedelta(days=2)) == 0


def test_not_fixed_after_the_end_opens_it_again(replied: Any) -> None:
    complaint = replied()
    actions.close_silent(at(date(2026, 12, 20)))
    actions.judge(complaint.pk, fixed=False, now=at(date(2026, 12, 21)))
    again = fresh(complaint)
    assert (again.state, again.round, again.fixed) == (states.REOPENED, 2, False)
    assert again.term.due_on == date(2026, 12, 28)
    assert again.completion.received_on == date(2026, 12, 21)


@pytest.mark.parametrize("end", ["refuse", "archive"])
def test_every_end_by_an_officer_can_be_contested(report: Any, petugas: Any, end: str) -> None:
    complaint = report()
    with pytest.raises(Missing):
        getattr(actions, end)(complaint.pk, by=petugas, reason=" ", now=NOW)
    getattr(actions, end)(complaint.pk, by=petugas, reason="Bukan di wilayah kami.", now=NOW)
    assert fresh(complaint).term is None
    with pytest.raises(Missing):
        actions.reopen(complaint.pk, "", now=NOW)
    actions.reopen(complaint.pk, "Ini di wilayah Asahan.", now=NOW)
    assert fresh(complaint).state == states.REOPENED


def test_postponed_the_reporter_completes_it(report: Any, petugas: Any) -> None:
    complaint = report()
    actions.postpone(complaint.pk, by=petugas, reason="Di jalan mana?", now=NOW)
    assert fresh(complaint).term is None
    actions.say(complaint.pk, "Jalan Cokroaminoto.", now=NOW + timedelta(days=1))
    new = fresh(complaint)
    assert (new.state, new.term.received_on) == (states.NEW, date(2026, 11, 25))


def test_merged_reports_follow_the_other_one(report: Any, petugas: Any) -> None:
    first, second, third = report(), report(phone="+6281200000078"), report(phone="+6281200000079")
    actions.merge(third.pk, second.reference, by=petugas, now=NOW)
    actions.merge(second.pk, first.reference, by=petugas, now=NOW)
    assert {row.reference for row in first.merged.all()} == {second.reference, third.reference}
    assert fresh(second).state == states.ARCHIVED
    with pytest.raises(Missing):
        actions.merge(first.pk, first.reference, by=petugas, now=NOW)
    with pytest.raises(Missing):
        actions.merge(first.pk, third.reference, by=petugas, now=NOW)
    with pytest.raises(NotFound):
        actions.merge(first.pk, "PD-0000-0000", by=petugas, now=NOW)
    actions.reopen(third.pk, "Bukan lubang yang sama.", now=NOW)
    assert fresh(third).merged_into is None


@pytest.mark.parametrize("who", ["admin_situs", "staf_pupr", "inspektur"])
def test_others_decide_nothing(report: Any, people: dict[str, Any], who: str) -> None:
    complaint = report()
    with pytest.raises(MayNot):
        actions.verify(complaint.pk, by=people[who], level="light", category="jalan", title="x", now=NOW)


def test_an_illegal_step_changes_nothing(report: Any, petugas: Any) -> None:
    complaint = report()
    with pytest.raises(NotNow):
        actions.dispatch(complaint.pk, ["dpupr"], question="x", by=petugas, now=NOW)
    assert not Event.objects.filter(complaint=complaint, kind="dispatched").exists()


def test_the_same_form_again_is_the_same_complaint(regency: None) -> None:
    given = Report(text="Lampu jalan mati semua.", mode="secret", category="lampu-jalan", village=VILLAGE)
    word = new_word()
    first, second = actions.submit(given, word=word, now=NOW), actions.submit(given, word=word, now=NOW)
    assert (first.complaint, first.key, second.is_new) == (second.complaint, second.key, False)
    assert queries.by_key(first.key.lower().replace("-", " ")) == first.complaint
    assert first.key not in str(Complaint.objects.values().get())


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"text": "pendek"}, "text"),
        ({"text": "x" * 4_001}, "text"),
        ({"category": "tidak-ada"}, "category"),
        ({"photos": [b"x"] * 5}, "photos"),
    ],
)
def test_what_is_missing_is_said(report: Any, more: dict[str, Any], field: str) -> None:
    with pytest.raises(Missing) as error:
        report(**more)
    assert field in error.value.fields


def test_alike_finds_closed_ones_too_and_the_public_only_released_ones(replied: Any, petugas: Any) -> None:
    from satuklik.kernel.likeness import Described

    old = replied()
    actions.judge(old.pk, fixed=True, now=NOW)
    new = Described(
        0,
        "Lubang besar di jalan depan pasar Inpres, motor sering jatuh",
        VILLAGE,
        "jalan",
        NOW + timedelta(days=3),
    )
    assert [row.pk for row, _ in queries.alike(new, public=False)] == [old.pk]
    assert queries.alike(new, public=True) == []
    actions.release(
        old.pk,
        by=petugas,
        title="Jalan berlubang",
        text="Jalan berlubang di depan pasar Inpres, motor jatuh.",
        point=False,
        photos=[],
        checked=True,
        now=NOW,
    )
    assert [row.pk for row, _ in queries.alike(new, public=True)] == [old.pk]


def test_a_released_text_must_not_name_people(report: Any, petugas: Any) -> None:
    complaint = report()
    with pytest.raises(Missing):
        actions.release(
            complaint.pk,
            by=petugas,
            title="Lubang",
            text="Hubungi 0812-3456-7890 ya",
            point=False,
            photos=[],
            checked=False,
            now=NOW,
        )
    assert list(queries.released()) == []


def test_one_person_supports_once(report: Any, petugas: Any) -> None:
    complaint = report()
    with pytest.raises(NotFound):
        actions.support(complaint.pk, phone="+6281200000001", now=NOW)
    actions.release(
        complaint.pk,
        by=petugas,
        title="Lubang",
        text="Jalan berlubang.",
        point=False,
        photos=[],
        checked=True,
        now=NOW,
    )
    typed = Supporter.objects.filter(complaint=complaint)
    for _turn in range(2):
        assert actions.support(complaint.pk, phone="+6281200000001", now=NOW) == "asked"
    assert (typed.count(), fresh(complaint).supports) == (1, 0)  # anybody can type a number
    assert actions.prove_support(typed.get(), now=NOW)
    assert not actions.prove_support(typed.get(), now=NOW)
    assert actions.support(complaint.pk, phone="+6281200000001", now=NOW) == "known"
    # The account with this number is the same person.
    user = User.objects.create(username="w", name="Warga Rekaan", phone="+6281200000001", phone_verified=True)
    assert actions.support(complaint.pk, user=user, now=NOW) == "known"
    other = User.objects.create(username="v", name="Lain Rekaan", phone="+6281200000002", phone_verified=True)
    actions.support(complaint.pk, phone="+6281200000002", now=NOW)
    assert actions.support(complaint.pk, user=other, now=NOW) == "counted"
    assert (typed.count(), fresh(complaint).supports) == (2, 2)
    actions.support(complaint.pk, email="siapa@contoh.example", now=NOW)
    assert actions.forget_unproven(NOW + timedelta(days=8)) == 1
    assert (typed.count(), fresh(complaint).supports) == (2, 2)


@pytest.fixture
def shown(report: Any, petugas: Any) -> Complaint:
    """A report that everybody sees."""
    made = report()
    actions.release(
        made.pk, by=petugas, title="Lubang", text="Berlubang.", point=False, photos=[], checked=True, now=NOW
    )  # fmt: skip
    return made


def test_a_link_that_was_asked_for_again_lives_its_own_week(shown: Complaint) -> None:
    actions.support(shown.pk, email="siapa@contoh.example", now=NOW)
    again = NOW + timedelta(days=6)
    assert actions.support(shown.pk, email="Siapa@contoh.example", now=again) == "asked"
    assert actions.forget_unproven(again + timedelta(days=6)) == 0
    assert actions.prove_support(Supporter.objects.get(complaint=shown), now=again + timedelta(days=6))
    assert actions.forget_unproven(again + timedelta(days=8)) == 0


def test_an_account_counts_once_also_after_it_proved_its_number(
    shown: Complaint, report: Any, petugas: Any
) -> None:
    phone = "+6281200000007"
    user = User.objects.create(username="w", name="Warga Rekaan", phone=phone, phone_verified=False)
    assert actions.support(shown.pk, user=user, now=NOW) == "counted"
    User.objects.filter(pk=user.pk).update(phone_verified=True)
    user.refresh_from_db()
    assert actions.support(shown.pk, user=user, now=NOW) == "known"
    assert (Supporter.objects.filter(complaint=shown).count(), fresh(shown).supports) == (1, 1)
    # The same person by the link to this number, and by a report of the same account.
    actions.support(shown.pk, phone=phone, now=NOW)
    actions.prove_support(Supporter.objects.get(complaint=shown, proven_at=None), now=NOW)
    own = report(mode="account", user=user)
    actions.merge(own.pk, shown.reference, by=petugas, now=NOW)
    assert fresh(shown).supports == 1


def test_an_account_goes_along_once_into_a_merged_report(shown: Complaint, report: Any, petugas: Any) -> None:
    user = User.objects.create(
        username="w", name="Warga Rekaan", phone="+6281200000007", phone_verified=False
    )
    actions.support(shown.pk, user=user, now=NOW)
    User.objects.filter(pk=user.pk).update(phone_verified=True)
    user.refresh_from_db()
    other = report()
    actions.release(
        other.pk, by=petugas, title="Lubang", text="Berlubang.", point=False, photos=[], checked=True, now=NOW
    )  # fmt: skip
    assert actions.support(other.pk, user=user, now=NOW) == "counted"
    actions.merge(other.pk, shown.reference, by=petugas, now=NOW)
    assert Supporter.objects.filter(complaint=shown).count() == 1


def test_merged_reports_count_each_proven_person_once(report: Any, petugas: Any) -> None:
    people = [
        User.objects.create(username=f"w{n}", name="Warga", phone=f"+628120000000{n}", phone_verified=True) for n in range(4)
    ]  # fmt: skip

    def released(**more: Any) -> Complaint:
        made = report(**more)
        actions.release(
            made.pk, by=petugas, title="Lubang", text="Berlubang.", point=False, photos=[], checked=True, now=NOW
        )  # fmt: skip
        return made

    first, second = released(mode="account", user=people[0]), released(mode="account", user=people[1])
    for one in people[1:3]:
        actions.support(first.pk, user=one, now=NOW)
    for one in (people[0], people[2], people[3]):
        actions.support(second.pk, user=one, now=NOW)
    actions.support(second.pk, phone="+6281299990009", now=NOW)
    typed = report(name="Orang Rekaan")  # nobody has proven that number
    actions.merge(second.pk, first.reference, by=petugas, now=NOW)
    actions.merge(typed.pk, first.reference, by=petugas, now=NOW)
    # The others: 1 (his report and his support), 2, 3. Not: 0, who reported it; not what was only typed.
    assert fresh(first).supports == 3
    assert Supporter.objects.filter(complaint=first, proven_at=None).count() == 1


def test_the_figures(replied: Any, report: Any) -> None:
    done = replied()
    actions.judge(done.pk, fixed=True, rating=4, now=NOW)
    report()
    found = {
        one.name: one.value
        for one in queries.figures(date(2026, 11, 1), date(2026, 11, 30), NOW + timedelta(days=30))
    }
    assert found["complaints.received"] == 2
    assert found["complaints.open"] == 1
    assert found["complaints.late"] == 1
    assert found["complaints.satisfied"] == 100
    assert found["complaints.days"] == 0
    empty = {one.name: one.value for one in queries.figures(date(2025, 1, 1), date(2025, 1, 2), NOW)}
    assert empty["complaints.days"] is None
    assert empty["complaints.satisfied"] is None


def test_not_done_after_a_word_lets_the_whole_term_run_on(replied: Any) -> None:
    complaint = replied(result="done")
    assert fresh(complaint).completion.closed_at is not None
    actions.say(complaint.pk, "Lubangnya masih ada di sisi timur.", now=NOW)
    actions.judge(complaint.pk, fixed=False, now=NOW)
    told = fresh(complaint)
    assert (told.state, told.completion.closed_at) == (states.REPORTER_REPLY, None)
