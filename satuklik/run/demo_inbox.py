"""The chat inbox of the demo: a morning of 24 chats of all kinds, canned answers, a trained triage, first decisions."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from satuklik.base.agencies import queries as agencies
from satuklik.run.steps import Progress
from satuklik.spine.intake import actions, queries, registry, tables, training
from satuklik.spine.intake.actions.creating import Wish
from satuklik.spine.intake.commands import SEED_NOTE, seed_rows
from satuklik.spine.intake.errors import IntakeError
from satuklik.spine.messaging import actions as messaging
from satuklik.spine.messaging.actions.receiving import announce
from satuklik.spine.messaging.models import TwinLine, TwinPerson

if TYPE_CHECKING:
    from satuklik.spine.messaging.models import Message

# The people write from numbers that nobody has, chats and mailboxes that do not exist.
# (name, channel, hours before now, texts)
MORNING: tuple[tuple[str, str, float, tuple[str, ...]], ...] = (
    ("Yanti Marbun", "whatsapp", 52.0, ("Horas, minta data penerima PKH di kecamatan Air Joman tahun ini, untuk laporan kelompok kami.",)),
    ("Hendro Susilo", "whatsapp", 49.5, ("jln ke sawah di Sei Kepayang putus kena air pak, kami ga bisa angkut gabah",)),
    ("Fitri Handayani", "email", 47.0, ("Dengan hormat, mohon salinan dokumen kontrak pengadaan komputer sekolah tahun 2025 beserta lampirannya.",)),
    ("Togu Panjaitan", "telegram", 21.0, ("Lampu jalan simpang Rawang Lama mati udah 2 minggu, gelap kali. Selain itu mohon data jumlah titik lampu tahun 2025.",)),
    ("Sulastri", "whatsapp", 18.0, ("assalamualaikum", "mau tanya syarat bikin akta lahir anak umur 3 tahun apa aja ya bu")),
    ("Dodi Kabar Rekaan", "whatsapp", 5.2, ("Selamat pagi, saya wartawan Kabar Rekaan. Mohon konfirmasi jembatan Silo Laut yang mangkrak, deadline pukul 15.00.",)),
    ("Wati Ningsih", "whatsapp", 4.9, ("sampah di pajak Kisaran numpuk udah seminggu ga diangkut, bau kali bang",)),
    ("Arif Budiman", "email", 4.6, ("Saya mengajukan keberatan atas permohonan informasi tanggal 2 November yang belum dijawab sampai hari ini.",)),
    ("Ucok Sitompul", "telegram", 4.3, ("usul pak gimana kalau pasar malam UMKM tiap sabtu di alun-alun",)),
    ("Nuraini", "whatsapp", 4.0, ("sampah di pajak kisaran numpuk seminggu ga diangkut2, bau kali pak tolong",)),
    ("Warga", "whatsapp", 3.8, ("pak kepala desa kami minta uang 300 ribu buat urus BLT. tolong jangan sebut nama saya, takut",)),
    ("Joko Purnomo", "whatsapp", 3.5, ("TOLONG PAK banjir udah masuk rumah di Buntu Pane, ada orang sakit terjebak!",)),
    ("Rina Oktavia", "email", 3.3, ("Mohon daftar informasi publik terbaru dan laporan layanan PPID 2025 dalam bentuk PDF.",)),
    ("Bambang Irawan", "whatsapp", 3.0, ("puskesmas Meranti jam 10 udah tutup dokternya ga ada, gimana ini pak",)),
    ("Lamhot Gultom", "telegram", 2.8, ("Anggaran perjalanan dinas DPRD tahun 2025 berapa? minta rinciannya",)),
    ("Promo", "whatsapp", 2.6, ("SLOT GACOR maxwin malam ini bonus new member klik link bit.ly/xxxx",)),
    ("Siska Amelia", "whatsapp", 2.4, ("ktp saya hilang, ngurusnya bisa di kecamatan aja kah kak?",)),
    ("Pak Guru", "whatsapp", 2.1, ("atap kelas SDN di Pulau Rakyat bocor dan mau roboh, anak-anak belajar di luar",)),
    ("Redaksi Suara Contoh", "email", 1.9, ("Redaksi Suara Contoh meminta tanggapan Dinas Kesehatan atas kasus DBD di Tanjung Balai, tayang malam ini.",)),
    ("Mail Nasution", "telegram", 1.6, ("pupuk subsidi kosong di kios, padahal udah musim tanam",)),
    ("Ayu Lestari", "whatsapp", 1.2, ("makasih ya pak lampunya sudah nyala lagi 🙏",)),
    ("Reza Fahlevi", "whatsapp", 0.9, ("mahasiswa nih pak, perlu data angka stunting per desa 3 tahun terakhir buat skripsi", "kalau bisa excel ya")),
    ("Mbah Karto", "whatsapp", 0.6, ("piye iki, banyu PDAM ora mili wis telung dino",)),
    ("Nita Saragih", "telegram", 0.3, ("itu yang kemaren gimana jadinya pak",)),
)  # fmt: skip
CANNED = (
    ("terima-kasih", "Sudah kami terima", "", "Terima kasih, {nama}. Pesan Anda sudah kami terima dan sedang kami pelajari."),
    ("terdaftar", "Nomor pendaftaran", "information", "Yth. {nama}, permintaan Anda terdaftar dengan nomor {nomor}. Ikuti di {tautan}. Jawaban paling lambat 10 hari kerja."),
    ("lengkapi-identitas", "Mohon lengkapi identitas", "information", "Yth. {nama}, mohon kirim nama lengkap, alamat, dan tujuan penggunaan informasi. Foto KTP tidak perlu dikirim ke sini."),
    ("sudah-terbuka", "Informasi sudah terbuka", "information", "Yth. {nama}, informasi itu sudah terbuka di portal, bagian Informasi Publik. Bila kurang, balas pesan ini."),
    ("keberatan", "Cara mengajukan keberatan", "objection", "Yth. {nama}, keberatan diajukan kepada Atasan PPID paling lambat 30 hari kerja. Tulis nomor permohonan dan alasannya di sini."),
    ("aduan-diteruskan", "Pengaduan diteruskan", "complaint", "Yth. {nama}, pengaduan {nomor} sudah kami teruskan kepada {dinas}. Perkembangannya ada di {tautan}."),
    ("minta-lokasi", "Mohon lokasi dan foto", "complaint", "Yth. {nama}, mohon kirim nama jalan atau dusun, patokan terdekat, dan foto bila ada."),
    ("darurat", "Keadaan darurat", "complaint", "Bila ada bahaya sekarang, hubungi 112. Kami meneruskan laporan Anda, tetapi kanal ini tidak dipantau setiap saat."),
    ("pers", "Pertanyaan pers dicatat", "press", "Rekan {nama}, pertanyaan dicatat dengan nomor {nomor}. Fakta sedang kami kumpulkan sebelum tenggat Anda."),
    ("gagasan", "Terima kasih atas gagasannya", "idea", "Terima kasih, {nama}. Gagasan Anda tercatat dengan nomor {nomor} dan dapat didukung warga lain di {tautan}."),
    ("layanan", "Syarat layanan ada di portal", "service", "Yth. {nama}, syarat dan biayanya ada di portal, bagian Layanan. Banyak surat dapat diajukan dari rumah."),
    ("jam-layanan", "Jam layanan", "service", "Petugas {petugas} membalas Senin–Jumat pukul 08.00–16.00 WIB. Pesan di luar jam itu dibalas hari kerja berikutnya."),
)  # fmt: skip
SHARE = 3  # each third chat of the patterns: enough for a demo, and learned in a second
# What the officer has decided already: (person, kind, agency)
DECIDED = (("Yanti Marbun", "information", "dinsos"), ("Hendro Susilo", "complaint", "dpupr"))


def load(report: Progress) -> None:
    """Train, let people write, let triage read, and let the officer decide the oldest ones."""
    now, officer = timezone.now(), agencies.demo_official("ppid")
    _train(now)
    for number, (slug, title, kind, text) in enumerate(CANNED, 1):
        values = {"title": title, "text": text, "kind": kind, "order": number, "active": True}
        actions.save_canned(slug, values, by=officer, now=now)
    said: dict[str, list[Message]] = {}
    for number, (name, channel, hours, texts) in enumerate(MORNING, 1):
        at = now - timedelta(hours=hours)
        said[name] = [
            _write(number, name, channel, text, at + timedelta(minutes=line))
            for line, text in enumerate(texts)
        ]
        # Each message is read when it came, as the worker does.
        while announce(at + timedelta(minutes=len(texts)), failed=_failed):
            pass
        report(number, len(MORNING))
    announce(now, failed=_failed)
    for name, kind, agency in DECIDED:
        message = said[name][-1]
        message.refresh_from_db()
        wish = Wish(kind, (message.pk,), uuid5(NAMESPACE_URL, f"demo:{name}"), agency_code=agency)
        if kind in registry.KINDS:
            try:
                actions.create(message.conversation, wish, by=officer, now=now - timedelta(hours=20))
            except IntakeError as error:
                # A kind that wants more than the chat gives: the officer leaves a note, as in life.
                actions.note(message.conversation, str(error), by=officer, now=now)
    _close("Promo", "spam", said, now)
    _close("Ayu Lestari", "greeting", said, now)
    actions.assign(said["Fitri Handayani"][0].conversation, officer, by=officer, now=now)
    actions.note(said["Togu Panjaitan"][0].conversation, "Dua urusan dalam satu pesan.", by=officer, now=now)


def _train(now: datetime) -> None:
    if queries.active_model() is None:
        rows = seed_rows(SHARE)
        model = training.train(rows, tables.pipeline(), origin=f"seed ({SEED_NOTE})", version="peraga")
        actions.activate(actions.store_model(model, now=now).version)


def _write(number: int, name: str, channel: str, text: str, at: datetime) -> "Message":
    address = {
        "whatsapp": f"6284002{number:06d}", "telegram": str(7_200_000 + number), "email": f"w{number}@warga.example",
    }[channel]  # fmt: skip
    person, _made = TwinPerson.objects.get_or_create(
        channel=channel, address=address, defaults={"name": name, "wrote_at": at}
    )
    by_mail = channel == "email"
    external_id = f"pagi-{number}-{at.minute}-{len(text)}"
    message = messaging.receive(
        channel=channel, address=address, name=name, text=text, external_id=external_id, at=at, now=at,
        account="peraga", phone=f"+{address}" if channel == "whatsapp" else "", email=address if by_mail else "",
        subject=text.split(",")[0][:60] if by_mail else "",
    )  # fmt: skip
    TwinLine.objects.get_or_create(
        person=person, external_id=external_id, defaults={"mine": True, "text": text, "at": at}
    )
    return message


def _failed(message: "Message", why: str) -> None:
    raise RuntimeError(f"message {message.pk}: {why}")


def _close(name: str, kind: str, said: "dict[str, list[Message]]", now: datetime) -> None:
    message = said[name][-1]
    message.refresh_from_db()
    officer = agencies.demo_official("ppid")
    actions.set_aside(message.conversation, by=officer, now=now, kind=kind, message_ids=[message.pk])
