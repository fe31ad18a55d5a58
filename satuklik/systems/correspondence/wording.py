"""What pages say when a signature could not be made."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from satuklik.base.ui.rules import clock
from satuklik.spine.signing.errors import (
    BackendFailed,
    CannotSign,
    KeyLocked,
    NoKey,
    OutcomeUnknown,
    SigningError,
    WrongPassphrase,
)


def key_problem(error: SigningError) -> str:
    """Why nothing was signed, and what to do."""
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
        ) % {"until": clock(timezone.localtime(error.until))}
    if isinstance(error, NoKey):
        return _(
            "Anda belum mempunyai kunci tanda tangan yang berlaku. Hubungi verifikator TTE di kantor Anda."
        )
    if isinstance(error, OutcomeUnknown):
        return _(
            "Layanan tanda tangan belum menjawab. Hasilnya sedang ditanyakan; jangan menandatangani lagi. "
            "Buka halaman ini lagi beberapa menit kemudian."
        )
    if isinstance(error, CannotSign):
        return _("PDF ini tidak dapat ditandatangani: rusak, terkunci, atau dibatasi tanda tangan sebelumnya.")
    if isinstance(error, BackendFailed):
        return _("Layanan tanda tangan menolak: %(message)s") % {"message": str(error)}
    return _("Tanda tangan tidak dapat dibuat sekarang. Coba lagi; bila tetap gagal, hubungi Diskominfo.")
