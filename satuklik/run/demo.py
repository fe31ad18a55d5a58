"""`satuklik demo`: everything with synthetic people, loaded once, then served."""

import os

import click
from django.conf import settings

from satuklik.run import prepare, serve
from satuklik.run.embedded import EmbeddedPostgres
from satuklik.run.steps import Changed, Step, check_unchanged, load

RESIDENTS = 20_000
WHOLE_REGENCY = 799_451  # residents of Kabupaten Asahan, December 2024


def steps(residents: int, seed: int) -> list[Step]:
    """What the demo loads, in order."""
    return []


@click.command()
@click.option(
    "--residents", default=RESIDENTS, show_default=True, type=click.IntRange(1_000, 2_000_000),
    help=f"How many synthetic residents ({WHOLE_REGENCY} is the whole regency).",
)  # fmt: skip
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same people.")
@click.option("--serve/--no-serve", "then_serve", default=True, help="Start the server afterwards.")
@click.option("--replace", is_flag=True, help="Throw the demo's data away first.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=lambda: settings.PORT, type=int, help="Port; also by PORT=.")
def demo(residents: int, seed: int, *, then_serve: bool, replace: bool, host: str, port: int) -> None:
    """Load the demo (the first time only) and serve it."""
    if then_serve:
        prepare.require_free_port(host, port)
    os.environ["SATUKLIK_DEMO"] = "1"
    settings.DEMO = True
    with prepare.database() as cluster:
        if replace:
            _throw_away(cluster)
        prepare.migrate()
        planned = steps(residents, seed)
        try:
            check_unchanged(planned)
        except Changed as change:
            raise click.ClickException(
                f"The demo is already loaded with {change.had}, and you ask for {change.asked}. "
                "Keep it by asking for the same, or start anew (its data are lost): satuklik demo --replace"
            ) from change
        load(planned)
        if then_serve:
            serve.become_server(host, port)


def _throw_away(cluster: EmbeddedPostgres | None) -> None:
    """Drop the embedded database. Never touches a database that somebody else runs."""
    if cluster is None:
        raise click.ClickException("--replace only works with the embedded database: DATABASE_URL is set.")
    socket = str(cluster.place.socket)
    cluster.run_program("dropdb", "--force", "-h", socket, "-U", "postgres", "satuklik")
    cluster.ensure_database("satuklik")


COMMANDS = [demo]
