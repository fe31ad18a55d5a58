"""The categories of the catalogue: their names, their icons, their order."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy


@dataclass(frozen=True)
class Category:
    """One shelf of the catalogue."""

    slug: str
    name: Promise
    about: Promise
    icon: str


CATEGORIES = (
    Category("surat-desa", gettext_lazy("Surat desa & kelurahan"), gettext_lazy("Domisili, pengantar, keterangan"), "file-text"),
    Category("kependudukan", gettext_lazy("KTP, KK & kependudukan"), gettext_lazy("Kartu, pindah, perubahan data"), "id-card"),
    Category("keluarga", gettext_lazy("Lahir, nikah, keluarga"), gettext_lazy("Kelahiran, nikah, kematian, waris"), "users"),
    Category("usaha", gettext_lazy("Usaha & pekerjaan"), gettext_lazy("Keterangan usaha, izin, kerja"), "store"),
    Category("sosial", gettext_lazy("Bantuan & kesehatan"), gettext_lazy("SKTM, jaminan, sekolah"), "heart-handshake"),
    Category("perizinan", gettext_lazy("Izin"), gettext_lazy("Keramaian, penelitian, bangunan"), "stamp"),
    Category("pajak", gettext_lazy("Pajak & retribusi"), gettext_lazy("PBB, BPHTB, pajak usaha"), "receipt"),
)  # fmt: skip
BY_SLUG = {category.slug: category for category in CATEGORIES}
