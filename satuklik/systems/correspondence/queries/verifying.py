"""Recompute the chain of parafs."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from satuklik.systems.correspondence.models import Naskah


@dataclass(frozen=True)
class ChainReport:
    """`problems`: sentences, each naming the step that does not hold."""

    links: int
    problems: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """True when nothing is wrong."""
        return not self.problems


def verify_chain(naskah: "Naskah") -> ChainReport:
    """Recompute every link of a naskah's chain, the digests of its versions' files, and the signed document's."""
    raise NotImplementedError
