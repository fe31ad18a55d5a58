"""How offices are called and numbered, and what a civil servant's number (NIP) says."""

from dataclasses import dataclass
from datetime import date

NIP_LENGTH = 18
SEX_DIGIT = {"L": "1", "P": "2"}

# PNS ranks by grade, PP 99/2000 and its annex.
RANKS = {
    "II/c": "Pengatur (II/c)",
    "II/d": "Pengatur Tk. I (II/d)",
    "III/a": "Penata Muda (III/a)",
    "III/b": "Penata Muda Tk. I (III/b)",
    "III/c": "Penata (III/c)",
    "III/d": "Penata Tk. I (III/d)",
    "IV/a": "Pembina (IV/a)",
    "IV/b": "Pembina Tk. I (IV/b)",
    "IV/c": "Pembina Utama Muda (IV/c)",
    "IV/d": "Pembina Utama Madya (IV/d)",
}


@dataclass(frozen=True, slots=True)
class Nip:
    """What a NIP says (BKN regulation 22/2007): birth date, first month in service, sex (L, P), serial."""

    birth_date: date
    in_service: date
    sex: str
    serial: int


def compose_nip(birth_date: date, in_service: date, sex: str, serial: int) -> str:
    """The 18 digits of a NIP; `serial` 1–999."""
    if not 1 <= serial <= 999:
        raise ValueError(f"A NIP's serial lies between 1 and 999, not {serial}.")
    return f"{birth_date:%Y%m%d}{in_service:%Y%m}{SEX_DIGIT[sex]}{serial:03}"


def read_nip(nip: str) -> Nip:
    """What the NIP says. Raises ValueError where it cannot be one."""
    if len(nip) != NIP_LENGTH or not (nip.isascii() and nip.isdigit()):
        raise ValueError("A NIP has 18 digits.")
    sexes = {digit: sex for sex, digit in SEX_DIGIT.items()}
    if nip[14] not in sexes or nip[15:] == "000":
        raise ValueError("A NIP's 15th digit is 1 or 2, and its serial is not 000.")
    birth_date = date(int(nip[:4]), int(nip[4:6]), int(nip[6:8]))
    in_service = date(int(nip[8:12]), int(nip[12:14]), 1)
    if in_service <= birth_date:
        raise ValueError("A NIP's month of service lies after the birth date.")
    return Nip(birth_date, in_service, sexes[nip[14]], int(nip[15:]))


def office_code(kind: str, region_code: str) -> str:
    """The code of the office of a region: kec-12.09.20, kel-12.09.20.1009, desa-12.09.08.2002."""
    return f"{ {'district': 'kec', 'kelurahan': 'kel', 'desa': 'desa'}[kind] }-{region_code}"


def office_number_code(kind: str, region_code: str) -> str:
    """The office's part of a letter's number. Names of villages repeat, so it is made of the region's code:
    KEC.20 for a kecamatan, 20.1009 for a village."""
    return f"KEC.{region_code[6:8]}" if kind == "district" else region_code[6:]


def head_title(kind: str, name: str) -> str:
    """Camat Air Joman, Lurah Kisaran Naga, Kepala Desa Meranti (UU 6/2014, PP 17/2018)."""
    return f"{ {'district': 'Camat', 'kelurahan': 'Lurah', 'desa': 'Kepala Desa'}[kind] } {name}"
