"""What can go wrong when days are counted."""

from datetime import date

from django.utils.translation import gettext as _


class YearNotLoaded(LookupError):
    """The holidays of a year that the count reaches are not loaded; carries the year."""

    def __init__(self, year: int) -> None:
        text = _("Hari libur tahun %(year)s belum dimuat. Muat keputusannya, lalu ulangi.")
        super().__init__(text % {"year": year})
        self.year = year


class HoldsTheYear(RuntimeError):
    """This day cannot become a working day: by it a year counts as loaded; carries the day."""

    def __init__(self, day: date) -> None:
        super().__init__(
            _("Tahun Baru dan Natal tidak dapat dihapus: keduanya menandai kalender tahun itu sudah dimuat.")
        )
        self.day = day


class TermClosed(RuntimeError):
    """A term that is over cannot be extended."""

    def __init__(self, subject: str, name: str) -> None:
        super().__init__(_("Jangka waktu ini sudah selesai dan tidak dapat diperpanjang."))
        self.subject, self.name = subject, name
