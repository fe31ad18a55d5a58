"""Roman numerals, as letter numbers write the month."""

_PARTS = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
    (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip


def roman(number: int) -> str:
    """1 … 3999 as a Roman numeral. Raises ValueError outside of that."""
    if not 1 <= number <= 3999:
        raise ValueError(f"No Roman numeral for {number}.")
    written = ""
    for value, letters in _PARTS:
        count, number = divmod(number, value)
        written += letters * count
    return written


def from_roman(written: str) -> int:
    """The number that `written` stands for. Raises ValueError unless it is written in the one regular way."""
    rest, number = written, 0
    for value, letters in _PARTS:
        while rest.startswith(letters):
            rest, number = rest[len(letters) :], number + value
    if rest or number == 0 or roman(number) != written:
        raise ValueError(f"Not a Roman numeral: {written!r}.")
    return number
