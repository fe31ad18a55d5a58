"""The commands `satuklik calendar …` and `satuklik workdays …`."""

from datetime import datetime
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from satuklik.base.calendar.queries import WorkingDays

MOST_DAYS = 1_000


@click.group("calendar")
def calendar() -> None:
    """Holidays and joint leave."""


@calendar.command("load")
def load() -> None:
    """Load the holidays from the data file; confirmed rows stay as they are. Open terms are counted again."""
    from django.utils import timezone

    from satuklik.base.calendar import actions, queries

    click.echo(f"{actions.load()} holidays loaded, up to {queries.last_year()}.")
    changed = actions.recompute(actor="console", reason="satuklik calendar load", now=timezone.now())
    click.echo(f"{changed} open terms got another date.")


@click.group("workdays")
def workdays() -> None:
    """Count in working days."""


@workdays.command("due")
@click.argument("received", metavar="DATE", type=click.DateTime(["%Y-%m-%d"]))
@click.argument("days", type=click.IntRange(0, MOST_DAYS))
@click.option("--six-day", is_flag=True, help="Offices that work on Saturdays.")
def due(received: datetime, days: int, *, six_day: bool) -> None:
    """Print the date at whose end a term of DAYS working days is over; day 0 is DATE. Where the database does not run it
    counts with the holidays that come with the program, and says so."""
    from satuklik.base.calendar.errors import YearNotLoaded

    try:
        click.echo(_calendar(six_day=six_day).due(received.date(), days).isoformat())
    except YearNotLoaded as error:
        raise click.ClickException(
            f"The holidays of {error.year} are not loaded: no date is computed past the last loaded year."
        ) from error


def _calendar(*, six_day: bool) -> "WorkingDays":
    from django.db import OperationalError, connection

    from satuklik.base.calendar import queries
    from satuklik.base.calendar.shipped import shipped

    try:
        return queries.working_days(six_day=six_day)
    except OperationalError:
        if connection.connection is not None:  # it answered: this is no matter of starting it
            raise
    click.echo(
        "The database does not run: counted with the holidays that come with the program, without those that were "
        "entered here.",
        err=True,
    )
    return queries.counted_in(shipped(), six_day=six_day)


COMMANDS = [calendar, workdays]
