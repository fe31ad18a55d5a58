"""Questions that are asked many times while one page is drawn, and answered once.

Only inside of `remembering`, which spans what changes nothing: outside each question is asked anew.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
_KNOWN: ContextVar[dict[Hashable, Any] | None] = ContextVar("remembered", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Let remembered functions give the same answer to the same question until the block ends; a block within a block
    is part of it."""
    if _KNOWN.get() is not None:
        yield
        return
    before = _KNOWN.set({})
    try:
        yield
    finally:
        _KNOWN.reset(before)


def remembered(key: Callable[P, Hashable]) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """A function whose answers are kept within `remembering`, by what `key` makes of its arguments. An answer is shared:
    whoever gets it must not change it."""

    def decorate(ask: Callable[P, T]) -> Callable[P, T]:
        @wraps(ask)
        def answer(*args: P.args, **kwargs: P.kwargs) -> T:
            known = _KNOWN.get()
            if known is None:
                return ask(*args, **kwargs)
            question = (ask, key(*args, **kwargs))
            if question not in known:
                known[question] = ask(*args, **kwargs)
            found: T = known[question]
            return found

        return answer

    return decorate
