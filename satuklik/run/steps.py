"""Loading in steps: each is done once, marked in the database, and shown with a progress bar."""

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version

from django.utils import timezone
from tqdm import tqdm

from satuklik.run.models import Mark

Progress = Callable[[int, int], None]
"""Called by a step with (done, total)."""


@dataclass(frozen=True)
class Step:
    """One thing to load. `details` are the values it depends on; `run` loads it or fails as a whole."""

    name: str
    title: str
    run: Callable[[Progress], object]
    details: dict[str, object] = field(default_factory=dict)


class Changed(RuntimeError):
    """A step was done with other values than the ones asked for now."""

    def __init__(self, name: str, *, had: dict[str, object], asked: dict[str, object]) -> None:
        super().__init__(f"{name}: {had} → {asked}")
        self.name, self.had, self.asked = name, had, asked


def check_unchanged(steps: Sequence[Step]) -> None:
    """Raise Changed when a step that is done was done with other values."""
    marks = {mark.name: mark.details for mark in Mark.objects.all()}
    for step in steps:
        if step.name in marks and marks[step.name] != step.details:
            raise Changed(step.name, had=marks[step.name], asked=step.details)


def load(steps: Sequence[Step]) -> int:
    """Run the steps that are not marked yet, in order. Returns how many ran.

    A step that was broken off has no mark and runs again, so each step must bear a half-done past.
    """
    done = set(Mark.objects.values_list("name", flat=True))
    ran = 0
    for step in steps:
        if step.name in done:
            continue
        run_step(step)
        Mark.objects.create(
            name=step.name, details=step.details, version=version("satuklik"), at=timezone.now()
        )
        ran += 1
    return ran


def run_step(step: Step) -> None:
    """Run one step behind a bar that shows how far it is."""
    begin = time.monotonic()
    with tqdm(
        desc=f"{step.title:<34}", total=1, file=sys.stderr, leave=False, mininterval=0.2,
        bar_format="{desc} {percentage:3.0f}% |{bar:30}| {n_fmt}/{total_fmt}",
    ) as bar:  # fmt: skip

        def progress(done: int, total: int) -> None:
            bar.total = max(total, 1)
            bar.update(done - bar.n)

        step.run(progress)
    print(f"{step.title:<34} {time.monotonic() - begin:6.1f} s", file=sys.stderr)  # noqa: T201
