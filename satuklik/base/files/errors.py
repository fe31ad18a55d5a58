"""What can go wrong with files."""


class PictureRefused(ValueError):
    """A picture that cannot be taken. `code`: empty, too_large, wrong_type, not_readable."""

    def __init__(self, code: str, name: str = "") -> None:
        super().__init__(f"{name!r} is refused ({code}).")
        self.code, self.name = code, name
