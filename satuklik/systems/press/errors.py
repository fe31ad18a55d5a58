"""What can go wrong at the press desk, each with its evidence and words for whoever did it."""

from django.utils.translation import gettext as _

from satuklik.systems.press import words


class PressError(Exception):
    """Root of this room's errors: nothing was changed. `str(error)` tells a person what to do."""


class EnquiryNotFound(PressError):
    """There is no such question, or this official may not know of it."""

    def __init__(self, reference: str) -> None:
        super().__init__(_("Pertanyaan %(reference)s tidak ditemukan.") % {"reference": reference})
        self.reference = reference


class WrongState(PressError):
    """This cannot be done in this state."""

    def __init__(self, state: str, wanted: str) -> None:
        known = words.STATES.get(state) or words.RELEASE_STATES.get(state, state)
        text = _("Tidak dapat dilakukan: keadaannya sekarang “%(state)s”. Muat ulang halaman.")
        super().__init__(text % {"state": str(known)})
        self.state, self.wanted = state, wanted


class NotYours(PressError):
    """This official is not of the press desk, or may not approve."""

    def __init__(self, official: str) -> None:
        super().__init__(_("%(official)s tidak berwenang melakukan ini.") % {"official": official})
        self.official = official


class OwnWork(PressError):
    """Four eyes: who wrote a version does not approve it."""

    def __init__(self, official: str) -> None:
        text = _("%(official)s ikut menulisnya. Mintalah pejabat lain menyetujui.")
        super().__init__(text % {"official": official})
        self.official = official


class NotTheVersionShown(PressError):
    """Another version was written after the page was opened."""

    def __init__(self, seen: int, current: int) -> None:
        super().__init__(
            _("Pernyataan sudah berganti sejak Anda membukanya. Baca versi terbaru lebih dahulu.")
        )
        self.seen, self.current = seen, current


class NotTheLetterShown(PressError):
    """The letter or the release that was read is not the one that stands there now."""

    def __init__(self) -> None:
        super().__init__(_("Isinya sudah berganti sejak Anda membukanya. Baca yang terbaru lebih dahulu."))


class NoOffice(PressError):
    """In the name of this office no letter of the press desk is signed."""

    def __init__(self) -> None:
        super().__init__(_("Pilih kantor yang menandatangani dari daftar."))


class StillSigning(PressError):
    """The signature is being made elsewhere, or nobody knows yet what came of it."""

    def __init__(self, reference: str) -> None:
        text = _(
            "Tanda tangan %(reference)s sedang dibuat atau hasilnya belum diketahui. Coba beberapa menit lagi."
        )
        super().__init__(text % {"reference": reference})
        self.reference = reference


class BadText(PressError):
    """A text is empty or too long. `field` names it."""

    def __init__(self, field: str, most: int) -> None:
        super().__init__(_("Isi tulisan ini, paling banyak %(most)s huruf.") % {"most": most})
        self.field, self.most = field, most


class NoContact(PressError):
    """A journalist is reached by telephone or e-mail; one of them is needed."""

    def __init__(self) -> None:
        super().__init__(_("Isi nomor telepon atau surel, supaya jawaban sampai."))


class BadLink(PressError):
    """What was given is no address of a web page."""

    def __init__(self) -> None:
        super().__init__(_("Tulis alamat lengkap, misalnya https://media.example/berita."))


class NoAgencies(PressError):
    """Facts are asked of one agency at least, and of each once."""

    def __init__(self) -> None:
        super().__init__(_("Pilih instansi yang belum ditanya."))


class CannotHandOver(PressError):
    """No system takes information requests, or it refused; the text says why."""


class BadPolicy(PressError):
    """The clock cannot be used. `faults`: codes of rules.faults_of."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(" ".join(str(words.POLICY_FAULTS[fault]) for fault in faults))
        self.faults = faults


class BadPhoto(PressError):
    """The photo is no JPEG or PNG, is damaged, or is too large."""

    def __init__(self) -> None:
        super().__init__(_("Foto harus JPEG atau PNG yang utuh, paling besar 10 MB."))
