"""Pure decisions about letters: what they are made of, what they show, whether they hold."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from satuklik.kernel.dates_id import long_date

Words = Mapping[str, str]
"""A text in both languages: {"id": …, "en": …}."""

TOKEN_BYTES = 16  # 128 bits: nobody finds a letter by guessing
LARGEST_UPLOAD = 20 * 1024 * 1024
OPEN_CODE_BYTES = 8  # 40 bits, five tries an hour
LONGEST_WORD = 40

# How letters word the codes of the register; a code that is not here is printed with spaces for underscores.
PRINTED_WORDS: dict[str, dict[str, str]] = {
    "sex": {"L": "Laki-laki", "P": "Perempuan"},
    "religion": {"kepercayaan": "Kepercayaan terhadap Tuhan YME"},
    "marital": {"kawin": "Kawin", "kawin_belum": "Kawin belum tercatat"},
    "citizenship": {"WNI": "Indonesia", "WNA": "Asing"},
    "education": {
        "tidak_sekolah": "Tidak/belum sekolah", "belum_tamat_sd": "Belum tamat SD/sederajat",
        "sd": "Tamat SD/sederajat", "smp": "SLTP/sederajat", "sma": "SLTA/sederajat", "slta": "SLTA/sederajat",
        "d2": "Diploma I/II", "d3": "Diploma III", "s1": "Diploma IV/Strata I", "s2": "Strata II",
        "s3": "Strata III",
    },
    "occupation": {
        "belum_bekerja": "Belum/tidak bekerja", "pelajar": "Pelajar/mahasiswa",
        "rumah_tangga": "Mengurus rumah tangga", "petani": "Petani/pekebun",
        "buruh_tani": "Buruh tani/perkebunan", "nelayan": "Nelayan/perikanan",
        "buruh_nelayan": "Buruh nelayan/perikanan", "buruh_harian": "Buruh harian lepas",
        "karyawan_bumn": "Karyawan BUMN", "pns": "Pegawai Negeri Sipil", "honorer": "Karyawan honorer",
        "tni": "Tentara Nasional Indonesia", "polri": "Kepolisian RI",
    },
}  # fmt: skip
_CODED = ("sex", "religion", "marital", "citizenship", "education", "occupation", "relation")
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class LetterTemplate:
    """The letter of one service version."""

    slug: str
    source: str
    """The text of letter.typ, of the version that the case is pinned to."""
    title: str
    """As printed: Indonesian, capitals."""
    code: str
    """Classification of the letter, Permendagri 83/2022."""
    validity_months: int | None
    shows: Sequence[tuple[str, Words]]
    """What a verifier sees: ("person.name", {"id": "Nama", "en": "Name"}) …"""
    title_en: str = ""
    money: frozenset[str] = frozenset()
    """Which of `shows` are amounts in rupiah."""
    version: int = 1


def mask(digits: str) -> str:
    """A NIK or KK number for a stranger's eyes: only the district of its first issue (UU 27/2022 ps. 16(2)c).

    The date of birth in the middle and the serial (mostly 0001 to 0009) can be guessed by who knows the
    holder, so both stay hidden.
    """
    return digits if len(digits) < 12 else digits[:6] + "•" * (len(digits) - 6)


def look_up(data: Mapping[str, Any], path: str) -> Any:
    """The value at "person.name" in the data of a letter; None where there is none."""
    value: Any = data
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def shown(letter: LetterTemplate, data: Mapping[str, Any], *, masked: bool = True) -> list[dict[str, Any]]:
    """What the letter says, for whoever verifies it: [{"key", "label": {"id","en"}, "value": text}].

    Values are Indonesian, as printed, so that they can be held against the paper.
    """
    rows = []
    for path, label in letter.shows:
        value = look_up(data, path)
        if value not in (None, ""):
            words = _in_words(path, value, data, money=path in letter.money)
            if masked and path in ("person.nik", "household.kk"):
                words = mask(words)
            rows.append({"key": path, "label": dict(label), "value": words})
    return rows


def _in_words(path: str, value: Any, data: Mapping[str, Any], *, money: bool) -> str:
    root, _, name = path.partition(".")
    chosen = data.get("choice", {}).get(name) if root == "answer" else None
    if chosen is not None:
        return str(chosen)
    if isinstance(value, bool):
        return "Ya" if value else "Tidak"
    if money:
        return "Rp" + f"{value:,}".replace(",", ".")
    text = printed(name, value) if root == "person" else str(value)
    if not _ISO_DATE.fullmatch(text):
        return text
    try:
        return long_date(date.fromisoformat(text))
    except ValueError:  # typed into a question for text: "0000-01-01"
        return text


def printed(name: str, value: Any) -> str:
    """A register value of a person in the words of a letter: printed("sex", "P") → "Perempuan"."""
    text = str(value)
    if name not in _CODED:
        return text
    words = PRINTED_WORDS.get(name, {}).get(text, text.replace("_", " "))
    return words[:1].upper() + words[1:]


def person_in_words(person: Mapping[str, Any]) -> dict[str, Any]:
    """A person's facts with words instead of the register's codes."""
    return {name: printed(name, value) if name in _CODED else value for name, value in person.items()}


# What a letter may hold: Latin letters and the signs that go with them. Libertinus Serif, the font inside Typst,
# has all of it (a test prints every one). It has Greek and Cyrillic too, but their А and В look like A and B:
# a letter must not carry a name that reads like another one.
_PRINTABLE = (
    (0x20, 0x7E),
    (0xA0, 0x24F),
    (0x1E00, 0x1E9B),
    (0x1EA0, 0x1EF9),
    (0x2010, 0x2015),
    (0x2018, 0x201E),
    (0x2020, 0x2022),
    (0x2026, 0x2026),
    (0x2030, 0x2030),
    (0x2032, 0x2033),
    (0x2039, 0x203A),
    (0x20AC, 0x20AC),
    (0x2116, 0x2116),
    (0x2122, 0x2122),
    (0x2190, 0x2193),
    (0x2212, 0x2212),
    (0x2248, 0x2248),
    (0x2260, 0x2260),
    (0x2264, 0x2265),
)
_SOFT_HYPHEN = "\u00ad"  # comes along when text is pasted; nobody sees it


def unprintable(text: str) -> str:
    """The characters of `text` that a letter cannot show, each once, in order. Line ends are fine."""
    seen = dict.fromkeys(
        character
        for character in unicodedata.normalize("NFC", text)
        if character not in "\n\r\t" and not any(low <= ord(character) <= high for low, high in _PRINTABLE)
    )
    return "".join(seen)


def texts(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """All texts inside nested data, with their paths."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from texts(inner, f"{path}.{name}" if path else str(name))
    elif isinstance(value, Sequence):
        for index, inner in enumerate(value):
            yield from texts(inner, f"{path}[{index}]")


def printable(value: Any) -> Any:
    """The same data, composed (NFC), tabs as spaces, one kind of line end, and words too long for a line
    made breakable by zero-width spaces."""
    if isinstance(value, str):
        text = (
            unicodedata.normalize("NFC", value).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
        )
        return "".join(_breakable(part) for part in _words(text))
    if isinstance(value, Mapping):
        return {name: printable(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [printable(inner) for inner in value]
    return value


def _words(text: str) -> Iterator[str]:
    start = 0
    for index, character in enumerate(text):
        if character in " \n":
            yield text[start:index]
            yield character
            start = index + 1
    yield text[start:]


def _breakable(word: str) -> str:
    if len(word) <= LONGEST_WORD:
        return word
    return "\u200b".join(word[i : i + LONGEST_WORD] for i in range(0, len(word), LONGEST_WORD))


SEAL_STATEMENTS = {
    "local": (
        "Surat ini disegel secara elektronik dengan sertifikat internal Pemerintah {regency} "
        "(tidak tersertifikasi BSrE). Periksa keasliannya dengan memindai kode QR atau di {page}."
    ),
    "bsre": (
        "Surat ini disegel secara elektronik menggunakan sertifikat elektronik yang diterbitkan oleh Balai Besar "
        "Sertifikasi Elektronik (BSrE), BSSN. Periksa keasliannya dengan memindai kode QR atau di {page}."
    ),
}
SIGNATURE_STATEMENTS = {
    key: text.replace("disegel secara elektronik", "ditandatangani secara elektronik")
    for key, text in SEAL_STATEMENTS.items()
}


def statement(*, seal: bool, backend: str, regency: str, page: str) -> str:
    """The sentence at the foot of the letter. An uncertified signature never claims BSrE.
    UU 1/2024 ps. 13A, PP 71/2019 ps. 60(2)."""
    table = SEAL_STATEMENTS if seal else SIGNATURE_STATEMENTS
    return table[backend].format(regency=regency, page=page)


def number_can_be_reused(issued: date, today: date) -> bool:
    """Whether a letter that was never signed can leave its number to the next one: numbers name their month."""
    return (issued.year, issued.month) == (today.year, today.month)


def prints_rank(agency_code: str, acting_as: str) -> bool:
    """Acting heads of the region and acting regional secretaries are printed without title, NIP or rank.
    Permendagri 1/2023 ps. 44."""
    return not (acting_as and agency_code in ("bupati", "setda"))


_TITLES = frozenset({"prof", "dr", "drg", "drh", "drs", "dra", "ir", "h", "hj", "kh", "tgk"})


def without_titles(name: str) -> str:
    """A name without academic and other titles: "Dra. Hj. Nurhayati Siregar, M.AP" → "Nurhayati Siregar". Initials
    ("M. Yusuf") stay."""
    words = name.split(",")[0].split()
    while len(words) > 1 and words[0].rstrip(".").lower() in _TITLES:
        words.pop(0)
    return " ".join(words)


def standing(status: str, valid_until: date | None, today: date) -> str:
    """Where a letter stands today: in_force, expired, replaced, annulled, or pending (not signed yet)."""
    if status != "in_force":
        return status
    return "expired" if valid_until is not None and today > valid_until else "in_force"
