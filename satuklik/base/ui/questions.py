"""A question of a service as any form shows it, for `ui/question.html`: the portal's and the counter's alike."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Option:
    """One answer of a choice."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Asked:
    """A question with what was typed and what is wrong with it. `control`: text, long_text, choice, boolean, date,
    number, file."""

    name: str
    control: str
    label: str
    help: str
    required: bool
    value: str
    error: str
    options: tuple[Option, ...] = ()
    longest: int | None = None
    accept: str = ""
    kept: str = ""
    """The name of the file that was handed in before."""
    again: bool = False
    """A file was chosen, but a browser never sends the choice back: it must be chosen again."""
