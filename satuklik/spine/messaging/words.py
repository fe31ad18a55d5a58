"""The words of messages, by kind; rooms above register more kinds at start."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy


class DuplicateKind(RuntimeError):
    """Two rooms registered words for one kind of message."""


@dataclass(frozen=True)
class Words:
    """Title and body with named places: %(service)s, %(reference)s, %(note)s."""

    title: Promise
    body: Promise
    link: str


WORDS: dict[str, Words] = {}


def register_words(kind: str, title: Promise, body: Promise, link: str) -> None:
    """Make a kind of message known; `link` may hold %(reference)s. Raises DuplicateKind."""
    if kind in WORDS:
        raise DuplicateKind(kind)
    WORDS[kind] = Words(title, body, link)


_CASE = "/urusan/%(reference)s/"
register_words(
    "case.issued",
    gettext_lazy("%(service)s sudah terbit"),
    gettext_lazy("Surat Anda siap diunduh dan dapat diperiksa siapa saja melalui kode QR-nya."),
    _CASE,
)
register_words(
    "case.in_review",
    gettext_lazy("%(service)s sedang diperiksa"),
    gettext_lazy(
        "Permohonan %(reference)s sudah kami terima. Petugas memeriksanya, Anda tidak perlu datang."
    ),
    _CASE,
)
register_words(
    "case.granted",
    gettext_lazy("%(service)s disetujui"),
    gettext_lazy("Permohonan %(reference)s disetujui dan menunggu tanda tangan."),
    _CASE,
)
register_words(
    "case.returned",
    gettext_lazy("%(service)s perlu Anda lengkapi"),
    gettext_lazy("Catatan petugas: %(note)s"),
    _CASE,
)
register_words(
    "case.refused",
    gettext_lazy("%(service)s tidak dapat dikabulkan"),
    gettext_lazy("Alasannya: %(note)s"),
    _CASE,
)
register_words(
    "case.handed_off",
    gettext_lazy("%(service)s diteruskan"),
    gettext_lazy(
        "Permohonan %(reference)s kami siapkan untuk instansi yang menerbitkannya. Kami pantau sampai selesai."
    ),
    _CASE,
)
register_words(
    "case.completed",
    gettext_lazy("%(service)s selesai"),
    gettext_lazy("Permohonan %(reference)s sudah selesai. %(note)s"),
    _CASE,
)
register_words(
    "letter.replaced",
    gettext_lazy("%(service)s Anda diganti"),
    gettext_lazy(
        "Surat yang lama tidak berlaku lagi; pakailah yang baru. Alasannya: %(note)s. Keputusannya dapat Anda baca di halaman urusan."
    ),
    _CASE,
)
register_words(
    "letter.annulled",
    gettext_lazy("%(service)s Anda dicabut"),
    gettext_lazy(
        "Surat itu tidak berlaku lagi. Alasannya: %(note)s. Keputusannya dapat Anda baca di halaman urusan."
    ),
    _CASE,
)
