"""The command `satuklik`: every room that has a commands.py brings its own group."""

import importlib
import importlib.util
import os

import click


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="satuklik")
def cli() -> None:
    """Satu Klik: one click, and the matter is settled."""


def main() -> None:
    """Entry point: set up Django, gather every room's commands, run."""
    port = os.environ.get("PORT", "8000")
    if not (port.isascii() and port.isdigit() and 1 <= int(port) <= 65535):
        raise SystemExit(f"Error: PORT must be a number from 1 to 65535, not {port!r}.")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "satuklik.settings")
    import django
    from django.apps import apps
    from django.db import OperationalError, connection

    django.setup()
    for name in [config.name for config in apps.get_app_configs()]:
        if name.startswith("satuklik.") and importlib.util.find_spec(f"{name}.commands"):
            for command in importlib.import_module(f"{name}.commands").COMMANDS:
                if command.name in cli.commands:
                    raise click.ClickException(f"Two commands are called {command.name!r} (one in {name}).")
                cli.add_command(command)
    try:
        cli()
    except OperationalError as error:
        if connection.connection is not None:  # it answered: this is no matter of starting it
            raise
        raise SystemExit(
            f"Error: the database cannot be reached ({str(error).splitlines()[0]}). This command needs it running: "
            "start satuklik serve first, or your own PostgreSQL when DATABASE_URL names one."
        ) from error


if __name__ == "__main__":
    main()
