"""The commands `satuklik officials …`: the official list as a spreadsheet, and their logins."""

import os
from pathlib import Path

import click


@click.group("officials")
def officials() -> None:
    """Officials as signers: import the list, write its template, make logins."""


@officials.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@click.option("--skip-errors", is_flag=True, help="Import the rows without errors and leave the others out.")
def import_(file: Path, dry_run: bool, skip_errors: bool) -> None:
    """Import FILE.xlsx: each row with an error is named; without --skip-errors one error stops everything."""
    from django.utils import timezone

    from satuklik.systems.enrolment import actions, sheet, wording
    from satuklik.systems.enrolment.errors import SheetRefused

    if file.stat().st_size > sheet.LARGEST_FILE:
        raise click.ClickException(str(wording.SHEET["too_large"]))
    now = timezone.now()
    try:
        plan = actions.plan_import(file.read_bytes(), now=now)
    except SheetRefused as error:
        raise click.ClickException(str(wording.SHEET[error.code]) % {"detail": error.detail}) from error
    for problem in plan.problems:
        told = str(wording.ROWS[problem.code]) % {"detail": problem.detail}
        click.echo(f"{problem.row}\t{wording.COLUMNS[problem.column]}\t{told}")
    click.echo(
        f"{plan.rows} rows: {plan.new} new, {plan.changed} changed, {plan.same} unchanged, "
        f"{plan.bad_rows} with errors."
    )
    if plan.problems and not skip_errors:
        raise click.ClickException("Nothing was imported. Mend the rows above, or add --skip-errors.")
    if dry_run:
        return
    done = actions.run_import(plan.entries, by="command", now=now, file_name=file.name)
    click.echo(f"Imported: {done.created} new, {done.updated} changed, {done.unchanged} unchanged.")


@officials.command("template")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def template(file: Path) -> None:
    """Write the empty list to FILE.xlsx."""
    from satuklik.systems.enrolment.queries import template_bytes

    file.write_bytes(template_bytes())
    click.echo(f"{file}")


@officials.command("reseal")
def reseal() -> None:
    """Seal NIKs and documents under today's vault key (the old one stands in SATUKLIK_OLD_VAULT_KEYS)."""
    from django.utils import timezone

    from satuklik.systems.enrolment import actions
    from satuklik.systems.enrolment.errors import SealBroken

    try:
        changed = actions.reseal(timezone.now())
    except SealBroken as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{changed} enrolments sealed anew.")


@officials.command("logins")
@click.option("--agency", default="", help="Only this agency's officials (its code).")
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="FILE.csv to write, 0600."
)
def logins(agency: str, out: Path) -> None:
    """Make an account for every enrolled official without one, and write names and first passwords to FILE.csv."""
    import csv

    from django.db import transaction
    from django.utils import timezone

    from satuklik.base.agencies import queries as agencies
    from satuklik.base.agencies.errors import NoSuchAgency
    from satuklik.systems.enrolment import actions, queries
    from satuklik.systems.enrolment.errors import HasLogin, NotNow

    try:
        waiting = queries.without_login(agencies.agency(agency).code if agency else "")
    except NoSuchAgency as error:
        raise click.ClickException(f"No agency has the code {agency!r}.") from error
    now, made = timezone.now(), 0
    with os.fdopen(_new_private_file(out), "w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file)
        lines.writerow(["agency", "name", "username", "first password"])
        for enrolment_id, office in waiting:
            # The line lies on the disk before the account is there: a full disk leaves no account nobody can open.
            try:
                with transaction.atomic():
                    login = actions.open_login(enrolment_id, by=None, now=now)
                    lines.writerow([office, login.name, login.username, login.password])
                    file.flush()
                    os.fsync(file.fileno())
            except (HasLogin, NotNow):
                continue  # somebody at the desk was faster
            made += 1
    click.echo(f"{made} accounts, {out}")


def _new_private_file(path: Path) -> int:
    """A file that was not there, and that only its owner reads from the first moment on."""
    try:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        told = f"{path} exists. Name another file: nothing is written over passwords."
        raise click.ClickException(told) from error
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}.") from error


COMMANDS = [officials]
