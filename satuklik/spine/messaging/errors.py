"""What can go wrong with messages, with the evidence."""

from datetime import datetime


class MessagingError(Exception):
    """Something about messages that a caller can handle."""


class NoSuchConversation(MessagingError):
    """There is no conversation with this number."""


class NoSuchTemplate(MessagingError):
    """No prepared template has this name."""


class FileRefused(MessagingError):
    """A file that cannot be kept. `problem` is a word of rules.FILE_PROBLEMS."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"{name}: {problem}")
        self.name, self.problem = name, problem


class Unreadable(MessagingError):
    """A delivery that says nothing we understand. `problem` is a word of rules.PROBLEMS."""

    def __init__(self, reason: str, problem: str = "unreadable") -> None:
        super().__init__(reason)
        self.problem = problem


class NotYet(MessagingError):
    """A delivery names a message that is not there yet: it is handled again later."""


class SendFailed(MessagingError):
    """The channel did not take a message.

    `code`: its own word for it. `again`: trying later makes sense. `rest_until`: the whole channel must wait.
    `unsure`: the request had left us when the line broke: it may have been taken, so nothing is tried again by itself.
    """

    def __init__(
        self, code: str, detail: str = "", *, again: bool = False, rest_until: datetime | None = None,
        unsure: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(f"{code} {detail}".strip())
        self.code, self.detail, self.again, self.rest_until = code, detail[:200], again, rest_until
        self.unsure = unsure


class NotJoinable(MessagingError):
    """Two conversations cannot become one; the text says why."""
