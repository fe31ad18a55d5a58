"""Letters that wait for a signature: a seal that may not, and a remote backend that answers, fails, or says nothing."""

from datetime import timedelta
from typing import Any

import pytest

from satuklik.base.audit.queries import events_of
from satuklik.base.files.queries import read
from satuklik.spine.cases import actions, queries
from satuklik.spine.cases.actions.submitting import Applicant
from satuklik.spine.cases.actions.waiting import follow_up
from satuklik.spine.cases.errors import NotNow
from satuklik.spine.cases.linter import library_of
from satuklik.spine.cases.loader import load_folder
from satuklik.spine.cases.models import Case, Task
from satuklik.spine.cases.scaffold import create
from satuklik.spine.documents import queries as documents
from satuklik.spine.documents.models import IssuedDocument, NumberSequence
from satuklik.spine.signing import actions as signing
from satuklik.spine.signing.errors import BackendFailed, OutcomeUnknown, WrongPassphrase
from satuklik.spine.signing.models import KeyUse, SealDay, SealPermission
from tests import bsre
from tests.bsre import esign, running  # noqa: F401 (fixtures)
from tests.people import NOW, PASSPHRASE

UJI = "surat-uji"
NIK, SUBSCRIBER = "1209200101700009", "SEGEL-UJI"
REMOTE = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def surat_uji(services: None, tmp_path: Any) -> None:
    """A straight-through service, as `satuklik layanan new` makes it."""
    from django.conf import settings

    loaded = load_folder(create(tmp_path, UJI))
    actions.publish(loaded, library_of(settings.LAYANAN), now=NOW)


def click(person: Any, key: str = "k", purpose: str = "melamar pekerjaan") -> Any:
    return actions.submit(
        UJI, person_id=person.pk, answers={"purpose": purpose}, uploads={},
        by=Applicant(person.user.pk, 2, "portal"), key=key, language="id", now=NOW,
    )  # fmt: skip


def kinds(reference: str) -> list[str]:
    return [event.kind for event in events_of(f"case:{reference}")]


def last_number() -> int:
    found: int = NumberSequence.objects.get().last
    return found


# --- a seal that may not ------------------------------------------------------------------------


def test_the_use_of_a_seal_is_noted_and_counted(sari: Any, pak_lurah: Any) -> None:
    receipt = click(sari)
    use = KeyUse.objects.get(key__kind="seal")
    assert (use.purpose, use.reference, use.outcome) == (UJI, receipt.case.reference, "done")
    assert SealDay.objects.values_list("agency_id", "service", "used").get() == (pak_lurah.agency_id, UJI, 1)


@pytest.mark.parametrize(
    ("quota", "told"), [(1, 1), (0, 0), (None, 0)], ids=["used up", "forbidden", "no row"]
)
def test_what_the_seal_may_not_close_waits_for_the_head(
    sari: Any, pak_lurah: Any, quota: int | None, told: int
) -> None:
    SealPermission.objects.all().delete()
    if quota is not None:
        signing.allow_seals(UJI, quota)
    if quota:
        assert click(sari).document is not None
    receipt = click(sari, "second", "membuka rekening")
    assert (receipt.case.state, receipt.document) == ("granted", None)
    assert kinds(receipt.case.reference) == ["case.submitted", "case.to_head"]
    assert events_of(f"case:{receipt.case.reference}")[1].data["quota"] == told
    assert IssuedDocument.objects.count() == (quota or 0)
    assert click(sari, "second", "membuka rekening").repeated
    (found,) = queries.to_sign(pak_lurah, None, NOW)
    assert found.case.pk == receipt.case.pk
    (signed,) = actions.sign_many(
        [receipt.case.reference], official=pak_lurah, passphrase=PASSPHRASE, now=NOW
    )
    assert signed.error is None
    assert signed.document.signature["kind"] == "official"
    assert last_number() == IssuedDocument.objects.count()
    case = Case.objects.get(pk=receipt.case.pk)
    assert (case.state, [d.kind for d in case.decisions.order_by("pk")]) == (
        "issued",
        ["automatic", "official"],
    )


def test_the_head_may_return_what_the_seal_left(sari: Any, pak_lurah: Any) -> None:
    SealPermission.objects.all().delete()
    reference = click(sari).case.reference
    actions.decide(
        reference, official=pak_lurah, outcome="return", reason="Tulis keperluannya lengkap.", now=NOW
    )
    actions.mend(
        reference, person_id=sari.pk, answers={"purpose": "melamar pekerjaan di pabrik"}, uploads={},
        user_id=sari.user.pk, now=NOW,
    )  # fmt: skip
    with pytest.raises(NotNow):
        actions.decide(reference, official=pak_lurah, outcome="return", reason="x", now=NOW, task_id=1)
    (signed,) = actions.sign_many([reference], official=pak_lurah, passphrase=PASSPHRASE, now=NOW)
    assert signed.document is not None


# --- a remote seal ------------------------------------------------------------------------------


@pytest.fixture
def sealed_at_bsre(esign: bsre.FakeBsre, pak_lurah: Any) -> bsre.FakeBsre:  # noqa: F811
    """The kelurahan's seal and Pak Lurah are at BSrE; the office has no other key that counts."""
    esign.enrol(SUBSCRIBER, "Kelurahan")
    esign.enrol(NIK, "Pak Lurah", PASSPHRASE)
    signing.register_seal_at_bsre(pak_lurah.agency, subscriber=SUBSCRIBER, totp="aktivasi-1", now=NOW)
    signing.register_at_bsre(pak_lurah, nik=NIK, now=NOW)
    return esign


@REMOTE
def test_a_remote_seal_closes_after_the_clicks_transaction(sealed_at_bsre: bsre.FakeBsre, sari: Any) -> None:
    receipt = click(sari)
    document = receipt.document
    assert (receipt.case.state, document.status, document.level) == ("issued", "in_force", "B-T")
    assert (document.signature["backend"], document.signature["certified"]) == ("bsre", True)
    assert "diterbitkan oleh Balai Besar" in _text_of(document)
    assert documents.verdict_of_pdf(read(document.file_id), now=NOW).verdict == "valid"
    assert kinds(receipt.case.reference) == ["case.submitted", "case.seal_asked", "document.issued"]
    assert Case.objects.get().due_on is None
    assert click(sari).document.pk == document.pk


@REMOTE
def test_a_seal_that_does_not_answer_is_never_asked_again(
    sealed_at_bsre: bsre.FakeBsre, sari: Any, pak_lurah: Any, settings: Any, client: Any
) -> None:
    sealed_at_bsre.mood, settings.SATUKLIK_BSRE_TIMEOUT = "reset", 5.0
    receipt = click(sari)
    assert (receipt.case.state, receipt.document) == ("granted", None)
    document = IssuedDocument.objects.get()
    assert (document.status, document.signature["pending"]) == ("pending", "unknown")
    assert documents.standing(document, NOW) == "pending"
    assert list(documents.of_person(sari)) == []
    page = client.get(f"/v/{document.token}")
    assert "belum ditandatangani" in page.content.decode()
    assert "Surat ini asli dan berlaku" not in page.content.decode()
    assert documents.verdict_of_token(document.token, now=NOW).verdict == "unsigned"
    later = NOW + timedelta(hours=1)
    sealed_at_bsre.mood = "ok"
    sent = len(sealed_at_bsre.asked)
    assert click(sari).repeated
    assert follow_up(later) == 0
    assert len(sealed_at_bsre.asked) == sent
    assert queries.to_sign(pak_lurah, None, later) == []
    use = KeyUse.objects.get()
    assert signing.resolve(use.pk, later).outcome == "unknown"
    signing.give_up(use.pk, f"official:{pak_lurah.pk}", later)
    assert follow_up(later) == 1
    (signed,) = actions.sign_many(
        [receipt.case.reference], official=pak_lurah, passphrase=PASSPHRASE, now=later
    )
    assert (signed.document.pk, signed.document.number, signed.document.status) == (
        document.pk, document.number, "in_force",
    )  # fmt: skip
    assert signed.document.signature["kind"] == "official"
    assert last_number() == 1


@REMOTE
@pytest.mark.parametrize("trouble", ["away", "quota"])
def test_a_seal_that_cannot_goes_to_the_head_under_the_same_number(
    sealed_at_bsre: bsre.FakeBsre, sari: Any, pak_lurah: Any, settings: Any, trouble: str
) -> None:
    if trouble == "away":
        sealed_at_bsre.mood = "busy"
    else:
        signing.allow_seals("*", 0)
    receipt = click(sari)
    assert (receipt.case.state, receipt.document) == ("granted", None)
    pending = IssuedDocument.objects.get()
    assert pending.signature["pending"] == "failed"
    sealed_at_bsre.mood = "ok"
    (signed,) = actions.sign_many(
        [receipt.case.reference], official=pak_lurah, passphrase=PASSPHRASE, now=NOW
    )
    assert (signed.document.number, IssuedDocument.objects.count(), last_number()) == (pending.number, 1, 1)
    assert signed.document.signature["signer"] == pak_lurah.name


# --- an official at a remote backend ------------------------------------------------------------


@pytest.fixture
def examined(sealed_at_bsre: bsre.FakeBsre, sari: Any, pak_lurah: Any) -> str:
    """A case that waits for Pak Lurah's signature; his key is at BSrE."""
    signing.allow_seals("*", 0)
    reference: str = click(sari).case.reference
    IssuedDocument.objects.all().delete()
    NumberSequence.objects.all().delete()
    KeyUse.objects.all().delete()
    return reference


@REMOTE
def test_an_official_signs_outside_of_the_numbers_transaction(examined: str, pak_lurah: Any) -> None:
    (signed,) = actions.sign_many([examined], official=pak_lurah, passphrase=PASSPHRASE, now=NOW)
    assert (signed.document.status, signed.document.signature["certified"]) == ("in_force", True)
    assert Case.objects.get().state == "issued"
    assert Task.objects.filter(done_at=None).count() == 0
    assert queries.signed_by(examined, pak_lurah, NOW - timedelta(minutes=1)) is not None


@REMOTE
def test_a_wrong_passphrase_keeps_the_number_for_the_next_try(examined: str, pak_lurah: Any) -> None:
    with pytest.raises(WrongPassphrase):
        actions.sign_many([examined], official=pak_lurah, passphrase="salah", now=NOW)
    pending = IssuedDocument.objects.get()
    assert (pending.status, Case.objects.get().state) == ("pending", "granted")
    (signed,) = actions.sign_many([examined], official=pak_lurah, passphrase=PASSPHRASE, now=NOW)
    assert (signed.document.pk, signed.document.number, last_number()) == (pending.pk, pending.number, 1)


@REMOTE
def test_a_number_of_last_month_is_explained(
    examined: str, pak_lurah: Any, sealed_at_bsre: bsre.FakeBsre
) -> None:
    sealed_at_bsre.mood = "busy"
    (failed,) = actions.sign_many([examined], official=pak_lurah, passphrase=PASSPHRASE, now=NOW)
    assert isinstance(failed.error, BackendFailed)
    sealed_at_bsre.mood = "ok"
    december = NOW + timedelta(days=10)
    (signed,) = actions.sign_many([examined], official=pak_lurah, passphrase=PASSPHRASE, now=december)
    old = IssuedDocument.objects.order_by("serial").first()
    assert (old.status, old.status_reason) == (
        "annulled",
        "Nomor ini tidak dipakai: surat tidak pernah ditandatangani (diterbitkan dengan nomor baru pada bulan berikutnya).",
    )
    assert (signed.document.serial, signed.document.number.split("/")[-2]) == (2, "XII")


@REMOTE
def test_while_it_is_not_known_nobody_else_may_act(
    examined: str, pak_lurah: Any, sealed_at_bsre: bsre.FakeBsre, sari: Any, client: Any
) -> None:
    sealed_at_bsre.mood = "reset"
    (unknown,) = actions.sign_many([examined], official=pak_lurah, passphrase=PASSPHRASE, now=NOW)
    assert isinstance(unknown.error, OutcomeUnknown)
    sealed_at_bsre.mood = "ok"
    sent = sealed_at_bsre.asked.count("/api/v2/sign/pdf")
    (again,) = actions.sign_many([examined], official=pak_lurah, passphrase=PASSPHRASE, now=NOW)
    assert (type(again.error), again.error.use_id) == (OutcomeUnknown, unknown.error.use_id)
    with pytest.raises(NotNow):
        actions.decide(examined, official=pak_lurah, outcome="refuse", reason="x", law="y", now=NOW)
    assert sealed_at_bsre.asked.count("/api/v2/sign/pdf") == sent
    signing.give_up(unknown.error.use_id, "console:uji", NOW)
    actions.decide(examined, official=pak_lurah, outcome="refuse", reason="Tidak berhak.", law="UU", now=NOW)
    document = IssuedDocument.objects.get()
    assert (document.status, "tidak pernah ditandatangani" in document.status_reason) == ("annulled", True)
    page = client.get(f"/v/{document.token}").content.decode()
    assert "Surat ini sudah dicabut" in page
    # Nobody signed it: the page names no signer, and its PDF opens for nobody.
    assert "Siapa yang menandatangani" not in page
    opened = client.post(f"/v/{document.token}/surat.pdf", {"kode": document.open_code})
    assert opened.get("Content-Type", "") != "application/pdf"
    assert list(documents.of_person(sari)) == []


def _text_of(document: Any) -> str:
    import io

    from pypdf import PdfReader

    pages = PdfReader(io.BytesIO(read(document.file_id))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())
