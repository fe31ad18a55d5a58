"""What can go wrong when days are counted."""

from django.utils.translation import gettext as _


class YearNotLoaded(LookupError):
    """The holidays of a year that the count reaches are not loaded; carries the year."""

    def __init__(self, year: int) -> None:
        text = _("Hari libur tahun %(year)s belum dimuat. Muat keputusannya, lalu ulangi.")
        super().__init__(text % {"year": year})
        self.year = year


class TermClosed(RuntimeError):
    """A term that is over cannot be extended."""

    def __init__(self, subject: str, name: str) -> None:
        super().__init__(_("Jangka waktu ini sudah selesai dan tidak dapat diperpanjang."))
        self.subject, self.name = subject, name
