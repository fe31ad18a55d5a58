"""The press desk of the demo: six outlets, ten questions in all states with the agencies' facts, four releases.

Outlets, journalists and reports are made up (.example). Agencies answer as agencies do: most in time, one slowly, one
not at all, so that the public board and the list of the silent have something to show.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from io import BytesIO
from typing import Any

from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageDraw

from satuklik.base.agencies import queries as agencies
from satuklik.base.agencies.models import Agency, Official
from satuklik.base.calendar import queries as calendar
from satuklik.run import demo_people
from satuklik.run.steps import Progress
from satuklik.spine.referrals import actions as referrals
from satuklik.spine.referrals.models import Referral
from satuklik.spine.signing import actions as signing
from satuklik.systems.press import actions
from satuklik.systems.press.models import Enquiry, Outlet, PressLetter

OUTLETS = {
    "Harian Asahan Contoh": "print", "Kabar Kisaran Contoh": "online", "Radio Pesisir Contoh": "radio", "Pagi Contoh": "online",
    "TV Bahari Contoh": "tv", "Tanjung Contoh": "online",
}  # fmt: skip
SILENT = "dpupr"  # the office that never answers in the demo


@dataclass(frozen=True)
class Question:
    """One question: how many working days ago at which hour (or how many minutes ago), who asks whom about what, and
    how far it came."""

    days: int
    at: time | int
    name: str
    outlet: str
    text: str
    allegation: str
    offices: tuple[str, ...]
    until: str
    urgent: bool = False


QUESTIONS = (
    Question(
        12, time(9, 5), "Bram Contoh", "Harian Asahan Contoh",
        "Berapa rumah rusak oleh banjir rob, dan kapan tanggul diperbaiki?", "Penanganan banjir lambat.",
        ("bpbd", "dinsos", "disperkim"), "balanced", urgent=True,
    ),
    Question(
        11, time(10, 20), "Citra Misal", "Kabar Kisaran Contoh", "Apakah benar stok vaksin di puskesmas habis?",
        "Puskesmas menolak pasien.", ("dinkes", "rsud"), "run",
    ),
    Question(
        9, time(8, 40), "Dodo Umpama", "Radio Pesisir Contoh", "Kapan jalan ke pasar ikan selesai diperbaiki?", "",
        (SILENT, "diskan", "diskopdag"), "published",
    ),
    Question(
        8, time(13, 10), "Eka Rekaan", "Pagi Contoh", "Berapa siswa belum menerima seragam gratis?",
        "Bantuan seragam tidak merata.", ("disdik", "dinsos"), "dewan_pers",
    ),
    Question(
        6, time(11, 0), "Fajar Contoh", "TV Bahari Contoh", "Mohon data penerima bantuan beras tiga tahun terakhir.", "",
        ("dinsos", "bpbd"), "sent",
    ),
    Question(
        4, time(9, 30), "Gita Misal", "Tanjung Contoh", "Mengapa lampu jalan lintas padam dua minggu?", "",
        ("dishub", SILENT), "not_published",
    ),
    Question(
        0, 190, "Bram Contoh", "Harian Asahan Contoh", "Apa rencana pemerintah untuk sampah di pantai?",
        "Sampah pantai dibiarkan.", ("dlh", "disporapar", "dinkes"), "approved",
    ),
    Question(
        0, 150, "Citra Misal", "Kabar Kisaran Contoh", "Berapa izin usaha terbit bulan lalu?", "",
        ("dpmptsp", "bapenda", "dinkes"), "draft",
    ),
    Question(
        0, 115, "Dodo Umpama", "Radio Pesisir Contoh",
        "Benarkah jembatan Sungai Silau ditutup? Siaran kami pukul 12.00.", "Warga tidak diberi tahu.",
        (SILENT, "dishub", "bpbd"), "facts_requested", urgent=True,
    ),
    Question(
        0, 25, "Gita Misal", "Tanjung Contoh", "Mohon tanggapan tentang antrean KTP-el di mal pelayanan.", "",
        (), "asked",
    ),
)  # fmt: skip
FACTS = {
    "bpbd": "Tercatat 12 rumah rusak ringan di dua desa; tidak ada korban. Posko buka 24 jam.",
    "dinsos": "Bantuan sudah diterima 312 keluarga; sisanya disalurkan minggu ini.",
    "disperkim": "Perbaikan rumah rusak ringan dimulai minggu depan dengan dana siap pakai.",
    "dinkes": "Seluruh 29 puskesmas melayani seperti biasa; stok vaksin cukup untuk 30 hari.",
    "rsud": "Rumah sakit tidak menolak pasien; rujukan dilayani 24 jam.",
    "diskan": "Pasar ikan tetap buka; jalur sementara lewat sisi timur.",
    "diskopdag": "Pedagang sudah diberi tahu jalur sementara melalui pengelola pasar.",
    "disdik": "Dari 8.410 siswa penerima, 214 belum menerima karena ukuran; dikirim Jumat ini.",
    "dishub": "Lampu padam karena kabel dicuri; penggantian selesai akhir minggu.",
    "dlh": "Pengangkutan ditambah menjadi dua kali sehari; kerja bakti pantai setiap Jumat.",
    "disporapar": "Tempat sampah baru dipasang di tiga pantai wisata.",
    "dpmptsp": "Bulan lalu terbit 187 izin usaha, 171 di antaranya pada hari yang sama.",
    "bapenda": "Pelaku usaha baru yang terdaftar sebagai wajib pajak bulan lalu: 96.",
}
RELEASES = (
    (
        20,
        "Mal Pelayanan Publik buka layanan Sabtu",
        "Layanan kependudukan dan perizinan buka Sabtu pukul 08.00–12.00.",
    ),
    (
        10,
        "Jembatan gantung Bandar Pulau selesai diperbaiki",
        "Jembatan kembali dapat dilalui kendaraan roda dua.",
    ),
    (3, "Posko banjir rob siaga 24 jam", "Warga pesisir dapat melapor lewat WhatsApp pemerintah daerah."),
    (0, "Imunisasi polio putaran kedua dimulai Senin", "Semua puskesmas dan posyandu melayani tanpa biaya."),
)
BODY = (
    "Kisaran. {summary}\n\n"
    "Pemerintah Kabupaten Asahan mengajak warga memanfaatkan layanan ini. Informasi lengkap tersedia di portal Satu "
    "Klik dan di kantor kecamatan.\n\n"
    "Pertanyaan wartawan dapat diajukan lewat halaman Untuk Wartawan; yang mendesak dijawab dalam dua jam."
)


class _Desk:
    """The people of the press desk."""

    def __init__(self, key: Any) -> None:
        self.key = key
        self.superior = agencies.demo_official(
            "sekda"
        )  # who has a key: the head's certificate comes with the enrolment
        self.ppid = agencies.demo_official("ppid")
        self.head = agencies.demo_official("kadis_kominfo")
        people = agencies.officials(agencies.agency("diskominfo"), timezone.localdate())
        self.writer = next(one for one in people if one.role == "staff")


def load(report: Progress) -> None:
    """Play the last weeks at the press desk; everything or nothing."""
    now, passphrase = timezone.now(), demo_people.read()["sekda"].passphrase
    with transaction.atomic(), signing.unlock(agencies.demo_official("sekda"), passphrase, now) as key:
        _play(_Desk(key), now, report)


def _play(desk: _Desk, now: datetime, report: Progress) -> None:
    steps: list[Callable[[], object]] = [
        *(partial(_question, one, desk, now) for one in QUESTIONS),
        *(partial(_release, days, title, summary, desk=desk, now=now) for days, title, summary in RELEASES),
    ]
    for number, step in enumerate(steps, start=1):
        step()
        report(number, len(steps))


def _moment(days: int, at: time | int, now: datetime) -> datetime:
    """`at` on the working day `days` working days ago; minutes count back from now."""
    if isinstance(at, int):
        return now - timedelta(minutes=at)
    day = calendar.working_days().add(timezone.localdate(now), -days)
    return timezone.make_aware(datetime.combine(day, at))


def _question(one: Question, desk: _Desk, now: datetime) -> None:
    asked_at = _moment(one.days, one.at, now)
    enquiry = actions.ask(
        name=one.name, outlet=one.outlet, email=f"{one.name.split()[0].lower()}@media.example", question=one.text,
        allegation=one.allegation, urgent=one.urgent, received_at=asked_at, now=asked_at, channel="web",
    ).enquiry  # fmt: skip
    Outlet.objects.filter(pk=enquiry.outlet_id).update(
        kind=OUTLETS[one.outlet], email=f"redaksi@{one.outlet.split()[0].lower()}.example"
    )
    if one.until == "asked":
        return
    at = asked_at + timedelta(minutes=8)
    actions.assign(enquiry, to=desk.writer, by=desk.ppid, now=at)
    asked = actions.request_facts(
        enquiry, agencies=agencies.agencies_by_code(one.offices), question=one.text, by=desk.writer, now=at
    )
    at = _answers(
        asked, desk, at, min(now, asked_at + timedelta(minutes=85)), finished=one.until != "facts_requested"
    )
    if one.until == "facts_requested":
        return
    _statement(one, enquiry, desk, min(now, at + timedelta(minutes=5)))
    if one.until in ("approved", "draft"):
        return
    _after(one, enquiry, desk, min(now, at + timedelta(hours=4)))


def _answers(asked: list[Referral], desk: _Desk, at: datetime, end: datetime, *, finished: bool) -> datetime:
    """Agencies answer one after the other; the silent one is answered for when its last hop has passed."""
    for number, referral in enumerate(asked):
        if referral.agency.code == SILENT:
            continue
        contact = _somebody(referral.agency)
        at = min(end, at + timedelta(minutes=6 + 5 * number))
        referrals.acknowledge(referral, by=contact, via="desk", now=at)
        at = min(end, at + timedelta(minutes=9))
        referrals.answer(referral, text=FACTS[referral.agency.code], by=contact, now=at)
    for referral in asked:
        if referral.agency.code != SILENT:
            continue
        for minutes in range(10, 90, 10):
            referrals.escalate(min(end, referral.asked_at + timedelta(minutes=minutes)))
        if finished:
            referrals.answer(
                referral, text="Pekerjaan masih berjalan; jadwal pasti menunggu laporan dinas teknis.", by=desk.ppid,
                now=end, on_behalf_reason="Dinas tidak menjawab di semua tingkat.",
            )  # fmt: skip
            at = end
    return at


def _statement(one: Question, enquiry: Enquiry, desk: _Desk, at: datetime) -> None:
    text = "\n\n".join(FACTS[code] for code in one.offices if code in FACTS)
    actions.write(
        enquiry, text=f"Pemerintah Kabupaten Asahan menyampaikan:\n\n{text}", by=desk.writer, now=at, submit=True,
        spokesperson=f"{desk.head.name}, {desk.head.position}",
    )  # fmt: skip
    if one.until == "draft":
        return
    actions.approve(enquiry, seen=1, by=desk.head, now=at + timedelta(minutes=4))
    if one.until != "approved":
        actions.send(enquiry, by=desk.writer, now=at + timedelta(minutes=6))


def _after(one: Question, enquiry: Enquiry, desk: _Desk, at: datetime) -> None:
    """What was printed, and the right of reply."""
    if one.until == "sent":
        return
    if one.until == "not_published":
        actions.judge(enquiry, verdict="not_published", by=desk.ppid, now=at)
        return
    day, link = (
        timezone.localdate(at),
        f"https://{one.outlet.split()[0].lower()}.example/berita/{enquiry.pk}",
    )
    actions.published(enquiry, link=link, on=day, by=desk.ppid, now=at)
    if one.until == "balanced":
        actions.judge(enquiry, verdict="balanced", by=desk.ppid, now=at)
    if one.until not in ("run", "dewan_pers"):
        return
    letter = actions.write_letter(
        enquiry, text="Kami menggunakan hak jawab atas berita itu, yang belum memuat penjelasan pemerintah daerah.",
        office=desk.superior.agency.code, by=desk.ppid, now=at,
    )  # fmt: skip
    _sign(letter, desk, at)
    actions.send_letter(enquiry, by=desk.ppid, now=at)
    if one.until == "run":
        actions.letter_outcome(enquiry, outcome="run", on=day, link=f"{link}-hak-jawab", by=desk.ppid, now=at)
        return
    actions.letter_outcome(
        enquiry, outcome="refused", on=day, text="Redaksi menilai berita sudah cukup.", by=desk.ppid, now=at
    )
    complaint = actions.write_letter(
        enquiry, text="Mohon Dewan Pers menilai berita itu dan menyelesaikan penolakan hak jawab kami.",
        office=desk.superior.agency.code, council=True, by=desk.ppid, now=at,
    )  # fmt: skip
    _sign(complaint, desk, at)
    actions.send_letter(enquiry, by=desk.ppid, now=at, email="pengaduan@dewan-pers.example")
    actions.letter_outcome(enquiry, outcome="dewan_pers", on=day, text="Pengaduan 014", by=desk.ppid, now=at)


def _sign(letter: PressLetter, desk: _Desk, at: datetime) -> None:
    actions.sign_letter(letter, by=desk.superior, key=desk.key, now=at, seen=letter.preview_id)


def _somebody(agency: Agency) -> Official:
    people = agencies.officials(agency, timezone.localdate())
    return next(one for one in people if one.role == "staff")


def _release(days: int, title: str, summary: str, *, desk: _Desk, now: datetime) -> None:
    at = _moment(days, time(8, 0), now) if days else now - timedelta(minutes=40)
    release = actions.write_release(
        title=title, summary=summary, body=BODY.format(summary=summary), by=desk.writer, now=at,
        photo=_photo() if days == 10 else None, photo_alt="Gambar peragaan: jembatan gantung." if days == 10 else "",
    )  # fmt: skip
    actions.submit_release(release, by=desk.writer, now=at)
    if days == 0:
        return
    actions.approve_release(release, seen=release.version, by=desk.head, now=at)
    actions.publish_release(release, by=desk.writer, now=at)
    if days == 20:
        actions.correct(
            release, body=BODY.format(summary="Layanan kependudukan dan perizinan buka Sabtu pukul 08.00–11.30."),
            text="Jam tutup hari Sabtu adalah 11.30, bukan 12.00.", by=desk.head, now=at + timedelta(hours=3),
        )  # fmt: skip


def _photo() -> bytes:
    picture = Image.new("RGB", (800, 450), "#bcd7ee")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 330, 800, 450), fill="#3f7f5f")
    pen.arc((60, 40, 740, 420), 200, 340, fill="#5a4630", width=8)
    pen.line((40, 330, 760, 330), fill="#5a4630", width=12)
    kept = BytesIO()
    picture.save(kept, "PNG")
    return kept.getvalue()
