"""The commands `satuklik population …`."""

import time

import click

STEPS = {"population_household": "families", "population_person": "persons"}


@click.group("population")
def population() -> None:
    """The register of residents."""


@population.command("generate")
@click.option("--residents", type=click.IntRange(min=10), default=20_000, show_default=True)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    help="The same seed gives the same people.",
)
@click.option("--replace", is_flag=True, help="Take the residents who are there away first.")
def generate(residents: int, seed: int, replace: bool) -> None:
    """Fill the register with made-up people."""
    from tqdm import tqdm

    from satuklik.base.regions import actions as regions
    from satuklik.base.regions import queries as region_queries
    from satuklik.spine.population import actions
    from satuklik.spine.population.errors import NotEmpty

    began = time.monotonic()
    if not region_queries.districts():
        regions.load()
    with tqdm(total=residents, unit="residents", unit_scale=True) as bar:

        def progress(what: str, more: int, of: int) -> None:
            if what == "population_person":
                bar.update(more)
            bar.set_postfix_str(STEPS.get(what, what))

        try:
            families = actions.generate(residents, seed, replace=replace, progress=progress)
        except (NotEmpty, ValueError) as error:
            raise click.ClickException(str(error)) from error
        bar.update(residents - bar.n)
    click.echo(f"{residents:,} residents in {families:,} families, {time.monotonic() - began:.1f} s.")


COMMANDS = [population]
