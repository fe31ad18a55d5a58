"""The words of complaints: states, levels, results, errors, steps of the time line, in the language of the page."""

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from satuklik.systems.complaints.errors import (
    ComplaintError,
    MayNot,
    Missing,
    NotFound,
    NotNow,
    PhotoRefused,
)
from satuklik.systems.complaints.models import Complaint
from satuklik.systems.complaints.rules import limits, states

STATES: dict[str, Promise] = {
    states.NEW: _("Baru, menunggu verifikasi"),
    states.VERIFIED: _("Terverifikasi"),
    states.POSTPONED: _("Ditunda: menunggu Anda melengkapi"),
    states.NOT_OURS: _("Bukan kewenangan kami"),
    states.ARCHIVED: _("Diarsipkan"),
    states.DISPATCHED: _("Diteruskan ke instansi"),
    states.FOLLOWED_UP: _("Sudah ditindaklanjuti instansi"),
    states.REPLIED: _("Sudah ditanggapi"),
    states.REPORTER_REPLY: _("Pelapor membalas"),
    states.CLOSED: _("Selesai"),
    states.REOPENED: _("Dibuka kembali"),
}
AT_DESK: dict[str, Promise] = {**STATES, states.POSTPONED: _("Ditunda: menunggu pelapor")}
MERGED = _("Digabung dengan laporan lain")
UNSETTLED = _("Ditutup, belum dipastikan selesai")
NOT_FIXED = _("Ditutup, menurut pelapor belum selesai")
LEVELS: dict[str, Promise] = {
    limits.LIGHT: _("Ringan"),
    limits.NORMATIVE: _("Normatif"),
    limits.PLAIN: _("Tidak berkadar pengawasan"),
    limits.SUPERVISORY: _("Berkadar pengawasan"),
}
RESULTS: dict[str, Promise] = {
    states.DONE: _("Sudah dikerjakan"),
    states.UNDER_WAY: _("Sedang dikerjakan"),
    states.PLANNED: _("Direncanakan"),
    states.CANNOT: _("Tidak dapat dikerjakan"),
}
RATINGS: dict[int, Promise] = {
    1: _("Tidak puas"), 2: _("Kurang puas"), 3: _("Puas"), 4: _("Sangat puas")
}  # fmt: skip
CHANNELS: dict[str, Promise] = {
    "portal": _("Portal"), "whatsapp": _("WhatsApp"), "telegram": _("Telegram"), "email": _("E-mail"),
    "web": _("Obrolan web"), "counter": _("Loket"), "open311": _("Open311"), "sp4n": _("SP4N-LAPOR!"),
}  # fmt: skip
MODES: dict[str, Promise] = {
    Complaint.Mode.CONTACT: _("Tanpa akun"),
    Complaint.Mode.ACCOUNT: _("Dengan akun"),
    Complaint.Mode.SECRET: _("Rahasia"),
}
STEPS: dict[str, Promise] = {
    "submitted": _("Laporan diterima"),
    "verified": _("Terverifikasi"),
    "reclassified": _("Kategori atau tingkat diubah"),
    "postponed": _("Ditunda: ada yang perlu dilengkapi"),
    "not_ours": _("Bukan kewenangan kami"),
    "archived": _("Diarsipkan"),
    "merged": _("Digabung dengan laporan lain"),
    "merged_in": _("Laporan lain digabung ke sini"),
    "dispatched": _("Diteruskan ke instansi"),
    "followed_up": _("Instansi sudah menindaklanjuti"),
    "given_back": _("Dikembalikan oleh instansi"),
    "replied": _("Tanggapan kepada pelapor"),
    "reporter_reply": _("Pelapor menambahkan"),
    "fixed": _("Menurut pelapor: sudah selesai"),
    "not_fixed": _("Menurut pelapor: belum selesai"),
    "closed": _("Laporan ditutup"),
    "reopened": _("Dibuka kembali oleh pelapor"),
    "released": _("Disetujui untuk ditampilkan tanpa data pribadi"),
    "withdrawn": _("Tidak ditampilkan lagi"),
    "revealed": _("Identitas Anda dibuka"),
    "looked": _("Data pelapor dibaca"),
    "note": _("Catatan internal"),
    "imported": _("Diambil dari SP4N-LAPOR!"),
    "sp4n": _("Status di SP4N-LAPOR! berubah"),
}
MISSING: dict[tuple[str, str], Promise] = {
    ("text", "short"): _("Ceritakan sedikit lebih banyak: apa yang terjadi, dan apa akibatnya."),
    ("text", "long"): _("Tulis paling banyak 4.000 huruf."),
    ("text", "missing"): _("Tulis isinya."),
    ("text", "person"): _(
        "Masih ada yang menunjuk kepada orang. Samarkan, atau nyatakan sudah Anda periksa."
    ),
    ("photos", "many"): _("Kirim paling banyak 4 foto sekali kirim."),
    ("category", "unknown"): _("Pilih kategori dari daftar."),
    ("level", "unknown"): _("Pilih tingkat dari daftar."),
    ("title", "missing"): _("Tulis judul pendek."),
    ("reason", "missing"): _("Tulis alasannya; pelapor membacanya."),
    ("reason", "short"): _("Tulis alasan paling sedikit 20 huruf; pelapor membacanya."),
    ("reason", "long"): _("Tulis paling banyak 4.000 huruf."),
    ("agencies", "missing"): _("Pilih paling sedikit satu instansi."),
    ("question", "missing"): _("Tulis apa yang diminta dari instansi."),
    ("result", "missing"): _("Pilih apa yang terjadi dengan masalahnya."),
    ("contact", "missing"): _("Tulis nomor HP atau e-mail agar Anda dapat dikabari."),
    ("rating", "unknown"): _("Pilih salah satu jawaban."),
    ("into", "self"): _("Laporan tidak dapat digabung dengan dirinya sendiri."),
    ("into", "merged"): _("Laporan itu sendiri sudah digabung. Gabungkan dengan laporan tujuannya."),
    ("into", "secret"): _("Laporan rahasia hanya dapat digabung dengan laporan rahasia."),
}
PHOTOS: dict[str, Promise] = {
    "empty": _("Foto ini kosong. Pilih foto lain."),
    "too_large": _(
        "Foto ini terlalu besar. Kirim foto paling besar 8 MB; bila tetap ditolak, pilih ukuran gambar yang lebih kecil."
    ),
    "wrong_type": _("Ini bukan foto. Kirim JPG, PNG, atau WebP."),
    "not_readable": _("Foto ini rusak dan tidak dapat dibuka. Ambil atau pilih foto lain."),
    "too_many": _("Kirim paling banyak 4 foto sekali kirim."),
}
TONES = {
    states.NEW: "yellow", states.POSTPONED: "yellow", states.REPORTER_REPLY: "yellow", states.REOPENED: "yellow",
    states.NOT_OURS: "grey", states.ARCHIVED: "grey", states.CLOSED: "green",
}  # fmt: skip
MATTER_TONES = {"yellow": "warning", "grey": "", "green": "success", "red": "danger", "": "info"}


def state_of(complaint: Complaint, *, desk: bool = False) -> str:
    """The state in words. A closed one that is not settled never reads «selesai»."""
    if complaint.merged_into_id is not None:
        return str(MERGED)
    if complaint.state == states.CLOSED and not complaint.settled:
        return str(NOT_FIXED if complaint.fixed is False else UNSETTLED)
    return str((AT_DESK if desk else STATES)[complaint.state])


def tone_of(complaint: Complaint) -> str:
    """The colour of the state's tag; the words say the same."""
    if complaint.state == states.CLOSED and not complaint.settled:
        return "red" if complaint.fixed is False else "yellow"
    return TONES.get(complaint.state, "")


def of_error(error: ComplaintError) -> str:
    """What happened, and what to do."""
    if isinstance(error, Missing):
        return " ".join(str(MISSING[item]) for item in error.fields.items() if item in MISSING)
    if isinstance(error, PhotoRefused):
        return str(PHOTOS[error.code])
    if isinstance(error, NotNow):
        return gettext("Keadaannya sudah berubah sejak halaman ini dibuka. Periksa lagi, lalu putuskan.")
    if isinstance(error, MayNot):
        if error.why == "secret":
            return gettext("Laporan rahasia tidak pernah ditampilkan untuk umum.")
        return gettext("Ini dikerjakan oleh pengelola pengaduan. Hubungi mereka bila ini keliru.")
    if isinstance(error, NotFound):
        return gettext("Laporan dengan nomor itu tidak ada. Periksa nomornya.")
    return gettext("Tidak dapat dilakukan sekarang. Muat ulang halaman, lalu coba lagi.")
