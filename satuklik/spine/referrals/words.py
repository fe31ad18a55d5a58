"""The words of referrals: states, posts, events, why nobody was asked."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

STATES: Mapping[str, Promise] = {
    "open": _("Menunggu konfirmasi"),
    "acknowledged": _("Sedang dijawab"),
    "answered": _("Dijawab"),
    "given_back": _("Dikembalikan"),
    "recalled": _("Ditarik"),
}
TONES: Mapping[str, str] = {
    "open": "yellow", "acknowledged": "blue", "answered": "green", "given_back": "orange", "recalled": "grey",
}  # fmt: skip
POSTS: Mapping[str, Promise] = {
    "contact": _("Narahubung"),
    "deputy": _("Wakil narahubung"),
    "head": _("Kepala instansi"),
    "board": _("Sekda / Atasan PPID"),
}
SKIPPED: Mapping[str, Promise] = {
    "nobody": _("Jabatan ini kosong; langsung diteruskan."),
    "already": _("Orang yang sama sudah diminta; langsung diteruskan."),
    "unreachable": _("Tidak punya akun, telepon, atau surel; langsung diteruskan."),
}
EVENTS: Mapping[str, Promise] = {
    "asked": _("Ditanyakan"),
    "sent": _("Diberitahukan"),
    "skipped": _("Dilewati"),
    "opened": _("Dibuka"),
    "acknowledged": _("Dikonfirmasi"),
    "answered": _("Dijawab"),
    "on_behalf": _("Dijawab atas nama instansi"),
    "given_back": _("Dikembalikan"),
    "recalled": _("Ditarik"),
}
POLICY_FAULTS: Mapping[str, Promise] = {
    "days": _("Isi hari jawaban 1–60 dan masa tautan 1–365."),
    "shortest": _("Waktu tersingkat tidak boleh lebih panjang dari hari jawaban."),
    "hours": _("Jam tutup harus sesudah jam buka."),
    "hops": _("Tingkat pertama diminta pada hari 0."),
    "order": _("Hari tiap tingkat tidak boleh lebih kecil dari tingkat sebelumnya."),
    "percent": _("Persen tiap tingkat antara 0 dan 100, dan tidak mengecil."),
}
STEPS: Mapping[str, Promise] = {
    "queued": _("Disiapkan"),
    "sent": _("Terkirim"),
    "delivered": _("Tersampaikan"),
    "read": _("Dibaca"),
    "failed": _("Gagal"),
    "unsure": _("Belum pasti terkirim"),
}
CHANNELS: Mapping[str, Promise] = {
    "inapp": _("kotak pesan"),
    "whatsapp": _("WhatsApp"),
    "telegram": _("Telegram"),
    "email": _("surel"),
    "web": _("obrolan portal"),
    "nowhere": _("tanpa saluran"),
}
