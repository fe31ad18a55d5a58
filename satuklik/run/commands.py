"""Commands of the whole: Django's own under `satuklik django`."""

import click

from satuklik.run import backup, benchmark, check, demo, serve


@click.command("django", context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def django_(arguments: tuple[str, ...]) -> None:
    """Run one of Django's management commands (migrate, makemigrations, shell …)."""
    from django.core.management import execute_from_command_line

    execute_from_command_line(["satuklik django", *arguments])


@click.command("screenshots", context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def screenshots(arguments: tuple[str, ...]) -> None:
    """Take a picture of every page, small and large, light and dark (needs Chromium)."""
    # Playwright is there for tests only: it is not loaded before it is asked for.
    try:
        from satuklik.run.screenshots import screenshots as command
    except ModuleNotFoundError as error:
        raise click.ClickException(
            f"Pictures need the packages of the tests ({error.name} is missing). Run: make screenshots"
        ) from error
    command.main(list(arguments), prog_name="satuklik screenshots")


COMMANDS = [
    django_,
    *serve.COMMANDS,
    *demo.COMMANDS,
    *backup.COMMANDS,
    *check.COMMANDS,
    *benchmark.COMMANDS,
    screenshots,
]
