"""The commands `satuklik regions …`."""

import click


@click.group("regions")
def regions() -> None:
    """Regions: kecamatan, desa and kelurahan."""


@regions.command("load")
def load() -> None:
    """Load the regions of the regency from the data file; loading again changes nothing."""
    from satuklik.base.regions import actions

    click.echo(f"{actions.load()} regions loaded.")


COMMANDS = [regions]
