"""The words of states, steps and events, as pages show them."""

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from satuklik.systems.correspondence import rules

NASKAH: dict[str, Promise] = {
    "draft": _("Draf"),
    "in_review": _("Menunggu paraf"),
    "returned": _("Dikembalikan"),
    "to_sign": _("Menunggu tanda tangan"),
    "signed": _("Ditandatangani, belum dikirim"),
    "dispatched": _("Terkirim"),
    "cancelled": _("Dibatalkan"),
}
STEP: dict[str, Promise] = {
    "waiting": _("Menunggu giliran"),
    "open": _("Menunggu"),
    "done": _("Selesai"),
    "returned": _("Mengembalikan"),
    "forwarded": _("Meneruskan"),
    "dropped": _("Tidak dilanjutkan"),
}
INCOMING: dict[str, Promise] = {
    "new": _("Baru"),
    "read": _("Sudah dibaca"),
    "disposed": _("Didisposisi"),
    "done": _("Selesai"),
}
EVENT: dict[str, Promise] = {
    "naskah.created": _("membuat draf"),
    "naskah.edited": _("mengubah isi"),
    "naskah.submitted": _("mengirim ke atas"),
    "naskah.withdrawn": _("menarik kembali"),
    "naskah.paraf": _("memberi paraf"),
    "naskah.returned": _("mengembalikan"),
    "naskah.forwarded": _("meneruskan paraf"),
    "naskah.signed": _("menandatangani"),
    "naskah.dispatched": _("mengirim"),
    "naskah.sent": _("menyatakan terkirim"),
    "naskah.cancelled": _("membatalkan"),
    "naskah.secret_read": _("membuka naskah rahasia"),
    "incoming.registered": _("mencatat surat masuk"),
    "incoming.delivered": _("mengirim ke kantor ini"),
    "incoming.read": _("membaca pertama kali"),
    "incoming.disposed": _("memberi disposisi"),
    "incoming.reported": _("melaporkan hasil disposisi"),
    "incoming.done": _("menyelesaikan"),
    "incoming.secret_read": _("membuka surat rahasia"),
}
UPLOADED = _("Naskah unggahan (PDF)")
BY_HAND = _("Dikirim sendiri: menunggu pernyataan terkirim")
ON_DISPATCH = _("Masuk kotak surat kantor itu saat dikirim")
HIDDEN_SUBJECT = _("(naskah rahasia)")


def said(words: rules.Words) -> str:
    """A text of the templates in the reader's language."""
    return words["en"] if (get_language() or "id").startswith("en") else words["id"]
