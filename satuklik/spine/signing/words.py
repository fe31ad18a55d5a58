"""What the errors of keys and signatures say to the official who wants to sign."""

from django.utils import timezone
from django.utils.translation import gettext as _
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
    OutcomeUnknown,
    SigningError,
    WrongPassphrase,
)
from satuklik.spine.signing.queries import PROBLEMS


def of_error(error: SigningError) -> str:
    """What happened and what to do, in the language of the page."""
    if isinstance(error, WrongPassphrase):
        return ngettext(
            "Kata sandi tanda tangan salah. Sisa %(left)d kali percobaan.",
            "Kata sandi tanda tangan salah. Sisa %(left)d kali percobaan.",
            error.left,
        ) % {"left": error.left}
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
        KeyClosed: _("Kunci sudah ditutup. Ketik kata sandi Anda lagi untuk melanjutkan."),
        BatchRunning: _("Surat-surat ini sedang ditandatangani di jendela lain."),
    }
    for kind, words in plain.items():
        if isinstance(error, kind):
            return words
    if isinstance(error, BackendFailed) and error.retry:
        return _("Layanan tanda tangan sedang terganggu. Surat ini belum ditandatangani; coba lagi nanti.")
    return _("Tanda tangan tidak dapat dibuat sekarang. Coba lagi; bila tetap gagal, hubungi Diskominfo.")
