"""The commands `satuklik calendar …`."""

import click


@click.group("calendar")
def calendar() -> None:
    """Holidays and joint leave."""


@calendar.command("load")
def load() -> None:
    """Load the holidays from the data file; confirmed rows stay as they are."""
    from satuklik.base.calendar import actions, queries

    click.echo(f"{actions.load()} holidays loaded, up to {queries.last_year()}.")


COMMANDS = [calendar]
