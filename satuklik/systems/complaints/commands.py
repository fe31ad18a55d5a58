"""The commands `satuklik complaints …`: files of SP4N-LAPOR!, and seals after a change of the vault key."""

from pathlib import Path

import click


@click.group("complaints")
def complaints() -> None:
    """Complaints: import from and export to SP4N-LAPOR!, reseal identities."""


@complaints.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
def import_(file: Path, dry_run: bool) -> None:
    """Import FILE (.xlsx or .csv) of SP4N-LAPOR!. Rows with errors are named and left out; again changes nothing."""
    from django.utils import timezone

    from satuklik.systems.complaints import exchange
    from satuklik.systems.complaints.actions.importing import import_rows
    from satuklik.systems.complaints.errors import SheetRefused

    try:
        sheet = exchange.read(file.name, file.read_bytes())
    except SheetRefused as error:
        raise click.ClickException(f"{error.code} {error.detail}".strip()) from error
    for problem in sheet.problems:
        click.echo(f"{problem.row}\t{problem.column}\t{problem.code}")
    if dry_run:
        click.echo(f"{len(sheet.rows)} rows can be imported, {len(sheet.problems)} errors.")
        return
    done = import_rows(sheet.rows, by=None, now=timezone.now())
    click.echo(
        f"{done.created} new, {done.updated} with another status, {done.same} unchanged, {len(sheet.problems)} errors."
    )


@complaints.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(file: Path) -> None:
    """Write all complaints that are not secret to FILE (.xlsx or .csv) in the columns of SP4N-LAPOR!."""
    from satuklik.systems.complaints import exchange

    file.write_bytes(exchange.write(file.name, exchange.all_rows()))
    click.echo(f"{file}")


@complaints.command("reseal")
def reseal() -> None:
    """Seal secret identities under today's vault key (the old one stands in SATUKLIK_OLD_VAULT_KEYS)."""
    from satuklik.base.sealing.errors import SealBroken
    from satuklik.systems.complaints import actions

    try:
        click.echo(f"{actions.reseal()} identities sealed anew.")
    except SealBroken as error:
        raise click.ClickException(str(error)) from error


COMMANDS = [complaints]
