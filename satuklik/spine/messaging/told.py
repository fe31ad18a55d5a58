"""What the room says to people in words: problems, statuses, channels."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PROBLEMS: dict[str, Promise] = {
    "unreadable": _("Isinya tidak dapat dibaca"),
    "poison": _("Isinya membuat pengolahan gagal"),
    "unknown_message": _("Menyebut pesan yang tidak kami kenal"),
    "loop": _("Ditulis mesin, bukan orang"),
    "too_many": _("Terlalu banyak surat dari satu pengirim"),
    "too_large": _("Terlalu besar"),
    "not_for_us": _("Bukan untuk kami"),
}
FILE_PROBLEMS: dict[str, Promise] = {
    "too_large": _("terlalu besar"),
    "wrong_type": _("jenis berkas tidak diterima"),
    "empty": _("berkasnya kosong"),
    "changed": _("isinya berubah di jalan"),
    "gone": _("tidak dapat diambil lagi"),
    "not_sent": _("tidak sampai"),
}
STATUSES: dict[str, Promise] = {
    "received": _("diterima"),
    "queued": _("menunggu dikirim"),
    "sent": _("terkirim"),
    "delivered": _("sudah sampai"),
    "read": _("dibaca"),
    "failed": _("gagal"),
    "unsure": _("belum pasti terkirim"),
}
CHANNELS: dict[str, Promise] = {
    "whatsapp": _("WhatsApp"),
    "telegram": _("Telegram"),
    "email": _("E-mail"),
    "web": _("Obrolan portal"),
    "inapp": _("Kotak pesan portal"),
    "nowhere": _("Tidak ada saluran"),
}


def problem(word: str) -> Promise | str:
    """Why an event is in quarantine."""
    return PROBLEMS.get(word, word)
