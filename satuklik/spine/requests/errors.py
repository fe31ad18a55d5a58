"""What can go wrong with a PDF that is to be signed, each with its evidence."""


class RequestError(Exception):
    """Root of this room's errors; faces put them into words (words.of_error)."""


class NoSuchRequest(RequestError):
    """There is no such request, or it is none of the asker's business: the two must look the same."""


class AlreadyDecided(RequestError):
    """It was signed or refused meanwhile."""

    def __init__(self, reference: str, state: str) -> None:
        super().__init__(f"{reference} is {state}.")
        self.reference, self.state = reference, state


class NotAsSeen(RequestError):
    """The place of the signature was changed since the official looked at it."""


class NoMandate(RequestError):
    """The official does not act for that office at this moment."""


class FileTooLarge(RequestError):
    """The PDF is larger than what is taken."""

    def __init__(self, size: int, most: int) -> None:
        super().__init__(f"{size} bytes, at most {most}.")
        self.size, self.most = size, most


class BadPlacement(RequestError):
    """The signature cannot stand there. `code`: no_page, off_page, no_tag, or unreadable."""

    def __init__(self, code: str, what: str = "") -> None:
        super().__init__(f"{code}: {what}" if what else code)
        self.code, self.what = code, what


class KeyTaken(RequestError):
    """This Idempotency-Key has made another request already."""


class UnknownCallback(RequestError):
    """The callback is not the address of an active hook of the agency."""


class ReasonMissing(RequestError):
    """A refusal needs words that the application's people can act on."""
