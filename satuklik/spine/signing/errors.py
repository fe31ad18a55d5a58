"""What can go wrong when keys are opened and letters are signed."""

from datetime import datetime


class SigningError(Exception):
    """Signing did not happen; nothing was changed."""


class WrongPassphrase(SigningError):
    """The passphrase does not open the key. `left` attempts remain before the key is locked."""

    def __init__(self, left: int) -> None:
        super().__init__(f"Wrong passphrase; {left} attempts left.")
        self.left = left


class KeyLocked(SigningError):
    """Too many wrong passphrases: the key cannot be opened before `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"The key is locked until {until:%Y-%m-%d %H:%M %Z}.")
        self.until = until


class NoKey(SigningError):
    """This official or agency has no key that is valid at this moment."""


class KeyClosed(SigningError):
    """The unlocked key was closed, or its time is over: it must be unlocked again."""


class NoAuthority(SigningError):
    """No certificate authority was set up in this installation."""


class VaultFailed(SigningError):
    """A stored key does not open with this installation's vault key: the secret is not the one it was made with."""


class NotOurLetter(SigningError):
    """The PDF is not exactly one revision of the shape that our own letters have."""


class CannotSign(SigningError):
    """The PDF cannot be signed (encrypted, damaged, or locked by an earlier signature)."""


# What parsers raise on files that were made to break them (pyHanko: also plain AssertionError and KeyError).
HOSTILE = (
    ArithmeticError, AssertionError, AttributeError, BufferError, EOFError, LookupError, MemoryError,
    OSError, RuntimeError, TypeError, ValueError,
)  # fmt: skip
