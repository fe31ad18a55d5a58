"""Find services by everyday words: pure functions over a small catalogue, forgiving of typos and endings.

People write "mau nikah", "srt kelakuan baik polisi" or "jualan bakso": no two name a service as the law does.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LONGEST_QUERY = 200
MOST_WORDS = 12
GOOD_ENOUGH = 0.34
_WORD = re.compile(r"[a-z0-9]+")

# Words that say only that somebody wants something.
STOP = frozenset(
    [
        "saya",
        "aku",
        "kami",
        "kita",
        "anda",
        "ibu",
        "bapak",
        "pak",
        "bu",
        "mau",
        "ingin",
        "pengen",
        "pingin",
        "mohon",
        "tolong",
        "minta",
        "butuh",
        "perlu",
        "harus",
        "bisa",
        "buat",
        "bikin",
        "membuat",
        "buatkan",
        "urus",
        "mengurus",
        "ngurus",
        "uruskan",
        "dapat",
        "mendapat",
        "ambil",
        "cara",
        "caranya",
        "bagaimana",
        "gimana",
        "apa",
        "apakah",
        "orang",
        "org",
        "yang",
        "untuk",
        "utk",
        "buat",
        "dari",
        "di",
        "ke",
        "dan",
        "atau",
        "dengan",
        "dgn",
        "pada",
        "itu",
        "ini",
        "ada",
        "nya",
        "dong",
        "ya",
        "sih",
        "si",
        "the",
        "a",
        "an",
        "i",
        "my",
        "me",
        "we",
        "want",
        "need",
        "to",
        "of",
        "for",
        "in",
        "how",
        "get",
        "make",
        "do",
        "can",
        "please",
        "is",
        "are",
        "and",
        "or",
        "with",
        "apply",
        "request",
        "from",
    ]
)

# Everyday words → words that services use. One direction: what people say → what we call it.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "ktp": ("kartu", "penduduk", "identitas"),
    "kk": ("kartu", "keluarga"),
    "kos": ("domisili", "alamat", "tinggal"),
    "kost": ("domisili", "alamat", "tinggal"),
    "kontrakan": ("domisili", "alamat", "tinggal"),
    "rumah": ("alamat", "tinggal"),
    "pindahan": ("pindah",),
    "bisnis": ("usaha",),
    "dagang": ("usaha",),
    "jualan": ("usaha",),
    "warung": ("usaha",),
    "toko": ("usaha",),
    "kedai": ("usaha",),
    "umkm": ("usaha",),
    "kur": ("usaha", "pinjaman", "bank"),
    "bank": ("usaha",),
    "modal": ("usaha",),
    "miskin": ("mampu", "tidak"),
    "susah": ("mampu",),
    "bantuan": ("sosial", "mampu"),
    "bansos": ("sosial", "mampu"),
    "beasiswa": ("mampu", "sekolah", "penghasilan"),
    "kuliah": ("sekolah", "penghasilan"),
    "kip": ("mampu", "sekolah"),
    "polisi": ("skck", "kelakuan", "kehilangan"),
    "polres": ("skck", "kelakuan"),
    "lamaran": ("skck", "kerja"),
    "melamar": ("skck", "kerja"),
    "kerja": ("skck", "pekerjaan"),
    "loker": ("kerja",),
    "kawin": ("nikah", "kawin"),
    "menikah": ("nikah", "kawin"),
    "married": ("nikah", "marriage"),
    "wedding": ("nikah", "marriage"),
    "kua": ("nikah",),
    "lajang": ("belum", "menikah"),
    "jomblo": ("belum", "menikah"),
    "single": ("unmarried", "belum", "menikah"),
    "bujang": ("belum", "menikah"),
    "gadis": ("belum", "menikah"),
    "meninggal": ("kematian", "mati"),
    "wafat": ("kematian", "mati"),
    "died": ("death", "kematian"),
    "bayi": ("lahir", "kelahiran", "akta"),
    "melahirkan": ("lahir", "kelahiran"),
    "anak": ("kelahiran", "keluarga"),
    "baby": ("birth", "kelahiran"),
    "akte": ("akta",),
    "hilang": ("kehilangan",),
    "lost": ("kehilangan", "loss"),
    "tercecer": ("kehilangan",),
    "hajatan": ("keramaian", "izin"),
    "pesta": ("keramaian", "izin"),
    "keyboard": ("keramaian",),
    "party": ("keramaian", "event"),
    "gaji": ("penghasilan",),
    "income": ("penghasilan",),
    "salary": ("penghasilan", "income"),
    "pbb": ("pajak", "bumi", "bangunan"),
    "tax": ("pajak",),
    "riset": ("penelitian",),
    "skripsi": ("penelitian",),
    "magang": ("penelitian",),
    "thesis": ("penelitian", "research"),
    "warisan": ("waris", "ahli"),
    "inherit": ("waris", "heir"),
    "police": ("skck", "conduct"),
    "shop": ("usaha", "business"),
    "poor": ("mampu", "sktm", "low"),
    "srt": ("surat",),
    "sk": ("surat", "keterangan"),
    "ket": ("keterangan",),
    "bpjs": ("jaminan", "kesehatan", "sosial"),
    "kis": ("jaminan", "kesehatan", "sosial"),
    "berobat": ("kesehatan", "mampu"),
    "sakit": ("kesehatan", "mampu"),
    "beda": ("berbeda", "identitas"),
    "salah": ("beda", "identitas"),
}

BEGINNINGS = (
    "menge",
    "meng",
    "mem",
    "men",
    "peng",
    "pem",
    "pen",
    "ber",
    "ter",
    "per",
    "me",
    "pe",
    "di",
    "ke",
    "se",
)
NAME, KEYWORD, SUMMARY, CATEGORY = 1.0, 0.95, 0.5, 0.45


@dataclass(frozen=True)
class Entry:
    """A service as the search sees it: its texts in the language of the page, its keywords in both."""

    slug: str
    name: str
    summary: str
    keywords: tuple[str, ...]
    category: str


@dataclass(frozen=True)
class Index:
    """The prepared catalogue: for each service its words with their weight, and how telling each word is."""

    services: tuple[tuple[str, tuple[tuple[str, float], ...]], ...]
    rarity: dict[str, float]
    vocabulary: frozenset[str]


def words(text: str) -> list[str]:
    """The words of a text: lower case, without accents and signs."""
    plain = unicodedata.normalize("NFKD", text[: LONGEST_QUERY * 20].lower())
    return _WORD.findall("".join(c for c in plain if not unicodedata.combining(c)))


def stem(word: str) -> str:
    """The word without common Indonesian endings and beginnings, as long as four letters remain."""
    for ending in ("nya", "ku", "mu", "kan", "an", "i", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            word = word[: -len(ending)]
            break
    for beginning in BEGINNINGS:
        rest = word[len(beginning) :]
        if word.startswith(beginning) and len(rest) >= 4:
            # menikah is me-nikah, mendaftar is men-daftar: before a vowel the n belongs to the word.
            return (
                beginning[-1] + rest
                if beginning in ("men", "pen", "mem", "pem") and rest[0] in "aiueo"
                else rest
            )
    return word


def build(entries: Iterable[Entry]) -> Index:
    """Prepare a catalogue. Cheap, but worth keeping: about 20 µs a service."""
    services = []
    spread: Counter[str] = Counter()
    for entry in entries:
        weights: dict[str, float] = {}
        parts = [(entry.name, NAME), (entry.summary, SUMMARY), (entry.category, CATEGORY)]
        for text, weight in parts + [(keyword, KEYWORD) for keyword in entry.keywords]:
            for word in words(text):
                if word not in STOP:
                    weights[word] = max(weights.get(word, 0), weight)
        initials = "".join(word[0] for word in words(entry.name))
        if len(initials) >= 3:
            weights.setdefault(initials, NAME)  # Surat Keterangan Tidak Mampu is called SKTM
        spread.update({stem(word) for word in weights})
        services.append((entry.slug, tuple(weights.items())))
    rarity = {word: math.log(1 + len(services) / count) for word, count in spread.items()}
    return Index(tuple(services), rarity, frozenset(word for _, pairs in services for word, _ in pairs))


def find(query: str, index: Index) -> list[tuple[str, float]]:
    """Slugs with their score (0–1), best first; only what is good enough to be shown."""
    asked = [word for word in words(query[:LONGEST_QUERY]) if word not in STOP][:MOST_WORDS]
    if not asked:
        asked = words(query[:LONGEST_QUERY])[:MOST_WORDS]
    if not asked:
        return []
    likeness = [_alike(word, index.vocabulary) for word in asked]
    rarest = max(index.rarity.values(), default=1.0)
    telling = [
        index.rarity.get(stem(word), rarest if alike else 1.2)
        for word, alike in zip(asked, likeness, strict=True)
    ]
    whole = sum(telling)
    found = []
    for slug, pairs in index.services:
        score = 0.0
        for alike, weight in zip(likeness, telling, strict=True):
            score += weight * max((alike.get(word, 0.0) * field for word, field in pairs), default=0.0)
        if score / whole >= GOOD_ENOUGH:
            found.append((slug, score / whole))
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))


def _alike(word: str, vocabulary: Iterable[str]) -> dict[str, float]:
    """How much the words of the catalogue mean the asked one: itself 1, its stem, its synonyms, its typos."""
    meant = {word: 1.0}
    for synonym in (*SYNONYMS.get(word, ()), *SYNONYMS.get(stem(word), ())):
        meant.setdefault(synonym, 0.86)
    stems = {stem(m): value * 0.96 for m, value in reversed(meant.items())}
    alike: dict[str, float] = {}
    for known in vocabulary:
        likeness = meant.get(known) or stems.get(stem(known)) or 0.0
        if not likeness and len(word) >= 3 and known.startswith(word):
            likeness = 0.8
        if not likeness and len(word) >= 4 and abs(len(word) - len(known)) <= 2:
            allowed = 1 if len(word) < 7 else 2
            away = distance(word, known, allowed)
            likeness = 0.78 - 0.12 * (away - 1) if away <= allowed else 0.0
        if likeness:
            alike[known] = likeness
    return alike


def distance(one: str, other: str, most: int) -> int:
    """How many letters to change, add, drop or swap with the neighbour; `most` + 1 when it is more."""
    before: Sequence[int] = []
    row: list[int] = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, target in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != target))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == target:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]
