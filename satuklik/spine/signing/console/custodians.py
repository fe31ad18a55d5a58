"""Custodians at the terminal: they get their parts one after the other, and type them when the root is needed."""

import os
import re
from collections.abc import Sequence
from pathlib import Path

import click
from django.views.decorators.debug import sensitive_variables

from satuklik.spine.signing import rootfile, shares
from satuklik.spine.signing.certificates import Key
from satuklik.spine.signing.errors import BadRootFile, BadShare
from satuklik.spine.signing.rootfile import RootFile

WITH_ROOT = (
    click.option(
        "--root-file", required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False),
        help="The root's file, out of the safe.",
    ),
    click.option(
        "--part-file", "part_files", multiple=True, type=click.Path(path_type=Path, exists=True, dir_okay=False),
        help="A custodian's part in a file (once for each); without it they are asked for.",
    ),
)  # fmt: skip


@sensitive_variables()
def hand_out(file: RootFile, parts: Sequence[str], custodians: Sequence[str]) -> list[str]:
    """Show each custodian the own part, alone; it is typed back before the next one comes. What was typed."""
    typed = []
    for place, (name, part) in enumerate(zip(custodians, parts, strict=True), 1):
        click.pause(
            f"\nOnly {name} looks at the screen now. Press a key to see part {place} of {len(parts)} …"
        )
        click.echo(f"\n    {part}\n")
        click.echo("Write it down, in capitals, and seal it in an envelope after it was typed back.")
        while True:
            given = click.prompt("Type it as you wrote it", hide_input=False)
            try:
                if shares.check(given, owner=file.fingerprint, place=place)[0] == place:
                    break
                click.echo("That is another custodian's part.")
            except BadShare as error:
                click.echo(f"Not as it is shown: {error}")
        typed.append(given)
        click.clear()
    return typed


@sensitive_variables()
def write_out(folder: Path, parts: Sequence[str], custodians: Sequence[str]) -> list[str]:
    """Each part in a file of its own (0600), for a ceremony without a terminal. What stands in them."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    written = []
    for place, (name, part) in enumerate(zip(custodians, parts, strict=True), 1):
        path = folder / f"bagian-{place}-{re.sub('[^a-z0-9]+', '-', name.lower()).strip('-')}.txt"
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(f"{part}\n")
            file.flush()
            os.fsync(file.fileno())
        written.append(path.read_text())
    return written


@sensitive_variables()
def open_root(path: Path, part_files: Sequence[Path]) -> tuple[RootFile, Key]:
    """The root's key, with as many custodians as its file asks for."""
    try:
        file = rootfile.read(path)
        click.echo(
            f"Root {file.fingerprint}\nmade {file.made_at}; {file.threshold} of {file.count} custodians open it."
        )
        parts = [part.read_text() for part in part_files] or _ask(file)
        return file, file.open(parts)
    except (BadRootFile, BadShare) as error:
        raise click.ClickException(str(error)) from error


@sensitive_variables()
def _ask(file: RootFile) -> list[str]:
    given: dict[int, str] = {}
    while len(given) < file.threshold:
        place = len(given) + 1
        typed = click.prompt(f"Part of custodian {place} of {file.threshold}", hide_input=True)
        try:
            number, _ = shares.check(typed, owner=file.fingerprint, place=place)
        except BadShare as error:
            click.echo(str(error))
            continue
        if number in given:
            click.echo("This part was typed already: another custodian, please.")
        given[number] = typed
    return list(given.values())
