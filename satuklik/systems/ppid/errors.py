"""What can go wrong with information requests, each with its evidence and words for whoever did it."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from satuklik.kernel.dates_id import long_date


class PpidError(Exception):
    """Root of this room's errors: nothing was changed. `str(error)` tells a person what to do."""


class NotFound(PpidError):
    """There is no such request, objection or letter, or this official may not know of it."""

    def __init__(self, reference: str) -> None:
        super().__init__(_("%(reference)s tidak ditemukan.") % {"reference": reference})
        self.reference = reference


class NotYours(PpidError):
    """This official has no part in it."""

    def __init__(self, official: str) -> None:
        super().__init__(_("%(official)s tidak berwenang melakukan ini.") % {"official": official})
        self.official = official


class WrongState(PpidError):
    """This cannot be done in this state."""

    def __init__(self, state: str, wanted: str) -> None:
        from satuklik.systems.ppid import words

        super().__init__(
            _("Tidak dapat dilakukan: keadaannya sekarang “%(state)s”. Muat ulang halaman untuk melihatnya.")
            % {"state": words.state(state)}
        )
        self.state, self.wanted = state, wanted


class BadInput(PpidError):
    """What was typed cannot be used. `problems`: (field, sentence)."""

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        super().__init__(" ".join(sentence for _field, sentence in problems))
        self.problems = tuple(problems)


class CannotExtend(PpidError):
    """The answer's time may not be extended. `code`: one of rules.ExtensionFault, or "moved"."""

    def __init__(self, code: str, *, due_on: date | None, most: int) -> None:
        day = long_date(due_on) if due_on else "–"
        said = {
            "state": _("Permintaan ini tidak dapat diperpanjang dalam keadaannya sekarang."),
            "waiting": _("Surat perpanjangan sudah disusun dan menunggu tanda tangan."),
            "moved": _(
                "Tanggal di dalam surat tidak cocok lagi dengan kalender. Tarik surat itu, lalu susun yang baru."
            ),
            "twice": _("Waktu jawaban sudah pernah diperpanjang. Undang-undang mengizinkannya satu kali."),
            "late": _(
                "Hari terakhir (%(day)s) sudah lewat. Perpanjangan harus dilakukan sebelum hari itu berakhir."
            )
            % {"day": day},
            "days": _("Perpanjangan paling lama %(most)s hari kerja.") % {"most": most},
            "reason": _("Tulis alasan perpanjangan. Alasan itu disampaikan kepada pemohon."),
        }
        super().__init__(said[code])
        self.code, self.due_on = code, due_on


class BadDecision(PpidError):
    """The decision lacks something. `faults`: codes of rules.decision_faults."""

    def __init__(self, faults: Sequence[str]) -> None:
        said = {
            "answer": _("Tulis jawaban atau keterangan tentang informasi yang diberikan."),
            "ground": _("Pilih dasar pengecualian Pasal 17."),
            "test": _("Catat uji konsekuensi untuk setiap dasar pengecualian yang dipilih."),
            "reason": _("Tulis alasan penolakan dengan kalimat yang dapat dipahami pemohon."),
            "holder": _(
                "Tulis badan publik yang menguasai informasi itu, atau bahwa hal itu tidak diketahui."
            ),
            "cost": _("Biaya hanya untuk salinan, dan tidak boleh kurang dari nol."),
            "form": _("Pilih bentuk informasi yang dikuasai."),
        }
        super().__init__(" ".join(said[fault] for fault in faults))
        self.faults = tuple(faults)


class OwnWork(PpidError):
    """Four eyes: who proposed it does not agree to it."""

    def __init__(self, official: str) -> None:
        super().__init__(
            _("%(official)s yang mengusulkannya. Pejabat lain harus menyetujui.") % {"official": official}
        )
        self.official = official


class NotTheLetterShown(PpidError):
    """The letter that was read is not the one in force: it must be read again before it is signed."""

    def __init__(self) -> None:
        super().__init__(_("Isi surat sudah berganti sejak Anda membukanya. Baca yang terbaru lebih dahulu."))


class MaySignNot(PpidError):
    """At this moment this official may not sign this letter."""

    def __init__(self, official: str, office: str) -> None:
        super().__init__(
            _("%(official)s saat ini tidak berwenang menandatangani untuk %(office)s.")
            % {"official": official, "office": office}
        )
        self.official, self.office = official, office


class StillSigning(PpidError):
    """The signature is being made elsewhere, or nobody knows yet what came of it."""

    def __init__(self, reference: str) -> None:
        super().__init__(
            _(
                "Tanda tangan %(reference)s sedang dibuat atau hasilnya belum diketahui. Coba lagi beberapa menit lagi."
            )
            % {"reference": reference}
        )
        self.reference = reference


class AlreadyThere(PpidError):
    """An objection on the same ground is open already."""

    def __init__(self, number: str) -> None:
        super().__init__(
            _("Keberatan dengan alasan ini sudah terdaftar dengan nomor %(number)s dan belum diputus.")
            % {"number": number}
        )
        self.number = number


class TooEarly(PpidError):
    """The ground of the objection has not come up yet."""

    def __init__(self, due_on: date | None) -> None:
        day = long_date(due_on) if due_on else "–"
        super().__init__(
            _("Alasan ini belum dapat dipakai: batas jawabannya %(day)s dan belum lewat.") % {"day": day}
        )
        self.due_on = due_on
