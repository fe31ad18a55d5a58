"""More naskah dinas of the demo: every template, several offices, every state, so that registers and searches have rows."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from satuklik.base.agencies import queries as agencies
from satuklik.base.agencies.models import Official
from satuklik.run import demo_people
from satuklik.run.steps import Progress
from satuklik.spine.signing import actions as signing
from satuklik.systems.correspondence import actions, queries, samples
from satuklik.systems.correspondence.models import Incoming, Naskah
from satuklik.systems.correspondence.rules import To

# days ago, template, subject, class, urgency, secrecy, how far it got
STORIES = (
    (30, "surat-dinas", "Permintaan data penduduk rentan", "400.12", "biasa", "biasa", "sent"),
    (28, "surat-tugas", "Pendampingan perekaman KTP-el di sekolah", "800.1.11.1", "biasa", "biasa", "sent"),
    (26, "surat-undangan", "Undangan rapat persiapan musrenbang", "000.1.5", "segera", "biasa", "sent"),
    (24, "surat-edaran", "Penggunaan tanda tangan elektronik", "000.8.3", "biasa", "biasa", "sent"),
    (22, "berita-acara", "Serah terima peralatan perekaman", "000.2.3", "biasa", "biasa", "sent"),
    (20, "surat-keterangan", "Keterangan melaksanakan tugas", "800.1.11", "biasa", "biasa", "sent"),
    (18, "surat-dinas", "Hasil pemeriksaan internal loket", "700.1", "segera", "terbatas", "sent"),
    (16, "surat-dinas", "Laporan dugaan penyalahgunaan data", "700.1", "sangat_segera", "rahasia", "sent"),
    (14, "surat-dinas", "Jadwal pelayanan keliling triwulan ini", "400.12", "biasa", "biasa", "sent"),
    (12, "surat-undangan", "Undangan bimbingan teknis petugas loket", "800.2", "biasa", "biasa", "sent"),
    (10, "surat-dinas", "Usulan penambahan jaringan", "500.12", "biasa", "biasa", "signed"),
    (9, "surat-tugas", "Monitoring pelayanan desa", "800.1.11.1", "biasa", "biasa", "signed"),
    (8, "surat-dinas", "Penyampaian laporan kearsipan", "000.5", "biasa", "biasa", "to_sign"),
    (7, "surat-edaran", "Jam pelayanan pada hari libur", "000.8.3.4", "segera", "biasa", "to_sign"),
    (6, "surat-dinas", "Permohonan narasumber", "800.2", "biasa", "biasa", "in_review"),
    (5, "surat-undangan", "Undangan evaluasi pelayanan", "000.1.5", "segera", "biasa", "in_review"),
    (4, "surat-dinas", "Tindak lanjut pengaduan warga", "000.8.3.4", "sangat_segera", "biasa", "returned"),
    (3, "surat-tugas", "Survei lokasi loket baru", "800.1.11.1", "biasa", "biasa", "draft"),
    (2, "surat-dinas", "Pemberitahuan pemeliharaan sistem", "500.12", "biasa", "biasa", "draft"),
    (1, "surat-dinas", "Rencana kerja sama perguruan tinggi", "400.14.5", "biasa", "biasa", "cancelled"),
)  # fmt: skip
RECIPIENTS = ("kec-12.09.20", "kel-12.09.20.1009", "diskominfo")


def load(report: Progress) -> None:
    """Let Disdukcapil write them, through the same actions as everywhere."""
    head = agencies.demo_official("kadis_dukcapil")
    now, office = timezone.now(), agencies.officials(head.agency, timezone.localdate())
    drafter = next(one for one in office if one.role == "staff")
    passphrase = demo_people.read()["kadis_dukcapil"].passphrase
    # The key is opened once: that alone takes 0.2 s.
    with signing.unlock(head, passphrase, now) as key:
        for done, (days, kind, subject, code, urgency, secrecy, until) in enumerate(STORIES, 1):
            at = now - timedelta(days=days)
            given = {"subject": subject, "classification": code, "urgency": urgency, "secrecy": secrecy}
            naskah = _drafted(kind, drafter, at, given)
            _take_on(naskah, drafter, head, key, at, until)
            report(done, len(STORIES))


def _drafted(kind: str, drafter: Official, at: datetime, given: dict[str, Any]) -> Naskah:
    template = queries.kind(kind)
    content = samples.content(template)
    people = [
        one.pk for one in agencies.officials(drafter.agency, at.date()) if one.role in ("staff", "counter")
    ]
    content |= {field.id: people[:2] for field in template.fields if field.type == "officials"}
    recipients = [] if template.recipients == "none" else [To("to", code) for code in RECIPIENTS]
    copies = [To("copy", "setda"), To("copy", name="Ketua Forum Layanan Publik", address="Kisaran")]
    return actions.create(
        kind, by=drafter, now=at, content=content, recipients=[*recipients, *copies], **given
    )


def _take_on(
    naskah: Naskah, drafter: Official, head: Official, key: signing.UnlockedKey, at: datetime, until: str
) -> None:
    """Take it as far as its story says."""
    if until == "draft":
        return
    if until == "cancelled":
        actions.cancel(naskah, by=drafter, now=at, reason="Kegiatan ditunda ke tahun depan.")
        return
    chain = queries.proposed_chain(drafter, now=at)
    naskah = actions.submit(naskah, by=drafter, now=at, chain=chain)
    seen = naskah.versions.get(number=naskah.version).file_id
    if until == "in_review":
        return
    if until == "returned":
        actions.give_back(
            naskah, by=chain[0][0], now=at + timedelta(hours=1), reason="Sebutkan nomor pengaduannya."
        )
        return
    for number, one in enumerate((one for group in chain for one in group), 1):
        actions.paraf(naskah, by=one, now=at + timedelta(minutes=20 * number), sha256_seen=seen)
    if until == "to_sign":
        return
    actions.sign(naskah, by=head, key=key, now=at + timedelta(hours=2), sha256_seen=seen)
    if until == "sent":
        for arrived in actions.dispatch(naskah, by=drafter, now=at + timedelta(hours=3)):
            _handle(arrived, at + timedelta(hours=5))
        outside = naskah.recipients.get(agency=None)
        actions.confirm_sent(outside, by=drafter, now=at + timedelta(hours=4), how="diantar petugas")


def _handle(arrived: Incoming, at: datetime) -> None:
    """Older letters were read and dealt with where they arrived."""
    if at > timezone.now() - timedelta(days=15):
        return
    head = agencies.head_of(arrived.agency, at).official
    actions.read(arrived, by=head, now=at)
    takers = [one for one in agencies.officials(arrived.agency, at.date()) if one.role == "secretary"][:1]
    if not takers:
        return
    (given,) = actions.dispose(
        arrived, by=head, now=at, takers=takers, instruction="tindak_lanjuti", note="Laporkan hasilnya."
    )
    actions.report(given, by=takers[0], now=at + timedelta(days=1), text="Sudah ditindaklanjuti.")
