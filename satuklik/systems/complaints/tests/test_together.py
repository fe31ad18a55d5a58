"""Two clicks at once: one complaint, one support, one dispatch, one decision; crosswise merges do not hang."""

import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from satuklik.base.accounts.actions import create_token
from satuklik.base.once.actions import new_word
from satuklik.spine.referrals import queries as referral_queries
from satuklik.systems.complaints import actions
from satuklik.systems.complaints.actions import Report
from satuklik.systems.complaints.errors import ComplaintError
from satuklik.systems.complaints.models import Complaint, Event, Supporter
from satuklik.systems.complaints.tests.conftest import TEXT, make_people
from tests.people import NOW, VILLAGE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def at_once(tasks: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run them side by side, begun at one moment; what each gave, or its error."""
    start, results = threading.Barrier(len(tasks)), [None] * len(tasks)

    def run(number: int) -> None:
        try:
            start.wait()
            results[number] = tasks[number]()
        except BaseException as error:  # noqa: BLE001 (told to the test)
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(tasks))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_nothing_happens_twice(transactional_db: None, settings: Any, tmp_path: Path) -> None:
    from satuklik.base.agencies.actions import load as load_agencies
    from satuklik.base.calendar.actions import load as load_calendar
    from satuklik.base.regions.actions import load as load_regions

    settings.FILES_ROOT = tmp_path / "files"
    load_regions()
    load_agencies()
    load_calendar()
    petugas = make_people()["petugas"]
    given = Report(text=TEXT, mode="contact", category="jalan", village=VILLAGE, phone="+6281200000077")
    word = new_word()
    sent = at_once([partial(actions.submit, given, word=word, now=NOW)] * 4)
    assert [one for one in sent if isinstance(one, BaseException)] == []
    assert Complaint.objects.count() == 1
    complaint = Complaint.objects.get()
    told = {
        "api_key": create_token(petugas.user, "open311"), "service_code": "jalan", "address_id": VILLAGE,
        "description": "Jalan berlubang di depan pasar.",
    }  # fmt: skip
    sent = at_once([partial(Client().post, "/open311/v2/requests.json", told)] * 4)
    assert [one.status_code for one in sent] == [201] * 4
    assert len({one.json()[0]["service_request_id"] for one in sent}) == 1
    assert Complaint.objects.count() == 2
    verify = partial(
        actions.verify, complaint.pk, by=petugas, level="normative", category="jalan", title="Lubang", now=NOW
    )
    assert sum(isinstance(one, ComplaintError) for one in at_once([verify] * 3)) == 2
    dispatch = partial(
        actions.dispatch, complaint.pk, ["dpupr"], question="Mohon ditambal.", by=petugas, now=NOW
    )
    assert sorted(len(one) for one in at_once([dispatch] * 3)) == [0, 0, 1]
    assert len(referral_queries.of_subject(complaint.subject, NOW)) == 1
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
    support = partial(actions.support, complaint.pk, user=petugas.user, now=NOW)
    assert sorted(at_once([support] * 4)) == ["counted", "known", "known", "known"]
    at_once([partial(actions.support, complaint.pk, phone="+6281200000001", now=NOW)] * 3)
    row = Supporter.objects.get(proven_at=None)
    assert sorted(at_once([partial(actions.prove_support, row, now=NOW)] * 4)) == [False, False, False, True]
    assert Complaint.objects.get(pk=complaint.pk).supports == 2
    other = actions.submit(given, word=new_word(), now=NOW).complaint
    crosswise = [
        partial(actions.merge, complaint.pk, other.reference, by=petugas, now=NOW),
        partial(actions.merge, other.pk, complaint.reference, by=petugas, now=NOW),
    ]
    assert sum(isinstance(one, ComplaintError) for one in at_once(crosswise)) == 1
    assert Event.objects.filter(kind="merged").count() == 1
