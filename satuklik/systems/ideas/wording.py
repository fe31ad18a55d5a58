"""The words of ideas: states, steps, errors, in the language of the page."""

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from satuklik.systems.ideas.errors import (
    EnvelopeBroken,
    IdeaError,
    MayNot,
    Missing,
    NotFound,
    NotNow,
    RoundClosed,
)
from satuklik.systems.ideas.rules import states
from satuklik.systems.ideas.rules.counting import BadBallot

STATES: dict[str, Promise] = {
    states.SUBMITTED: _("Menunggu moderasi"),
    states.MODERATED: _("Menunggu jawaban pengusul"),
    states.SUPPORT: _("Mencari dukungan"),
    states.REVIEW: _("Ditelaah instansi"),
    states.READY: _("Siap dipilih"),
    states.VOTE: _("Dalam pemungutan suara"),
    states.ADOPTED: _("Terpilih"),
    states.NOT_ADOPTED: _("Tidak terpilih"),
    states.IN_PROGRESS: _("Sedang dikerjakan"),
    states.DONE: _("Terwujud"),
    states.MERGED: _("Digabung dengan ide lain"),
}
TONES = {
    states.SUBMITTED: "yellow", states.MODERATED: "yellow", states.ADOPTED: "green", states.DONE: "green",
    states.NOT_ADOPTED: "grey", states.MERGED: "grey",
}  # fmt: skip
MATTER_TONES = {"yellow": "warning", "grey": "", "green": "success", "": "info"}
STEPS: dict[str, Promise] = {
    "submitted": _("Ide dikirim"),
    "suggested": _("Mirip dengan ide lain: pengusul ditanya"),
    "published": _("Tampil, dan dapat didukung"),
    "merged": _("Digabung dengan ide lain"),
    "review": _("Diteruskan ke instansi untuk ditelaah"),
    "assigned": _("Instansi penelaah dipilih"),
    "answered": _("Jawaban instansi"),
    "given_back": _("Dikembalikan oleh instansi"),
    "reviewed": _("Hasil telaah"),
    "vote": _("Masuk pemungutan suara"),
    "called_off": _("Pemungutan suara dibatalkan"),
    "adopted": _("Terpilih"),
    "not_adopted": _("Tidak dilanjutkan"),
    "again": _("Dicoba lagi"),
    "progress": _("Perkembangan"),
    "done": _("Terwujud"),
}
MISSING: dict[tuple[str, str], Promise] = {
    ("title", "missing"): _("Tulis judulnya."),
    ("text", "missing"): _("Tulis isinya."),
    ("text", "short"): _("Ceritakan lebih banyak: paling sedikit 30 huruf."),
    ("text", "long"): _("Tulis paling banyak 4.000 huruf."),
    ("category", "unknown"): _("Pilih kategori dari daftar."),
    ("outlet", "missing"): _("Jurnalis menyebut medianya."),
    ("agency", "unknown"): _("Pilih instansi dari daftar."),
    ("like", "self"): _("Ide tidak dapat digabung dengan dirinya sendiri."),
    ("reason", "missing"): _("Tulis alasannya; semua orang membacanya."),
    ("cost", "missing"): _("Tulis perkiraan biaya dalam rupiah, angka saja."),
    ("rkpd_code", "shape"): _("Kode RKPD berupa angka dengan titik, misalnya 1.03.02.2.01."),
    ("cap", "missing"): _("Tulis anggaran putaran ini dalam rupiah, angka saja."),
    ("closes_at", "order"): _("Akhir putaran harus sesudah awalnya, dan belum lewat."),
    ("ideas", "few"): _("Pilih paling sedikit dua ide."),
    ("ideas", "cost"): _("Ada ide yang biayanya lebih besar dari anggaran putaran."),
    ("state", "unknown"): _("Pilih keadaannya."),
    ("photos", "many"): _("Kirim paling banyak 4 foto sekali kirim."),
}
CLOSED: dict[str, Promise] = {
    "early": _("Pemungutan suara belum dimulai, atau belum berakhir. Lihat tanggalnya di atas."),
    "over": _("Pemungutan suara sudah berakhir. Pilihan Anda yang terakhir tetap dihitung."),
    "counted": _("Suara sudah dihitung. Pilihan tidak dapat diubah lagi."),
}


def of_error(error: IdeaError | BadBallot) -> str:
    """What happened, and what to do."""
    if isinstance(error, Missing):
        return " ".join(str(MISSING[item]) for item in error.fields.items() if item in MISSING)
    if isinstance(error, RoundClosed):
        return str(CLOSED[error.when])
    if isinstance(error, BadBallot):
        if error.code == "budget":
            over = f"{error.over:,}".replace(",", ".")
            return gettext("Pilihan Anda melebihi anggaran sebesar Rp%(over)s. Lepaskan satu ide.") % {
                "over": over
            }
        if error.code == "empty":
            return gettext("Pilih paling sedikit satu ide.")
        return gettext("Daftar ide sudah berubah. Muat ulang halaman, lalu pilih lagi.")
    if isinstance(error, NotNow):
        return gettext("Keadaannya sudah berubah sejak halaman ini dibuka. Periksa lagi, lalu putuskan.")
    if isinstance(error, NotFound):
        return gettext("Ide dengan nomor itu tidak ada, atau belum tampil. Periksa nomornya.")
    if isinstance(error, EnvelopeBroken):
        return gettext(
            "Ada amplop suara yang tidak dapat dibuka. Belum ada yang dihitung. Hubungi pengelola server."
        )
    if isinstance(error, MayNot) and error.why == "vote":
        return gettext("Ide ini sedang dipilih warga. Batalkan putarannya dahulu.")
    return gettext("Anda tidak berwenang melakukan ini. Hubungi pengelola ide bila ini keliru.")
