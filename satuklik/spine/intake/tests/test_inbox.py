"""What happens to a message between the channel and the legal object, also when two officers are at it at once."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from satuklik.base.audit.queries import events_of
from satuklik.spine.intake import actions, engine, errors, queries
from satuklik.spine.intake.actions.creating import Wish
from satuklik.spine.intake.models import Desk
from satuklik.spine.messaging import actions as messaging
from satuklik.spine.messaging import queries as messages
from tests.people import NOW

LAMP = "Lampu jalan di simpang kami mati sudah dua minggu, mohon diperbaiki ya pak"
DATA = "Mohon data jumlah penduduk per kecamatan untuk skripsi saya"


def said_by_house(conversation: Any) -> list[str]:
    return [one.text for one in messages.messages(conversation.pk) if one.direction == "out"]


def wish(kind: str, *found: Any, **more: Any) -> Wish:
    return Wish(kind, tuple(one.pk for one in found), uuid4(), **more)


def test_a_chat_is_read_once_and_suggested(write: Callable[..., Any]) -> None:
    message = write(LAMP)
    (suggestion,) = queries.suggestions([message.pk])
    assert (suggestion.kind, suggestion.routes[0][0]) == ("complaint", "dishub")
    finding = actions.take_in(message, NOW)
    assert finding == queries.findings([message.pk])[message.pk]
    assert len(queries.suggestions([message.pk])) == 1
    assert len(said_by_house(message.conversation)) == 1  # the receipt, once
    assert message.conversation.desk.kind == "complaint"


def test_the_receipt_never_decides_and_comes_once_in_twelve_hours(write: Callable[..., Any]) -> None:
    first = write("Assalamualaikum")
    write(LAMP, minutes=2)
    write("tolong pak", minutes=60)
    texts = said_by_house(first.conversation)
    assert texts == ["Terima kasih, pesan Anda sudah kami terima. Silakan tulis keperluan Anda di sini."]
    first.conversation.refresh_from_db()
    assert first.conversation.waiting_since is not None  # a receipt is no answer


def test_no_receipt_by_mail_and_none_for_spam(write: Callable[..., Any]) -> None:
    mail = write(LAMP, who="a@contoh.example", channel="email", email="a@contoh.example")
    spam = write("slot gacor maxwin deposit", who="6284090000102")
    assert said_by_house(mail.conversation) == said_by_house(spam.conversation) == []


def test_an_emergency_stands_on_top_with_whom_to_call(
    write: Callable[..., Any], office: dict[str, Any]
) -> None:
    write(LAMP)
    fire = write("tolong ada kebakaran di pasar lama!", who="6284090000102", name="Budi", minutes=1)
    assert [one.pk for one in queries.urgent()] == [fire.conversation_id]
    assert "darurat 112" in said_by_house(fire.conversation)[0]
    actions.calm(fire.conversation, by=office["lina"], now=NOW)
    assert queries.urgent() == []


def test_secret_wishes_mark_the_conversation_for_good(
    write: Callable[..., Any], office: dict[str, Any]
) -> None:
    message = write("kepala desa minta uang 500 ribu untuk blt, jangan sebut nama saya")
    write("makasih pak", minutes=1)
    message.conversation.desk.refresh_from_db()
    assert message.conversation.desk.secret
    kadis, reason = office["kadis"], "Menghubungi pelapor untuk bukti tambahan"
    assert not queries.uncovered(message.conversation_id, kadis, NOW)
    for nobody in ("rahmat", "lina", "andi"):  # SATUKLIK_REVEALERS, as at the desk of complaints
        with pytest.raises(errors.MayNotUncover):
            actions.open_secret(message.conversation, by=office[nobody], reason=reason, now=NOW)
    for short in ("perlu", "1234567890 1234567890"):
        with pytest.raises(errors.ReasonNeeded):
            actions.open_secret(message.conversation, by=kadis, reason=short, now=NOW)
    assert queries.looks(message.conversation_id) == []
    actions.open_secret(message.conversation, by=kadis, reason=reason, now=NOW)
    assert queries.uncovered(message.conversation_id, kadis, NOW + timedelta(minutes=59))
    assert not queries.uncovered(message.conversation_id, kadis, NOW + timedelta(minutes=61))
    assert not queries.uncovered(message.conversation_id, office["lina"], NOW)
    (event,) = events_of(f"conversation:{message.conversation_id}")
    assert event.kind == "intake.uncovered"
    assert "bukti" not in str(event.data)
    assert queries.search("kepala desa") == []  # words would tell who wrote


def test_one_click_makes_the_object_and_tells_the_person(
    write: Callable[..., Any], office: dict[str, Any], kinds: list[Any]
) -> None:
    message = write(DATA)
    lina, conversation = office["lina"], message.conversation
    outcome = actions.create(
        conversation, wish("information", message, agency_code="disdukcapil"), by=lina, now=NOW
    )
    assert outcome.reference == "PI-TEST-0001"
    (intake,) = kinds
    assert (intake.received_at, intake.text, intake.phone) == (message.at, DATA, "+6284090000101")
    assert said_by_house(conversation)[-1] == (
        "Terdaftar dengan nomor PI-TEST-0001.\nhttps://contoh.example/PI-TEST-0001"
    )
    conversation.refresh_from_db()
    assert conversation.assigned == lina
    assert conversation.waiting_since is None
    (row,) = queries.corrections()
    assert (row.text, row.kind, row.agency, row.person) == (
        DATA,
        "information",
        "disdukcapil",
        f"c{conversation.pk}",
    )
    assert [one.pk for one in queries.search("PI-TEST-0001")] == [conversation.pk]


def test_the_same_form_twice_and_the_same_message_twice(
    write: Callable[..., Any], office: dict[str, Any], kinds: list[Any]
) -> None:
    message = write(DATA)
    asked = wish("information", message)
    one = actions.create(message.conversation, asked, by=office["lina"], now=NOW)
    assert actions.create(message.conversation, asked, by=office["rahmat"], now=NOW) == one
    with pytest.raises(errors.AlreadyMade) as caught:
        actions.create(message.conversation, wish("information", message), by=office["rahmat"], now=NOW)
    assert caught.value.outcome == one
    actions.create(
        message.conversation, wish("information", message, again=True), by=office["rahmat"], now=NOW
    )
    actions.create(message.conversation, wish("complaint", message), by=office["rahmat"], now=NOW)
    assert [one.reference for one in queries.outcomes(message.conversation_id)] == [
        "ADU-TEST-0003", "PI-TEST-0002", "PI-TEST-0001",
    ]  # fmt: skip


def test_two_objects_of_one_message_settle_two_suggestions(
    write: Callable[..., Any], office: dict[str, Any], kinds: list[Any]
) -> None:
    message = write(f"{DATA}. Selain itu lampu jalan di gang kami tidak nyala, mohon diperbaiki")
    assert [one.kind for one in queries.suggestions([message.pk])] == ["information", "complaint"]
    actions.create(
        message.conversation, wish("complaint", message, agency_code="dishub"), by=office["lina"], now=NOW
    )
    assert [one.kind for one in queries.suggestions([message.pk])] == ["information"]
    actions.create(message.conversation, wish("information", message), by=office["lina"], now=NOW)
    assert queries.suggestions([message.pk]) == []
    assert sorted(row.text[:11] for row in queries.corrections()) == ["Mohon data ", "Selain itu "]
    both = list(queries.corrections())
    assert list(queries.corrections(1)) == both[1:]  # the newest is kept
    assert [(one.kind, one.right) for one in queries.measured()] == [("complaint", 1), ("information", 1)]


def test_what_cannot_be_made_changes_nothing(
    write: Callable[..., Any], office: dict[str, Any], kinds: list[Any]
) -> None:
    message, other = write("mohon data, gagal"), write(DATA, who="6284090000102")
    for asked, problem in (
        (wish("information", message), errors.NotCreated),
        (wish("information"), errors.NothingChosen),
        (wish("information", message, other), errors.NothingChosen),
        (wish("greeting", message), errors.UnknownKind),
        (wish("nonsense", message), errors.UnknownKind),
    ):
        with pytest.raises(problem):
            actions.create(message.conversation, asked, by=office["lina"], now=NOW)
    assert queries.outcomes(message.conversation_id) == []
    assert len(said_by_house(message.conversation)) == 1


def test_a_correction_teaches_the_right_kind_and_hides_numbers(
    write: Callable[..., Any], office: dict[str, Any], kinds: list[Any]
) -> None:
    message = write("NIK saya 1209200101900001, lampu jalan mati mohon diperbaiki")
    actions.create(message.conversation, wish("idea", message, agency_code="dlh"), by=office["lina"], now=NOW)
    (row,) = queries.corrections()
    assert row.kind == "idea"
    assert "1209200101900001" not in row.text
    (kind,) = queries.measured()
    assert (kind.kind, kind.decided, kind.right, kind.agency_right) == ("complaint", 1, 0, 0)


def test_nobody_answers_what_somebody_answered(write: Callable[..., Any], office: dict[str, Any]) -> None:
    message = write(DATA)
    conversation = message.conversation
    first = actions.answer(conversation, "Kami siapkan.", by=office["lina"], seen=0, now=NOW)
    with pytest.raises(errors.AnsweredMeanwhile) as caught:
        actions.answer(conversation, "Sedang kami cari.", by=office["rahmat"], seen=0, now=NOW)
    assert [one.text for one in caught.value.answers] == ["Kami siapkan."]
    actions.answer(conversation, "Ini datanya.", by=office["rahmat"], seen=first.pk, now=NOW)
    with pytest.raises(errors.EmptyText):
        actions.answer(conversation, "  ", by=office["rahmat"], seen=first.pk, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_officers_click_at_the_same_moment(
    write: Callable[..., Any], office: dict[str, Any], kinds: list[Any]
) -> None:
    message = write(DATA)
    conversation, told = message.conversation, []
    start = threading.Barrier(2)

    def click(who: str, work: Callable[[], Any]) -> None:
        start.wait()
        try:
            told.append((who, work()))
        except errors.IntakeError as error:
            told.append((who, error))
        finally:
            connection.close()

    def both(first: Callable[[], Any], second: Callable[[], Any]) -> list[Any]:
        told.clear()
        hands = [threading.Thread(target=click, args=pair) for pair in (("lina", first), ("rahmat", second))]
        for hand in hands:
            hand.start()
        for hand in hands:
            hand.join()
        return [type(result).__name__ for _, result in told]

    def say(who: str) -> Callable[[], Any]:
        return lambda: actions.answer(conversation, f"dari {who}", by=office[who], seen=0, now=NOW)

    assert sorted(both(say("lina"), say("rahmat"))) == ["AnsweredMeanwhile", "Message"]
    assert len([text for text in said_by_house(conversation) if text.startswith("dari")]) == 1

    def make(who: str) -> Callable[[], Any]:
        return lambda: actions.create(conversation, wish("information", message), by=office[who], now=NOW)

    assert sorted(both(make("lina"), make("rahmat"))) == ["AlreadyMade", "Outcome"]
    assert len(kinds) == 1
    # The worker was killed after triage and before its mark: the same message comes to two workers.
    fresh = messaging.receive(
        channel="whatsapp", address="6284090000199", name="X", text=LAMP, external_id="z1", at=NOW, now=NOW
    )
    assert both(lambda: actions.take_in(fresh, NOW), lambda: actions.take_in(fresh, NOW)) == [
        "Finding",
        "Finding",
    ]
    assert len(queries.suggestions([fresh.pk])) == 1


def test_near_duplicates_of_other_people_are_found_for_fourteen_days(write: Callable[..., Any]) -> None:
    text = "Jalan di depan SDN 3 Punggulan rusak parah sudah dua bulan tidak diperbaiki"
    first = write(text)
    near = write(
        "jln di depan SDN 3 punggulan rusak parah udh dua bulan gk diperbaiki", who="6284090000102", minutes=9
    )
    far = write(text, who="6284090000103", now=NOW + timedelta(days=15))
    found = queries.findings([first.pk, near.pk, far.pk])
    assert found[near.pk].alike_id == first.pk
    assert found[first.pk].alike_id is found[far.pk].alike_id is None


def test_ticket_numbers_name_subjects(write: Callable[..., Any], kinds: list[Any]) -> None:
    message = write("PI-7F3K-9Q2M dan ZZ-1111-2222 sampai mana pak")
    assert queries.findings([message.pk])[message.pk].subjects == [["PI-7F3K-9Q2M", "pi:PI-7F3K-9Q2M"]]


def test_two_persons_become_one_and_are_parted_again(
    write: Callable[..., Any], office: dict[str, Any], kinds: list[Any]
) -> None:
    chat = write("saya takut, jangan sebut nama saya. ada pungli di kantor")
    mail = write(DATA, who="sari@contoh.example", channel="email", email="sari@contoh.example")
    actions.note(mail.conversation, "Orang yang sama.", by=office["lina"], now=NOW)
    made = actions.create(mail.conversation, wish("information", mail), by=office["lina"], now=NOW)
    merged = actions.merge(chat.conversation, mail.conversation, by=office["lina"], now=NOW)
    assert [one.text for one in queries.notes(merged.pk)] == ["Orang yang sama."]
    assert queries.outcomes(merged.pk) == [made]
    assert queries.conversation(mail.conversation_id).pk == merged.pk
    assert merged.desk.secret
    with pytest.raises(errors.NotTogether):
        actions.merge(merged, merged, by=office["lina"], now=NOW)
    identity = next(one for one in messages.identities(merged.pk) if one.channel == "email")
    parted = actions.split(identity, by=office["lina"], now=NOW)
    assert queries.outcomes(parted.pk) == [made]
    assert queries.outcomes(merged.pk) == []
    assert parted.desk.secret
    with pytest.raises(errors.NotTogether):
        actions.split(messages.identities(parted.pk)[0], by=office["lina"], now=NOW)


def test_lists_counts_and_pages(write: Callable[..., Any], office: dict[str, Any]) -> None:
    late = write(DATA, now=NOW - timedelta(days=5))
    for number in range(6):
        write(LAMP, who=f"62840900002{number:02}", minutes=number)
    lina = office["lina"]
    found = queries.counts(lina, NOW)
    assert (found.waiting, found.late, found.fresh, found.mine, found.free) == (7, 1, 6, 0, 7)
    actions.assign(late.conversation, lina, by=lina, now=NOW)
    assert [one.pk for one in queries.page("saya", lina)] == [late.conversation_id]
    first = queries.page("menunggu", lina, limit=3)
    assert first[0].pk == late.conversation_id  # the longest waiting first
    rest = queries.page("menunggu", lina, after=queries.cursor_of(first[-1], "menunggu"), limit=9)
    assert len({one.pk for one in (*first, *rest)}) == 7
    everything = queries.page("semua", lina, limit=4)
    more = queries.page("semua", lina, after=queries.cursor_of(everything[-1], "semua"))
    assert len({one.pk for one in (*everything, *more)}) == 7
    assert [(one.official_id, one.waiting) for one in queries.load()] == [(lina.pk, 1)]
    actions.set_aside(late.conversation, by=lina, now=NOW, kind="greeting", message_ids=[late.pk])
    assert [one.pk for one in queries.page("selesai", lina)] == [late.conversation_id]
    assert queries.counts(lina, NOW).waiting == 6
    assert {one.pk for one in queries.search("skripsi")} == {late.conversation_id}


@pytest.mark.parametrize(
    "text", ["", "x", "-", "1e999-1", "9" * 30 + "-1", "1764000000.1-", "１-１", "1-1-1"]
)
def test_a_cursor_from_outside_is_checked(text: str) -> None:
    assert queries.Cursor.parse(text) is None


def test_a_subject_that_the_text_repeats_is_said_once(
    write: Callable[..., Any], office: dict[str, Any], kinds: list[Any]
) -> None:
    """Forms and mail programs of telephones fill the subject with the first words; a register would print them twice."""
    mail = {"channel": "email", "email": "sari@contoh.example"}
    message = write(DATA, who="sari@contoh.example", subject="mohon  Data jumlah", **mail)
    assert message.conversation.desk.preview == DATA
    actions.create(message.conversation, wish("information", message), by=office["lina"], now=NOW)
    assert kinds[0].text == DATA
    other = write(
        DATA, who="budi@contoh.example", subject="Skripsi", **(mail | {"email": "budi@contoh.example"})
    )
    assert other.whole == f"Skripsi\n{DATA}"


def test_a_vague_line_leaves_the_kind_of_what_waits(
    write: Callable[..., Any], office: dict[str, Any]
) -> None:
    conversation = write(DATA).conversation
    write("air mati", minutes=1)  # a guess only
    assert Desk.objects.get(conversation=conversation).kind == "information"
    actions.set_aside(conversation, by=office["lina"], now=NOW + timedelta(minutes=2))
    write("air mati", minutes=9)
    assert Desk.objects.get(conversation=conversation).kind == ""  # another matter now


def test_weekends_are_not_late(office: dict[str, Any]) -> None:
    monday = NOW - timedelta(days=1)
    assert timezone.localtime(queries.late_before(monday)).strftime("%A %d") == "Friday 20"
    assert timezone.localtime(queries.late_before(NOW)).strftime("%A %d") == "Monday 23"


def test_looks_leave_traces_once_in_ten_minutes(write: Callable[..., Any], office: dict[str, Any]) -> None:
    conversation = write(DATA).conversation
    assert actions.record_look(conversation, office["lina"], now=NOW)
    assert not actions.record_look(conversation, office["lina"], now=NOW + timedelta(minutes=9))
    assert actions.record_look(conversation, office["rahmat"], now=NOW)
    assert actions.record_look(conversation, office["lina"], now=NOW + timedelta(minutes=11))
    assert len(queries.looks(conversation.pk)) == 3


def test_presence_is_forgotten_after_a_while(write: Callable[..., Any], office: dict[str, Any]) -> None:
    conversation = write(DATA).conversation
    actions.be_there(conversation, office["lina"], typing=True, now=NOW)
    actions.be_there(conversation, office["lina"], typing=True, now=NOW)
    (there,) = queries.present(conversation.pk, office["rahmat"], NOW)
    assert there.typing
    assert queries.present(conversation.pk, office["lina"], NOW) == []
    assert queries.present(conversation.pk, office["rahmat"], NOW + timedelta(minutes=1)) == []


def test_the_house_registers_alone_only_where_allowed_and_proven(
    write: Callable[..., Any], office: dict[str, Any], kinds: list[Any], settings: Any
) -> None:
    from satuklik.spine.intake.models import Suggestion

    settings.SATUKLIK_INTAKE_ALONE = ["information"]
    first = write(DATA)
    assert queries.outcomes(first.conversation_id) == []  # allowed, but nothing was measured
    Suggestion.objects.bulk_create(
        Suggestion(
            message=first, number=number, kind="information", likely="information", probability=0.9, start=0, end=1,
            version="x", created_at=NOW, decided_kind="information", decided_at=NOW, decided_by=office["lina"],
        )
        for number in range(100, 200)
    )  # fmt: skip
    second = write(DATA, who="6284090000102")
    assert [one.reference for one in queries.outcomes(second.conversation_id)] == ["PI-TEST-0001"]
    secret = write(f"{DATA}, jangan sebut nama saya", who="6284090000103")
    assert queries.outcomes(secret.conversation_id) == []
    settings.SATUKLIK_INTAKE_ALONE = []
    third = write(DATA, who="6284090000104")
    assert queries.outcomes(third.conversation_id) == []


def test_a_trained_model_is_kept_by_its_hash_and_taken_over(write: Callable[..., Any]) -> None:
    from satuklik.spine.intake import corpus, tables, training
    from satuklik.spine.intake.rules.measuring import Labelled

    rows = [Labelled(row.text, row.kind, row.agency, row.person, row.at) for row in corpus.rows()][::6]
    model = training.train(rows, tables.pipeline(), origin="test", version="20261124-1000")
    stored = actions.store_model(model, now=NOW)
    assert queries.active_model() is None
    actions.activate(stored.version)
    assert queries.active_model() == stored
    message = write(LAMP)
    assert queries.suggestions([message.pk])[0].version.endswith(stored.version)
    engine.forget()


def test_figures_of_the_inbox(write: Callable[..., Any], office: dict[str, Any], kinds: list[Any]) -> None:
    from satuklik.base.figures.registry import figures

    write(LAMP, who="6284090000102", now=NOW - timedelta(days=5))
    message = write(DATA)
    actions.create(
        message.conversation, wish("information", message), by=office["lina"], now=NOW + timedelta(hours=3)
    )
    today = timezone.localdate(NOW)
    found = {
        one.name: one.value
        for source, rows in figures(today - timedelta(days=1), today, NOW, public=False)
        if source.name == "inbox"
        for one in rows
    }
    assert found == {
        "inbox.messages": 1, "inbox.people": 1, "inbox.outcomes": 1, "inbox.hours_to_outcome": 3.0, "inbox.waiting": 1,
        "inbox.late": 1, "inbox.urgent": 0, "inbox.triage_precision": 100.0,
    }  # fmt: skip
    assert "inbox" not in [source.name for source, _ in figures(today, today, NOW)]


def test_presence_of_yesterday_is_forgotten(write: Callable[..., Any], office: dict[str, Any]) -> None:
    conversation = write(DATA).conversation
    actions.be_there(conversation, office["lina"], typing=False, now=NOW)
    assert actions.forget_presence(NOW + timedelta(hours=23)) == 0
    assert actions.forget_presence(NOW + timedelta(hours=25)) == 1
