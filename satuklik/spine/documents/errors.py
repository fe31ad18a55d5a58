"""What can go wrong with letters, each with its evidence."""


class LetterError(Exception):
    """Root of this room's errors."""


class NoTransaction(LetterError):
    """A letter is issued only inside a transaction, so that its number can be given back."""


class NotPrintable(LetterError):
    """A text holds characters that the letter's font cannot show."""

    def __init__(self, where: str, characters: str) -> None:
        super().__init__(f"{where} holds characters that cannot be printed: {characters!r}.")
        self.where = where
        self.characters = characters


class LetterBroken(LetterError):
    """The letter's source does not compile; carries Typst's own words with file and line."""

    def __init__(self, slug: str, diagnostic: str) -> None:
        super().__init__(f"The letter of {slug} does not compile.\n{diagnostic}")
        self.slug = slug
        self.diagnostic = diagnostic


class NotInForce(LetterError):
    """Only a letter that is in force can be annulled or replaced."""

    def __init__(self, number: str, status: str) -> None:
        super().__init__(f"{number} is {status}.")
        self.number = number
        self.status = status


class MayNotDecide(LetterError):
    """Only who signs for the office at this moment, with the own key, decides about its letters."""

    def __init__(self, office: str) -> None:
        super().__init__(f"Not entitled to decide about letters of {office}.")
        self.office = office


class ReasonMissing(LetterError):
    """A letter is annulled or replaced for a reason that its holder can read (UU 30/2014 ps. 55, 64(2))."""


class UnknownLetter(LetterError):
    """No letter of ours has this token or number."""

    def __init__(self, asked: str) -> None:
        super().__init__("No such letter.")
        self.asked = asked


class UploadTooLarge(LetterError):
    """The uploaded file is larger than what is checked."""

    def __init__(self, size: int, most: int) -> None:
        super().__init__(f"{size} bytes, at most {most}.")
        self.size = size
        self.most = most


class CannotReplace(LetterError):
    """The letter that is to take another's place is of another office or holder, or the same one."""

    def __init__(self, newer: str, older: str) -> None:
        super().__init__(f"{newer} cannot replace {older}: another office or holder.")
        self.newer = newer
        self.older = older


class InTransaction(LetterError):
    """A remote backend is asked only outside of any transaction: others would wait for it."""


class StillPending(LetterError):
    """The letter's signature is being made, or its outcome is not known: nothing else may be done with it now.
    `use_id`: the attempt that is not decided, where there is one."""

    def __init__(self, number: str, use_id: int | None = None) -> None:
        super().__init__(f"{number} waits for its signature.")
        self.number = number
        self.use_id = use_id
