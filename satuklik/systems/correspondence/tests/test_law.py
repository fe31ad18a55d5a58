"""Tables from the regulations: who signs and how he is printed, numbers, secrecy, dispositions."""

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from pypdf import PdfReader

from satuklik.base.agencies.actions import give_mandate
from satuklik.base.audit.queries import events_of
from satuklik.base.files.queries import read
from satuklik.spine.documents.actions import next_number
from satuklik.spine.documents.queries import verdict_of_pdf
from satuklik.spine.documents.rules import without_titles
from satuklik.spine.messaging.models import OutboundMessage
from satuklik.systems.correspondence import actions, queries, rules, signables
from satuklik.systems.correspondence.errors import (
    BadDisposition,
    BadUpload,
    MaySignNot,
    NaskahNotFound,
    NotTheVersionShown,
    NotYours,
    WrongState,
)
from satuklik.systems.correspondence.models import AgendaEntry, Incoming, Naskah
from satuklik.systems.correspondence.rules import To
from satuklik.systems.correspondence.tests.conftest import LETTER, Team, later, shown
from tests.people import NOW

pytestmark = pytest.mark.django_db


def text_of(pdf: bytes) -> str:
    found = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return " ".join(found.split())


def act(official: Any, agency: Any, kind: str, *, start: datetime = NOW, hours: float = 24) -> None:
    give_mandate(
        official=official, agency=agency, kind=kind, decree="SP 1/2026", valid_from=start - timedelta(hours=1),
        valid_until=start + timedelta(hours=hours),
    )  # fmt: skip


# Permendagri 1/2023 ps. 44: acting heads of the region and acting regional secretaries without title, NIP, rank.
ACTING = [
    ("camat", "sekcam", "Plh", "Plh. Camat Kisaran Timur", "Budi Hartanto, S.IP", True),
    ("camat", "sekcam", "Plt", "Plt. Camat Kisaran Timur", "Budi Hartanto, S.IP", True),
    ("bupati", "sekda", "Pj", "Pj. Bupati Asahan", "Surya Rekaan", False),
    ("bupati", "sekda", "Plh", "Plh. Bupati Asahan", "Surya Rekaan", False),
    ("sekda", "kadis", "Pj", "Pj. Sekretaris Daerah", "Maya Rekaan", False),
    ("sekda", "kadis", "Plh", "Plh. Sekretaris Daerah", "Maya Rekaan", False),
]


@pytest.mark.parametrize(("head", "who", "kind", "printed", "name", "ranked"), ACTING)
def test_acting_officials_are_printed_as_the_rule_says(
    offices: dict[str, Any], keys: Callable[[Any], Any], head: str, who: str, kind: str, printed: str, name: str,
    ranked: bool,
) -> None:  # fmt: skip
    office, official = offices[head].agency, offices[who]
    act(official, office, kind)
    naskah = actions.create("surat-dinas", by=offices[who], now=NOW, recipients=[To("to", name="PT Uji")],
                            signed_for=office, **LETTER)  # fmt: skip
    actions.submit(naskah, by=offices[who], now=NOW, chain=[])
    with keys(official) as key:
        document = actions.sign(naskah, by=official, key=key, now=NOW, sha256_seen=shown(naskah))
    text = text_of(read(document.file_id))
    assert printed in text
    assert name in text
    assert (official.rank in text) is ranked
    assert (f"{official.nip[:8]} {official.nip[8:14]}" in text) is ranked
    if not ranked:
        assert official.name not in text
    assert document.signature["position"] == printed
    step = naskah.steps.get(kind="sign")
    assert step.acting_as == kind
    assert queries.verify_chain(Naskah.objects.get(pk=naskah.pk)).holds


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Drs. H. Zulkifli Marpaung, M.AP", "Zulkifli Marpaung"),
        ("Prof. Dr. Ir. Hj. Siti Aminah, M.Si, Ph.D", "Siti Aminah"),
        ("M. Yusuf Lubis, S.H.", "M. Yusuf Lubis"),
        ("Sugeng", "Sugeng"),
        ("dr. H", "H"),
    ],
)
def test_titles_are_left_out_and_initials_stay(name: str, plain: str) -> None:
    assert without_titles(name) == plain


def test_a_mandate_that_ended_a_minute_ago_signs_nothing(
    offices: dict[str, Any], keys: Callable[[Any], Any], team: Team
) -> None:
    naskah = team.ready()
    act(team.sekretaris, team.kelurahan, "Plh", hours=1)
    end = NOW + timedelta(hours=1)
    with keys(team.sekretaris) as key:
        with pytest.raises(
            MaySignNot
        ):  # while somebody acts for the head, the head does not sign (UU 30/2014 ps. 14)
            actions.sign(naskah, by=team.lurah, key=team.key, now=NOW, sha256_seen=shown(naskah))
        assert queries.counts(team.lurah, NOW)["tandatangan"] == (0, 0)
        assert queries.counts(team.sekretaris, NOW)["tandatangan"] == (1, 0)
        after = end + timedelta(minutes=1)
        with pytest.raises(MaySignNot):
            actions.sign(naskah, by=team.sekretaris, key=key, now=after, sha256_seen=shown(naskah))
        assert not AgendaEntry.objects.exists()
        assert signables.waiting(team.sekretaris, None, after) == []
        assert len(signables.waiting(team.lurah, None, after)) == 1
        before = end - timedelta(minutes=1)
        document = actions.sign(naskah, by=team.sekretaris, key=key, now=before, sha256_seen=shown(naskah))
    assert "Plh. Lurah Kisaran Timur" in text_of(read(document.file_id))


def test_an_official_signs_in_his_own_name(
    offices: dict[str, Any], keys: Callable[[Any], Any], team: Team
) -> None:
    naskah = team.draft(kind="nota-dinas", signer=team.sekretaris, content={"isi": "Mohon arahan."})
    actions.submit(naskah, by=team.staf, now=NOW, chain=[])
    with pytest.raises(NotYours):
        actions.sign(naskah, by=team.lurah, key=team.key, now=NOW, sha256_seen=shown(naskah))
    with keys(team.sekretaris) as key:
        document = actions.sign(naskah, by=team.sekretaris, key=key, now=NOW, sha256_seen=shown(naskah))
    text = text_of(read(document.file_id))
    assert "Dari : Sekretaris Lurah" in text
    assert team.sekretaris.name in text


def test_numbers_are_one_sequence_with_service_letters(team: Team) -> None:
    first = team.signed()
    assert next_number(team.kelurahan.pk, 2026) == 2  # a service letter of the same office
    second = team.signed(kind="surat-tugas", classification="800.1.11.1", recipients=[], content={
        "dasar": "1. Surat Camat", "petugas": [team.staf.pk, team.loket.pk], "untuk": "Mengikuti rapat",
        "mulai": "2026-11-25", "tempat": "Kantor Camat",
    })  # fmt: skip
    assert first.document is not None
    assert second.document is not None
    assert first.document.number == "000.1.4/001/20.1009/XI/2026"
    assert second.document.number == "800.1.11.1/003/20.1009/XI/2026"
    assert list(AgendaEntry.objects.order_by("serial").values_list("serial", "number")) == [
        (1, first.document.number),
        (2, second.document.number),
    ]
    text = text_of(read(second.document.file_id))
    assert f"1. Nama : {team.staf.name}" in text
    assert "Ditetapkan di : Kisaran Timur" in text


SECRECY = [
    # secrecy, of the own office (not in the chain), the recipient's head, the recipient's staff, a stranger
    ("biasa", True, True, True, False),
    ("terbatas", False, True, True, False),
    ("rahasia", False, True, False, False),
    ("sangat_rahasia", False, True, False, False),
]


@pytest.mark.parametrize(("secrecy", "own", "head", "staff", "stranger"), SECRECY)
def test_who_may_read_by_secrecy(
    team: Team, secrecy: str, own: bool, head: bool, staff: bool, stranger: bool
) -> None:
    naskah = team.signed(secrecy=secrecy, content={"isi": "Isi yang menentukan, kata kunci belalang."})
    assert naskah.document is not None
    actions.dispatch(naskah, by=team.staf, now=NOW)
    incoming = Incoming.objects.get()

    def reads(official: Any) -> bool:
        allowed = queries.may_read(official, naskah, NOW)
        listed = {row.key for row in queries.box(official, "terkirim", now=NOW, text="belalang").rows}
        if official.agency_id == naskah.agency_id:  # the same rule as a condition of the database
            assert (naskah.reference in listed) is allowed
        try:
            queries.naskah_for(naskah.reference, official, NOW)
        except NaskahNotFound:
            assert not allowed
        else:
            assert allowed
        return allowed

    assert all(reads(one) for one in (team.staf, team.sekretaris, team.lurah))
    assert reads(team.loket) is own
    assert reads(team.camat) is head
    assert reads(team.kasi[0]) is staff
    assert reads(team.people["kadis"]) is stranger
    assert queries.may_read_incoming(team.kasi[0], incoming, NOW) is staff
    assert ({row.key for row in queries.box(team.kasi[0], "masuk", now=NOW).rows} != set()) is staff
    (line,) = queries.agenda(team.loket, "out", 2026, now=NOW)
    assert (line.subject == naskah.subject) is own
    assert bool(line.key) is own
    assert bool(queries.agenda(team.loket, "out", 2026, "ruang rapat", now=NOW)) is own
    # Whoever holds a disposition reads it, too.
    actions.dispose(incoming, by=team.camat, now=NOW, takers=[team.kasi[0]], instruction="tindak_lanjuti")
    assert queries.may_read(team.kasi[0], naskah, NOW)
    secret = secrecy in rules.SECRET
    opened = [
        event.actor for event in events_of(f"naskah:{naskah.reference}") if event.kind == "naskah.secret_read"
    ]
    assert bool(opened) is secret
    assert (f"official:{team.camat.pk}" in opened) is secret
    words = " ".join(OutboundMessage.objects.values_list("title", flat=True))
    assert (naskah.subject in words) is not secret


@pytest.mark.parametrize("secrecy", [row[0] for row in SECRECY])
def test_what_a_verifier_sees(team: Team, secrecy: str) -> None:
    naskah = team.signed(secrecy=secrecy)
    document = naskah.document
    assert document is not None
    verdict = verdict_of_pdf(read(document.file_id), now=NOW)
    assert verdict.verdict == "valid"
    said = verdict.facts()["letter"]
    assert said["number"] == document.number
    assert said["office"] == "Kelurahan Kisaran Timur"
    told = {row["key"]: row["value"] for row in said["content"]}
    assert told == (
        {"subject": "Permohonan ruang rapat", "to": "Camat Kisaran Timur", "classification": "000.1.4"}
        if secrecy == "biasa"
        else {}
    )
    # A secret one is opened by nobody who merely holds a copy; its pages say what it is.
    assert bool(document.open_code) is (secrecy not in rules.SECRET)
    assert ("RAHASIA" in text_of(read(document.file_id))) is (secrecy in rules.SECRET)


def test_uploaded_pdfs_are_signed_as_they_are_and_numbered_in_the_register(team: Team) -> None:
    from satuklik.spine.signing.placement import Placement

    pdf = queries.preview(team.draft(), "pdf")
    naskah = actions.create_upload(
        pdf, by=team.staf, now=NOW, placement=Placement(1, 300, 100), recipients=[To("to", agency_code="dinkes")],
        **{name: LETTER[name] for name in ("subject", "classification", "urgency", "secrecy")},
    )  # fmt: skip
    actions.submit(naskah, by=team.staf, now=NOW, chain=[])
    assert shown(naskah) == naskah.uploaded_id
    document = actions.sign(naskah, by=team.lurah, key=team.key, now=NOW, sha256_seen=shown(naskah))
    signed = read(document.file_id)
    assert signed.startswith(pdf)
    assert document.number == "000.1.4/001/20.1009/XI/2026"
    assert document.service == "naskah:unggahan"
    assert verdict_of_pdf(signed, now=NOW).verdict == "valid"


@pytest.mark.parametrize(
    "broken", [b"", b"bukan PDF", b"%PDF-1.7\nrusak", b"%PDF-1.7\n" + b"x" * (20 * 1024 * 1024)]
)
def test_what_cannot_be_signed_is_refused_at_the_upload(keyless: Team, broken: bytes) -> None:
    with pytest.raises(BadUpload) as caught:
        actions.create_upload(broken, by=keyless.staf, now=NOW, recipients=[], subject="x", classification="000",
                              urgency="biasa", secrecy="biasa")  # fmt: skip
    assert str(caught.value)
    assert not Naskah.objects.exists()


def test_a_letter_from_outside_is_registered_and_its_scan_kept(keyless: Team) -> None:
    given = {
        "agency": keyless.kelurahan, "by": keyless.loket, "now": NOW, "number": "12/PT/2026", "dated": NOW.date(),
        "correspondent": "PT Kebun Sejahtera", "subject": "Permohonan data", "classification": "000.1",
        "secrecy": "biasa", "urgency": "segera",
    }  # fmt: skip
    incoming = actions.register_incoming(scan=b"\x89PNG\r\n\x1a\nisi", **given)
    assert queries.incoming_file(incoming) == (b"\x89PNG\r\n\x1a\nisi", "image/png")
    second = actions.register_incoming(scan=None, **given)
    assert [incoming.entry.serial, second.entry.serial] == [1, 2]
    with pytest.raises(BadUpload):
        actions.register_incoming(scan=b"GIF89a", **given)
    with pytest.raises(NotYours):
        actions.register_incoming(scan=None, **(given | {"by": keyless.camat}))
    assert AgendaEntry.objects.filter(direction="in").count() == 2
    read_ = actions.read(second, by=keyless.lurah, now=later())
    assert (read_.read_by, read_.state) == (keyless.lurah, "read")
    assert actions.read(second, by=keyless.staf, now=later(5)).read_by == keyless.lurah


DISPOSITIONS = [
    # giver, taker, allowed
    ("camat", "sekcam", True), ("camat", "kasi_pem", True), ("sekcam", "kasi_pem", True),
    ("sekcam", "camat", False), ("camat", "camat", False), ("camat", "kadis", False), ("camat", "lurah", True),
    ("kasi_pem", "kasi_umum", False), ("lurah", "kasi_pem", False),
]  # fmt: skip


@pytest.mark.parametrize(("giver", "taker", "allowed"), DISPOSITIONS)
def test_dispositions_go_down(team: Team, giver: str, taker: str, allowed: bool) -> None:
    naskah = team.signed()
    (incoming,) = actions.dispatch(naskah, by=team.staf, now=NOW)
    by, to = team.people[giver], team.people[taker]
    possible = (
        {one.id for one in queries.incoming_for(incoming.pk, by, NOW).takers}
        if by.agency_id == incoming.agency_id
        else set()
    )
    if allowed:
        (made,) = actions.dispose(incoming, by=by, now=NOW, takers=[to], instruction="tindak_lanjuti")
        assert made.taker == to
        assert to.pk in possible or to.agency_id != by.agency_id
    else:
        with pytest.raises((BadDisposition, NotYours)):
            actions.dispose(incoming, by=by, now=NOW, takers=[to], instruction="tindak_lanjuti")
        assert not incoming.dispositions.exists()


def test_who_acts_for_the_head_disposes_and_the_head_does_not(team: Team) -> None:
    (incoming,) = actions.dispatch(team.signed(), by=team.staf, now=NOW)
    act(team.sekcam, team.kecamatan, "Plh")
    with pytest.raises(NotYours):
        actions.dispose(incoming, by=team.camat, now=NOW, takers=[team.kasi[0]], instruction="hadiri")
    (made,) = actions.dispose(incoming, by=team.sekcam, now=NOW, takers=[team.kasi[0]], instruction="hadiri")
    assert made.acting_as == "Plh"
    with pytest.raises(BadDisposition):
        actions.dispose(incoming, by=team.sekcam, now=NOW, takers=[team.kasi[0]], instruction="hadiri")
    actions.close(incoming, by=team.sekcam, now=later())
    with pytest.raises(WrongState):
        actions.dispose(incoming, by=team.sekcam, now=later(), takers=[team.kasi[1]], instruction="hadiri")


def test_the_signing_desk_signs_what_was_seen(team: Team) -> None:
    naskah = team.ready()
    (waiting,) = signables.waiting(team.lurah, None, NOW)
    assert (waiting.reference, waiting.seen, waiting.pages) == (naskah.reference, shown(naskah), 1)
    assert signables.waiting(team.lurah, ["ND-2026-999999", "nol\0"], NOW) == []
    with pytest.raises(NotTheVersionShown):
        signables.sign(naskah.reference, "0" * 64, team.lurah, team.key, NOW)
    with pytest.raises(NaskahNotFound):
        signables.sign("ND-0", waiting.seen, team.lurah, team.key, NOW)
    assert signables.done(naskah.reference, team.lurah, NOW - timedelta(hours=1)) is None
    signed = signables.sign(naskah.reference, waiting.seen, team.lurah, team.key, NOW)
    assert signables.done(naskah.reference, team.lurah, NOW - timedelta(hours=1)) == signed
    for error in (NaskahNotFound("x"), WrongState("draft", "signed")):
        assert signables.explain(error)


def test_reminders_come_after_two_working_days(keyless: Team) -> None:
    keyless.up(keyless.draft())  # a Tuesday
    told = OutboundMessage.objects.filter(kind="naskah.late")
    for days, expected in ((1, 0), (2, 0), (3, 1), (4, 0), (5, 0), (6, 1)):  # Saturday and Sunday: nobody
        actions.remind(now=NOW + timedelta(days=days))
        assert told.count() == expected, days
        told.delete()
    assert queries.counts(keyless.sekretaris, NOW + timedelta(days=3))["paraf"] == (1, 1)


def test_proposed_chains_follow_the_hierarchy(offices: dict[str, Any]) -> None:
    def names(key: str, **more: Any) -> list[list[str]]:
        chain = queries.proposed_chain(offices[key], now=NOW, **more)
        return [
            [next(name for name, one in offices.items() if one.pk == who.pk) for who in group]
            for group in chain
        ]

    assert names("staf") == [["kasi_lurah"], ["sekretaris"]]
    assert names("kasi_lurah") == [["sekretaris"]]
    assert names("sekretaris") == []
    assert names("lurah") == []
    assert names("staf", signer=offices["sekretaris"]) == [["kasi_lurah"]]
    assert names("kasi_pem", signed_for=offices["bupati"].agency) == [["sekcam"], ["camat"]]


def test_exports_are_safe_in_a_spreadsheet(team: Team) -> None:
    from openpyxl import load_workbook

    team.signed(subject='=HYPERLINK("http://jahat.example")')
    csv = queries.agenda_csv(team.staf, "out", 2026, now=NOW)
    assert "'=HYPERLINK" in csv
    sheet = load_workbook(io.BytesIO(queries.agenda_xlsx(team.staf, "out", 2026, now=NOW))).active
    rows = list(sheet.values)
    assert rows[0][0] == "No."
    assert rows[1][0] == 1
    assert str(rows[1][5]).startswith("'=")


def test_sheets_print_what_happened(team: Team) -> None:
    naskah = team.signed()
    (incoming,) = actions.dispatch(naskah, by=team.staf, now=NOW)
    empty = text_of(queries.disposition_sheet(incoming))
    assert "Untuk diketahui" in empty
    actions.dispose(
        incoming, by=team.camat, now=NOW, takers=[team.sekcam], instruction="hadiri", note="Wakili saya."
    )
    sheet = text_of(queries.disposition_sheet(Incoming.objects.get(pk=incoming.pk)))
    assert "Wakili saya." in sheet
    control = text_of(queries.control_sheet(Naskah.objects.get(pk=naskah.pk)))
    step = naskah.steps.get(kind="paraf")
    assert team.sekretaris.name in control
    assert step.hash[:20] in control
    assert "utuh, 2 mata rantai" in control


def test_an_outcome_that_is_not_known_is_never_signed_over(team: Team) -> None:
    from satuklik.spine.signing.errors import OutcomeUnknown
    from satuklik.spine.signing.models import KeyUse, SigningKey

    naskah = team.ready()
    use = KeyUse.objects.create(
        key=SigningKey.objects.get(official=team.lurah), at=NOW, purpose="naskah:surat-dinas",
        reference=naskah.reference, sha256="0" * 64, outcome="unknown",
    )  # fmt: skip
    with pytest.raises(OutcomeUnknown) as caught:
        actions.sign(naskah, by=team.lurah, key=team.key, now=NOW, sha256_seen=shown(naskah))
    assert caught.value.use_id == use.pk
    assert not AgendaEntry.objects.exists()


def test_the_numbers_of_the_rail_are_those_of_the_boxes(team: Team) -> None:
    def late() -> Naskah:
        naskah, due = team.draft(), timezone.localdate(NOW) - timedelta(days=9)
        return actions.edit(naskah, by=team.staf, now=NOW, changed_at_seen=naskah.changed_at, due_on=due)

    team.draft(), late()
    actions.give_back(team.up(team.draft()), by=team.sekretaris, now=NOW, reason="Salah alamat")
    team.up(team.draft()), team.up(late()), team.ready()
    actions.dispatch(team.signed(), by=team.staf, now=NOW)
    seen = set()
    for who in (team.staf, team.sekretaris, team.lurah, team.camat):
        for now in (NOW, NOW + timedelta(days=4)):
            counts = queries.counts(who, now)
            for name, count in counts.items():
                rows = queries.box(who, name, now=now).rows
                if name == "masuk":
                    rows = tuple(row for row in rows if row.unread)
                if name != "terkirim":
                    assert count == (len(rows), sum(row.late for row in rows)), (who.name, name, now)
                    seen.add((name, count != (0, 0)))
    assert {name for name, some in seen if some} == {"draf", "dikembalikan", "paraf", "tandatangan", "masuk"}
