"""What the errors of keys and signatures say to the official who wants to sign."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from satuklik.spine.signing.errors import (
    BackendFailed,
    BatchRunning,
    CannotRead,
    CannotSign,
    KeyClosed,
    KeyLocked,
    MayNotSeal,
    NoKey,
    OtherBackend,
    OutcomeUnknown,
    SigningError,
    WrongPassphrase,
)
from satuklik.spine.signing.queries import PROBLEMS

REFUSALS: dict[str, object] = {
    "not_registered": _lazy("Anda belum terdaftar di BSrE. Hubungi verifikator TTE di Diskominfo."),
    "no_certificate": _lazy("Sertifikat Anda di BSrE belum terbit. Hubungi verifikator TTE di Diskominfo."),
    "expired": _lazy(
        "Sertifikat Anda di BSrE sudah habis masa berlakunya. Ajukan pembaruan kepada verifikator TTE."
    ),
    "waiting": _lazy("Sertifikat Anda masih diproses oleh BSrE. Coba lagi setelah selesai."),
    "suspended": _lazy("Sertifikat Anda di BSrE ditangguhkan. Hubungi verifikator TTE di Diskominfo."),
    "revoked": _lazy("Sertifikat Anda di BSrE sudah dicabut. Hubungi verifikator TTE di Diskominfo."),
    "bad_pdf": _lazy("BSrE tidak dapat membaca PDF ini. Minta berkas baru dari pembuatnya."),
    "another_file": _lazy(
        "Yang dikembalikan BSrE bukan berkas yang dikirim, jadi tidak dipakai. Jangan diulang; hubungi Diskominfo."
    ),
    "another_signer": _lazy(
        "BSrE menandatangani dengan sertifikat orang lain, jadi tidak dipakai. Jangan diulang; hubungi Diskominfo."
    ),
    "no_token": _lazy("Token tanda tangan Anda tidak ditemukan. Pasang token itu, lalu coba lagi."),
}
"""What the codes of BackendFailed say to the official."""


def of_error(error: SigningError) -> str:
    """What happened and what to do, in the language of the page."""
    if isinstance(error, WrongPassphrase):
        return ngettext(
            "Kata sandi tanda tangan salah. Sisa %(left)d kali percobaan.",
            "Kata sandi tanda tangan salah. Sisa %(left)d kali percobaan.",
            error.left,
        ) % {"left": error.left}
    if isinstance(error, KeyLocked) and error.by_token:
        return _(
            "Token tanda tangan Anda terkunci karena PIN salah berkali-kali. Bawa token itu kepada verifikator TTE di "
            "Diskominfo untuk dibuka."
        )
    if isinstance(error, KeyLocked):
        return _(
            "Kunci tanda tangan Anda terkunci sampai %(until)s, karena kata sandi salah berkali-kali. "
            "Coba lagi sesudah itu."
        ) % {"until": f"{timezone.localtime(error.until):%H.%M} WIB"}
    if isinstance(error, NoKey):
        return _(
            "Anda belum mempunyai kunci tanda tangan yang berlaku. Hubungi verifikator TTE di Diskominfo."
        )
    if isinstance(error, MayNotSeal):
        if error.quota:
            return _("Kuota segel hari ini sudah habis (%(quota)d). Coba lagi besok.") % {
                "quota": error.quota
            }
        return _("Segel kantor ini tidak diizinkan untuk dokumen ini. Hubungi Diskominfo.")
    if isinstance(error, CannotRead) and error.problem in PROBLEMS:
        return str(PROBLEMS[error.problem])
    plain = {
        CannotSign: _(
            "PDF ini tidak dapat ditandatangani: berkasnya dikunci, rusak, atau tanda tangan sebelumnya "
            "melarang perubahan. Minta berkas baru dari pembuatnya."
        ),
        OutcomeUnknown: _(
            "Layanan tanda tangan belum menjawab. Hasilnya ditanyakan lagi oleh sistem: jangan menandatangani ulang."
        ),
        OtherBackend: _(
            "Dokumen ini ditandatangani dengan kunci Anda yang lain. Tandatangani tersendiri, dengan kata sandi kunci itu."
        ),
        KeyClosed: _("Kunci sudah ditutup. Ketik kata sandi Anda lagi untuk melanjutkan."),
        BatchRunning: _("Surat-surat ini sedang ditandatangani di jendela lain."),
    }
    for kind, words in plain.items():
        if isinstance(error, kind):
            return words
    if isinstance(error, BackendFailed) and error.code in REFUSALS:
        return str(REFUSALS[error.code])
    if isinstance(error, BackendFailed) and error.retry:
        return _("Layanan tanda tangan sedang terganggu. Surat ini belum ditandatangani; coba lagi nanti.")
    return _("Tanda tangan tidak dapat dibuat sekarang. Coba lagi; bila tetap gagal, hubungi Diskominfo.")
