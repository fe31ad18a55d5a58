"""What can go wrong with referrals, each with its evidence and words for whoever did it."""

from datetime import datetime

from django.utils.translation import gettext as _

from satuklik.spine.referrals import words


class ReferralError(Exception):
    """Root of this room's errors: nothing was changed. `str(error)` tells a person what to do."""


class ReferralNotFound(ReferralError):
    """There is no such referral, or this official may not know of it."""

    def __init__(self, reference: str) -> None:
        super().__init__(_("Penerusan %(reference)s tidak ditemukan.") % {"reference": reference})
        self.reference = reference


class WrongState(ReferralError):
    """It was answered, given back or recalled already."""

    def __init__(self, state: str, wanted: str) -> None:
        text = _("Tidak dapat dilakukan: pertanyaan ini sudah %(state)s. Muat ulang halaman.")
        super().__init__(text % {"state": str(words.STATES[state]).lower()})
        self.state, self.wanted = state, wanted


class NotYours(ReferralError):
    """This official may not do this with this referral."""

    def __init__(self, official: str, reference: str) -> None:
        text = _("%(official)s tidak berwenang melakukan ini pada %(reference)s.")
        super().__init__(text % {"official": official, "reference": reference})
        self.official, self.reference = official, reference


class ReasonMissing(ReferralError):
    """Giving back, recalling, and answering for an agency that still has time say why."""

    def __init__(self) -> None:
        super().__init__(_("Tulis alasannya. Kalimat ini tersimpan bersama penerusan."))


class BadText(ReferralError):
    """A question or an answer is empty or too long. `field`: question, title, text, reason."""

    def __init__(self, field: str, most: int) -> None:
        text = _("Isi tulisan ini, paling banyak %(most)s huruf.") % {"most": most}
        super().__init__(text)
        self.field, self.most = field, most


class LinkExpired(ReferralError):
    """The one-tap link no longer works: its time is over, or whoever got it left the office."""

    def __init__(self, at: datetime | None) -> None:
        super().__init__(_("Tautan ini tidak berlaku lagi. Masuklah ke meja kerja untuk menjawab."))
        self.at = at


class NoSuchLink(ReferralError):
    """Nobody was sent this link."""

    def __init__(self) -> None:
        super().__init__(_("Tautan ini tidak dikenal. Periksa apakah alamatnya tersalin seluruhnya."))


class Confidential(ReferralError):
    """What is confidential is answered at the desk only."""

    def __init__(self) -> None:
        super().__init__(_("Pertanyaan ini rahasia. Masuklah ke meja kerja untuk menjawab."))


class BadPolicy(ReferralError):
    """The rule cannot be used. `faults`: codes of rules.faults_of."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(" ".join(str(words.POLICY_FAULTS[fault]) for fault in faults))
        self.faults = faults


class BadContact(ReferralError):
    """Somebody named as contact does not work at the agency."""

    def __init__(self) -> None:
        super().__init__(_("Pilih pejabat yang bertugas di instansi ini."))
