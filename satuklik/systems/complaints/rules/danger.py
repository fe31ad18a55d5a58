"""Words of a danger to life that no complaint desk may sit on, and words of a wrong that one reports in secret."""

import re

# Whole words, as people write them; a stem alone ("bakar") would find a barbecue.
_EMERGENCY = re.compile(
    r"\b(?:kebakaran|terbakar|hanyut|tenggelam|kecelakaan|tabrakan|korban|begal|rampok|perampokan|pembunuhan|"
    r"longsor|banjir bandang|kabel (?:listrik )?putus|kesetrum|tersengat|pingsan|tidak sadar(?:kan)?|sekarat|"
    r"mau melahirkan|pendarahan|keracunan|penculikan|diculik|dipukuli|kekerasan|bunuh diri|gas bocor|darurat|tolong cepat)\b",
    re.IGNORECASE,
)
_WRONG = re.compile(
    r"\b(?:pungli|pungutan liar|korupsi|suap|menyuap|disuap|gratifikasi|mark ?up|fiktif|sogok|uang pelicin|"
    r"penyalahgunaan wewenang|penyelewengan|selewengkan|diselewengkan|diperas|memeras|jual beli jabatan)\b",
    re.IGNORECASE,
)


def is_emergency(text: str) -> bool:
    """Whether the emergency numbers must be shown at once. It only adds a hint; nothing is delayed or refused."""
    return bool(_EMERGENCY.search(text))


def is_wrongdoing(text: str) -> bool:
    """Whether the page suggests a secret report."""
    return bool(_WRONG.search(text))
