"""Information requests of the demo: forty in every state, of the last three months (keys are no older), objections, a dispute, the lists DIP and DIK.

All through the actions of the room, at the moments at which they happened, so that clocks, registers and the yearly
report have something to count. Nobody in it exists.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from satuklik.base.agencies import queries as agencies
from satuklik.base.agencies.models import Official
from satuklik.base.files import actions as files
from satuklik.run import demo_people
from satuklik.run.steps import Progress
from satuklik.spine.referrals import actions as referrals
from satuklik.spine.signing import actions as signing
from satuklik.systems.ppid import actions
from satuklik.systems.ppid.models import InformationRequest, Letter, Objection

NAMES = ("Rosmaida Tambunan", "Agus Salimin", "Dedi Pranoto", "Nurul Hikmah Sitorus", "Maruli Panggabean", "Siti Rahmawati",
         "Yusuf Halim Nasution", "Lenny Marbun", "Eko Wibisono", "Fitri Handayani", "Tigor Sinurat", "Wahyu Ramadhan")  # fmt: skip
JOBS = ("mahasiswa", "wartawan", "petani", "dosen", "wiraswasta", "pegawai LSM", "advokat", "guru")
PURPOSES = (
    "Penelitian skripsi",
    "Bahan liputan",
    "Pengawasan masyarakat",
    "Perencanaan usaha",
    "Pengetahuan pribadi",
)
# days ago, what is asked, of whom, how far it got
STORIES: Sequence[tuple[int, str, str, str]] = (
    (84, "Ringkasan APBD 2025 menurut perangkat daerah", "bkad", "closed"),
    (82, "Jumlah guru honorer tiap kecamatan tahun 2024", "disdik", "closed"),
    (80, "Daftar puskesmas dan jam pelayanannya", "dinkes", "closed"),
    (77, "Laporan kinerja Dinas Perhubungan 2024", "dishub", "closed"),
    (76, "Dokumen lelang rehabilitasi pasar tahun 2024", "setda-pbj", "partial"),
    (73, "Nama dan alamat penerima bantuan sosial 2025", "dinsos", "refused"),
    (71, "Luas lahan sawah menurut kecamatan", "distan", "closed"),
    (70, "Sertipikat tanah di sekitar alun-alun", "diskominfo", "not_held"),
    (68, "Peta jaringan jalan kabupaten", "dpupr", "extended"),
    (66, "Rencana kerja Dinas Pariwisata 2025", "disporapar", "closed"),
    (64, "Hasil uji air sungai Silau triwulan I", "dlh", "closed"),
    (63, "Berita acara pemeriksaan seorang pegawai", "bkpsdm", "objection_rejected"),
    (61, "Data kunjungan rumah sakit umum daerah", "rsud", "withdrawn"),
    (59, "Kontrak pengadaan alat berat tahun 2023", "setda-pbj", "objection_upheld"),
    (57, "Jumlah UMKM binaan dan bantuannya", "diskopdag", "closed"),
    (55, "Rincian biaya perjalanan dinas 2024", "setda-umum", "dispute"),
    (53, "Daftar aset tanah pemerintah daerah", "bkad", "extended"),
    (51, "Data stunting menurut desa", "dinkes", "closed"),
    (49, "Salinan Perda tentang pajak daerah", "setda-hukum", "paid"),
    (46, "Jadwal pengangkutan sampah Kisaran", "dlh", "closed"),
    (44, "Hasil seleksi kepala sekolah 2025", "disdik", "withdrawn"),
    (42, "Rekapitulasi izin usaha 2025", "dpmptsp", "closed"),
    (40, "Daftar menara telekomunikasi", "diskominfo", "closed"),
    (39, "Laporan realisasi dana desa Sei Alim", "dpmd", "partial"),
    (37, "Daftar penyedia layanan internet desa", "diskominfo", "closed"),
    (35, "Anggaran perbaikan jembatan 2026", "dpupr", "late"),
    (33, "Statistik kecelakaan di persimpangan", "dishub", "closed"),
    (31, "Jumlah pernikahan usia anak", "dpppakb", "withdrawn"),
    (29, "Kualitas udara Kisaran enam bulan terakhir", "dlh", "delivered"),
    (27, "Proposal hibah organisasi 2026", "setda-kesra", "objection_open"),
    (26, "Data lulusan pelatihan kerja", "disnaker", "delivered"),
    (24, "Rencana tata ruang Kecamatan Air Joman", "dpupr", "delivered"),
    (20, "Jumlah kendaraan dinas dan biaya bahan bakarnya", "bkad", "with_pelaksana"),
    (15, "Data penerima beasiswa daerah", "disdik", "consequence_test"),
    (12, "Hasil audit internal pelayanan 2025", "inspektorat", "to_sign"),
    (9, "Daftar sekolah rusak berat", "disdik", "with_pelaksana"),
    (7, "Dokumen lingkungan pabrik di Pulau Bandring", "dlh", "clarification"),
    (5, "Jumlah tenaga kontrak tiap kantor", "bkpsdm", "in_process"),
    (3, "Anggaran publikasi media 2026", "diskominfo", "incomplete"),
    (1, "Daftar titik WiFi publik dan biayanya", "diskominfo", "registered"),
)  # fmt: skip
# title, class, agency, form, retention
ITEMS: Sequence[tuple[str, str, str, str, str]] = (
    ("Profil Pemerintah Kabupaten Asahan", "berkala", "setda", "soft", "selama berlaku"),
    ("Ringkasan APBD 2026", "berkala", "bkad", "soft", "5 tahun"),
    ("Laporan Realisasi Anggaran 2025", "berkala", "bkad", "soft", "5 tahun"),
    ("Rencana Kerja Pemerintah Daerah 2026", "berkala", "bappelitbangda", "both", "5 tahun"),
    ("Laporan Kinerja Instansi Pemerintah 2025", "berkala", "setda-organisasi", "soft", "5 tahun"),
    ("Rencana Umum Pengadaan 2026", "berkala", "setda-pbj", "soft", "5 tahun"),
    ("Laporan Layanan Informasi Publik 2025", "berkala", "diskominfo", "soft", "5 tahun"),
    ("Maklumat dan Standar Pelayanan", "berkala", "dpmptsp", "both", "selama berlaku"),
    ("Daftar Aset Daerah 2025", "berkala", "bkad", "soft", "5 tahun"),
    ("Peringatan dini banjir Sungai Silau", "serta-merta", "bpbd", "soft", "1 tahun"),
    ("Pengumuman demam berdarah", "serta-merta", "dinkes", "soft", "1 tahun"),
    ("Gangguan layanan air bersih", "serta-merta", "diskominfo", "soft", "1 tahun"),
    ("Jalur evakuasi bencana", "serta-merta", "bpbd", "both", "3 tahun"),
    ("Peraturan Daerah tentang Pajak dan Retribusi", "setiap-saat", "setda-hukum", "both", "permanen"),
    ("Peraturan Bupati tentang PPID", "setiap-saat", "diskominfo", "both", "permanen"),
    ("Daftar Informasi Publik", "setiap-saat", "diskominfo", "soft", "selama berlaku"),
    ("Data pegawai menurut golongan", "setiap-saat", "bkpsdm", "soft", "5 tahun"),
    ("Perjanjian kerja sama daerah", "setiap-saat", "setda-pemerintahan", "hard", "10 tahun"),
    ("Data pokok pendidikan menurut kecamatan", "setiap-saat", "disdik", "soft", "5 tahun"),
    ("Data fasilitas kesehatan", "setiap-saat", "dinkes", "soft", "5 tahun"),
    ("Rencana Tata Ruang Wilayah", "setiap-saat", "dpupr", "both", "20 tahun"),
    ("Izin lingkungan yang terbit", "setiap-saat", "dlh", "soft", "10 tahun"),
    ("Statistik UMKM", "setiap-saat", "diskopdag", "soft", "5 tahun"),
    ("Trayek angkutan umum", "setiap-saat", "dishub", "soft", "5 tahun"),
    ("Jadwal pelayanan administrasi kependudukan", "setiap-saat", "disdukcapil", "soft", "1 tahun"),
)  # fmt: skip
# title, agency, ground, other law
EXEMPT: Sequence[tuple[str, str, str, str]] = (
    ("Data medis pasien", "dinkes", "h", "UU 17/2023 tentang Kesehatan"),
    ("Data pribadi penerima bantuan", "dinsos", "h", "UU 27/2022 tentang Pelindungan Data Pribadi"),
    ("Berkas pemeriksaan disiplin pegawai", "bkpsdm", "h", "PP 94/2021 tentang Disiplin PNS"),
    ("Konfigurasi keamanan jaringan pemerintah", "diskominfo", "j", "UU 1/2024 tentang ITE"),
)  # fmt: skip


@dataclass(frozen=True)
class Team:
    """Who works on requests, with the keys of those who sign."""

    ppid: Official
    staff: Official
    superior: Official
    ppid_key: Any
    superior_key: Any


def load(report: Progress) -> None:
    """Everything or nothing."""
    known, now = demo_people.read(), timezone.now()
    ppid, superior = agencies.demo_official("ppid"), agencies.demo_official("sekda")
    with transaction.atomic(), ExitStack() as open_:
        keys = [
            open_.enter_context(signing.unlock(one, known[name].passphrase, now))
            for one, name in ((ppid, "ppid"), (superior, "sekda"))
        ]
        team = Team(ppid, _staff(ppid), superior, keys[0], keys[1])
        total = len(STORIES) + 2
        for number, (days, asked, office, until) in enumerate(STORIES):
            _tell(team, number, _at(now, days), asked, office, until, now)
            report(number + 1, total)
        _lists(team, now)
        report(total - 1, total)
        _report(team, now)
        report(total, total)


def _staff(ppid: Official) -> Official:
    found = agencies.officials(ppid.agency, timezone.localdate())
    return next((one for one in found if one.role == "staff"), ppid)


def _at(now: datetime, days: int) -> datetime:
    """Ten o'clock on that day; a moment ago where that would be later than now."""
    then = timezone.localtime(now - timedelta(days=days)).replace(hour=10, minute=0, second=0, microsecond=0)
    return min(then, now - timedelta(minutes=30))


def _tell(team: Team, number: int, at: datetime, asked: str, office: str, until: str, now: datetime) -> None:
    request = actions.register_request(
        _given(number, asked, until), received_at=at, channel=("web", "whatsapp", "counter", "email")[number % 4], now=at,
        by=team.staff if number % 4 == 2 else None, tell=until in ("registered", "incomplete", "clarification"),
    )  # fmt: skip

    def after(days: float) -> datetime:
        return min(at + timedelta(days=days), now - timedelta(minutes=1))

    if until == "registered":
        return
    if until == "incomplete":
        actions.declare_incomplete(
            request, missing="Mohon kirim foto kartu identitas.", by=team.staff, now=after(1)
        )
        return
    if until == "withdrawn":
        actions.withdraw(request, reason="Sudah menemukan datanya.", now=after(2))
        return
    actions.begin_check(request, by=team.staff, now=after(0.1))
    request = actions.declare_complete(request, by=team.staff, now=after(0.2))
    if until == "in_process":
        return
    if until == "clarification":
        actions.ask_clarification(
            request, question="Pabrik yang mana, dan tahun berapa?", by=team.staff, now=after(1)
        )
        return
    if number % 3 == 0 or until in ("with_pelaksana", "late", "consequence_test"):
        _referred(team, request, office, until, after)
    if until in ("with_pelaksana", "late"):
        return
    if until == "extended":
        reason = "Dokumen tersebar di beberapa kantor dan harus dihimpun."
        notice = actions.extend(request, days=7, reason=reason, by=team.staff, now=after(5))
        _sign(notice, team.ppid, team.ppid_key, after(5.1))
    _decided(team, request, until, after)


def _given(number: int, asked: str, until: str) -> actions.Given:
    paper = until == "paid"
    return actions.Given(
        name=NAMES[number % len(NAMES)], details=f"{asked}.", purpose=PURPOSES[number % len(PURPOSES)],
        address=f"Jl. Rekaan No. {number + 1}, Kisaran", email=f"pemohon{number + 1}@contoh.example",
        occupation=JOBS[number % len(JOBS)], obtain="hard" if paper else "soft", delivery="pickup" if paper else "email",
    )  # fmt: skip


def _referred(team: Team, request: InformationRequest, office: str, until: str, after: Any) -> None:
    known = agencies.agencies_by_code([office])
    if not known or known[0].pk == team.ppid.agency_id:
        return
    question = "Mohon data atau dokumen yang diminta, paling lambat hari kerja kelima."
    referral = actions.refer(request, agency=known[0], question=question, by=team.ppid, now=after(0.3))
    if until in ("with_pelaksana", "late"):
        return
    head = next(
        (one for one in agencies.officials(known[0], after(2).date()) if one.role in ("ppid", "head")), None
    )
    if head is not None:
        referrals.answer(referral, text="Data kami sampaikan terlampir.", by=head, now=after(2))


def _decided(team: Team, request: InformationRequest, until: str, after: Any) -> None:
    refused = until in ("refused", "objection_rejected", "objection_upheld", "dispute", "objection_open")
    if refused or until in ("partial", "consequence_test"):
        actions.begin_test(request, by=team.ppid, now=after(2.2))
        _test(team, request, after(2.5))
    if until == "consequence_test":
        return
    outcome = "refused" if refused else until if until in ("partial", "not_held") else "granted"
    when = after(9 if until == "extended" else 4)
    letter = _decide(team, request, outcome, until, when)
    if until == "to_sign":
        return
    signed = after(10 if until == "extended" else 5)
    _sign(letter, team.ppid, team.ppid_key, signed)
    if until == "paid":
        actions.hand_over_notice(request, how="diambil langsung", by=team.staff, now=after(6))
        day = after(6).date()
        actions.record_payment(
            request, amount=18_000, paid_on=day, note_text="tunai, kuitansi 07", by=team.staff, now=after(6)
        )
        actions.deliver(request, how="diambil langsung", by=team.staff, now=after(6.1))
    if refused and until != "refused":
        _objected(team, request, until, after)
    elif until in ("closed", "extended", "paid", "partial"):
        actions.close(request, by=team.staff, now=after(14))


def _test(team: Team, request: InformationRequest, at: datetime) -> None:
    tested = actions.Tested(
        information="Bagian yang memuat data pribadi dan keterangan pemeriksaan", ground="h",
        if_opened="Rahasia pribadi orang yang disebut di dalamnya terungkap", if_closed="Rahasia pribadi terlindungi",
        closed_for="5 tahun", tested_on=timezone.localdate(at), exempt=True, law="UU 27/2022",
        sat=[{"name": team.ppid.name, "position": team.ppid.position}, {"name": team.staff.name, "position": team.staff.position}],
    )  # fmt: skip
    actions.record_test(request, tested, by=team.ppid, now=at)


def _decide(team: Team, request: InformationRequest, outcome: str, until: str, at: datetime) -> Letter:
    withheld = outcome in ("refused", "partial")
    given = outcome in ("granted", "partial")
    kept = []
    if given:
        content = f"judul;keterangan\n{request.number};data peragaan\n".encode()
        kept = [actions.GivenFile(files.store(content, "text/csv", at=at), "data.csv", "answer")]
    decided = actions.Decided(
        outcome=outcome, answer="Informasi yang diminta kami sampaikan terlampir." if given else "",
        grounds=["h"] if withheld else [], reason="Memuat data pribadi orang lain." if withheld else "",
        form_held="soft" if outcome != "not_held" else "", held_by="Kantor Pertanahan" if outcome == "not_held" else "",
        held_by_email="ppid@pertanahan.example" if outcome == "not_held" else "", cost=18_000 if until == "paid" else 0,
        cost_basis="fotokopi 36 lembar" if until == "paid" else "", files=kept,
    )  # fmt: skip
    return actions.decide(request, decided, by=team.staff, now=at).letter


def _sign(letter: Letter, by: Official, key: Any, at: datetime) -> None:
    actions.sign(letter, by=by, key=key, now=at, seen=letter.preview_id)


def _objected(team: Team, request: InformationRequest, until: str, after: Any) -> None:
    objection: Objection = actions.file_objection(
        InformationRequest.objects.get(pk=request.pk), ground="a", reason="Data pribadi dapat dihitamkan, sisanya tetap terbuka.",
        received_at=after(10), channel="web", now=after(10), tell=False,
    )  # fmt: skip
    objection = actions.send_to_superior(objection, by=team.ppid, now=after(11))
    if until == "objection_open":
        return
    upheld = until == "objection_upheld"
    letter = actions.decide_objection(
        objection, outcome="upheld" if upheld else "rejected",
        response="Kami sudah memeriksa permintaan, uji konsekuensi, dan keberatan.",
        orders="Berikan dokumen dengan data pribadi yang dihitamkan." if upheld else "", by=team.superior, now=after(20),
    )  # fmt: skip
    _sign(letter, team.superior, team.superior_key, after(22))
    if upheld:
        again = InformationRequest.objects.get(pk=request.pk)
        _sign(_decide(team, again, "granted", until, after(26)), team.ppid, team.ppid_key, after(27))
        actions.respond(objection, answer="accepts", now=after(28))
        actions.close_objection(objection, by=team.ppid, now=after(29))
    elif until == "dispute":
        day = timezone.localdate(after(32))
        actions.record_dispute(
            objection, number="021/KIP-SU/REG", registered_on=day, by=team.ppid, now=after(33)
        )
        actions.record_stage(objection, stage="mediation", by=team.ppid, now=after(60))
    else:
        actions.close_objection(objection, by=team.ppid, now=after(60))


def _lists(team: Team, now: datetime) -> None:
    wanted = {code for _title, _kind, code, *_rest in ITEMS} | {code for _title, code, *_rest in EXEMPT}
    offices = {one.code: one for one in agencies.agencies_by_code(wanted)}
    for number, (title, kind, code, form, retention) in enumerate(ITEMS):
        content = f"%PDF-1.4\n% {title}: berkas peragaan\n%%EOF\n".encode()
        kept = [actions.GivenFile(files.store(content, "application/pdf", at=now), f"{title}.pdf", "answer")]
        item = actions.Item(
            title=title, kind=kind, agency=offices.get(code, team.ppid.agency), made_on=_day(now, 20 + 9 * number),
            retention=retention, summary=f"{title}: dokumen peragaan.", made_at="Kisaran", form=form,
            officer_title="PPID Pelaksana",
        )  # fmt: skip
        actions.save_item(item, by=team.ppid, now=now, files=kept if form != "hard" else (), publish=True)
    for number, (title, code, ground, law) in enumerate(EXEMPT):
        tested = actions.Tested(
            information=title, ground=ground, if_opened="Kepentingan yang dilindungi undang-undang dirugikan",
            if_closed="Kepentingan itu terlindungi", closed_for="5 tahun", tested_on=_day(now, 120), exempt=True, law=law,
            sat=[{"name": team.ppid.name, "position": team.ppid.position}],
        )  # fmt: skip
        test = actions.record_test(None, tested, by=team.ppid, now=now)
        item = actions.Item(
            title=title, kind="dikecualikan", agency=offices.get(code, team.ppid.agency), made_on=_day(now, 150 + number),
            retention="5 tahun", ground=ground,
        )  # fmt: skip
        actions.save_item(item, by=team.ppid, now=now, test=test, publish=True)


def _day(now: datetime, days: int) -> date:
    return timezone.localdate(now) - timedelta(days=days)


def _report(team: Team, now: datetime) -> None:
    year = timezone.localdate(now).year
    given = {
        "policy": "Peraturan Bupati tentang PPID dan standar layanan informasi publik.",
        "facilities": "Satu loket, portal, WhatsApp, dan surel PPID.", "staff": "PPID Utama dan dua pengelola informasi.",
        "staff_count": 3, "budget": 150_000_000, "budget_used": 96_500_000,
        "obstacles": "Jawaban dari beberapa perangkat daerah datang terlambat.",
        "recommendations": "Tetapkan PPID Pelaksana di setiap kecamatan.",
    }  # fmt: skip
    actions.save_report(year, given, by=team.ppid, now=now)
    answered = InformationRequest.objects.filter(state="closed", decisions__outcome="granted").order_by(
        "-pk"
    )[:3]
    for request in answered:
        texts = actions.suggestion(request)
        actions.publish_answer(request, **texts, files=[], looked=True, by=team.ppid, now=now)
