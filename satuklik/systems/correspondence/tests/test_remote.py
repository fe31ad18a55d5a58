"""Signatures that are made elsewhere: no number waits for them, none is lost, and nothing is signed twice."""

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from pypdf import PdfWriter

from satuklik.base.files.queries import read
from satuklik.spine.documents import queries as documents
from satuklik.spine.documents.models import IssuedDocument
from satuklik.spine.signing import actions as signing
from satuklik.spine.signing.errors import BackendFailed, OutcomeUnknown, WrongPassphrase
from satuklik.spine.signing.placement import Placement
from satuklik.systems.correspondence import actions, queries
from satuklik.systems.correspondence.errors import MaySignNot, StillSigning
from satuklik.systems.correspondence.models import AgendaEntry, Naskah
from satuklik.systems.correspondence.rules import To
from satuklik.systems.correspondence.signables import SIGNABLE
from satuklik.systems.correspondence.tests.conftest import Team, shown
from tests import bsre
from tests.bsre import esign, running  # noqa: F401 (fixtures)
from tests.people import NOW, PASSPHRASE

NIK = "1209200101700009"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def at_bsre(esign: bsre.FakeBsre, keyless: Team) -> Iterator[Team]:  # noqa: F811
    """Pak Lurah's certificate is at BSrE; his key is open for a batch."""
    esign.enrol(NIK, "Pak Lurah", PASSPHRASE)
    signing.register_at_bsre(keyless.lurah, nik=NIK, now=NOW)
    with signing.unlock(keyless.lurah, PASSPHRASE, NOW) as key:
        keyless.key = key
        yield keyless


def sign(team: Team, naskah: Naskah, **more: Any) -> IssuedDocument:
    given = {"by": team.lurah, "key": team.key, "now": NOW, "sha256_seen": shown(naskah)} | more
    return actions.sign(naskah, **given)


def test_it_is_signed_registered_and_linked(at_bsre: Team) -> None:
    naskah = at_bsre.ready()
    document = sign(at_bsre, naskah)
    naskah.refresh_from_db()
    assert (naskah.state, naskah.document_id, document.status, document.level) == (
        "signed", document.pk, "in_force", "B-T",
    )  # fmt: skip
    assert (document.signature["backend"], document.signature["certified"]) == ("bsre", True)
    assert AgendaEntry.objects.get(direction="out").number == document.number
    assert documents.verdict_of_pdf(read(document.file_id), now=NOW).verdict == "valid"
    assert queries.verify_chain(naskah).problems == ()
    assert sign(at_bsre, naskah).pk == document.pk
    assert SIGNABLE.done is not None
    assert (
        SIGNABLE.done(naskah.reference, at_bsre.lurah, NOW - timedelta(minutes=1)).number == document.number
    )


def test_what_failed_keeps_its_number(at_bsre: Team, esign: bsre.FakeBsre) -> None:  # noqa: F811
    naskah = at_bsre.ready()
    esign.mood = "busy"
    with pytest.raises(BackendFailed):
        sign(at_bsre, naskah)
    waiting = IssuedDocument.objects.get()
    naskah.refresh_from_db()
    assert (waiting.status, naskah.state, naskah.document_id) == ("pending", "to_sign", None)
    assert not AgendaEntry.objects.exists()
    esign.mood = "ok"
    with signing.unlock(at_bsre.lurah, "salah", NOW) as wrong, pytest.raises(WrongPassphrase):
        sign(at_bsre, naskah, key=wrong)
    document = sign(at_bsre, naskah)
    assert (document.pk, document.number, IssuedDocument.objects.count()) == (waiting.pk, waiting.number, 1)


def test_the_number_of_a_cancelled_one_is_explained(at_bsre: Team, esign: bsre.FakeBsre) -> None:  # noqa: F811
    naskah = at_bsre.ready()
    esign.mood = "busy"
    with pytest.raises(BackendFailed):
        sign(at_bsre, naskah)
    actions.cancel(naskah, by=at_bsre.staf, now=NOW, reason="Rapat dibatalkan")
    unused = IssuedDocument.objects.get()
    assert (unused.status, "naskah dibatalkan: Rapat dibatalkan" in unused.status_reason) == (
        "annulled",
        True,
    )


def test_an_answer_that_never_came_binds_everybody(at_bsre: Team, esign: bsre.FakeBsre) -> None:  # noqa: F811
    naskah = at_bsre.ready()
    esign.mood = "reset"
    with pytest.raises(OutcomeUnknown) as unknown:
        sign(at_bsre, naskah)
    esign.mood = "ok"
    sent = esign.asked.count("/api/v2/sign/pdf")
    with pytest.raises(OutcomeUnknown):
        sign(at_bsre, naskah)
    with pytest.raises(StillSigning):
        actions.give_back(naskah, by=at_bsre.lurah, now=NOW, reason="Salah tanggal.")
    with pytest.raises(StillSigning):
        actions.withdraw(naskah, by=at_bsre.staf, now=NOW)
    with pytest.raises(StillSigning):
        actions.cancel(naskah, by=at_bsre.staf, now=NOW, reason="Tidak jadi.")
    assert esign.asked.count("/api/v2/sign/pdf") == sent
    naskah.refresh_from_db()
    assert naskah.state == "to_sign"
    # A person decides that it counts as failed: then it goes back, and the number says why it is not used.
    signing.give_up(unknown.value.use_id, "console:uji", NOW)
    actions.give_back(naskah, by=at_bsre.lurah, now=NOW, reason="Salah tanggal")
    unused = IssuedDocument.objects.get()
    assert (unused.status, unused.status_reason) == (
        "annulled",
        "Nomor ini tidak dipakai: surat tidak pernah ditandatangani (naskah dikembalikan: Salah tanggal).",
    )


def test_an_uploaded_page_is_signed_where_it_was_placed(at_bsre: Team) -> None:
    whole = io.BytesIO()
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    writer.write(whole)
    naskah = actions.create_upload(
        whole.getvalue(), by=at_bsre.staf, now=NOW, recipients=[To("to", agency_code="dinkes")], subject="Laporan",
        classification="000.1.4", urgency="biasa", secrecy="biasa", placement=Placement(1, 300, 60),
    )  # fmt: skip
    actions.submit(naskah, by=at_bsre.staf, now=NOW, chain=[])
    document = sign(at_bsre, naskah)
    from pypdf import PdfReader

    (widget,) = PdfReader(io.BytesIO(read(document.file_id))).pages[0]["/Annots"]
    left, bottom, right, top = (float(edge) for edge in widget.get_object()["/Rect"])
    assert (left, bottom) == pytest.approx((300, 60), abs=1)
    assert (right - left, top - bottom) == pytest.approx((200, 64), abs=1)


def test_a_mandate_that_ended_while_it_was_away_signs_nothing(
    at_bsre: Team,
    esign: bsre.FakeBsre,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    naskah = at_bsre.ready()
    answer = esign.sign

    def leave_office(*given: Any) -> bytes:
        lurah = type(at_bsre.lurah).objects.get(pk=at_bsre.lurah.pk)
        lurah.active_until = (NOW - timedelta(days=1)).date()
        lurah.save()
        return answer(*given)

    monkeypatch.setattr(esign, "sign", leave_office)
    with pytest.raises(MaySignNot):
        sign(at_bsre, naskah)
    naskah.refresh_from_db()
    assert naskah.state == "to_sign"
