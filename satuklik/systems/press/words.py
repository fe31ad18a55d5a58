"""The words of the press desk: states, attempts, kinds of outlets, faults."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

STATES: Mapping[str, Promise] = {
    "asked": _("Baru masuk"),
    "assigned": _("Ditangani"),
    "facts_requested": _("Menunggu fakta instansi"),
    "draft": _("Pernyataan ditulis"),
    "approved": _("Disetujui"),
    "sent": _("Terkirim"),
    "published": _("Sudah terbit"),
    "balanced": _("Terbit, berimbang"),
    "hak_jawab": _("Hak jawab ditulis"),
    "sent_to_outlet": _("Hak jawab dikirim"),
    "run": _("Hak jawab dimuat"),
    "refused": _("Hak jawab ditolak"),
    "dewan_pers": _("Dibawa ke Dewan Pers"),
    "not_published": _("Tidak terbit"),
    "handed_over": _("Menjadi permohonan informasi"),
    "withdrawn": _("Dicabut wartawan"),
}
FACTS_ARE_HERE = _("Fakta lengkap, siap ditulis")  # "facts_requested", and nobody is waited for any more
# What the journalist reads on the tracking page.
PUBLIC_STATES: Mapping[str, Promise] = {
    **STATES,
    "asked": _("Diterima"),
    "assigned": _("Sedang disiapkan"),
    "facts_requested": _("Fakta diminta dari instansi"),
    "draft": _("Pernyataan disiapkan"),
    "approved": _("Pernyataan disetujui"),
}
TONES: Mapping[str, str] = {
    "asked": "yellow", "assigned": "blue", "facts_requested": "blue", "draft": "blue", "approved": "blue",
    "sent": "green", "published": "green", "balanced": "green", "hak_jawab": "orange", "sent_to_outlet": "orange",
    "run": "green", "refused": "red", "dewan_pers": "red", "not_published": "grey", "handed_over": "grey",
    "withdrawn": "grey",
}  # fmt: skip
EVENTS: Mapping[str, Promise] = {
    **STATES,
    "read": _("Dibaca petugas"),
    "fact": _("Fakta diterima"),
    "given_back": _("Instansi mengembalikan pertanyaan"),
    "submitted": _("Diajukan untuk disetujui"),
    "returned": _("Dikembalikan kepada penulis"),
    "urgent": _("Dinyatakan mendesak"),
    "warned": _("Waktu hampir habis"),
    "late": _("Melewati waktu"),
    "letter_approved": _("Surat ditandatangani"),
}
LETTERS: Mapping[str, Promise] = {
    "reply": _("Surat hak jawab"),
    "council": _("Pengaduan ke Dewan Pers"),
}
LETTER_STATES: Mapping[str, Promise] = {
    "waiting": _("Menunggu tanda tangan"),
    "signed": _("Ditandatangani"),
    "returned": _("Dikembalikan"),
    "dropped": _("Diganti versi baru"),
}
WAYS: Mapping[str, Promise] = {
    "call": _("Telepon"),
    "chat": _("Obrolan"),
    "email": _("Surel"),
    "meeting": _("Bertemu"),
    "letter": _("Surat"),
    "portal": _("Portal"),
    "referral": _("Permintaan fakta"),
}
OUTCOMES: Mapping[str, Promise] = {
    "reached": _("Tersambung"),
    "no_answer": _("Tidak diangkat"),
    "left_word": _("Meninggalkan pesan"),
    "sent": _("Terkirim"),
    "received": _("Diterima"),
    "refused": _("Menolak"),
}
KINDS: Mapping[str, Promise] = {
    "online": _("Media daring"),
    "print": _("Media cetak"),
    "radio": _("Radio"),
    "tv": _("Televisi"),
    "other": _("Lainnya"),
}
RELEASE_STATES: Mapping[str, Promise] = {
    "draft": _("Masih konsep"),
    "submitted": _("Menunggu persetujuan"),
    "approved": _("Disetujui"),
    "published": _("Sudah terbit"),
    "withdrawn": _("Ditarik kembali"),
}
POLICY_FAULTS: Mapping[str, Promise] = {
    "urgent": _("Isi waktu mendesak 5–1440 menit, dan batas mendesak 0–2880 menit."),
    "press_day": _("Jam pers harus berakhir sesudah dimulai."),
    "normal_day": _("Batas masuk hari yang sama tidak boleh sesudah jam jawabnya."),
    "percent": _("Isi persen antara 10 dan 90 (fakta) atau 100 (peringatan)."),
}
STEPS: Mapping[str, Promise] = {
    "queued": _("Disiapkan"),
    "sent": _("Terkirim"),
    "delivered": _("Tersampaikan"),
    "read": _("Dibaca"),
    "failed": _("Gagal"),
    "unsure": _("Belum pasti terkirim"),
}
