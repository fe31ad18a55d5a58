"""Many at once, and the power cut: nothing twice, nothing half, no gap."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connections, transaction

from satuklik.spine.documents.actions import next_number
from satuklik.spine.documents.models import IssuedDocument, NumberSequence
from satuklik.systems.correspondence import actions, queries
from satuklik.systems.correspondence.models import AgendaEntry, Incoming, Naskah, Step
from satuklik.systems.correspondence.rules import To
from satuklik.systems.correspondence.tests.conftest import Team, shown
from tests.people import NOW, PASSPHRASE

PROJECT = Path(__file__).resolve().parents[4]
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
    errors = [one for one in results if isinstance(one, BaseException)]
    assert not errors, errors
    return results


CRASH = """
import json, os, sys
given = json.loads(sys.argv[1])
import django
from django.conf import settings
django.setup()
settings.FILES_ROOT = given["files"]
from datetime import datetime
from satuklik.systems.correspondence import actions
from satuklik.systems.correspondence.actions import registers
from satuklik.systems.correspondence.models import Naskah
from satuklik.base.agencies.models import Official
from satuklik.spine.signing.actions import unlock
naskah, now = Naskah.objects.get(), datetime.fromisoformat(given["now"])
by = Official.objects.select_related("agency").get(pk=given["by"])
if given["what"] == "sign":
    # The letter is numbered, signed and stored; its line in the agenda is not written yet.
    registers.outgoing = lambda *_: os.kill(os.getpid(), 9)
    with unlock(by, given["passphrase"], now) as key:
        actions.sign(naskah, by=by, key=key, now=now, sha256_seen=given["seen"])
else:
    # One office has it already, the other not yet.
    delivered, calls = registers.delivered, iter(range(9))
    registers.delivered = lambda *a, **k: delivered(*a, **k) if next(calls) == 0 else os.kill(os.getpid(), 9)
    actions.dispatch(naskah, by=by, now=now)
"""


def killed(settings: Any, **given: Any) -> None:
    """Do it in a process of its own that is killed in the middle of it."""
    place = connections["default"].settings_dict
    address = f"host={place['HOST']} user={place['USER']} dbname={place['NAME']}"
    address += f" port={place['PORT']}" if place["PORT"] else ""
    facts = given | {"files": str(settings.FILES_ROOT), "now": NOW.isoformat(), "passphrase": PASSPHRASE}
    done = subprocess.run(
        [sys.executable, "-c", CRASH, json.dumps(facts)],
        env=os.environ | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "satuklik.settings"},
        cwd=PROJECT, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == -9, done.stderr[-2000:]


def test_two_parafs_of_one_group_at_the_same_moment(keyless: Team) -> None:
    team = keyless
    for _round in range(3):
        naskah = team.up(team.draft(), [[team.sekretaris, team.loket, team.people["kasi_lurah"]]])
        seen = shown(naskah)
        at_once([
            partial(actions.paraf, naskah, by=one, now=NOW, sha256_seen=seen)
            for one in (team.sekretaris, team.loket, team.people["kasi_lurah"])
        ])  # fmt: skip
        naskah.refresh_from_db()
        assert naskah.state == "to_sign"
        assert naskah.steps.filter(state="open").count() == 1
        report = queries.verify_chain(naskah)
        assert (report.links, report.problems) == (3, ())


def test_fifty_numbers_at_once_without_a_gap(team: Team) -> None:
    ready = [team.up(team.draft(), []) for _ in range(25)]
    given: list[int] = []

    def sign(naskah: Naskah) -> None:
        actions.sign(naskah, by=team.lurah, key=team.key, now=NOW, sha256_seen=shown(naskah))

    def service_letter(number: int) -> None:
        # What documents.issue does; every fifth is undone and gives its number back.
        try:
            with transaction.atomic():
                taken = next_number(team.kelurahan.pk, 2026)
                if number % 5 == 0:
                    raise ConnectionResetError
            given.append(taken)
        except ConnectionResetError:
            return

    at_once([
        *(partial(sign, one) for one in ready),
        *(partial(service_letter, number) for number in range(25)),
    ])  # fmt: skip
    numbers = sorted([*IssuedDocument.objects.values_list("serial", flat=True), *given])
    assert numbers == list(range(1, 46))
    assert NumberSequence.objects.get(agency=team.kelurahan).last == 45
    agenda = AgendaEntry.objects.filter(direction="out").values_list("serial", flat=True)
    assert sorted(agenda) == list(range(1, 26))


def test_who_presses_send_twice_sends_once(team: Team) -> None:
    naskah = team.signed(
        recipients=[To("to", agency_code=code) for code in ("setda", "dinkes", "kec-12.09.20")]
    )
    found = at_once([lambda: actions.dispatch(naskah, by=team.staf, now=NOW)] * 4)
    assert len({tuple(sorted(one.pk for one in made)) for made in found}) == 1
    assert Incoming.objects.count() == 3
    assert set(AgendaEntry.objects.filter(direction="in").values_list("serial", flat=True)) == {1}


def test_a_power_cut_leaves_nothing_half(team: Team, settings: Any) -> None:
    naskah = team.ready(recipients=[To("to", agency_code="setda"), To("to", agency_code="dinkes")])
    seen = shown(naskah)
    killed(settings, what="sign", by=team.lurah.pk, seen=seen)
    naskah.refresh_from_db()
    assert (naskah.state, naskah.document) == ("to_sign", None)
    assert not IssuedDocument.objects.exists()
    assert not NumberSequence.objects.exists()
    document = actions.sign(naskah, by=team.lurah, key=team.key, now=NOW, sha256_seen=seen)
    assert document.serial == 1
    killed(settings, what="dispatch", by=team.staf.pk, seen="")
    naskah.refresh_from_db()
    assert naskah.state == "signed"
    assert not Incoming.objects.exists()
    assert len(actions.dispatch(naskah, by=team.staf, now=NOW)) == 2
    assert queries.verify_chain(naskah).holds
    assert not Step.objects.filter(state="open").exists()
