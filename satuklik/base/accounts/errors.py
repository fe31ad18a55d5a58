"""What can go wrong at the door; each error carries what the page needs to say."""

from datetime import datetime


class AccountsError(Exception):
    """Any refusal of this room."""


class TooManyAttempts(AccountsError):
    """The limit of `kind` is reached until the moment `until`."""

    def __init__(self, kind: str, until: datetime) -> None:
        super().__init__(f"{kind} is closed until {until:%H:%M:%S}")
        self.kind = kind
        self.until = until


class WrongCode(AccountsError):
    """The code is not the one that was sent; `left` tries remain."""

    def __init__(self, left: int) -> None:
        super().__init__(f"wrong code, {left} tries left")
        self.left = left


class CodeGone(AccountsError):
    """The code cannot be used any more: it expired, was used, was tried too often, or was never asked for."""


class DuplicateRegistration(AccountsError):
    """Two rooms registered the same name."""

    def __init__(self, what: str, name: str, first: object, second: object) -> None:
        super().__init__(f"{what} {name!r} is registered twice: by {first!r} and by {second!r}")


class BadApplication(AccountsError):
    """No application can be made of this. `code`: name, scopes or taken."""

    def __init__(self, code: str, what: str) -> None:
        super().__init__(f"{code}: {what!r}")
        self.code, self.what = code, what
