"""Whole numbers in Indonesian words, as receipts and letters spell them."""

_ONES = (
    "nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan",
    "sepuluh", "sebelas",
)  # fmt: skip
_SCALES = (
    (10**12, "triliun"),
    (10**9, "miliar"),
    (10**6, "juta"),
    (10**3, "ribu"),
    (100, "ratus"),
    (10, "puluh"),
)
LARGEST = 10**15 - 1


def terbilang(number: int) -> str:
    """`number` in words: 1_250_000 → "satu juta dua ratus lima puluh ribu". Raises ValueError past ±10¹⁵."""
    if abs(number) > LARGEST:
        raise ValueError(f"Too large to be spelled: {number}.")
    if number < 0:
        return f"minus {terbilang(-number)}"
    if number < len(_ONES):
        return _ONES[number]
    if number < 20:
        return f"{_ONES[number - 10]} belas"
    for scale, word in _SCALES:
        count, rest = divmod(number, scale)
        if count == 0:
            continue
        # One hundred and one thousand have words of their own; "satu juta" has not.
        head = f"se{word}" if count == 1 and scale in (100, 1000) else f"{terbilang(count)} {word}"
        return f"{head} {terbilang(rest)}" if rest else head
    raise AssertionError("unreachable: ten is the smallest scale")
