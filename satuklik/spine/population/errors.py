"""What can go wrong around persons; each error says what to do."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _


class ReasonNeeded(ValueError):
    """A look-up without a reason (or with one that says nothing); carries what was given."""

    def __init__(self, given: str) -> None:
        super().__init__(_("Tuliskan alasan melihat data ini, misalnya nama layanan yang diminta warga."))
        self.given = given


class BadLookUp(ValueError):
    """What was asked for is neither a NIK nor a village with the beginning of a name; carries the problems."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(_("Isi NIK 16 angka, atau pilih desa dan tulis sedikitnya dua huruf nama."))
        self.problems = tuple(problems)


class OutsideArea(PermissionError):
    """An official searches by name outside the region of his office; carries both codes."""

    def __init__(self, village: str, area: str) -> None:
        super().__init__(
            "Desa ini di luar wilayah kantor Anda. Cari dengan NIK, atau hubungi kantor desanya."
        )
        self.village = village
        self.area = area


class AlreadyClaimed(ValueError):
    """This person, or this login, is bound to another one already."""

    def __init__(self) -> None:
        super().__init__(_("Data ini sudah terhubung dengan akun lain. Datang ke kantor desa dengan KTP."))


class NotEmpty(RuntimeError):
    """There are residents already; carries their number and the tables whose rows refer to them."""

    def __init__(self, persons: int, referring: Sequence[str] = ()) -> None:
        if referring:
            text = f"Rows of {', '.join(referring)} refer to the residents: they cannot be replaced."
        else:
            text = f"There are {persons:,} residents already. Use --replace to make new ones."
        super().__init__(text)
        self.persons = persons
        self.referring = tuple(referring)


class TooManyLooks(PermissionError):
    """The official has looked at more persons in an hour than any counter serves; open again at `until`."""

    def __init__(self, until: datetime) -> None:
        at = timezone.localtime(until)
        super().__init__(
            _("Anda sudah membuka data sangat banyak warga dalam satu jam. Coba lagi pukul %(time)s WIB.")
            % {"time": f"{at:%H.%M}"}
        )
        self.until = until
