"""A letter ends only by a signed decision of who may sign for the office at that moment."""

import subprocess
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps

from satuklik.base.audit.queries import events_of
from satuklik.base.webhooks.actions import add_hook
from satuklik.base.webhooks.models import Delivery
from satuklik.base.webhooks.rules import EVENTS
from satuklik.spine.documents import actions, errors, queries
from satuklik.spine.documents.models import IssuedDocument
from satuklik.spine.documents.tests.conftest import PASSPHRASE, Place
from satuklik.spine.documents.tests.test_issue import NOW, issue, words
from satuklik.spine.signing import actions as signing
from satuklik.spine.signing import queries as proof
from satuklik.spine.signing.errors import BackendFailed, OutcomeUnknown, WrongPassphrase
from tests import bsre
from tests.bsre import esign, running  # noqa: F401 (fixtures)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paper_seal")]
NIK = "1209200101700009"
REASON = "Data usaha yang menjadi dasar surat ternyata milik orang lain"
LATER = NOW + timedelta(days=2)


def annul(document: IssuedDocument, place: Place, reason: str = REASON, **changes: Any) -> IssuedDocument:
    """Pak Lurah annuls a letter two days later, or as `changes` say."""
    given = {"official": place.pak_lurah, "now": LATER} | changes
    with signing.unlock(given["official"], PASSPHRASE, given["now"]) as key:
        return actions.annul(document, reason, **given, key=key)


def test_the_decision_is_a_letter_of_the_office(place: Place, sari_data: dict[str, Any]) -> None:
    document = issue(place, sari_data)
    ended = annul(document, place, defect="procedure")
    decision = ended.status_decision
    assert (ended.status, ended.status_reason, ended.status_at) == ("annulled", REASON, LATER)
    assert decision.service == "keputusan-pencabutan"
    assert (decision.serial, decision.agency_id) == (document.serial + 1, document.agency_id)
    assert decision.number.startswith("400.12.2.2/002/")
    assert (decision.status, decision.person_id) == ("in_force", document.person_id)
    text = words(queries.read(decision))
    for said in (
        "KEPUTUSAN PENCABUTAN SURAT", document.number, "24 November 2026", "atas nama Sari Rahmawati", REASON,
        "cacat prosedur", "Pasal 64 Undang-Undang Nomor 30 Tahun 2014", "MEMUTUSKAN", "Mencabut", "KEEMPAT",
        "keberatan kepada Lurah Kisaran Naga", "Drs. Budi Santoso", "26 November 2026",
    ):  # fmt: skip
        assert said in text, said
    assert "CONTOH" not in text
    report = proof.verify(queries.read(decision))
    assert (report.verdict, report.signatures[0].signer) == ("valid", place.pak_lurah.name)
    (event,) = events_of(f"letter:{document.token}")
    assert (event.kind, event.data["decision"]) == ("letter.annulled", decision.number)
    assert queries.standing(ended, LATER) == "annulled"
    assert queries.by_case("SK-TEST").pk == document.pk


def test_a_newer_letter_takes_the_place(place: Place, sari_data: dict[str, Any]) -> None:
    first, second = issue(place, sari_data), issue(place, sari_data)
    with signing.unlock(place.pak_lurah, PASSPHRASE, LATER) as key:
        ended = actions.annul(
            first, "Nama ibu salah tulis.", by=second, official=place.pak_lurah, key=key, now=LATER
        )
    assert (ended.status, ended.replaced_by) == ("replaced", second)
    text = words(queries.read(ended.status_decision))
    assert f"Mengganti {first.title} nomor {first.number}" in text
    assert second.number in text
    assert "Pasal 63 ayat (1)" in text
    assert ended.status_decision.service == "keputusan-penggantian"


def test_what_cannot_replace(place: Place, sari_data: dict[str, Any]) -> None:
    first = issue(place, sari_data)
    other = issue(place, sari_data, agency=place.district_agency)
    with signing.unlock(place.pak_lurah, PASSPHRASE, LATER) as key:
        for by in (first, other):
            with pytest.raises(errors.CannotReplace):
                actions.annul(first, "x", by=by, official=place.pak_lurah, key=key, now=LATER)


def test_an_ended_letter_does_not_end_twice(place: Place, sari_data: dict[str, Any]) -> None:
    document = issue(place, sari_data)
    annul(document, place)
    with pytest.raises(errors.NotInForce):
        annul(document, place)
    assert IssuedDocument.objects.count() == 2


def test_only_for_a_reason_that_can_be_read(place: Place, sari_data: dict[str, Any]) -> None:
    document = issue(place, sari_data)
    with pytest.raises(errors.ReasonMissing):
        annul(document, place, reason="  ")
    with pytest.raises(errors.NotPrintable):
        annul(document, place, reason="keliru 😀")
    with pytest.raises(ValueError, match="defect"):
        annul(document, place, defect="bad mood")
    document.refresh_from_db()
    assert document.status == "in_force"
    assert IssuedDocument.objects.count() == 1


def test_only_who_signs_for_the_office_at_that_moment(place: Place, sari_data: dict[str, Any]) -> None:
    document = issue(place, sari_data)
    official = apps.get_model("agencies.Official")
    camat = official.objects.create(
        agency=place.district_agency, role="head", name="Dra. Rina Contoh", position="Camat Kisaran Timur",
        active_from=NOW.date(),
    )  # fmt: skip
    signing.issue_official_key(camat, PASSPHRASE, NOW, algorithm="P-256")
    with pytest.raises(errors.MayNotDecide):
        annul(document, place, official=camat)
    mandate = apps.get_model("agencies.Mandate").objects.create(
        official=camat, agency=place.agency, kind="Plh", decree="SPT 1/2026", valid_from=NOW,
        valid_until=LATER,
    )  # fmt: skip
    # While somebody acts for the head, the head does not decide (UU 30/2014 ps. 14); a minute before its end …
    before = LATER - timedelta(minutes=1)
    with pytest.raises(errors.MayNotDecide):
        annul(document, place, now=before)
    assert annul(document, place, official=camat, now=before).status == "annulled"
    # … and a minute after its end the one who acted no longer does.
    other = issue(place, sari_data)
    with pytest.raises(errors.MayNotDecide):
        annul(other, place, official=camat, now=LATER + timedelta(minutes=1))
    assert mandate
    assert annul(other, place, now=LATER + timedelta(minutes=1)).status == "annulled"


def test_with_the_own_key_only(place: Place, sari_data: dict[str, Any]) -> None:
    document = issue(place, sari_data)
    with pytest.raises(WrongPassphrase):
        signing.unlock(place.pak_lurah, "bukan itu", LATER)
    camat = apps.get_model("agencies.Official").objects.create(
        agency=place.district_agency, role="staff", name="Orang Lain", position="Staf", active_from=NOW.date()
    )
    signing.issue_official_key(camat, PASSPHRASE, NOW, algorithm="P-256")
    with signing.unlock(camat, PASSPHRASE, LATER) as key, pytest.raises(errors.MayNotDecide):
        actions.annul(document, REASON, official=place.pak_lurah, key=key, now=LATER)


def test_a_letter_without_holder(place: Place, sari_data: dict[str, Any]) -> None:
    document = issue(place, sari_data)
    IssuedDocument.objects.filter(pk=document.pk).update(person=None, archive_class="")
    decision = annul(IssuedDocument.objects.get(pk=document.pk), place).status_decision
    assert decision.person_id is None
    assert decision.number.startswith("100.3/")
    assert "atas nama" not in words(queries.read(decision))


def test_the_preview_is_marked(place: Place, sari_data: dict[str, Any], tmp_path: Any) -> None:
    document = issue(place, sari_data)
    pdf = actions.preview_annulment(document, REASON, official=place.pak_lurah, now=LATER, format="pdf")
    text = words(pdf)
    assert REASON in text
    assert "400.12.2.2/000/CONTOH/2026" in text
    assert IssuedDocument.objects.count() == 1
    assert actions.preview_annulment(document, "", official=place.pak_lurah, now=LATER).startswith(b"\x89PNG")


def test_other_tools_accept_the_decision(place: Place, sari_data: dict[str, Any], tmp_path: Any) -> None:
    decision = annul(issue(place, sari_data), place).status_decision
    path = tmp_path / "keputusan.pdf"
    path.write_bytes(queries.read(decision))
    checked = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True, check=False)
    assert "No syntax or stream encoding errors" in checked.stdout, checked.stderr
    said = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in said


def test_rolled_back_nothing_ends(place: Place, sari_data: dict[str, Any], monkeypatch: Any) -> None:
    from satuklik.spine.documents.actions import life

    document = issue(place, sari_data)

    def fail(*_: object, **__: object) -> None:
        raise OSError("no room on the disk")

    monkeypatch.setattr(life.audit, "record", fail)
    with pytest.raises(OSError, match="no room"):
        annul(document, place)
    document.refresh_from_db()
    assert (document.status, IssuedDocument.objects.count()) == ("in_force", 1)


# --- a decision that is signed elsewhere --------------------------------------------------------


@pytest.fixture
def at_bsre(esign: bsre.FakeBsre, place: Place) -> bsre.FakeBsre:  # noqa: F811
    """The seal of the kelurahan and Pak Lurah's newest certificate are at BSrE."""
    esign.enrol("SEGEL-UJI", "Kelurahan")
    esign.enrol(NIK, "Pak Lurah", PASSPHRASE)
    signing.register_seal_at_bsre(place.agency, subscriber="SEGEL-UJI", totp="aktivasi-1", now=NOW)
    signing.register_at_bsre(place.pak_lurah, nik=NIK, now=LATER)
    return esign


@pytest.mark.django_db(transaction=True)
def test_a_decision_signed_elsewhere_ends_the_letter_when_it_is_there(
    place: Place, sari_data: dict[str, Any], at_bsre: bsre.FakeBsre
) -> None:
    document = issue(place, sari_data)
    at_bsre.mood = "busy"
    with pytest.raises(BackendFailed):
        annul(document, place)
    document.refresh_from_db()
    waiting = document.status_decision
    assert (document.status, waiting.status, queries.standing(document, LATER)) == (
        "in_force", "pending", "in_force",
    )  # fmt: skip
    at_bsre.mood = "ok"
    ended = annul(document, place)
    assert (ended.status, ended.status_decision.pk, ended.status_decision.status) == (
        "annulled", waiting.pk, "in_force",
    )  # fmt: skip
    assert (ended.status_decision.number, ended.status_decision.signature["backend"]) == (
        waiting.number,
        "bsre",
    )
    assert IssuedDocument.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_while_it_is_not_known_whether_it_is_signed_the_letter_holds(
    place: Place, sari_data: dict[str, Any], at_bsre: bsre.FakeBsre
) -> None:
    document = issue(place, sari_data)
    at_bsre.mood = "reset"
    with pytest.raises(OutcomeUnknown) as unknown:
        annul(document, place)
    at_bsre.mood = "ok"
    with pytest.raises(errors.StillPending) as still:
        annul(document, place)
    assert still.value.use_id == unknown.value.use_id
    document.refresh_from_db()
    assert document.status == "in_force"
    signing.give_up(unknown.value.use_id, "console:uji", LATER)
    assert annul(document, place).status == "annulled"
    assert IssuedDocument.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_decision_that_nobody_makes_again_is_explained(
    place: Place, sari_data: dict[str, Any], at_bsre: bsre.FakeBsre
) -> None:
    document = issue(place, sari_data)
    at_bsre.mood = "busy"
    with pytest.raises(BackendFailed):
        annul(document, place)
    assert actions.give_up_decisions(LATER + timedelta(days=1)) == 0
    assert actions.give_up_decisions(LATER + timedelta(days=3)) == 1
    document.refresh_from_db()
    assert (document.status, document.status_decision.status) == ("in_force", "annulled")
    assert "tidak jadi diambil" in document.status_decision.status_reason
    at_bsre.mood = "ok"
    ended = annul(document, place)
    assert (ended.status, ended.status_decision.status) == ("annulled", "in_force")
    assert IssuedDocument.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_replacement_that_ended_meanwhile_replaces_nothing(
    place: Place, sari_data: dict[str, Any], at_bsre: bsre.FakeBsre, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = issue(place, sari_data), issue(place, sari_data)
    answer = at_bsre.sign

    def ends(*given: Any) -> bytes:
        IssuedDocument.objects.filter(pk=second.pk).update(status="annulled")
        return answer(*given)

    monkeypatch.setattr(at_bsre, "sign", ends)
    with pytest.raises(errors.NotInForce):
        annul(first, place, by=second)
    first.refresh_from_db()
    assert first.status == "in_force"


def test_a_page_that_was_exchanged_is_not_put_into_force(place: Place, sari_data: dict[str, Any]) -> None:
    document = issue(place, sari_data)
    with signing.unlock(place.pak_lurah, PASSPHRASE, LATER) as key:
        signed = signing.sign(queries.read(document), key=key, now=LATER)
    other = issue(place, sari_data)
    IssuedDocument.objects.filter(pk=document.pk).update(status="pending", file_id=other.file_id)
    with pytest.raises(errors.NotInForce):
        actions.enter_force(document, signed, now=LATER)


def test_the_office_is_told_by_webhook(place: Place, sari_data: dict[str, Any]) -> None:
    add_hook(place.pak_lurah.agency_id, "https://e.example/hook", list(EVENTS), actor="test", now=NOW)
    first, second = issue(place, sari_data), issue(place, sari_data)
    annul(first, place, by=second)
    annul(second, place)
    told = [(one.event, one.payload["data"]) for one in Delivery.objects.order_by("created_at", "pk")]
    by_event = dict(told)
    assert by_event.keys() == {"document.replaced", "document.annulled"}
    assert by_event["document.replaced"]["replaced_by"] == second.number
    assert by_event["document.annulled"]["verify_url"].endswith(second.token)
