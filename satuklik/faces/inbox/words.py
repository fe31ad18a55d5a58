"""The words of the inbox for kinds, channels, states of delivery and the reasons of triage."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from satuklik.spine.intake.queries import BOXES
from satuklik.spine.intake.registry import KINDS

CHANNELS: dict[str, tuple[Promise | str, str]] = {
    "whatsapp": ("WhatsApp", "message-circle"),
    "telegram": ("Telegram", "send"),
    "email": (gettext_lazy("E-mail"), "mail"),
    "web": (gettext_lazy("Obrolan portal"), "globe"),
    "form": (gettext_lazy("Formulir"), "clipboard-list"),
    "inapp": (gettext_lazy("Kotak pesan akun"), "inbox"),
    "nowhere": (gettext_lazy("Hanya lewat tautan"), "link"),
}
BOX_NAMES: dict[str, Promise] = dict(
    zip(
        BOXES,
        (
            gettext_lazy("Menunggu"), gettext_lazy("Milik saya"), gettext_lazy("Belum dibagi"), gettext_lazy("Semua"),
            gettext_lazy("Selesai"),
        ),
        strict=True,
    )
)  # fmt: skip
STEPS: dict[str, tuple[Promise, str]] = {
    "queued": (gettext_lazy("Menunggu dikirim"), "clock"),
    "sent": (gettext_lazy("Terkirim"), "check"),
    "delivered": (gettext_lazy("Sampai"), "check-check"),
    "read": (gettext_lazy("Dibaca"), "eye"),
    "failed": (gettext_lazy("Gagal terkirim"), "circle-alert"),
    "unsure": (gettext_lazy("Belum pasti terkirim"), "circle-help"),
}
RULES: dict[str, Promise] = {
    "§objection": gettext_lazy("kata keberatan (UU 14/2008 ps. 35)"),
    "§ticket": gettext_lazy("nomor tiket"),
    "§press": gettext_lazy("wartawan"),
    "§emergency": gettext_lazy("keadaan darurat"),
    "§corruption": gettext_lazy("dugaan pungli atau korupsi"),
}
FILE_PROBLEMS: dict[str, Promise] = {
    "too_large": gettext_lazy("terlalu besar"),
    "wrong_type": gettext_lazy("jenis berkas tidak diterima"),
    "empty": gettext_lazy("kosong"),
    "changed": gettext_lazy("isinya berubah di jalan"),
    "gone": gettext_lazy("sudah tidak tersedia"),
    "not_sent": gettext_lazy("tidak sampai"),
}
WORDLESS: dict[str, Promise] = {
    "text": gettext_lazy("tanpa kata-kata"),
    "image": gettext_lazy("foto"),
    "audio": gettext_lazy("pesan suara"),
    "voice": gettext_lazy("pesan suara"),
    "video": gettext_lazy("video"),
    "document": gettext_lazy("berkas"),
    "sticker": gettext_lazy("stiker"),
    "unsupported": gettext_lazy("jenis pesan yang tidak dapat dibaca di sini"),
}
_OFF: dict[str, Promise] = {
    "information": gettext_lazy("Permintaan informasi"),
    "objection": gettext_lazy("Keberatan informasi"),
    "complaint": gettext_lazy("Pengaduan"),
    "press": gettext_lazy("Pertanyaan pers"),
    "idea": gettext_lazy("Gagasan warga"),
}


def kind(name: str) -> str:
    """What a kind is called; kinds whose system is switched off have a name too."""
    if name in KINDS:
        return str(KINDS[name].label)
    return str(_OFF.get(name) or _("Belum pasti"))


def origin(text: str) -> str:
    """What a model of triage has learned from: its sources in words, files by their names."""
    known = {
        "seed": _("percakapan buatan bawaan (tidak satu pun pesan sungguhan)"), "corrections": _("koreksi petugas"),
    }  # fmt: skip
    return ", ".join(known.get(part.split(" (")[0], part) for part in text.split(" + "))


def kind_icon(name: str) -> str:
    """The icon of a kind."""
    return KINDS[name].icon if name in KINDS else "circle-help"


def channel(name: str) -> tuple[str, str]:
    """(words, icon) of a channel."""
    words, icon = CHANNELS.get(name, (name, "message-square"))
    return str(words), icon


def reason(word: str) -> str:
    """A reason of triage in words: a rule's, or the person's own word."""
    return str(RULES.get(word, f"“{word}”"))


def wordless(preview: str) -> str:
    """ "(audio)", as messaging keeps a message without words, → "(pesan suara)"; anything else as it is."""
    kind = preview[1:-1] if preview.startswith("(") and preview.endswith(")") else ""
    return f"({WORDLESS[kind]})" if kind in WORDLESS else preview
