"""`satuklik serve` and `satuklik worker`: everything that answers, in one command."""

import os
import sys

import click
from django.conf import settings
from django.db import connection

from satuklik.run import prepare

NICER = 5  # whoever waits for a page goes before work in the background
THREADS = 4  # per web process; measured: more gain nothing, Python runs one at a time


def become_server(host: str, port: int) -> None:
    """Prepare, then turn this process into the supervisor. Does not return.

    The supervisor replaces us instead of being called: it needs no Django, and the memory that Django
    took here is worth more in the database's cache.
    """
    prepare.require_free_port(host, port)
    prepare.claim(settings.VAR)
    with prepare.database() as cluster:
        prepare.require_migrated()
        prepare.collect_static()
        workers = os.environ.get("SATUKLIK_WEB_WORKERS", "2")
        os.environ["PORT"] = str(port)
        command = [
            sys.executable, "-m", "satuklik.run.supervisor", host, str(port), workers, str(THREADS),
            "external" if cluster is None else "embedded", settings.PUBLIC_URL,
        ]  # fmt: skip
        connection.close()
        sys.stdout.flush()
        os.execv(sys.executable, command)  # noqa: S606 - our own program


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=lambda: settings.PORT, type=click.IntRange(1, 65535), help="Port; also by PORT=."
)
def serve(host: str, port: int) -> None:
    """Run the web server, the worker and the embedded database until Ctrl-C."""
    prepare.settle_on(port)
    become_server(host, port)


@click.command()
@click.option("--concurrency", default=2, show_default=True, help="Jobs at the same time.")
def worker(concurrency: int) -> None:
    """Run the background worker alone (for systemd)."""
    import logging

    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector
    from procrastinate.exceptions import ConnectorException

    from satuklik.spine.messaging import running as messages

    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    os.nice(NICER)
    if not isinstance(app.connector, DjangoConnector):
        raise click.ClickException(
            "procrastinate does not use Django's database: see PROCRASTINATE_ settings."
        )
    try:
        with messages.running(), app.replace_connector(app.connector.get_worker_connector()) as running:
            running.run_worker(concurrency=concurrency, delete_jobs="successful")
    except ConnectorException as error:
        raise click.ClickException(f"The worker lost its database: {error}") from error


@click.command()
def migrate() -> None:
    """Bring the database's tables to this version."""
    with prepare.database():
        done = prepare.migrate()
    click.echo("Tables brought up to date." if done else "Nothing to do: tables are up to date.")


COMMANDS = [serve, worker, migrate]
