"""The line of a naskah: drafted, initialled, signed, sent, received, disposed, reported."""

import json
import subprocess
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from satuklik.base.audit.queries import events_of
from satuklik.base.audit.queries import verify as verify_log
from satuklik.base.files.queries import path_of, read
from satuklik.spine.documents.queries import verdict_of_pdf
from satuklik.spine.messaging.models import OutboundMessage
from satuklik.systems.correspondence import actions, queries
from satuklik.systems.correspondence.errors import (
    BadChain,
    BadContent,
    BadDisposition,
    ChangedMeanwhile,
    NoRecipient,
    NotTheVersionShown,
    NotYours,
    ReasonMissing,
    WrongState,
)
from satuklik.systems.correspondence.models import AgendaEntry, Incoming, Naskah, Step
from satuklik.systems.correspondence.rules import To
from satuklik.systems.correspondence.tests.conftest import BODY, Team, later, shown
from tests.people import NOW, TODAY

pytestmark = pytest.mark.django_db


def text_of(pdf: bytes) -> str:
    import io

    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_from_draft_to_the_last_report(team: Team) -> None:
    naskah = team.draft(recipients=[
        To("to", agency_code=team.kecamatan.code),
        To("to", name="PT Kebun Sejahtera", address="Jl. Lintas No. 1, Kisaran", email="kantor@kebun.example"),
        To("copy", agency_code="bupati"),
    ])  # fmt: skip
    assert naskah.reference.startswith("ND-2026-")
    team.up(naskah, [[team.sekretaris, team.loket]])
    for one in (team.sekretaris, team.loket):
        actions.paraf(naskah, by=one, now=NOW, sha256_seen=shown(naskah))
    naskah.refresh_from_db()
    assert naskah.state == "to_sign"
    document = actions.sign(naskah, by=team.lurah, key=team.key, now=later(), sha256_seen=shown(naskah))
    assert document.number == "000.1.4/001/20.1009/XI/2026"
    assert document.service == "naskah:surat-dinas"
    assert document.person_id is None
    arrived = actions.dispatch(naskah, by=team.staf, now=later(2))
    assert [(one.agency.code, one.copy) for one in arrived] == sorted(
        [(team.kecamatan.code, False), ("bupati", True)], key=lambda row: Incoming.objects.get(agency__code=row[0]).agency_id
    )  # fmt: skip
    outside = naskah.recipients.get(agency=None)
    assert outside.delivered_at is None
    actions.confirm_sent(outside, by=team.loket, now=later(3), how="diantar sendiri")
    incoming = Incoming.objects.get(agency=team.kecamatan)
    assert (incoming.entry.serial, incoming.entry.number) == (1, document.number)
    actions.read(incoming, by=team.camat, now=later(4))
    (to_sekcam,) = actions.dispose(
        incoming, by=team.camat, now=later(5), takers=[team.sekcam], instruction="tindak_lanjuti",
        note="Siapkan ruang.", due_on=TODAY + timedelta(days=2),
    )  # fmt: skip
    passed_on = actions.dispose(
        incoming, by=team.sekcam, now=later(6), takers=team.kasi, instruction="hadiri", parent=to_sekcam
    )
    with pytest.raises(BadDisposition, match="belum melapor"):
        actions.report(to_sekcam, by=team.sekcam, now=later(7), text="Selesai.")
    for one in passed_on:
        actions.report(one, by=one.taker, now=later(8), text="Sudah dihadiri.")
    actions.report(to_sekcam, by=team.sekcam, now=later(9), text="Ruang siap.")
    incoming.refresh_from_db()
    assert incoming.state == "done"
    view = queries.naskah_for(naskah.reference, team.staf, later(10))
    assert view.state == "dispatched"
    assert {one.name: bool(one.delivered_at) for one in (*view.to, *view.copies)} == {
        "Camat Kisaran Timur": True,
        "PT Kebun Sejahtera": True,
        "Bupati Asahan": True,
    }
    assert next(one for one in view.to if one.agency_code).receipt == "1/2026"
    assert queries.verify_chain(Naskah.objects.get(pk=naskah.pk)).holds
    assert verify_log().holds
    kinds = [event.kind.partition(".")[2] for event in events_of(f"naskah:{naskah.reference}")]
    assert kinds == ["created", "submitted", "paraf", "paraf", "signed", "dispatched", "sent"]


def test_the_signed_letter_is_accepted_by_tools_of_others(team: Team, tmp_path: Path) -> None:
    naskah = team.signed()
    assert naskah.document is not None
    pdf = read(naskah.document.file_id)
    file = tmp_path / "naskah.pdf"
    file.write_bytes(pdf)
    assert subprocess.run(["qpdf", "--check", file], capture_output=True).returncode == 0
    said = subprocess.run(["pdfsig", "-nocert", file], capture_output=True, text=True).stdout
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert verdict_of_pdf(pdf, now=NOW).verdict == "valid"
    text = text_of(pdf)
    for needed in (
        naskah.document.number,
        "Permohonan ruang rapat",
        "mengundang peserta",
        "Zulkifli Marpaung",
    ):
        assert needed in text, needed
    assert "24 November 2026" in text
    (attached,) = PdfReader(file).attachments["naskah.json"]
    facts = json.loads(attached)
    assert facts["number"] == naskah.document.number
    assert facts["subject"] == "Permohonan ruang rapat"
    assert b"pdfaid:part>3<" in pdf
    assert b"pdfuaid:part>1<" in pdf


def test_values_are_data_and_never_markup(keyless: Team) -> None:
    evil = '#panic("x") *tebal* $x$ @ref <label> #{d} \\ `raw` = Judul'
    naskah = keyless.draft(
        subject=evil[:200], content={"isi": f"{evil}\n\n1. {evil}"}, recipients=[To("to", name=evil)]
    )
    pdf = queries.preview(naskah, "pdf")
    text = text_of(pdf).replace("\n", " ")
    assert text.count('#panic("x")') >= 4
    assert "*tebal*" in text


def test_what_went_up_is_what_is_signed_even_when_the_template_changes(
    team: Team, settings: Any, tmp_path: Path
) -> None:
    import shutil

    naskah = team.ready()
    changed = tmp_path / "naskah"
    shutil.copytree(settings.NASKAH, changed)
    source = changed / "surat-dinas" / "naskah.typ"
    source.write_text(source.read_text().replace("#kepala-surat()", "#kepala-surat()\nKALIMAT SISIPAN"))
    settings.NASKAH = changed
    document = actions.sign(naskah, by=team.lurah, key=team.key, now=NOW, sha256_seen=shown(naskah))
    assert "SISIPAN" not in text_of(read(document.file_id))


def test_a_returned_naskah_begins_its_chain_anew_and_keeps_what_was(keyless: Team) -> None:
    naskah = keyless.up(keyless.draft(), [[keyless.sekretaris], [keyless.loket]])
    first = shown(naskah)
    actions.paraf(naskah, by=keyless.sekretaris, now=NOW, sha256_seen=first, note="Baik.")
    with pytest.raises(ReasonMissing):
        actions.give_back(naskah, by=keyless.loket, now=NOW, reason="  ")
    naskah = actions.give_back(naskah, by=keyless.loket, now=later(), reason="Tanggal keliru.")
    assert naskah.state == "returned"
    view = queries.naskah_for(naskah.reference, keyless.staf, later())
    assert view.returned_reason == f"{keyless.loket.name}: Tanggal keliru."
    naskah = actions.edit(
        naskah, by=keyless.staf, now=later(2), changed_at_seen=naskah.changed_at,
        content={"isi": BODY + " Segera."},
    )  # fmt: skip
    naskah = keyless.up(naskah, [[keyless.sekretaris]], now=later(3))
    assert naskah.version == 2
    with pytest.raises(NotTheVersionShown):
        actions.paraf(naskah, by=keyless.sekretaris, now=later(4), sha256_seen=first)
    actions.paraf(naskah, by=keyless.sekretaris, now=later(4), sha256_seen=shown(naskah))
    states = list(
        Step.objects.filter(naskah=naskah).order_by("version", "order").values_list("version", "state")
    )
    assert states == [(1, "done"), (1, "returned"), (1, "dropped"), (2, "done"), (2, "open")]
    assert queries.verify_chain(naskah).links == 3
    assert queries.verify_chain(naskah).holds


def test_forwarding_withdrawing_and_cancelling(team: Team) -> None:
    naskah = team.up(team.draft())
    with pytest.raises(BadChain):
        actions.forward(naskah, by=team.sekretaris, now=NOW, to=team.kasi[0])  # of another office
    step = actions.forward(naskah, by=team.sekretaris, now=NOW, to=team.loket, note="Tolong diperiksa.")
    assert step.official == team.loket
    with pytest.raises(NotYours):
        actions.paraf(naskah, by=team.sekretaris, now=NOW, sha256_seen=shown(naskah))
    with pytest.raises(NotYours):
        actions.withdraw(naskah, by=team.kasi[0], now=NOW)
    naskah = actions.withdraw(naskah, by=team.staf, now=NOW)
    assert naskah.state == "draft"
    assert not Step.objects.filter(naskah=naskah, state__in=("open", "waiting")).exists()
    team.up(naskah)
    actions.paraf(naskah, by=team.sekretaris, now=NOW, sha256_seen=shown(naskah))
    actions.sign(naskah, by=team.lurah, key=team.key, now=NOW, sha256_seen=shown(naskah))
    for refused in (
        lambda: actions.withdraw(naskah, by=team.staf, now=NOW),
        lambda: actions.cancel(naskah, by=team.staf, now=NOW, reason="Salah"),
        lambda: actions.edit(naskah, by=team.staf, now=NOW, changed_at_seen=naskah.changed_at, subject="x"),
        lambda: team.up(naskah),
    ):
        with pytest.raises(WrongState):
            refused()


def test_two_who_edit_lose_nothing(keyless: Team) -> None:
    naskah = keyless.draft()
    seen = naskah.changed_at
    actions.edit(naskah, by=keyless.staf, now=NOW, changed_at_seen=seen, subject="Dari layar pertama")
    with pytest.raises(ChangedMeanwhile) as caught:
        actions.edit(naskah, by=keyless.sekretaris, now=NOW, changed_at_seen=seen, subject="Dari layar kedua")
    assert caught.value.theirs["subject"] == "Dari layar pertama"
    assert caught.value.mine == {"subject": "Dari layar kedua"}
    naskah.refresh_from_db()
    assert naskah.subject == "Dari layar pertama"


BAD: list[tuple[dict[str, Any], str]] = [
    ({"subject": ""}, "subject"),
    ({"subject": "x" * 201}, "subject"),
    ({"subject": "Rapat 日本"}, "subject"),
    ({"subject": "nol\0byte"}, "subject"),
    ({"classification": "999.9"}, "classification"),
    ({"urgency": "kilat"}, "urgency"),
    ({"secrecy": "umum"}, "secrecy"),
    ({"content": {"isi": 5}}, "isi"),
    ({"content": {"isi": "x" * 20_001}}, "isi"),
    ({"content": {"isi": "a", "asing": "b"}}, "asing"),
    ({"content": {"isi": "huruf \u0416"}}, "isi"),
    ({"content": {"isi": "a", "lampiran": "x" * 61}}, "lampiran"),
    ({"recipients": [To("to", agency_code="tidak-ada")]}, "recipients"),
    ({"recipients": [To("to")]}, "recipients"),
    ({"recipients": [To("to", name="PT A", email="bukan surel")]}, "recipients"),
    ({"recipients": [To("to", name=f"PT {n}") for n in range(101)]}, "recipients"),
    ({"kind": "surat-undangan", "content": {"tanggal": "2026-02-30"}}, "tanggal"),
    ({"kind": "surat-undangan", "content": {"pukul": "25.00"}}, "pukul"),
    ({"kind": "surat-undangan", "content": {"susunan": [["a"]]}}, "susunan"),
    ({"kind": "surat-tugas", "content": {"petugas": [999_999]}}, "petugas"),
    ({"kind": "surat-tugas", "content": {"petugas": ["1"]}}, "petugas"),
    ({"kind": "surat-keterangan", "content": {}}, "recipients"),
]


@pytest.mark.parametrize(("given", "where"), BAD)
def test_bad_input_is_told_by_field(keyless: Team, given: dict[str, Any], where: str) -> None:
    with pytest.raises(BadContent) as caught:
        keyless.draft(**given)
    assert where in [field for field, _words in caught.value.problems]
    assert not Naskah.objects.exists()


def test_what_is_missing_is_asked_for_when_it_goes_up(keyless: Team) -> None:
    naskah = keyless.draft(kind="surat-undangan", content={"acara": "Musrenbang"})
    with pytest.raises(BadContent) as caught:
        keyless.up(naskah)
    assert {field for field, _ in caught.value.problems} == {"pembuka", "tanggal", "pukul", "tempat"}
    with pytest.raises(NoRecipient):
        keyless.up(keyless.draft(recipients=[]))
    for chain in ([[keyless.sekretaris], [keyless.sekretaris]], [[keyless.sekretaris, keyless.sekretaris]]):
        with pytest.raises(BadChain):
            keyless.up(keyless.draft(), chain)
    keyless.sekretaris.active_until = date(2026, 11, 1)
    keyless.sekretaris.save()
    with pytest.raises(BadChain):
        keyless.up(keyless.draft())


def test_nothing_to_initial_goes_to_the_signature_at_once(keyless: Team) -> None:
    naskah = keyless.up(keyless.draft(), [])
    assert naskah.state == "to_sign"
    assert queries.counts(keyless.lurah, NOW)["tandatangan"] == (1, 0)


def test_everybody_whom_it_waits_for_is_told(team: Team) -> None:
    naskah = team.ready()
    actions.sign(naskah, by=team.lurah, key=team.key, now=NOW, sha256_seen=shown(naskah))
    actions.dispatch(naskah, by=team.staf, now=NOW)
    told = OutboundMessage.objects.filter(kind__startswith="naskah.").values_list("user_id", "kind", "link")
    page = f"/naskah/surat/{naskah.reference}/"
    incoming = Incoming.objects.get()
    assert list(told.order_by("pk")) == [
        (team.sekretaris.user_id, "naskah.paraf", page),
        (team.lurah.user_id, "naskah.sign", page),
        (team.staf.user_id, "naskah.signed", page),
        (team.camat.user_id, "naskah.incoming", f"/naskah/masuk/{incoming.pk}/"),
    ]


def test_the_same_twice_is_done_once(team: Team) -> None:
    naskah = team.up(team.draft())
    first = actions.paraf(naskah, by=team.sekretaris, now=NOW, sha256_seen=shown(naskah))
    assert actions.paraf(naskah, by=team.sekretaris, now=later(), sha256_seen=shown(naskah)).pk == first.pk
    one = actions.sign(naskah, by=team.lurah, key=team.key, now=NOW, sha256_seen=shown(naskah))
    assert (
        actions.sign(naskah, by=team.lurah, key=team.key, now=later(), sha256_seen=shown(naskah)).pk == one.pk
    )
    sent = actions.dispatch(naskah, by=team.staf, now=NOW)
    again = actions.dispatch(naskah, by=team.sekretaris, now=later())
    assert [row.pk for row in sent] == [row.pk for row in again]
    assert list(AgendaEntry.objects.values_list("direction", flat=True)) == ["out", "in"]
    assert path_of(one.file_id).exists()
