"""The commands `satuklik naskah …`: check the templates, show a sample, recompute a chain of parafs."""

from pathlib import Path

import click
from django.conf import settings


@click.group("naskah")
def naskah() -> None:
    """Naskah dinas: templates and registers."""


@naskah.command("lint")
@click.option(
    "--root", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Default: naskah/."
)
def lint(root: Path | None) -> None:
    """Check every template: fields, codes, words, and that it prints."""
    from satuklik.systems.correspondence.linting import lint as problems_of

    found = problems_of(root or settings.NASKAH)
    for problem in found:
        click.echo(str(problem))
    if found:
        raise click.ClickException(f"{len(found)} problems.")
    click.echo("All templates hold.")


@naskah.command("sample")
@click.argument("slug")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def sample(slug: str, file: Path) -> None:
    """Write a PNG of a template with invented content."""
    from satuklik.systems.correspondence import queries
    from satuklik.systems.correspondence.errors import UnknownKind

    try:
        file.write_bytes(queries.sample(slug))
    except UnknownKind as error:
        there = ", ".join(one.slug for one in queries.kinds())
        raise click.ClickException(f"There is no template {slug!r}; there are: {there}.") from error


@naskah.command("verify")
@click.argument("reference", required=False)
def verify(reference: str | None) -> None:
    """Recompute the chain of parafs of one naskah (ND-2026-000123), or of all."""
    from satuklik.systems.correspondence import queries

    checked, broken = 0, 0
    for one, report in queries.verify_chains(reference):
        checked += 1
        broken += not report.holds
        for problem in report.problems:
            click.echo(f"{one}: {problem}")
    if reference and not checked:
        raise click.ClickException(f"There is no naskah {reference}.")
    if broken:
        raise click.ClickException(f"{broken} of {checked} chains do not hold.")
    click.echo(f"{checked} chains hold.")


COMMANDS = [naskah]
