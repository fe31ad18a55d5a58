"""`satuklik arsip`: which letters are at the end of their retention. Lists only: people decide."""

from datetime import datetime

import click


@click.group("arsip")
def arsip() -> None:
    """Retention of letters (JRA)."""


@arsip.command("due")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="As on this day; without it today.")
@click.option("--agency", "code", help="Only letters of this agency (its code).")
def due(day: datetime | None, code: str | None) -> None:
    """List letters that need not be kept any longer. Nothing is destroyed by this command, nor by any other."""
    from django.utils import timezone

    from satuklik.spine.documents import queries, retention

    today = day.date() if day is not None else timezone.localdate()
    count = 0
    for letter in queries.due_for_archive(today, agency_code=code or ""):
        count += 1
        row = retention.row_of(letter.archive_class)
        unconfirmed = "" if row is not None and row.confirmed else "  (retention not confirmed)"
        click.echo(
            f"{letter.keep_until:%Y-%m-%d}  {letter.fate:8}  {letter.archive_class:12}  {letter.number}  "
            f"{letter.agency.name}{unconfirmed}"
        )
    click.echo(
        f"{count} letters are due on {today}. «musnah» may be destroyed only by minutes of destruction that the head "
        "of the archive approves (UU 43/2009 ps. 51); «dinilai»: an archivist judges first."
    )


@arsip.command("classes")
def classes() -> None:
    """Show the retention table, and which rows the archivist has not confirmed."""
    from satuklik.spine.documents import retention

    for row in retention.table().values():
        mark = "" if row.confirmed else "  (not confirmed)"
        click.echo(
            f"{row.archive_class:10} {row.active:2} + {row.inactive:2} years  {row.fate:8}  {row.about}{mark}"
        )


COMMANDS = [arsip]
