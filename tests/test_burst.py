"""Under load and in a crash: 200 residents click at once; a web worker is killed in the middle of a burst."""

import http.client
import json
import threading
import time
from typing import Any

import pytest

from tests.site import Site

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("site")]

PATIENCE = 90  # seconds: a web server whose workers die in quick succession is started anew by the supervisor

NEIGHBOURS = """
import json
from datetime import date
from satuklik.base.accounts.actions import create_token
from satuklik.base.accounts.models import User
from satuklik.spine.population.models import Household, Person, ResidentAccount
tokens = []
for n in range({first}, {first} + {count}):
    household = Household.objects.create(kk=f"12092001010{{n:05d}}", village_id="{village}", address=f"Jl. Uji No. {{n}}",
                                         rt="001", rw="001", postal_code="21211", issued_on=date(2001, 1, 1))
    person = Person.objects.create(
        nik=f"12092001019{{n:05d}}", household=household, village_id="{village}", name=f"Warga Uji {{n}}", sex="L",
        birth_place="Kisaran", birth_date=date(1990, 1, 1), religion="islam", blood_type="O", marital="belum_kawin",
        education="slta", occupation="wiraswasta", relation="kepala_keluarga", citizenship="WNI", father_name="A B",
        mother_name="C D", updated_on=date(2026, 11, 12))
    user = User.objects.create(username=f"uji-{{n}}", name=person.name, kind="resident")
    ResidentAccount.objects.create(user=user, person=person, level=2)
    tokens.append(create_token(user, "uji"))
print(json.dumps(tokens))
"""

STATE = """
import json
from satuklik.base.audit.queries import events_of, verify
from satuklik.base.files.queries import read
from satuklik.spine.cases.models import Case
from satuklik.spine.documents.models import IssuedDocument, NumberSequence
letters = list(IssuedDocument.objects.filter(agency__code="{agency}").order_by("serial"))
for letter in letters:
    assert read(letter.file_id).startswith(b"%PDF-")
cases = Case.objects.filter(agency__code="{agency}", state="issued")
assert {{c.reference for c in cases}} == {{l.case_reference for l in letters}}, "a case without its letter, or the other way round"
for case in cases:
    assert [e.kind for e in events_of(f"case:{{case.reference}}")][-1] == "document.issued"
print(json.dumps({{"serials": [l.serial for l in letters],
                   "last": NumberSequence.objects.filter(agency__code="{agency}").values_list("last", flat=True).first() or 0,
                   "persons": sorted(l.person_id for l in letters),
                   "chain": list(verify().problems)}}))
"""


def click(site: Site, token: str, results: list[Any], start: threading.Event) -> None:
    start.wait()
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        # The reply is lost when the worker dies: the resident taps again, with the same key.
        try:
            link = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
            body = json.dumps({"service": "surat-keterangan-domisili", "answers": {"purpose": "kerja"}})
            head = {
                "Authorization": f"Bearer {token}",
                "Content-Type": "application/json",
                "Idempotency-Key": "satu",
            }
            link.request("POST", "/api/cases", body, head)
            answer = link.getresponse()
            text = answer.read()
            if answer.status in (200, 201):
                results.append(json.loads(text))
                return
            results.append((answer.status, text[:300]))
            return
        except (OSError, http.client.HTTPException):
            time.sleep(0.25)
    results.append(f"no answer within {PATIENCE} s")


def burst(site: Site, tokens: list[str], during: Any = lambda: None) -> list[Any]:
    results: list[Any] = []
    start = threading.Event()
    threads = [threading.Thread(target=click, args=(site, token, results, start)) for token in tokens]
    for thread in threads:
        thread.start()
    start.set()
    during()
    for thread in threads:
        thread.join(180)
    return results


def test_200_residents_click_at_once(site: Site) -> None:
    village, agency = "12.09.20.1001", "kel-12.09.20.1001"
    tokens = site.python(NEIGHBOURS.format(first=10_000, count=200, village=village))
    before = site.python(STATE.format(agency=agency))
    results = burst(site, tokens)
    assert [r for r in results if not isinstance(r, dict)] == []
    numbers = [r["letter"]["number"] for r in results]
    assert len(set(numbers)) == 200
    state = site.python(STATE.format(agency=agency))
    assert state["serials"] == list(range(1, before["last"] + 201))
    assert state["chain"] == []


def test_a_worker_killed_in_the_middle_of_a_burst(site: Site) -> None:
    village, agency = "12.09.20.1002", "kel-12.09.20.1002"
    tokens = site.python(NEIGHBOURS.format(first=20_000, count=120, village=village))
    before = site.python(STATE.format(agency=agency))
    killed = []

    def kill() -> None:
        for _round in range(3):
            time.sleep(0.7)
            for worker in site.web_workers()[:1]:
                worker.kill()
                killed.append(worker.pid)

    results = burst(site, tokens, kill)
    assert killed, "no worker was found to kill"
    assert [r for r in results if not isinstance(r, dict)] == []
    assert len({r["letter"]["number"] for r in results}) == 120
    state = site.python(STATE.format(agency=agency))
    assert state["serials"] == list(range(1, before["last"] + 121))
    assert len(set(state["persons"])) == len(state["persons"])
    assert state["chain"] == []
    site.wait()  # the last one may be killed after the last click
