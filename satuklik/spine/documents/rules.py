"""Pure decisions about letters: what they are made of, what they show, whether they hold."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

Words = Mapping[str, str]
"""A text in both languages: {"id": …, "en": …}."""

TOKEN_BYTES = 16  # 128 bits: nobody finds a letter by guessing
LARGEST_UPLOAD = 20 * 1024 * 1024
LONGEST_WORD = 40

FACT_LABELS: dict[str, dict[str, str]] = {
    "person.nik": {"id": "NIK", "en": "National ID number (NIK)"},
    "person.name": {"id": "Nama", "en": "Name"},
    "person.sex": {"id": "Jenis kelamin", "en": "Sex"},
    "person.birth_place": {"id": "Tempat lahir", "en": "Place of birth"},
    "person.birth_date": {"id": "Tanggal lahir", "en": "Date of birth"},
    "person.age": {"id": "Umur", "en": "Age"},
    "person.religion": {"id": "Agama", "en": "Religion"},
    "person.marital": {"id": "Status perkawinan", "en": "Marital status"},
    "person.education": {"id": "Pendidikan", "en": "Education"},
    "person.occupation": {"id": "Pekerjaan", "en": "Occupation"},
    "person.citizenship": {"id": "Kewarganegaraan", "en": "Citizenship"},
    "person.relation": {"id": "Hubungan dalam keluarga", "en": "Relation to head of family"},
    "person.father_name": {"id": "Nama ayah", "en": "Father's name"},
    "person.mother_name": {"id": "Nama ibu", "en": "Mother's name"},
    "person.dtsen_decile": {"id": "Desil DTSEN", "en": "Welfare decile (DTSEN)"},
    "household.kk": {"id": "Nomor Kartu Keluarga", "en": "Family card number (KK)"},
    "household.address": {"id": "Alamat", "en": "Address"},
    "household.rt": {"id": "RT", "en": "RT"},
    "household.rw": {"id": "RW", "en": "RW"},
    "household.postal_code": {"id": "Kode pos", "en": "Postal code"},
    "household.head_name": {"id": "Kepala keluarga", "en": "Head of family"},
    "village.name": {"id": "Desa/kelurahan", "en": "Village"},
    "district.name": {"id": "Kecamatan", "en": "District"},
    "regency.name": {"id": "Kabupaten", "en": "Regency"},
}

CODE_WORDS: dict[str, dict[str, dict[str, str]]] = {
    "person.sex": {"L": {"id": "Laki-laki", "en": "Male"}, "P": {"id": "Perempuan", "en": "Female"}},
    "person.marital": {
        "belum_kawin": {"id": "Belum kawin", "en": "Single"},
        "kawin": {"id": "Kawin", "en": "Married"},
        "cerai_hidup": {"id": "Cerai hidup", "en": "Divorced"},
        "cerai_mati": {"id": "Cerai mati", "en": "Widowed"},
    },
    "person.citizenship": {"WNI": {"id": "Indonesia", "en": "Indonesian"}, "WNA": {"id": "Asing", "en": "Foreign"}},
}
YES_NO = {True: {"id": "Ya", "en": "Yes"}, False: {"id": "Tidak", "en": "No"}}


@dataclass(frozen=True)
class LetterTemplate:
    """The letter of one service version."""

    slug: str
    source: str
    """The text of letter.typ, of the version that the case is pinned to."""
    code: str
    """Classification of the letter, Permendagri 83/2022."""
    title: Words
    validity_months: int | None
    shows: Sequence[str]
    """What a verifier sees: "person.name", "answer.purpose" …"""
    questions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """By id: the [[question]] tables of service.toml; they give answers their labels and words."""
    version: int = 1

    @classmethod
    def of_service(
        cls, slug: str, service: Mapping[str, Any], source: str, version: int = 1
    ) -> "LetterTemplate":
        """The letter of a parsed service.toml (its [letter] and [[question]] tables)."""
        letter = service["letter"]
        return cls(
            slug=slug,
            source=source,
            code=letter["code"],
            title=letter["title"],
            validity_months=letter.get("validity_months"),
            shows=tuple(letter["shows"]),
            questions={question["id"]: question for question in service.get("question", [])},
            version=version,
        )


def mask(digits: str) -> str:
    """A NIK or KK number for a stranger's eyes: the first four and last four digits. UU 27/2022 ps. 16(2)c."""
    return digits if len(digits) < 12 else digits[:4] + "•" * (len(digits) - 8) + digits[-4:]


def hidden_digits(digits: str) -> str:
    """What `mask` hides."""
    return digits[4:-4] if len(digits) >= 12 else ""


def look_up(data: Mapping[str, Any], path: str) -> Any:
    """The value at "person.name" in the data of a letter; None where there is none."""
    value: Any = data
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def choices_in_words(letter: LetterTemplate, answers: Mapping[str, Any]) -> dict[str, str]:
    """For each answered choice the Indonesian words of the chosen option."""
    words = {}
    for name, value in answers.items():
        option = _option(letter.questions.get(name, {}), value)
        if option is not None:
            words[name] = str(option["id"])
    return words


def _option(question: Mapping[str, Any], value: Any) -> Words | None:
    for option in question.get("choices", []):
        if option["value"] == value:
            label: Words = option["label"]
            return label
    return None


def shown(letter: LetterTemplate, data: Mapping[str, Any], *, masked: bool = True) -> list[dict[str, Any]]:
    """What the letter says, for the verification page:
    [{"key", "label": {"id","en"}, "value": text or {"id","en"}, "type": "text" | "date" | "money" | "id"}].
    """
    rows = []
    for path in letter.shows:
        value = look_up(data, path)
        if value in (None, ""):
            continue
        rows.append({"key": path, **_row(letter, path, value, masked=masked)})
    return rows


def _row(letter: LetterTemplate, path: str, value: Any, *, masked: bool) -> dict[str, Any]:
    root, _, name = path.partition(".")
    question = letter.questions.get(name, {}) if root == "answer" else {}
    label = dict(question.get("label") or FACT_LABELS.get(path) or {"id": name, "en": name})
    kind = str(question.get("type", ""))
    option = _option(question, value)
    if option is not None:
        return {"label": label, "value": dict(option), "type": "text"}
    if isinstance(value, bool):
        return {"label": label, "value": YES_NO[value], "type": "text"}
    if path in CODE_WORDS and value in CODE_WORDS[path]:
        return {"label": label, "value": CODE_WORDS[path][value], "type": "text"}
    if path in ("person.nik", "household.kk"):
        return {"label": label, "value": mask(str(value)) if masked else str(value), "type": "id"}
    if kind == "date" or path == "person.birth_date":
        return {"label": label, "value": str(value), "type": "date"}
    if kind == "money":
        return {"label": label, "value": str(value), "type": "money"}
    if path in ("person.religion", "person.occupation", "person.education"):
        text = str(value).replace("_", " ")
        value = text[:1].upper() + text[1:]
    return {"label": label, "value": str(value), "type": "text"}


# What Libertinus Serif, the font inside Typst, can print (a test compiles every one of these).
_PRINTABLE = (
    (0x20, 0x7E),
    (0xA0, 0x17F),
    (0x192, 0x192),
    (0x1CD, 0x1DC),
    (0x1E6, 0x1E7),
    (0x218, 0x21B),
    (0x391, 0x3A1),
    (0x3A3, 0x3A9),
    (0x3B1, 0x3C9),
    (0x410, 0x44F),
    (0x2010, 0x2015),
    (0x2018, 0x201E),
    (0x2020, 0x2022),
    (0x2026, 0x2026),
    (0x2030, 0x2030),
    (0x2032, 0x2033),
    (0x2039, 0x203A),
    (0x20AC, 0x20AC),
    (0x2122, 0x2122),
    (0x2190, 0x2193),
    (0x2212, 0x2212),
    (0x2248, 0x2248),
    (0x2260, 0x2260),
    (0x2264, 0x2265),
)


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
        text = unicodedata.normalize("NFC", value).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
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


def prints_rank(agency_code: str, acting_as: str) -> bool:
    """Acting heads of the region and acting regional secretaries are printed without title, NIP or rank.
    Permendagri 1/2023 ps. 44."""
    return not (acting_as and agency_code in ("bupati", "setda"))


def standing(status: str, valid_until: date | None, today: date) -> str:
    """Where a letter stands today: in_force, expired, replaced, annulled."""
    if status != "in_force":
        return status
    return "expired" if valid_until is not None and today > valid_until else "in_force"
