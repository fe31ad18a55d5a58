"""What can go wrong with an idea."""


class IdeaError(Exception):
    """Nothing was changed."""


class NotFound(IdeaError):
    """There is no such idea or round for this person."""


class NotNow(IdeaError):
    """The step is not in the table: the idea stands at `state`."""

    def __init__(self, state: str, wanted: str) -> None:
        super().__init__(f"An idea at {state!r} cannot go to {wanted!r}.")
        self.state, self.wanted = state, wanted


class MayNot(IdeaError):
    """This person may not do that. `why`: role, level, author."""

    def __init__(self, why: str) -> None:
        super().__init__(f"Not allowed ({why}).")
        self.why = why


class Missing(IdeaError):
    """Something is missing or wrong; by field name: a code for the words."""

    def __init__(self, **fields: str) -> None:
        super().__init__(f"Missing or wrong: {', '.join(fields)}.")
        self.fields = fields


class RoundClosed(IdeaError):
    """The round does not take votes now. `when`: early, over, counted."""

    def __init__(self, when: str) -> None:
        super().__init__(f"The round takes no votes ({when}).")
        self.when = when


class EnvelopeBroken(IdeaError):
    """A ballot's envelope does not open: nothing was counted, and nothing was thrown away."""

    def __init__(self, round_id: int) -> None:
        super().__init__(f"An envelope of round {round_id} does not open: bring back the vault key.")
        self.round_id = round_id
