"""`satuklik layanan`: make, check, test and publish service folders."""

from pathlib import Path

import click
from django.conf import settings
from django.utils import timezone


def _chosen(slugs: tuple[str, ...]) -> list[Path]:
    from satuklik.spine.cases.loader import folders

    found = {folder.name: folder for folder in folders(settings.LAYANAN)}
    for slug in slugs:
        if slug not in found:
            raise click.ClickException(f"There is no service folder {slug!r}; there are: {', '.join(found)}.")
    return [found[slug] for slug in slugs] or list(found.values())


@click.group("layanan")
def layanan() -> None:
    """Services as folders: service.toml, letter.typ, examples.toml."""


@layanan.command("new")
@click.argument("slug")
@click.option("--root", type=click.Path(path_type=Path), help="Where the folder is made (default: layanan/).")
def new(slug: str, root: Path | None) -> None:
    """Make a new service folder to edit; it passes its own tests from the start."""
    from satuklik.spine.cases.scaffold import FolderExists, create

    try:
        folder = create(root or settings.LAYANAN[0], slug)
    except (FolderExists, ValueError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{folder}: edit service.toml, letter.typ, examples.toml, then: satuklik layanan test {slug}")


@layanan.command("lint")
@click.argument("slugs", nargs=-1)
def lint_(slugs: tuple[str, ...]) -> None:
    """Check folders without a database: every problem with file and line. Exit code 1 when there is one."""
    from satuklik.spine.cases.linter import library_of, lint
    from satuklik.spine.cases.loader import ServiceBroken, load_folder

    count, library, chosen = 0, library_of(settings.LAYANAN), _chosen(slugs)
    for folder in chosen:
        try:
            problems = lint(load_folder(folder), library)
        except ServiceBroken as error:
            problems = list(error.problems)
        count += len(problems)
        for problem in problems:
            click.echo(f"{folder.name}/{problem}", err=True)
    click.echo(f"{len(chosen)} services, {count} problems")
    if count:
        raise SystemExit(1)


@layanan.command("test")
@click.argument("slugs", nargs=-1)
def test(slugs: tuple[str, ...]) -> None:
    """Lint folders and run their examples. Exit code 1 when one does not come out as stated."""
    from satuklik.spine.cases.examples import run
    from satuklik.spine.cases.linter import library_of, lint
    from satuklik.spine.cases.loader import ServiceBroken, load_folder

    passed = failed = 0
    library = library_of(settings.LAYANAN)
    for folder in _chosen(slugs):
        try:
            loaded = load_folder(folder)
            problems = lint(loaded, library)
        except ServiceBroken as error:
            problems = list(error.problems)
        for problem in problems:
            click.echo(f"✗ {folder.name}/{problem}", err=True)
        failed += len(problems)
        if problems:
            continue
        for checked in run(loaded):
            failed, passed = (failed + 1, passed) if checked.problems else (failed, passed + 1)
            click.echo(f"{'✗' if checked.problems else '✓'} {folder.name}: {checked.name}")
            for problem in checked.problems:
                click.echo(f"    {problem}", err=True)
    click.echo(f"{passed} passed, {failed} failed")
    if failed:
        raise SystemExit(1)


@layanan.command("publish")
@click.option("--root", "roots", type=click.Path(path_type=Path), multiple=True, help="Default: layanan/.")
def publish(roots: tuple[Path, ...]) -> None:
    """Publish every folder that changed as a new version; refused when a test of it fails."""
    from satuklik.spine.cases.actions import publish_all
    from satuklik.spine.cases.loader import ServiceBroken, folders
    from satuklik.spine.cases.queries import catalogue

    try:
        published = publish_all(list(roots) or settings.LAYANAN, now=timezone.now())
    except ServiceBroken as error:
        raise click.ClickException(f"{error.slug} is not published:\n{error}") from error
    for version in published:
        click.echo(f"{version.slug} version {version.version}")
    click.echo(f"{len(published)} published")
    if not roots:
        for slug in sorted({one.slug for one in catalogue()} - {f.name for f in folders(settings.LAYANAN)}):
            click.echo(
                f"{slug} is still offered but has no folder. To end it: satuklik layanan retire {slug}"
            )


@layanan.command("retire")
@click.argument("slug")
def retire(slug: str) -> None:
    """Offer a service no longer. Its open cases go on, its letters stay valid."""
    from satuklik.spine.cases import actions

    if not actions.retire(slug, now=timezone.now()):
        raise click.ClickException(f"No service {slug!r} is offered.")
    click.echo(f"{slug} is no longer offered. Publishing its folder offers it again.")


COMMANDS = [layanan]
