"""What a region's code says, and how a region is called in full."""

DISTRICT_LENGTH = len("12.09.20")
VILLAGE_LENGTH = len("12.09.20.1001")
TITLES = {"province": "Provinsi", "district": "Kecamatan", "kelurahan": "Kelurahan", "desa": "Desa"}


def village_kind(code: str) -> str:
    """kelurahan for 12.09.20.1xxx, desa for 12.09.20.2xxx (Permendagri 58/2021). Raises ValueError."""
    if len(code) != VILLAGE_LENGTH or code[9] not in "12":
        raise ValueError(f"{code} is no code of a desa or kelurahan.")
    return "kelurahan" if code[9] == "1" else "desa"


def district_code(code: str) -> str:
    """The code of the kecamatan of a village's (or of its own) code."""
    if len(code) < DISTRICT_LENGTH:
        raise ValueError(f"{code} lies in no kecamatan.")
    return code[:DISTRICT_LENGTH]


def title(kind: str, name: str) -> str:
    """The full name: "Kelurahan Kisaran Naga", "Kecamatan Air Joman"; a regency's name has its kind in it."""
    prefix = TITLES.get(kind, "")
    return f"{prefix} {name}".strip()
