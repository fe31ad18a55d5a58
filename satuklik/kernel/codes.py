"""Codes that people read out and type: Crockford's letters, in groups of four."""

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U to misread
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0"})


def code(random: bytes) -> str:
    """Each byte gives one letter (5 bits), a hyphen after every four: 7F3K-9Q2M."""
    letters = "".join(ALPHABET[byte & 31] for byte in random)
    return "-".join(letters[n : n + 4] for n in range(0, len(letters), 4))


def tidy(typed: str) -> str:
    """What somebody typed, as `code` writes it: "7f3k 9q2m" → "7F3K-9Q2M"; other signs are left out."""
    letters = "".join(sign for sign in typed.upper().translate(_MISREAD) if sign in ALPHABET)
    return "-".join(letters[n : n + 4] for n in range(0, len(letters), 4))
