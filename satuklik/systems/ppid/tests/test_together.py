"""Two officers at one moment, and signatures that are made elsewhere: nothing twice, no gap, every number explained."""

import threading
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connections, transaction
from django.test import Client
from django.utils import timezone

from satuklik.base.calendar.actions import declare_holiday, recompute
from satuklik.spine.documents.models import IssuedDocument
from satuklik.spine.messaging.models import Message
from satuklik.spine.signing import actions as signing
from satuklik.spine.signing.errors import BackendFailed, OutcomeUnknown
from satuklik.systems.ppid import actions
from satuklik.systems.ppid.errors import AlreadyThere, PpidError, StillSigning
from satuklik.systems.ppid.models import Decision, Event, InformationRequest, Letter, Objection
from satuklik.systems.ppid.tests.conftest import Desk, fresh, make_desk
from satuklik.systems.ppid.tests.test_pages import FORM
from tests import bsre
from tests.bsre import esign, running  # noqa: F401 (fixtures)
from tests.people import NOW, PASSPHRASE

NIK = "1209200101700009"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def together(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> Desk:
    return make_desk(settings, tmp_path, monkeypatch)


def at_once(tasks: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run them side by side, begun at one moment; what each gave, or its error."""
    start, results = threading.Barrier(len(tasks)), [None] * len(tasks)

    def run(number: int) -> None:
        try:
            start.wait()
            results[number] = tasks[number]()
        except PpidError as error:
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(tasks))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_two_officers_at_one_moment(together: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = together
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    # Requests that come in at one moment: every number once, none left out.
    made = at_once([partial(desk.register) for _ in range(6)])
    assert sorted(one.serial for one in made) == [1, 2, 3, 4, 5, 6]
    assert InformationRequest.objects.count() == 6

    # Two decide at once: one decision, one letter; the other is told.
    request = actions.declare_complete(made[0], by=desk.staf, now=NOW)
    decided = [
        partial(actions.decide, request, actions.Decided(outcome="granted", answer=text), by=by, now=NOW)
        for text, by in (("Ini.", desk.staf), ("Itu.", desk.ppid))
    ]
    results = at_once(decided)
    assert sum(isinstance(one, PpidError) for one in results) == 1
    assert (Decision.objects.count(), Letter.objects.count()) == (1, 1)
    assert Event.objects.filter(request=request, kind="decided").count() == 1

    # Two sign at once: one number, one message to the applicant.
    letter = Letter.objects.get()
    keys = {by.pk: desk.open_key(by) for by in (desk.ppid, desk.kadis)}
    before = Message.objects.count()
    signers = [
        partial(actions.sign, letter, by=by, key=keys[by.pk], now=NOW, seen=letter.preview_id)
        for by in (desk.ppid, desk.kadis)
    ]
    results = at_once(signers)
    assert sum(isinstance(one, PpidError) for one in results) == 1
    assert (IssuedDocument.objects.count(), Message.objects.count()) == (1, before + 1)

    # Extension pressed twice: one notice, and signed by two it gives seven days, not fourteen.
    other = made[1]
    results = at_once([partial(actions.extend, other, days=7, reason="Banyak.", by=desk.staf, now=NOW)] * 2)
    assert sum(isinstance(one, PpidError) for one in results) == 1
    notice = Letter.objects.get(kind="extension")
    results = at_once(
        [
            partial(actions.sign, notice, by=by, key=keys[by.pk], now=NOW, seen=notice.preview_id)
            for by in (desk.ppid, desk.kadis)
        ]
    )
    assert sum(isinstance(one, PpidError) for one in results) == 1
    assert fresh(other).term.extra_days == 7

    # The calendar changes while somebody acts on a request: neither waits for the other, and the night counts again.
    acted, free = made[3], made[4]
    day = {"name": "Libur lokal", "kind": "local", "decree": "SK 1", "actor": "admin", "now": NOW}
    declared = threading.Thread(
        target=lambda: (declare_holiday(date(2026, 11, 30), **day), connections.close_all())
    )
    with transaction.atomic():
        InformationRequest.objects.select_for_update().get(pk=acted.pk)
        declared.start()
        declared.join(20)
        assert not declared.is_alive()
        actions.declare_complete(acted, by=desk.staf, now=NOW)
    recompute(actor="system", reason="malam", now=NOW)
    assert fresh(acted).due_on == fresh(acted).term.due_on == fresh(free).due_on == date(2026, 12, 9)

    # The same objection sent twice is one.
    object_ = partial(
        actions.file_objection, fresh(request), ground="d", reason="", received_at=NOW, channel="web", now=NOW
    )
    results = at_once([object_] * 3)
    assert sum(isinstance(one, AlreadyThere) for one in results) == 2
    assert Objection.objects.count() == 1

    # A form that is sent four times at one moment, by pages as people have them: one object, one receipt.
    form = FORM | {"kirim": "1", "nonce": "w" * 24}
    sent = at_once([partial(Client().post, "/ppid/minta/", form) for _ in range(4)])
    assert {one.status_code for one in sent} == {302}
    assert len({one["Location"] for one in sent}) == 1
    assert InformationRequest.objects.count() == 7
    there = f"{sent[0]['Location'].removesuffix('?baru')}keberatan/"
    filed = {"ground": "b", "reason": "Belum diumumkan.", "nonce": "v" * 24}
    sent = at_once([partial(Client().post, there, filed) for _ in range(4)])
    assert {one.status_code for one in sent} == {302}
    assert len({one["Location"] for one in sent}) == 1
    assert Objection.objects.count() == 2

    # Withdrawn by the applicant while an officer declares it complete: one of the two.
    last = made[2]
    results = at_once(
        [
            partial(actions.withdraw, last, reason="", now=NOW),
            partial(actions.declare_complete, last, by=desk.staf, now=NOW),
        ]
    )
    assert fresh(last).state in ("withdrawn", "in_process")
    if fresh(last).state == "withdrawn":
        assert fresh(last).term.closed_at is not None


@pytest.fixture
def at_bsre(esign: bsre.FakeBsre, together: Desk) -> Desk:  # noqa: F811
    """The PPID's certificate is at BSrE."""
    esign.enrol(NIK, together.ppid.name, PASSPHRASE)
    signing.register_at_bsre(together.ppid, nik=NIK, now=NOW)
    return together


def test_a_signature_that_is_made_elsewhere(at_bsre: Desk, esign: bsre.FakeBsre) -> None:  # noqa: F811
    desk = at_bsre
    request = desk.in_process()
    letter = desk.decide(request)

    def sign() -> Any:
        with signing.unlock(desk.ppid, PASSPHRASE, NOW) as key:
            return actions.sign(letter, by=desk.ppid, key=key, now=NOW, seen=letter.preview_id)

    esign.mood = "busy"
    with pytest.raises(BackendFailed):
        sign()
    waiting = IssuedDocument.objects.get()
    assert (waiting.status, fresh(request).state, fresh(letter).state) == ("pending", "decided", "waiting")
    esign.mood = "reset"  # the answer never came: nobody may sign or take it back meanwhile
    with pytest.raises(OutcomeUnknown) as unknown:
        sign()
    with pytest.raises(OutcomeUnknown):
        sign()
    with pytest.raises(StillSigning):
        actions.take_back(request, by=desk.staf, now=NOW)
    signing.give_up(unknown.value.use_id, "console:uji", NOW)
    esign.mood = "ok"
    document = sign()
    assert (document.number, document.status, fresh(request).state) == (
        waiting.number,
        "in_force",
        "delivered",
    )
    assert document.signature["backend"] == "bsre"


def test_the_number_of_a_letter_that_was_taken_back_is_explained(at_bsre: Desk, esign: bsre.FakeBsre) -> None:  # noqa: F811
    desk = at_bsre
    request = desk.in_process()
    letter = desk.decide(request)
    esign.mood = "busy"
    with signing.unlock(desk.ppid, PASSPHRASE, NOW) as key, pytest.raises(BackendFailed):
        actions.sign(letter, by=desk.ppid, key=key, now=NOW, seen=letter.preview_id)
    actions.take_back(request, by=desk.staf, now=NOW)
    unused = IssuedDocument.objects.get()
    assert (unused.status, "ditarik sebelum ditandatangani" in unused.status_reason) == ("annulled", True)
