"""Naskah dinas that the demo begins with: drafts, letters on their way up, sent and received, with dispositions."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.utils import timezone

from satuklik.base.agencies import queries as agencies
from satuklik.base.agencies.models import Official
from satuklik.run import demo_people
from satuklik.run.steps import Progress
from satuklik.spine.signing import actions as signing
from satuklik.systems.correspondence import actions
from satuklik.systems.correspondence.models import Incoming, Naskah
from satuklik.systems.correspondence.rules import To

BODY = (
    "Dalam rangka menindaklanjuti rapat koordinasi pelayanan publik tingkat kecamatan, dengan ini disampaikan hal-hal "
    "sebagai berikut:\n\n"
    "1. Setiap kelurahan menyampaikan laporan pelayanan paling lambat tanggal 5 setiap bulan.\n"
    "2. Data warga yang belum terekam KTP-el disampaikan bersama laporan tersebut.\n"
    "3. Petugas loket mengikuti bimbingan teknis di kantor kecamatan."
)


class _Office:
    """The people of Kecamatan Kisaran Timur and of one of its kelurahan, as they sit at their desks."""

    def __init__(self) -> None:
        self.people = {
            name: agencies.demo_official(name)
            for name in (
                "bu_camat", "sekcam", "staf_camat", "kasi_camat", "operator_camat", "pak_lurah",
                "sekretaris_lurah", "staf_desa",
            )
        }  # fmt: skip
        self.passphrases = {name: one.passphrase for name, one in demo_people.read().items()}

    def __getattr__(self, name: str) -> Official:
        return self.people[name]


def load(report: Progress) -> None:
    """Write them as their officials would, some days ago."""
    office, now = _Office(), timezone.now()
    stories: list[Callable[[], object]] = [
        partial(_sent, office, now - timedelta(days=4), "Laporan pelayanan bulanan", "segera"),
        partial(_sent, office, now - timedelta(days=1), "Undangan rapat koordinasi pelayanan", "biasa"),
        partial(
            _waiting, office, now - timedelta(days=3), "Permintaan data penerima bantuan", 0, "sangat_segera"
        ),
        partial(_waiting, office, now - timedelta(days=2), "Jadwal perekaman KTP-el keliling", 2, "segera"),
        partial(
            _waiting, office, now - timedelta(hours=5), "Penunjukan petugas bimbingan teknis", 3, "biasa"
        ),
        partial(
            _waiting, office, now - timedelta(hours=3), "Pembersihan saluran air menjelang hujan", 3, "segera"
        ),
        partial(_returned, office, now - timedelta(days=1)),
        partial(_draft, office, now - timedelta(hours=1), "Pemberitahuan gotong royong"),
        partial(_from_outside, office, now - timedelta(days=6)),
    ]
    for done, story in enumerate(stories, start=1):
        story()
        report(done, len(stories))


def _draft(office: _Office, at: datetime, subject: str, urgency: str = "biasa") -> Naskah:
    return actions.create(
        "surat-dinas", by=office.operator_camat, now=at, subject=subject, classification="000.1",
        urgency=urgency, secrecy="biasa", content={"isi": BODY},
        recipients=[
            To("to", office.pak_lurah.agency.code),
            To("to", "", "Ketua Karang Taruna Kisaran Timur", "Kisaran"),
            To("copy", "diskominfo"),
        ],
    )  # fmt: skip


def _waiting(office: _Office, at: datetime, subject: str, parafs: int, urgency: str = "biasa") -> Naskah:
    """Gone up, with this many of its three parafs."""
    naskah = _draft(office, at, subject, urgency)
    chain = [[office.staf_camat, office.kasi_camat], [office.sekcam]]
    naskah = actions.submit(naskah, by=office.operator_camat, now=at, chain=chain)
    for number, official in enumerate(
        [office.staf_camat, office.kasi_camat, office.sekcam][:parafs], start=1
    ):
        actions.paraf(
            naskah, by=official, now=at + timedelta(minutes=20 * number), sha256_seen=_sha256(naskah)
        )
    return naskah


def _sent(office: _Office, at: datetime, subject: str, urgency: str) -> Naskah:
    """Signed, sent, and read by the kelurahan; an older one also has a disposition."""
    naskah = _waiting(office, at, subject, 3, urgency)
    signed_at = at + timedelta(hours=2)
    with signing.unlock(office.bu_camat, office.passphrases["bu_camat"], signed_at) as key:
        actions.sign(naskah, by=office.bu_camat, key=key, now=signed_at, sha256_seen=_sha256(naskah))
    naskah.refresh_from_db()
    for arrived in actions.dispatch(naskah, by=office.operator_camat, now=signed_at + timedelta(minutes=5)):
        if arrived.agency_id == office.pak_lurah.agency_id and urgency != "biasa":
            _dispose(office, arrived, signed_at + timedelta(hours=3))
    return naskah


def _returned(office: _Office, at: datetime) -> None:
    naskah = _waiting(office, at, "Usulan perbaikan jalan lingkungan", 1)
    actions.give_back(
        naskah, by=office.kasi_camat, now=at + timedelta(hours=1),
        reason="Lampirkan daftar ruas jalan beserta panjangnya, dan sebut sumber datanya.",
    )  # fmt: skip


def _from_outside(office: _Office, at: datetime) -> None:
    arrived = actions.register_incoming(
        agency=office.pak_lurah.agency, by=office.staf_desa, now=at, number="045/KT/XI/2026", dated=at.date(),
        correspondent="Karang Taruna Kisaran Timur", subject="Permohonan izin memakai lapangan",
        classification="000.1", secrecy="biasa", urgency="biasa", scan=None,
    )  # fmt: skip
    actions.read(arrived, by=office.pak_lurah, now=at + timedelta(hours=1))


def _dispose(office: _Office, arrived: Incoming, at: datetime) -> None:
    due = timezone.localdate() + timedelta(days=2)
    actions.read(arrived, by=office.pak_lurah, now=at)
    (given,) = actions.dispose(
        arrived, by=office.pak_lurah, now=at, takers=[office.sekretaris_lurah],
        instruction="tindak_lanjuti", note="Siapkan laporannya bersama seksi pemerintahan.", due_on=due,
    )  # fmt: skip
    actions.dispose(
        arrived, by=office.sekretaris_lurah, now=at + timedelta(hours=1), takers=[office.staf_desa],
        instruction="tindak_lanjuti", note="Kumpulkan datanya.", due_on=due, parent=given,
    )  # fmt: skip


def _sha256(naskah: Naskah) -> str:
    """The digest of the version in force."""
    sha256: str = naskah.versions.get(number=naskah.version).file_id
    return sha256
