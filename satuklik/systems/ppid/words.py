"""How states, outcomes, classes and events are called on pages."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from satuklik.systems.ppid import rules

STATES: Mapping[str, Any] = {
    rules.REGISTERED: _("Terdaftar"),
    rules.COMPLETENESS: _("Diperiksa kelengkapannya"),
    rules.INCOMPLETE: _("Menunggu pemohon melengkapi"),
    rules.IN_PROCESS: _("Diproses"),
    rules.WITH_PELAKSANA: _("Menunggu PPID Pelaksana"),
    rules.CLARIFICATION: _("Menunggu penjelasan pemohon"),
    rules.CONSEQUENCE_TEST: _("Uji konsekuensi"),
    rules.DECIDED: _("Diputus"),
    rules.DELIVERED: _("Disampaikan"),
    rules.CLOSED: _("Selesai"),
    rules.WITHDRAWN: _("Ditarik"),
    rules.FILED: _("Diajukan"),
    rules.WITH_ATASAN: _("Di Atasan PPID"),
    rules.DISPUTE_WINDOW: _("Masa pengajuan sengketa"),
    rules.AT_KI: _("Di Komisi Informasi"),
    rules.MEDIATION: _("Mediasi"),
    rules.ADJUDICATION: _("Ajudikasi"),
    rules.RULED: _("Diputus Komisi Informasi"),
}
TONES: Mapping[str, str] = {
    rules.REGISTERED: "blue", rules.COMPLETENESS: "blue", rules.INCOMPLETE: "yellow", rules.IN_PROCESS: "blue",
    rules.WITH_PELAKSANA: "yellow", rules.CLARIFICATION: "yellow", rules.CONSEQUENCE_TEST: "yellow",
    rules.DECIDED: "blue", rules.DELIVERED: "green", rules.CLOSED: "grey", rules.WITHDRAWN: "grey",
    rules.FILED: "blue", rules.WITH_ATASAN: "yellow", rules.DISPUTE_WINDOW: "yellow", rules.AT_KI: "red",
    rules.MEDIATION: "red", rules.ADJUDICATION: "red", rules.RULED: "grey",
}  # fmt: skip
OUTCOMES: Mapping[str, Any] = {
    rules.GRANTED: _("Dikabulkan"),
    rules.PARTIAL: _("Dikabulkan sebagian"),
    rules.REFUSED: _("Ditolak"),
    rules.NOT_HELD: _("Tidak dikuasai"),
    "upheld": _("Keberatan diterima"),
    "partly": _("Keberatan diterima sebagian"),
    "rejected": _("Keberatan ditolak"),
    "extended": _("Perpanjangan waktu"),
}
CLASSES: Mapping[str, Any] = {
    rules.PERIODIC: _("Informasi berkala"),
    rules.AT_ONCE: _("Informasi serta-merta"),
    rules.ALWAYS: _("Informasi setiap saat"),
    rules.EXEMPT: _("Informasi dikecualikan"),
}
CLASS_ABOUT: Mapping[str, Any] = {
    rules.PERIODIC: _("Diumumkan paling sedikit enam bulan sekali: profil, program, anggaran, kinerja."),
    rules.AT_ONCE: _("Diumumkan tanpa ditunda karena menyangkut hajat hidup orang banyak."),
    rules.ALWAYS: _("Tersedia kapan pun diminta: peraturan, perjanjian, data yang dikuasai."),
    rules.EXEMPT: _("Tidak dibuka karena alasan Pasal 17, sesudah uji konsekuensi."),
}
OBTAIN: Mapping[str, Any] = {
    "view": _("Melihat, membaca, mendengarkan, atau mencatat"),
    "soft": _("Salinan dalam bentuk berkas elektronik"),
    "hard": _("Salinan tercetak"),
}
DELIVERY: Mapping[str, Any] = {
    "portal": _("Lewat halaman pelacakan"),
    "chat": _("Lewat percakapan (WhatsApp atau Telegram)"),
    "email": _("Lewat surel"),
    "pickup": _("Diambil langsung"),
    "post": _("Dikirim lewat pos"),
}
FORMS: Mapping[str, Any] = {
    "soft": _("Elektronik"),
    "hard": _("Tercetak"),
    "both": _("Elektronik dan tercetak"),
}
APPLICANTS: Mapping[str, Any] = {
    "person": _("Orang perseorangan"),
    "group": _("Kelompok orang"),
    "legal": _("Badan hukum"),
}
CHANNELS: Mapping[str, Any] = {
    "web": _("portal"), "whatsapp": "WhatsApp", "telegram": "Telegram", "email": _("surel"), "counter": _("loket"),
    "letter": _("surat"), "webchat": _("obrolan web"),
}  # fmt: skip
EVENTS: Mapping[str, Any] = {
    "registered": _("Permintaan terdaftar"),
    "checking": _("Kelengkapan mulai diperiksa"),
    "incomplete": _("Diminta melengkapi"),
    "supplemented": _("Pemohon melengkapi"),
    "complete": _("Dinyatakan lengkap"),
    "referred": _("Diteruskan ke PPID Pelaksana"),
    "agency_answered": _("PPID Pelaksana menjawab"),
    "given_back": _("Dikembalikan PPID Pelaksana"),
    "recalled": _("Penerusan ditarik"),
    "asked": _("Penjelasan diminta"),
    "clarified": _("Penjelasan diterima"),
    "testing": _("Uji konsekuensi dimulai"),
    "tested": _("Uji konsekuensi dicatat"),
    "extended": _("Waktu jawaban diperpanjang"),
    "extension_drafted": _("Surat perpanjangan disusun"),
    "extension_dropped": _("Surat perpanjangan ditarik sebelum ditandatangani"),
    "extension_told": _("Surat perpanjangan diserahkan"),
    "decided": _("Keputusan disusun"),
    "taken_back": _("Keputusan ditarik sebelum ditandatangani"),
    "returned": _("Surat dikembalikan penanda tangan"),
    "signed": _("Surat ditandatangani"),
    "notified": _("Pemberitahuan tertulis disampaikan"),
    "holder_told": _("Badan publik lain diberi tahu"),
    "paid": _("Biaya salinan dibayar"),
    "delivered": _("Informasi diserahkan"),
    "closed": _("Selesai"),
    "withdrawn": _("Ditarik pemohon"),
    "dropped": _("Dihentikan oleh PPID"),
    "reopened": _("Dibuka kembali karena keberatan"),
    "file_added": _("Berkas ditambahkan"),
    "objected": _("Keberatan diajukan"),
    "objection_registered": _("Keberatan diperiksa"),
    "with_superior": _("Keberatan sampai di Atasan PPID"),
    "objection_decided": _("Tanggapan keberatan disusun"),
    "objection_signed": _("Tanggapan keberatan ditandatangani"),
    "objection_notified": _("Tanggapan keberatan disampaikan"),
    "responded": _("Pemohon menanggapi"),
    "disputed": _("Sengketa didaftarkan di Komisi Informasi"),
    "mediation": _("Mediasi"),
    "adjudication": _("Ajudikasi"),
    "ruled": _("Putusan Komisi Informasi"),
    "objection_closed": _("Keberatan selesai"),
    "objection_withdrawn": _("Keberatan ditarik"),
    "published": _("Jawaban diterbitkan"),
    "unpublished": _("Penerbitan jawaban ditarik"),
    "due_changed": _("Batas waktu berubah"),
}
LETTERS: Mapping[str, Any] = {
    "notice": _("Pemberitahuan tertulis"),
    "refusal": _("Keputusan penolakan"),
    "objection": _("Tanggapan keberatan"),
    "extension": _("Pemberitahuan perpanjangan"),
}
STEPS: Mapping[str, Any] = {
    "check": _("Periksa kelengkapannya."),
    "wait_applicant": _("Menunggu pemohon."),
    "wait_agency": _("Menunggu jawaban perangkat daerah."),
    "decide": _("Putuskan, teruskan, atau tanyakan kepada pemohon."),
    "test": _("Catat uji konsekuensi, lalu putuskan."),
    "sign": _("Menunggu tanda tangan."),
    "payment": _("Menunggu pembayaran biaya salinan."),
    "deliver": _("Sampaikan kepada pemohon."),
    "close": _("Tutup bila pemohon puas."),
}
CLOCKS: Mapping[str, Any] = {
    "answer": _("Jawaban, dihitung sejak diterima"),
    "answer_complete": _("Jawaban, dihitung sejak lengkap"),
    "completeness": _("Pemeriksaan kelengkapan"),
    "supplement": _("Pemohon melengkapi"),
    "objection": _("Tanggapan Atasan PPID"),
    "dispute": _("Pengajuan sengketa"),
    "order": _("Pelaksanaan putusan Atasan PPID"),
}
CLOCK_OF: Mapping[str, str] = {
    "term": "answer", "term_complete": "answer_complete", "term_check": "completeness",
    "term_supplement": "supplement", "term_order": "order", "term_objection": "objection", "term_dispute": "dispute",
}  # fmt: skip
PROOFS: Mapping[str, Any] = {
    "queued": _("menunggu kirim"), "sent": _("terkirim"), "delivered": _("sampai"), "read": _("dibaca"),
    "failed": _("gagal"), "unsure": _("belum pasti terkirim"),
}  # fmt: skip
GROUP = _("Informasi publik")
TAG_EXTENDED = _("Diperpanjang")
TAG_LATE_FILED = _("Lewat waktu pengajuan")
ACTORS: Mapping[str, Any] = {"applicant": _("Pemohon"), "system": _("Sistem")}
INDICATORS: Mapping[str, Any] = {
    "quality": _("Kualitas informasi"),
    "facilities": _("Sarana dan prasarana"),
    "kinds": _("Jenis informasi"),
    "service": _("Pelayanan informasi"),
    "commitment": _("Komitmen organisasi"),
    "digitalisation": _("Digitalisasi"),
}
BANDS: Mapping[str, Any] = {
    "informatif": _("Informatif"),
    "menuju_informatif": _("Menuju informatif"),
    "cukup_informatif": _("Cukup informatif"),
    "kurang_informatif": _("Kurang informatif"),
    "tidak_informatif": _("Tidak informatif"),
}
PARAMETERS: Mapping[str, Any] = {
    "answer_days": _("Jawaban atas permintaan (hari kerja)"),
    "extension_days": _("Perpanjangan paling lama (hari kerja)"),
    "completeness_days": _("Pemeriksaan kelengkapan (hari kerja)"),
    "supplement_days": _("Pemohon melengkapi (hari kerja)"),
    "agency_days": _("Jawaban perangkat daerah (hari kerja)"),
    "objection_filing_days": _("Pengajuan keberatan (hari kerja)"),
    "objection_answer_days": _("Tanggapan Atasan PPID (hari kerja)"),
    "dispute_days": _("Pengajuan sengketa (hari kerja)"),
    "order_days": _("Pelaksanaan putusan Atasan PPID (hari kerja)"),
    "second_clock": _("Hitungan kedua sejak dinyatakan lengkap (ya/tidak)"),
    "clarification_stops_clock": _("Meminta penjelasan menghentikan waktu (ya/tidak)"),
    "copy_sheet_cost": _("Biaya salinan tiap lembar (rupiah)"),
    "six_day_agencies": _("Kantor enam hari kerja (kode, dipisah koma)"),
}
MASKED: Mapping[str, Any] = {
    "nik": _("NIK"), "phone": _("nomor telepon"), "email": _("surel"), "street": _("alamat"), "name": _("nama"),
}  # fmt: skip


def parameter_value(value: Any) -> str:
    """A parameter's value in words."""
    if isinstance(value, bool):
        return str(_("ya")) if value else str(_("tidak"))
    return ", ".join(value) or "–" if isinstance(value, list) else str(value)


def state(name: str) -> str:
    """A state in words."""
    return str(STATES.get(name, name))
