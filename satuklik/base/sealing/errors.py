"""What can go wrong with what was sealed."""


class SealBroken(RuntimeError):
    """It does not open: the vault key has changed, or the bytes were."""

    def __init__(self, purpose: str, owner: str) -> None:
        super().__init__(
            f"What belongs to {owner} ({purpose}) does not open: bring back the vault key that sealed it."
        )
        self.purpose, self.owner = purpose, owner
