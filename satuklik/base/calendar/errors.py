"""What can go wrong when days are counted."""


class YearNotLoaded(LookupError):
    """The holidays of a year that the count reaches are not loaded; carries the year."""

    def __init__(self, year: int) -> None:
        super().__init__(
            f"Hari libur tahun {year} belum dimuat. Muat keputusan hari libur tahun {year}, lalu ulangi."
        )
        self.year = year
