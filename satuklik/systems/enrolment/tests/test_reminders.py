"""Reminders: on working days, to whoever must act, never twice a day, and kept."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from satuklik.systems.enrolment import rules
from satuklik.systems.enrolment.errors import AlreadyReminded, MayNot, NobodyToRemind, NotNow
from satuklik.systems.enrolment.tests.conftest import brought, enrol, make_official
from tests.people import NOW

# November and December 2026 in Kisaran; 25 December is a holiday, 24 December joint leave.
MONDAY = datetime(2026, 11, 2, 3, tzinfo=UTC)


def at(day: int, month: int = 11) -> datetime:
    return datetime(2026, month, day, 1, tzinfo=UTC)


def told(official: Any) -> list[str]:
    from satuklik.spine.messaging.queries import inbox

    return [message.title for message in inbox(official.user) if message.kind.startswith("tte.stuck")]


def test_the_official_then_the_verifikator_then_the_head(
    bu_kabid: Any, verifikator: Any, bu_admin: Any
) -> None:
    from satuklik.systems.enrolment import actions
    from satuklik.systems.enrolment.models import Reminder

    head = make_official("diskominfo", "Kadis", "Kepala Dinas", 940, role="head")
    enrol(bu_kabid, at=MONDAY)
    sent = {day: actions.remind_stuck(at(day)) for day in range(2, 17)}
    # Three working days after Monday is Thursday the 5th; the 7th, 8th, 14th and 15th are weekends.
    assert sent == {
        2: 0, 3: 0, 4: 0, 5: 1, 6: 0, 7: 0, 8: 0, 9: 0, 10: 2, 11: 0, 12: 0, 13: 3, 14: 0, 15: 0, 16: 0,
    }  # fmt: skip
    assert told(bu_kabid) == ["TTE Anda belum selesai"] * 3
    assert told(verifikator) == ["1 pejabat menunggu di papan TTE"] * 2
    assert told(head) == ["TTE di kantor Anda tersendat: 1 pejabat"]
    assert Reminder.objects.count() == 6
    assert actions.remind_stuck(at(13)) == 0


def test_a_step_forward_starts_the_count_anew(bu_kabid: Any, verifikator: Any) -> None:
    from satuklik.systems.enrolment import actions
    from satuklik.systems.enrolment.tests.conftest import hand_in

    enrol(bu_kabid, at=MONDAY)
    assert actions.remind_stuck(at(5)) == 1
    hand_in(bu_kabid, at=at(6))
    assert actions.remind_stuck(at(10)) == 0
    assert actions.remind_stuck(at(11)) == 1
    assert told(verifikator) == ["1 pejabat menunggu di papan TTE"]


def test_one_message_for_all_that_wait_for_one_person(bu_kabid: Any, verifikator: Any, bu_admin: Any) -> None:
    from satuklik.spine.messaging.queries import inbox
    from satuklik.systems.enrolment import actions
    from satuklik.systems.enrolment.models import Reminder

    brought(bu_kabid, rules.DOCUMENTS, verifikator, at=MONDAY)
    other = make_official("diskominfo", "Kedua, S.E", "Kepala Bidang", 941)
    enrol(other, at=MONDAY + timedelta(days=1))
    from satuklik.systems.enrolment.tests.conftest import hand_in

    hand_in(other, at=MONDAY + timedelta(days=1), nik="1209204108800002")
    assert actions.remind_stuck(at(6)) == 1
    message = next(iter(inbox(verifikator.user)))
    assert message.title == "2 pejabat menunggu di papan TTE"
    assert bu_kabid.name in message.body
    assert Reminder.objects.count() == 2


def test_without_a_login_the_verifikator_hears_of_it(verifikator: Any, bu_admin: Any) -> None:
    from satuklik.systems.enrolment import actions

    enrol(make_official("diskominfo", "Tanpa Akun", "Kepala Bidang", 942, login=False), at=MONDAY)
    enrol(make_official("disdukcapil", "Tanpa Akun Dua", "Kepala Bidang", 943, login=False), at=MONDAY)
    assert actions.remind_stuck(at(5)) == 2
    assert told(verifikator) == ["1 pejabat menunggu di papan TTE"]
    assert told(bu_admin) == ["1 pejabat menunggu di papan TTE"]  # Disdukcapil has no verifikator


def test_the_button_tells_once_a_day(bu_kabid: Any, verifikator: Any, pak_lain: Any) -> None:
    from satuklik.systems.enrolment import actions, queries

    row = enrol(bu_kabid)
    with pytest.raises(MayNot):
        actions.remind_now(row.pk, by=pak_lain, now=NOW)
    assert actions.remind_now(row.pk, by=verifikator, now=NOW) == bu_kabid.name
    with pytest.raises(AlreadyReminded):
        actions.remind_now(row.pk, by=verifikator, now=NOW + timedelta(hours=3))
    assert actions.remind_now(row.pk, by=verifikator, now=NOW + timedelta(days=1)) == bu_kabid.name
    assert len(queries.reminders(row)) == 2


def test_nobody_to_remind(verifikator: Any, bu_admin: Any) -> None:
    from satuklik.systems.enrolment import actions

    done = brought(make_official("disdukcapil", "Selesai", "Kepala Bidang", 944), rules.ACTIVE, bu_admin)
    with pytest.raises(NotNow):
        actions.remind_now(done.pk, by=bu_admin, now=NOW)
    bu_admin.user.is_active = False
    row = enrol(make_official("setda", "Tanpa Akun", "Kepala Bagian", 945, login=False))
    bu_admin.user = None
    bu_admin.save()
    with pytest.raises(NobodyToRemind):
        actions.remind_now(row.pk, by=bu_admin, now=NOW)


def test_before_a_certificate_ends(bu_kabid: Any, verifikator: Any) -> None:
    from satuklik.spine.messaging.queries import inbox
    from satuklik.spine.signing import queries as signing
    from satuklik.systems.enrolment import actions

    row = brought(bu_kabid, rules.ACTIVE, verifikator)
    end = signing.key_by_serial(row.serial, NOW).not_after  # type: ignore[union-attr]
    sent = {
        left: actions.remind_expiry(end - timedelta(days=left)) for left in (91, 90, 89, 31, 30, 8, 7, 6, 0)
    }
    assert sent == {91: 0, 90: 1, 89: 0, 31: 0, 30: 1, 8: 0, 7: 2, 6: 0, 0: 0}
    titles = [message.title for message in inbox(bu_kabid.user) if message.kind == "tte.expiry"]
    assert titles == [f"Sertifikat TTE Anda berakhir {left} hari lagi" for left in (7, 30, 90)]
    assert f"Sertifikat TTE {bu_kabid.name} berakhir 7 hari lagi" in [
        m.title for m in inbox(verifikator.user)
    ]


def test_a_missed_mark_is_told_later_and_a_renewed_certificate_not_at_all(
    bu_kabid: Any, verifikator: Any
) -> None:
    from satuklik.spine.signing import queries as signing
    from satuklik.systems.enrolment import actions
    from satuklik.systems.enrolment.tests.conftest import PASSPHRASE

    row = brought(bu_kabid, rules.ACTIVE, verifikator)
    end = signing.key_by_serial(row.serial, NOW).not_after  # type: ignore[union-attr]
    assert actions.remind_expiry(end - timedelta(days=25)) == 1
    actions.renew(
        bu_kabid, PASSPHRASE, "pohon sungai garam embun", revoke_old=False, now=end - timedelta(days=20)
    )
    assert actions.remind_expiry(end - timedelta(days=5)) == 0


def test_tasks_are_registered_and_run(bu_kabid: Any, verifikator: Any) -> None:
    from procrastinate.contrib.django import app

    from satuklik.systems.enrolment import tasks

    enrol(bu_kabid, at=MONDAY)
    for task in (tasks.notice_first_signatures, tasks.remind, tasks.end_who_left):
        assert task.name in app.tasks
        task(0)
    assert told(bu_kabid) == ["TTE Anda belum selesai"]
