"""What a verdict is called on the page: one sentence, its sign, what it means, what to do."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Wording:
    """A verdict in words. `tone`: success, warning, danger; the sign and the words say it too."""

    tone: str
    icon: str
    title: Promise
    meaning: Promise
    todo: Promise | None = None


_ASK = _("Tanyakan kepada pemberi surat, atau hubungi kantor penerbitnya.")
IN_FORCE = Wording(
    "success",
    "badge-check",
    _("Surat ini asli dan berlaku"),
    _("Surat ini tercatat pada kami dan masih berlaku hari ini."),
)
STANDINGS = {
    "in_force": IN_FORCE,
    "pending": Wording(
        "warning",
        "hourglass",
        _("Surat ini belum ditandatangani"),
        _("Nomornya sudah dicatat, tetapi tanda tangannya belum ada. Surat ini belum berlaku."),
        _("Periksa lagi nanti, atau hubungi kantor penerbitnya."),
    ),
    "expired": Wording(
        "warning",
        "hourglass",
        _("Surat ini asli, tetapi masa berlakunya habis"),
        _("Surat ini benar diterbitkan, tetapi tidak berlaku lagi hari ini."),
        _("Minta surat yang baru kepada pemiliknya."),
    ),
    "annulled": Wording(
        "danger",
        "circle-x",
        _("Surat ini sudah dicabut"),
        _("Surat ini pernah diterbitkan, lalu dicabut. Jangan dipakai."),
        _ASK,
    ),
    "replaced": Wording(
        "warning",
        "refresh-cw",
        _("Surat ini sudah diganti"),
        _("Surat ini asli, tetapi surat lain menggantikannya. Pakai penggantinya."),
        _("Minta surat penggantinya kepada pemiliknya."),
    ),
}
VALID_ELSEWHERE = Wording(
    "success",
    "badge-check",
    _("Tanda tangan elektronik pada berkas ini sah"),
    _("Berkas tidak berubah sejak ditandatangani. Berkas ini bukan surat yang tercatat pada Satu Klik."),
)
ADDED = Wording(
    "warning",
    "file-plus",
    _("Surat asli, dengan tambahan sesudah ditandatangani"),
    _("Isi yang ditandatangani tidak berubah. Sesudah itu ada tanda tangan atau data pemeriksaan lain."),
    _("Bandingkan dengan surat yang tercatat di bawah ini."),
)
BUSY = Wording(
    "warning",
    "hourglass",
    _("Berkas ini belum sempat diperiksa"),
    _("Ini bukan tentang surat Anda. Kami sedang melayani banyak pemeriksaan."),
)
FILES = {
    "altered": Wording(
        "danger",
        "triangle-alert",
        _("Berkas ini telah diubah"),
        _("Isi berkas tidak sama dengan yang ditandatangani. Jangan dipercaya."),
        _("Pakai surat yang tercatat, bukan berkas ini. Bila ragu, hubungi kantor penerbitnya."),
    ),
    "untrusted": Wording(
        "danger",
        "shield-alert",
        _("Penanda tangan berkas ini tidak dikenal"),
        _("Ada tanda tangan elektronik, tetapi sertifikatnya tidak berasal dari penerbit yang dipercaya."),
        _ASK,
    ),
    "unsigned": Wording(
        "warning",
        "file-warning",
        _("Berkas ini tidak bertanda tangan elektronik"),
        _("Kami tidak dapat memastikan asal berkas ini. Hasil pindaian atau foto surat termasuk di sini."),
        _("Pindai kode QR pada surat, atau minta berkas PDF aslinya."),
    ),
    "unreadable": Wording(
        "warning",
        "file-x",
        _("Berkas ini tidak dapat dibaca"),
        _("Berkas rusak, terkunci, atau bukan PDF."),
        _("Unduh lagi PDF aslinya, lalu unggah di sini. Foto surat diperiksa lewat kode QR."),
    ),
}


TRUST: dict[str, tuple[Promise, Promise]] = {
    "own": (
        _("Penerbit sertifikat kabupaten ini"),
        _("Untuk surat layanan dan naskah dinas kami. Sertifikat internal, tidak tersertifikasi BSrE."),
    ),
    "certified": (
        _("Induk nasional"),
        _("Penerbit tersertifikasi menurut PP 71/2019 ps. 60 ayat (2), seperti BSrE."),
    ),
    "other": (
        _("Induk tambahan"),
        _("Dipilih oleh pengelola Satu Klik; tidak dinyatakan tersertifikasi."),
    ),
}


def of_letter(standing: str) -> Wording:
    """The verdict on a registered letter of this standing."""
    return STANDINGS[standing]


def of_file(verdict: str, standing: str, *, same_file: bool, reason: str = "") -> Wording:
    """The verdict on an uploaded file: what its signatures say, then what the register says."""
    if reason == "busy":
        return BUSY
    if verdict in FILES:
        return FILES[verdict]
    if not standing:
        return VALID_ELSEWHERE
    if standing != "in_force":
        return STANDINGS[standing]
    return IN_FORCE if same_file and verdict == "valid" else ADDED
