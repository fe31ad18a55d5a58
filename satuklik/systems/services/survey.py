"""The nine questions of the satisfaction survey and their four answers. PermenPANRB 14/2017, Lampiran."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Element:
    """One element: its short name, its question, its answers for the scores 1 to 4."""

    code: str
    name: Promise
    question: Promise
    answers: tuple[Promise, Promise, Promise, Promise]

    @property
    def options(self) -> list[tuple[int, Promise, str]]:
        """Score, words and face of each answer."""
        return list(zip((1, 2, 3, 4), self.answers, FACES, strict=True))


FACES = ("frown", "meh", "smile", "laugh")
ELEMENTS = (
    Element("U1", _("Persyaratan"), _("Apakah persyaratannya sesuai dengan layanannya?"),
            (_("Tidak sesuai"), _("Kurang sesuai"), _("Sesuai"), _("Sangat sesuai"))),
    Element("U2", _("Prosedur"), _("Seberapa mudah mengurusnya?"),
            (_("Sulit"), _("Kurang mudah"), _("Mudah"), _("Sangat mudah"))),
    Element("U3", _("Waktu"), _("Seberapa cepat layanannya?"),
            (_("Lambat"), _("Kurang cepat"), _("Cepat"), _("Sangat cepat"))),
    Element("U4", _("Biaya"), _("Bagaimana biayanya?"),
            (_("Sangat mahal"), _("Cukup mahal"), _("Murah"), _("Gratis"))),
    Element("U5", _("Hasil"), _("Apakah hasilnya sesuai dengan yang dijanjikan?"),
            (_("Tidak sesuai"), _("Kurang sesuai"), _("Sesuai"), _("Sangat sesuai"))),
    Element("U6", _("Kemampuan petugas"), _("Seberapa cakap petugasnya?"),
            (_("Tidak cakap"), _("Kurang cakap"), _("Cakap"), _("Sangat cakap"))),
    Element("U7", _("Sikap petugas"), _("Seberapa sopan dan ramah petugasnya?"),
            (_("Tidak ramah"), _("Kurang ramah"), _("Ramah"), _("Sangat ramah"))),
    Element("U8", _("Sarana"), _("Bagaimana mutu sarananya (situs, loket)?"),
            (_("Buruk"), _("Cukup"), _("Baik"), _("Sangat baik"))),
    Element("U9", _("Pengaduan"), _("Bagaimana pengaduan ditangani?"),
            (_("Tidak ada"), _("Ada, tidak jalan"), _("Jalan, kurang baik"), _("Dikelola baik"))),
)  # fmt: skip
BY_CODE = {element.code: element for element in ELEMENTS}
TAPS = ("U2", "U3")
"""What the two taps ask: how easy, how fast."""


def next_tap(scores: dict[str, int]) -> Element | None:
    """The tap that is still open, or None when both are done."""
    return next((BY_CODE[code] for code in TAPS if code not in scores), None)
