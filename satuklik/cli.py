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
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "satuklik.settings")
    import django
    from django.apps import apps

    django.setup()
    for name in [config.name for config in apps.get_app_configs()]:
        if name.startswith("satuklik.") and importlib.util.find_spec(f"{name}.commands"):
            for command in importlib.import_module(f"{name}.commands").COMMANDS:
                if command.name in cli.commands:
                    raise click.ClickException(f"Two commands are called {command.name!r} (one in {name}).")
                cli.add_command(command)
    cli()


if __name__ == "__main__":
    main()
