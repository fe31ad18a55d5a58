"""The straight line: click → sealed letter; and the ways on which an official decides."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from satuklik.base.audit.queries import events_of, verify
from satuklik.base.files.queries import read
from satuklik.spine.cases import actions, queries
from satuklik.spine.cases.actions.submitting import Applicant
from satuklik.spine.cases.errors import (
    AnswersInvalid,
    CaseNotFound,
    NotEntitled,
    NotNow,
    NotResident,
    NotServedHere,
    ProofNeeded,
    ReasonMissing,
    RulesFailed,
    ServiceNotFound,
)
from satuklik.spine.cases.linter import library_of
from satuklik.spine.cases.loader import load_folder
from satuklik.spine.cases.models import Case, Task
from satuklik.spine.cases.scaffold import create
from satuklik.spine.documents.models import IssuedDocument, NumberSequence
from tests.people import NOW, PASSPHRASE

UJI = "surat-uji"
PURPOSE = {"purpose": "melamar pekerjaan"}

pytestmark = pytest.mark.usefixtures("services", "surat_uji")


@pytest.fixture
def surat_uji(services: None, tmp_path: Path) -> None:
    """A straight-through service with a text question, as `satuklik layanan new` makes it."""
    from django.conf import settings

    loaded = load_folder(create(tmp_path, UJI))
    actions.publish(loaded, library_of(settings.LAYANAN), now=NOW)


def click(
    person: Any, slug: str = UJI, answers: Any = None, *, by: Any = None, key: str = "k", **more: Any
) -> Any:
    by = by or Applicant(person.user.pk, 2, "portal")
    now = more.pop("now", NOW)
    return actions.submit(
        slug, person_id=person.pk, answers=PURPOSE if answers is None else answers, uploads=more.pop("uploads", {}),
        by=by, key=key, language="id", now=now,
    )  # fmt: skip


def test_one_click_one_sealed_letter(sari: Any, pak_lurah: Any) -> None:
    receipt = click(sari)
    assert (receipt.case.state, receipt.repeated) == ("issued", False)
    assert receipt.document.number.endswith("/XI/2026")
    assert receipt.document.signature["kind"] == "seal"
    assert read(receipt.document.file_id).startswith(b"%PDF-")
    kinds = [event.kind for event in events_of(f"case:{receipt.case.reference}")]
    assert kinds == ["case.submitted", "document.issued"]
    assert verify().holds
    assert [d.kind for d in receipt.case.decisions.all()] == ["automatic"]
    assert receipt.case.facts["person.name"] == {
        "value": "Sari Wulandari", "source": "Data kependudukan", "as_of": "2026-11-12",
    }  # fmt: skip


def test_the_same_click_twice_is_one_letter(sari: Any, pak_lurah: Any) -> None:
    first, again = click(sari), click(sari)
    lost = click(sari, key="another key, the page was loaded again")
    assert again.repeated
    assert lost.repeated
    assert {first.document.number, again.document.number, lost.document.number} == {first.document.number}
    assert IssuedDocument.objects.count() == 1
    later = click(sari, key="later", now=NOW + timedelta(minutes=11))
    other = click(sari, answers={"purpose": "membuka rekening"}, key="k2")
    assert (later.repeated, other.repeated) == (False, False)
    assert NumberSequence.objects.get().last == 3


def test_nothing_remains_of_a_click_that_fails(sari: Any, authority: None) -> None:
    from satuklik.spine.signing.errors import SigningError

    with pytest.raises(SigningError):  # the office has no seal
        click(sari)
    assert Case.objects.count() == NumberSequence.objects.count() == 0
    assert events_of("case:") == []


@pytest.mark.parametrize(
    ("answers", "error"),
    [({}, AnswersInvalid), ({"purpose": " "}, AnswersInvalid), ({"purpose": "x", "zz": 1}, AnswersInvalid),
     ({"purpose": "a\x00b"}, AnswersInvalid), ({"purpose": "x" * 5000}, AnswersInvalid),
     ({"purpose": ["x"]}, AnswersInvalid), ({"purpose": "🙂"}, AnswersInvalid)],
)  # fmt: skip
def test_bad_answers_are_told(sari: Any, pak_lurah: Any, answers: dict[str, object], error: type) -> None:
    with pytest.raises(error):
        click(sari, answers=answers)
    assert Case.objects.count() == 0


def test_who_may_not(sari: Any, make_person: Any, pak_lurah: Any, kepala_desa: Any) -> None:
    with pytest.raises(ProofNeeded):
        click(sari, by=Applicant(sari.user.pk, 1, "portal"))
    with pytest.raises(ServiceNotFound):
        click(sari, slug="surat-sakti")
    with pytest.raises(NotServedHere):  # another village's counter
        click(sari, by=Applicant(kepala_desa.user.pk, 2, "counter", kepala_desa))
    with pytest.raises(NotResident):
        click(make_person("Tuti Alawiyah", status="moved"))
    child = make_person("Anak Kecil", birth_date=date(2015, 8, 17))
    with pytest.raises(RulesFailed) as failed:
        click(child, "surat-keterangan-domisili", {"purpose": "sekolah"})
    assert failed.value.failures[0].rule.law
    assert Case.objects.count() == 0


def test_the_counter_is_recorded(sari: Any, pak_lurah: Any, operator_desa: Any) -> None:
    receipt = click(sari, by=Applicant(operator_desa.user.pk, 2, "counter", operator_desa))
    assert (receipt.case.channel, receipt.case.assisted_by_id) == ("counter", operator_desa.pk)
    submitted = events_of(f"case:{receipt.case.reference}")[0]
    assert submitted.data["assisted_by"] == operator_desa.pk


SKU = "surat-keterangan-usaha"


@pytest.fixture
def sku(sari: Any, pak_lurah: Any) -> Any:
    return click(sari, SKU, answers_of(SKU)).case


def answers_of(slug: str) -> dict[str, object]:
    """The answers of the service's first example."""
    from django.conf import settings

    from satuklik.spine.cases.loader import load_folder

    loaded = load_folder(settings.LAYANAN[0] / slug)
    files = {question.id for question in loaded.definition.question if question.type == "file"}
    answers: Any = loaded.examples[0]["answers"]
    return {name: value for name, value in answers.items() if name not in files}


def test_an_official_decides_and_the_head_signs(sku: Case, staf_desa: Any, pak_lurah: Any) -> None:
    assert sku.state == "in_review"
    assert sku.due_on == date(2026, 12, 1)  # five working days after Tuesday 24 November
    assert [row.reference for row in queries.inbox(staf_desa, "decide", now=NOW)] == [sku.reference]
    actions.decide(sku.reference, official=staf_desa, outcome="grant", now=NOW)
    sku.refresh_from_db()
    assert sku.state == "granted"
    (result,) = actions.sign_many([sku.reference], official=pak_lurah, passphrase=PASSPHRASE, now=NOW)
    assert result.error is None
    assert result.document.signature["kind"] == "official"
    assert result.document.signature["signer"] == pak_lurah.name
    sku.refresh_from_db()
    assert (sku.state, sku.closed_at) == ("issued", NOW)
    assert Task.objects.filter(done_at=None).count() == 0
    assert [e.kind for e in events_of(f"case:{sku.reference}")] == [
        "case.submitted", "case.in_review", "case.decided", "document.issued",
    ]  # fmt: skip
    assert verify().holds


def test_the_head_signs_at_once_what_nobody_examined(sku: Case, pak_lurah: Any) -> None:
    (result,) = actions.sign_many([sku.reference], official=pak_lurah, passphrase=PASSPHRASE, now=NOW)
    assert result.document is not None
    (again,) = actions.sign_many([sku.reference], official=pak_lurah, passphrase=PASSPHRASE, now=NOW)
    assert isinstance(again.error, NotNow)
    assert IssuedDocument.objects.count() == 1


def test_returned_mended_and_the_clock_waits(sku: Case, sari: Any, staf_desa: Any) -> None:
    monday = NOW + timedelta(days=6)  # 30 November: four of five days are used
    with pytest.raises(ReasonMissing):
        actions.decide(sku.reference, official=staf_desa, outcome="return", reason=" ", now=monday)
    actions.decide(
        sku.reference, official=staf_desa, outcome="return", reason="Alamat usaha kurang jelas.", now=monday
    )
    sku.refresh_from_db()
    assert (sku.state, sku.due_on, sku.note) == ("returned", None, "Alamat usaha kurang jelas.")
    with pytest.raises(NotNow):
        actions.decide(sku.reference, official=staf_desa, outcome="grant", now=monday)
    later = NOW + timedelta(days=15)  # Wednesday 9 December
    mended = actions.mend(
        sku.reference, person_id=sari.pk, answers=answers_of(SKU), uploads={}, user_id=sari.user.pk, now=later
    )
    assert (mended.state, mended.due_on, mended.note) == ("in_review", date(2026, 12, 10), "")


def test_a_refusal_names_its_law(sku: Case, staf_desa: Any) -> None:
    with pytest.raises(ReasonMissing):
        actions.decide(
            sku.reference, official=staf_desa, outcome="refuse", reason="Tidak ada usaha.", now=NOW
        )
    rule = queries.version_of(sku).definition.rule[0]
    actions.decide(
        sku.reference, official=staf_desa, outcome="refuse", reason="Tidak ada usaha.", rule=rule.id, now=NOW
    )
    sku.refresh_from_db()
    assert sku.state == "refused"
    assert sku.decisions.get().law == rule.law


def test_strangers_see_nothing_and_do_nothing(
    sku: Case, rudi: Any, kepala_desa: Any, operator_desa: Any, pak_lurah: Any
) -> None:
    with pytest.raises(CaseNotFound):
        queries.case_of_person(sku.reference, rudi.pk)
    with pytest.raises(CaseNotFound):
        queries.case_for_office(sku.reference, kepala_desa, NOW)
    with pytest.raises(CaseNotFound):
        actions.decide(sku.reference, official=kepala_desa, outcome="grant", now=NOW)
    with pytest.raises(NotEntitled):
        actions.decide(sku.reference, official=operator_desa, outcome="grant", now=NOW)
    with pytest.raises(CaseNotFound):
        actions.withdraw(sku.reference, person_id=rudi.pk, user_id=rudi.user.pk, now=NOW)


def test_withdrawn(sku: Case, sari: Any, staf_desa: Any) -> None:
    actions.withdraw(sku.reference, person_id=sari.pk, user_id=sari.user.pk, now=NOW)
    with pytest.raises(NotNow):
        actions.decide(sku.reference, official=staf_desa, outcome="grant", now=NOW)
    assert queries.cases_of(sari.pk, only_open=True) == []


def test_who_moved_away_meanwhile_mends_nothing(sku: Case, sari: Any, staf_desa: Any) -> None:
    actions.decide(sku.reference, official=staf_desa, outcome="return", reason="Perbaiki.", now=NOW)
    type(sari).objects.filter(pk=sari.pk).update(status="moved")
    with pytest.raises(NotResident):
        actions.mend(
            sku.reference,
            person_id=sari.pk,
            answers=answers_of(SKU),
            uploads={},
            user_id=sari.user.pk,
            now=NOW,
        )
