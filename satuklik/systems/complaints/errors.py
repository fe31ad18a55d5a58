"""What can go wrong with a complaint."""


class ComplaintError(Exception):
    """Nothing was changed."""


class NotFound(ComplaintError):
    """There is no such complaint for this person."""


class NotNow(ComplaintError):
    """The step is not in the table: the complaint stands at `state`."""

    def __init__(self, state: str, wanted: str) -> None:
        super().__init__(f"A complaint at {state!r} cannot go to {wanted!r}.")
        self.state, self.wanted = state, wanted


class MayNot(ComplaintError):
    """This official may not do that. `why`: role, secret, scope."""

    def __init__(self, why: str) -> None:
        super().__init__(f"Not allowed ({why}).")
        self.why = why


class Missing(ComplaintError):
    """Something is missing or wrong; by field name: a code for the words."""

    def __init__(self, **fields: str) -> None:
        super().__init__(f"Missing or wrong: {', '.join(fields)}.")
        self.fields = fields


class PhotoRefused(ComplaintError):
    """A photo that cannot be taken. `code`: empty, too_large, wrong_type, not_readable, too_many."""

    def __init__(self, code: str, name: str = "") -> None:
        super().__init__(f"{name!r} is refused ({code}).")
        self.code, self.name = code, name


class SheetRefused(ComplaintError):
    """A file is not a list that can be read. `code` names why, `detail` what is meant by it."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"The sheet is refused: {code} {detail}".strip())
        self.code, self.detail = code, detail
