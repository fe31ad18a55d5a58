"""Letters to newsrooms and to the Press Council: four eyes, one signature, a number, a PDF; and releases as they were read."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from satuklik.base.agencies.actions import give_mandate
from satuklik.spine.documents import queries as documents
from satuklik.spine.documents.errors import NotPrintable
from satuklik.spine.messaging.models import Message
from satuklik.systems.press import actions, queries
from satuklik.systems.press.errors import (
    BadLink,
    BadText,
    NoOffice,
    NotTheLetterShown,
    NotYours,
    OwnWork,
    WrongState,
)
from satuklik.systems.press.models import Enquiry, Outlet, PressLetter, Release, ReplyLetter
from satuklik.systems.press.signables import SIGNABLE
from satuklik.systems.press.tests.test_line import sent
from tests.people import NOW

pytestmark = pytest.mark.django_db
People, Ask, Keys = dict[str, Any], Callable[..., Enquiry], Callable[[Any], Any]
WORDS = "Kami menggunakan hak jawab.\nData yang benar: dua belas rumah."


def fresh(thing: Any) -> Any:
    return type(thing).objects.get(pk=thing.pk)


def printed(ask: Ask, people: People) -> Enquiry:
    enquiry = sent(ask, people)
    return actions.published(enquiry, link="https://harian.example/banjir", on=NOW.date(), by=None, now=NOW)


def write(enquiry: Enquiry, by: Any, **more: Any) -> PressLetter:
    return actions.write_letter(enquiry, text=more.pop("text", WORDS), by=by, now=NOW, **more)


def sign(letter: PressLetter, by: Any, open_key: Keys, seen: str = "") -> Any:
    return actions.sign_letter(
        letter, by=by, key=open_key(by), now=NOW, seen=seen or fresh(letter).preview_id
    )


def test_from_the_reply_to_the_press_council(ask: Ask, people: People, open_key: Keys) -> None:
    enquiry = sent(ask, people)
    with pytest.raises(BadLink):
        actions.published(enquiry, link="javascript:alert(1)", on=NOW.date(), by=None, now=NOW)
    actions.published(enquiry, link="https://harian.example/banjir", on=NOW.date(), by=None, now=NOW)
    petugas, kepala = people["petugas"], people["kadis_kominfo"]
    with pytest.raises(WrongState):
        actions.send_letter(enquiry, by=petugas, now=NOW)
    letter = write(enquiry, petugas)
    with pytest.raises(WrongState):  # not signed
        actions.send_letter(enquiry, by=petugas, now=NOW)
    assert [one.reference for one in SIGNABLE.waiting(kepala, None, NOW)] == [letter.reference]
    document = sign(letter, kepala, open_key)
    assert "/DISKOMINFO/" in document.number
    assert documents.verdict_of_pdf(documents.read(document), now=NOW).verdict == "valid"
    assert sign(letter, kepala, open_key) == document  # a second click
    kept = ReplyLetter.objects.get()
    assert (kept.number, kept.approved_by_id) == (document.number, kepala.pk)
    with pytest.raises(WrongState):  # signed words stay as they are
        write(enquiry, petugas, text="Lain.")
    Outlet.objects.update(email="redaksi@harian.example")
    actions.send_letter(enquiry, by=petugas, now=NOW)
    message = Message.objects.latest("pk")
    assert message.conversation.email == "redaksi@harian.example"
    assert documents.verify_url(document) in message.text
    assert [file.sha256 for file in message.attachments.all()] == [documents.newest_file(document)]
    with pytest.raises(BadText):
        actions.letter_outcome(enquiry, outcome="refused", on=NOW.date(), by=petugas, now=NOW)
    with pytest.raises(WrongState):  # nothing went to the council yet
        actions.letter_outcome(
            enquiry, outcome="dewan_pers", on=NOW.date(), text="12/DP", by=petugas, now=NOW
        )
    actions.letter_outcome(
        enquiry, outcome="refused", on=NOW.date(), text="Redaksi menolak.", by=petugas, now=NOW
    )
    complaint = write(enquiry, petugas, council=True, text="Mohon penyelesaian.")
    assert complaint.content["reply_number"] == document.number
    assert complaint.content["refusal"] == "Redaksi menolak."
    with pytest.raises(WrongState):
        actions.send_letter(enquiry, by=petugas, now=NOW, email="dewan@pers.example")
    second = sign(complaint, kepala, open_key)
    with pytest.raises(BadText):  # to which address?
        actions.send_letter(enquiry, by=petugas, now=NOW)
    actions.send_letter(enquiry, by=petugas, now=NOW, email="dewan@pers.example")
    assert fresh(enquiry).state == "dewan_pers"
    assert [file.sha256 for file in Message.objects.latest("pk").attachments.all()] == [
        documents.newest_file(second)
    ]
    done = actions.letter_outcome(
        enquiry, outcome="dewan_pers", on=NOW.date(), text="12/DP", by=petugas, now=NOW
    )
    assert done.council_number == "12/DP"
    told = queries.told(NOW.date(), NOW.date())
    assert (told.judged, told.balanced, told.replies) == (1, 0, 1)


def test_nobody_signs_what_he_wrote_and_nobody_else_signs_at_all(
    ask: Ask, people: People, open_key: Keys
) -> None:
    enquiry = printed(ask, people)
    kepala = people["kadis_kominfo"]
    write(enquiry, kepala)
    letter = write(enquiry, people["petugas"], text="Sama, satu koma diubah.")  # he wrote the version before
    with pytest.raises(OwnWork):
        sign(letter, kepala, open_key)
    assert SIGNABLE.waiting(kepala, None, NOW) == []
    for nobody in ("petugas", "ppid", "kadis", "sekda"):  # Sekda signs for Setda, not for Diskominfo
        with pytest.raises(NotYours):
            sign(letter, people[nobody], open_key)
    with pytest.raises(NotYours):
        write(enquiry, people["staf"])
    with pytest.raises(NoOffice):
        write(enquiry, people["petugas"], office="dinkes")
    setda = write(enquiry, people["petugas"], office="setda")
    assert "/SETDA/" in sign(setda, people["sekda"], open_key).number
    assert fresh(letter).state == "dropped"


def test_only_what_was_read_is_signed(ask: Ask, people: People, open_key: Keys) -> None:
    enquiry = printed(ask, people)
    first = write(enquiry, people["petugas"])
    read = first.preview_id
    second = write(enquiry, people["petugas"], text="Kata lain.")
    with pytest.raises(WrongState):
        sign(first, people["kadis_kominfo"], open_key)
    with pytest.raises(NotTheLetterShown):
        sign(second, people["kadis_kominfo"], open_key, seen=read)
    with pytest.raises(NotYours):
        actions.return_letter(second, reason="Tidak.", by=people["petugas"], now=NOW)
    actions.return_letter(second, reason="Sebut tanggalnya.", by=people["kadis_kominfo"], now=NOW)
    assert queries.to_approve_count() == 0
    with pytest.raises(WrongState):
        sign(second, people["kadis_kominfo"], open_key)
    third = write(enquiry, people["petugas"])
    give_mandate(
        official=people["ppid"], agency=people["kadis_kominfo"].agency, kind="Plh", decree="SPT 1/2026",
        valid_from=NOW - timedelta(days=1), valid_until=NOW + timedelta(days=2),
    )  # fmt: skip
    assert "Plh" in str(sign(third, people["ppid"], open_key).signature)


def test_hostile_words_on_paper(ask: Ask, people: People) -> None:
    enquiry = printed(ask, people)
    Outlet.objects.update(name="Harian 🌸 \u202eسار #panic()")
    assert "?" in write(enquiry, people["petugas"], text='#panic("x") $a$ @b \\').content["to"]
    with pytest.raises(NotPrintable):
        write(enquiry, people["petugas"], text="Emoji 🌸")
    with pytest.raises(BadText):
        write(enquiry, people["petugas"], text=" \0 ")


def a_release(
    people: People, by: str = "petugas", release: Release | None = None, body: str = "Isi."
) -> Release:
    made = actions.write_release(
        title="Jembatan selesai", summary="Ringkas", body=body, by=people[by], now=NOW, release=release
    )
    return actions.submit_release(made, by=people["petugas"], now=NOW)


def test_a_release_is_approved_by_nobody_who_wrote_a_version_and_only_as_it_was_read(people: People) -> None:
    kepala, sekda = people["kadis_kominfo"], people["sekda"]
    first = a_release(people, "kadis_kominfo")
    read = first.version
    made = actions.write_release(
        title="Jembatan selesai", summary="Ringkas", body="Isi lain.", by=people["petugas"],
        now=NOW + timedelta(minutes=1), release=first,
    )  # fmt: skip
    made = actions.submit_release(made, by=people["petugas"], now=NOW)
    with pytest.raises(OwnWork):  # the words are still his, whoever moved a comma last
        actions.approve_release(made, seen=made.version, by=kepala, now=NOW)
    with pytest.raises(NotTheLetterShown):  # Sekda has the first version before him
        actions.approve_release(made, seen=read, by=sekda, now=NOW)
    assert actions.approve_release(made, seen=made.version, by=sekda, now=NOW).state == "approved"
