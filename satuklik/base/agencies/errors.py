"""What can go wrong when somebody asks who may sign."""

from datetime import datetime

from django.utils.translation import gettext as _


class NoSuchAgency(LookupError):
    """No agency has this code; carries the code."""

    def __init__(self, code: str) -> None:
        super().__init__(_("Tidak ada instansi dengan kode %(code)s.") % {"code": code})
        self.code = code


class NoHead(LookupError):
    """Nobody heads this agency and nobody acts for its head; carries the agency's name and the time."""

    def __init__(self, agency: str, at: datetime) -> None:
        text = _("%(agency)s belum mempunyai pejabat. Terbitkan surat perintah Plt. lebih dahulu.")
        super().__init__(text % {"agency": agency})
        self.agency = agency
        self.at = at


class BadMandate(ValueError):
    """A mandate that ends before it begins, or of an unknown kind."""
