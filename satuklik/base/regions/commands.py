"""The commands `satuklik regions …`."""

import json
from pathlib import Path

import click


@click.group("regions")
def regions() -> None:
    """Regions: kecamatan, desa and kelurahan."""


@regions.command("load")
def load() -> None:
    """Load the regions of the regency from the data file; loading again changes nothing."""
    from satuklik.base.regions import actions

    click.echo(f"{actions.load()} regions loaded.")


@regions.command("import-boundaries")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", default="", help="Where the outlines come from; shown under the map.")
def import_boundaries(file: Path, source: str) -> None:
    """Take over outlines from FILE.geojson, whose features carry our region codes (properties.code)."""
    from satuklik.base.regions import actions
    from satuklik.base.regions.outlines import BadOutline

    try:
        document = json.loads(file.read_text(encoding="utf-8"))
        count = actions.import_boundaries(document, source=source or file.name)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{file.name} is no JSON: {error}") from error
    except BadOutline as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{count} outlines imported. A running server shows them within a minute.")


COMMANDS = [regions]
