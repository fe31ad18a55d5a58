"""The commands `satuklik agencies …`."""

import click


@click.group("agencies")
def agencies() -> None:
    """Agencies, their officials, and who acts for whom."""


@agencies.command("load")
@click.option("--without-officials", is_flag=True, help="Make no made-up officials.")
def load(without_officials: bool) -> None:
    """Load the agencies of the regency, with made-up officials; loading again changes nothing."""
    from satuklik.base.agencies import actions

    click.echo(f"{actions.load(fictive_officials=not without_officials)} agencies loaded.")


COMMANDS = [agencies]
