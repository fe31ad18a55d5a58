"""Commands of the whole: Django's own under `satuklik django`."""

import click

from satuklik.run import backup, benchmark, check, demo, serve


@click.command("django", context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def django_(arguments: tuple[str, ...]) -> None:
    """Run one of Django's management commands (migrate, makemigrations, shell …)."""
    from django.core.management import execute_from_command_line

    execute_from_command_line(["satuklik django", *arguments])


COMMANDS = [django_, *serve.COMMANDS, *demo.COMMANDS, *backup.COMMANDS, *check.COMMANDS, *benchmark.COMMANDS]
