"""Answers that take the same time whether or not somebody exists (ASVS 5.0, 6.3.8)."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings


@contextmanager
def steady() -> Iterator[None]:
    """Make the block last at least `LOGIN_STEADY_SECONDS`, longer than looking somebody up ever takes."""
    end = time.monotonic() + settings.LOGIN_STEADY_SECONDS
    try:
        yield
    finally:
        time.sleep(max(0.0, end - time.monotonic()))
