"""What can go wrong with naskah dinas, each with its evidence and words for whoever did it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from satuklik.systems.correspondence import words


def _in_words(state: str) -> str:
    said = words.NASKAH.get(state) or words.INCOMING.get(state)
    return str(said).lower() if said else state


class NaskahError(Exception):
    """Root of this room's errors: nothing was changed. `str(error)` tells a person what to do."""


class NaskahNotFound(NaskahError):
    """There is no such naskah or incoming letter, or this official may not know of it."""

    def __init__(self, reference: str) -> None:
        super().__init__(_("Naskah %(reference)s tidak ditemukan.") % {"reference": reference})
        self.reference = reference


class UnknownKind(NaskahError):
    """No folder of naskah/ has this name."""

    def __init__(self, slug: str) -> None:
        super().__init__(_("Tidak ada jenis naskah “%(slug)s”.") % {"slug": slug})
        self.slug = slug


class BadContent(NaskahError):
    """What was typed cannot make a letter. `problems`: (field, sentence), where field is a field of the template or
    "subject", "classification", "urgency", "secrecy", "recipients", "signer"."""

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        super().__init__(" ".join(sentence for _field, sentence in problems))
        self.problems = tuple(problems)


class BadUpload(NaskahError):
    """The uploaded file cannot be signed as a naskah: not a PDF, encrypted, damaged, too large."""


class ChangedMeanwhile(NaskahError):
    """Somebody else saved this draft after it was opened. `theirs`: what they saved, `mine`: what was typed here, so
    that nothing is lost."""

    def __init__(self, changed_at: datetime, *, theirs: dict[str, Any], mine: dict[str, Any]) -> None:
        super().__init__(
            _("Naskah ini sudah diubah dari tempat lain. Bandingkan kedua isinya, lalu simpan lagi.")
        )
        self.changed_at, self.theirs, self.mine = changed_at, theirs, mine


class WrongState(NaskahError):
    """This cannot be done with a naskah, a letter or a disposition in this state."""

    def __init__(self, state: str, wanted: str) -> None:
        super().__init__(
            _(
                "Tidak dapat dilakukan: naskah ini sekarang %(state)s. Muat ulang halaman untuk melihat keadaannya."
            )
            % {"state": _in_words(state)}
        )
        self.state, self.wanted = state, wanted


class StillSigning(NaskahError):
    """The signature of a naskah is being made elsewhere, or nobody knows yet what came of it."""

    def __init__(self, reference: str) -> None:
        super().__init__(
            _(
                "Tanda tangan %(reference)s sedang dibuat atau hasilnya belum diketahui. Coba lagi beberapa menit lagi."
            )
            % {"reference": reference}
        )
        self.reference = reference


class NotYours(NaskahError):
    """This official has no part in it: it is not his step, his draft or his office."""

    def __init__(self, official: str, reference: str) -> None:
        super().__init__(
            _("%(official)s tidak berwenang melakukan ini pada %(reference)s.")
            % {"official": official, "reference": reference}
        )
        self.official, self.reference = official, reference


class NotTheVersionShown(NaskahError):
    """The page that was read is not the version in force: it must be read again before it is approved."""

    def __init__(self, seen: str, current: str) -> None:
        super().__init__(
            _("Isi naskah sudah berganti sejak Anda membukanya. Baca versi terbaru lebih dahulu.")
        )
        self.seen, self.current = seen, current


class MaySignNot(NaskahError):
    """At this moment this official may not sign for this office (no head, no mandate in force, somebody else acts)."""

    def __init__(self, official: str, office: str, at: datetime) -> None:
        super().__init__(
            _("%(official)s saat ini tidak berwenang menandatangani untuk %(office)s.")
            % {"official": official, "office": office}
        )
        self.official, self.office, self.at = official, office, at


class BadChain(NaskahError):
    """The proposed chain cannot be used: an official twice, of a strange office, no longer in office."""


class BadDisposition(NaskahError):
    """A disposition without taker, to oneself, upward, or with a due date in the past."""


class ReasonMissing(NaskahError):
    """A return or a cancellation says why."""

    def __init__(self) -> None:
        super().__init__(_("Tulis alasannya, supaya penyusun tahu apa yang harus diperbaiki."))


class NoRecipient(NaskahError):
    """This kind of naskah goes to somebody."""

    def __init__(self) -> None:
        super().__init__(_("Isi sedikitnya satu tujuan naskah."))


FAULTS = {
    "required": lambda _evidence: _("Isian ini wajib diisi."),
    "unknown": lambda _evidence: _("Jenis naskah ini tidak mempunyai isian ini."),
    "shape": lambda _evidence: _("Isian ini tidak dapat dibaca. Isi lagi dari formulirnya."),
    "long": lambda evidence: _("Terlalu panjang: paling banyak %(most)s huruf.") % {"most": evidence},
    "rows": lambda evidence: _("Terlalu banyak baris: paling banyak %(most)s.") % {"most": evidence},
    "one_line": lambda _evidence: _("Tulis dalam satu baris."),
    "date": lambda _evidence: _("Tulis tanggal yang ada di kalender."),
    "time": lambda _evidence: _("Tulis jam seperti 09.00."),
    "choice": lambda _evidence: _("Pilih salah satu dari daftar."),
    "unprintable": lambda evidence: (
        _("Huruf ini tidak dapat dicetak: %(letters)s. Hapus atau ganti.") % {"letters": evidence}
    ),
    "nobody": lambda _evidence: _("Pejabat ini tidak ada lagi. Pilih pejabat yang masih menjabat."),
    "no_class": lambda evidence: (
        _("Tidak ada kode klasifikasi %(code)s. Pilih dari daftar klasifikasi arsip.") % {"code": evidence}
    ),
    "no_office": lambda evidence: _("Tidak ada kantor dengan kode %(code)s.") % {"code": evidence},
    "nameless": lambda _evidence: _("Tulis nama tujuan di luar pemerintah daerah."),
    "email": lambda evidence: _("%(email)s bukan alamat surel.") % {"email": evidence},
    "no_recipient": lambda _evidence: _("Jenis naskah ini tidak mempunyai tujuan; hapus tujuannya."),
    "head_signs": lambda _evidence: _("Naskah jenis ini ditandatangani kepala kantor."),
    "official_signs": lambda _evidence: _("Pilih pejabat yang menandatangani naskah jenis ini."),
    "strange_signer": lambda _evidence: _("Penanda tangan harus pejabat kantor yang menerbitkan naskah."),
    "future": lambda _evidence: _("Tanggal ini belum tiba."),
    "past": lambda _evidence: _("Batas waktu ini sudah lewat."),
    "dead_end": lambda _evidence: _(
        "Kantor ini tidak dapat menandatangani: belum ada kepala atau pelaksana."
    ),
}
"""What each code of rules.Fault says to a person."""
