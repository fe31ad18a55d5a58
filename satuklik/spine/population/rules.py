"""The register's codes with their names, and what a person's data mean: age, adulthood, next of kin."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

AS_OF = date(2026, 11, 1)  # the state of the synthetic register; fixed, so that a seed gives the same people
ADULT_AGE = 17  # UU 23/2006 ps. 63(1): an electronic identity card from 17, or when married before
LEAST_MARRIAGE_AGE = 19  # UU 1/1974 ps. 7(1), as changed by UU 16/2019
SHORTEST_REASON = 8  # characters: long enough to say something, short enough not to invite nonsense
_UNSEEN = ("Cc", "Cf", "Cs")


@dataclass(frozen=True, slots=True)
class Label:
    """What a code is called in both languages."""

    id: str
    en: str


# The wording of the family card, Permendagri 109/2019.
SEX = {"L": Label("Laki-laki", "Male"), "P": Label("Perempuan", "Female")}
RELIGION = {
    "islam": Label("Islam", "Islam"),
    "kristen": Label("Kristen", "Protestant"),
    "katolik": Label("Katolik", "Catholic"),
    "hindu": Label("Hindu", "Hindu"),
    "buddha": Label("Buddha", "Buddhist"),
    "khonghucu": Label("Khonghucu", "Confucian"),
    "kepercayaan": Label("Kepercayaan terhadap Tuhan YME", "Belief in the One God"),
}
MARITAL = {
    "belum_kawin": Label("Belum Kawin", "Single"),
    "kawin": Label("Kawin Tercatat", "Married"),
    "kawin_belum": Label("Kawin Belum Tercatat", "Married, not recorded"),
    "cerai_hidup": Label("Cerai Hidup", "Divorced"),
    "cerai_mati": Label("Cerai Mati", "Widowed"),
}
EDUCATION = {
    "tidak_sekolah": Label("Tidak/Belum Sekolah", "No schooling"),
    "belum_tamat_sd": Label("Belum Tamat SD/Sederajat", "Primary school, not finished"),
    "sd": Label("Tamat SD/Sederajat", "Primary school"),
    "smp": Label("SLTP/Sederajat", "Junior secondary school"),
    "sma": Label("SLTA/Sederajat", "Senior secondary school"),
    "d2": Label("Diploma I/II", "Diploma I/II"),
    "d3": Label("Akademi/Diploma III/S. Muda", "Diploma III"),
    "s1": Label("Diploma IV/Strata I", "Bachelor"),
    "s2": Label("Strata II", "Master"),
    "s3": Label("Strata III", "Doctorate"),
}
OCCUPATION = {
    "belum_bekerja": Label("Belum/Tidak Bekerja", "Not working"),
    "pelajar": Label("Pelajar/Mahasiswa", "Pupil or student"),
    "rumah_tangga": Label("Mengurus Rumah Tangga", "Homemaker"),
    "pensiunan": Label("Pensiunan", "Retired"),
    "petani": Label("Petani/Pekebun", "Farmer"),
    "buruh_tani": Label("Buruh Tani/Perkebunan", "Farm or plantation labourer"),
    "nelayan": Label("Nelayan/Perikanan", "Fisher"),
    "buruh_nelayan": Label("Buruh Nelayan/Perikanan", "Fishing labourer"),
    "buruh_harian": Label("Buruh Harian Lepas", "Casual labourer"),
    "karyawan_swasta": Label("Karyawan Swasta", "Private employee"),
    "karyawan_bumn": Label("Karyawan BUMN", "State enterprise employee"),
    "wiraswasta": Label("Wiraswasta", "Self-employed"),
    "pedagang": Label("Pedagang", "Trader"),
    "pns": Label("Pegawai Negeri Sipil", "Civil servant"),
    "honorer": Label("Karyawan Honorer", "Contract employee of the government"),
    "tni": Label("Tentara Nasional Indonesia", "Armed forces"),
    "polri": Label("Kepolisian RI", "Police"),
    "guru": Label("Guru", "Teacher"),
    "perawat": Label("Perawat", "Nurse"),
    "bidan": Label("Bidan", "Midwife"),
    "dokter": Label("Dokter", "Doctor"),
    "sopir": Label("Sopir", "Driver"),
    "mekanik": Label("Mekanik", "Mechanic"),
    "tukang_batu": Label("Tukang Batu", "Mason"),
    "tukang_kayu": Label("Tukang Kayu", "Carpenter"),
    "tukang_jahit": Label("Tukang Jahit", "Tailor"),
    "perangkat_desa": Label("Perangkat Desa", "Village official"),
}
RELATION = {
    "kepala_keluarga": Label("Kepala Keluarga", "Head of the family"),
    "suami": Label("Suami", "Husband"),
    "istri": Label("Istri", "Wife"),
    "anak": Label("Anak", "Child"),
    "menantu": Label("Menantu", "Child-in-law"),
    "cucu": Label("Cucu", "Grandchild"),
    "orang_tua": Label("Orang Tua", "Parent"),
    "mertua": Label("Mertua", "Parent-in-law"),
    "famili_lain": Label("Famili Lain", "Other relative"),
    "lainnya": Label("Lainnya", "Other"),
}
CITIZENSHIP = {"WNI": Label("WNI", "Indonesian"), "WNA": Label("WNA", "Foreign")}
BLOOD = {code: Label(code, code) for code in ("A", "B", "AB", "O")} | {
    "-": Label("Tidak Tahu", "Not known"),
}
STATUS = {
    "alive": Label("Hidup", "Alive"),
    "dead": Label("Meninggal", "Dead"),
    "moved": Label("Pindah", "Moved away"),
}
TABLES: Mapping[str, Mapping[str, Label]] = {
    "sex": SEX,
    "religion": RELIGION,
    "marital": MARITAL,
    "education": EDUCATION,
    "occupation": OCCUPATION,
    "relation": RELATION,
    "citizenship": CITIZENSHIP,
    "blood_type": BLOOD,
    "status": STATUS,
}
RELATION_ORDER = {code: place for place, code in enumerate(RELATION)}


def label(table: str, code: str, language: str = "id") -> str:
    """What `code` of `table` (a key of TABLES) is called; the code itself where the table lacks it."""
    known = TABLES[table].get(code)
    if known is None:
        return code
    return known.en if language.startswith("en") else known.id


def age(birth_date: date, today: date) -> int:
    """Completed years. Whoever is born on 29 February is a year older on 1 March of other years."""
    return today.year - birth_date.year - ((today.month, today.day) < (birth_date.month, birth_date.day))


def is_adult(birth_date: date, marital: str, today: date) -> bool:
    """True from 17 years on, or when married or having been (UU 23/2006 ps. 63(1))."""
    return age(birth_date, today) >= ADULT_AGE or marital != "belum_kawin"


def is_reason(text: str) -> bool:
    """True when `text` may stand as the reason of a look-up: some letters, not a single character repeated, and
    nothing that a page cannot show (control and direction characters, halves of a surrogate pair)."""
    plain = text.strip()
    return (
        len(plain) >= SHORTEST_REASON
        and not any(unicodedata.category(letter) in _UNSEEN for letter in plain)
        and sum(letter.isalpha() for letter in plain) >= SHORTEST_REASON // 2
        and len(set(plain)) > 2
    )
