"""`satuklik audit`: prove that the event log is whole."""

import click
from django.utils import timezone


@click.group("audit")
def audit() -> None:
    """The event log."""


@audit.command("verify")
def verify() -> None:
    """Recompute every hash chain. Exit code 1 when anything was changed, added or taken away."""
    from satuklik.base.audit.queries import verify as check

    result = check()
    for problem in result.problems:
        click.echo(f"✗ {problem}", err=True)
    click.echo(
        f"{result.events} events, {result.blocks} blocks, {result.uncovered} newer than the last block: "
        + ("the chain holds" if result.holds else "THE CHAIN IS BROKEN")
    )
    if result.blocks and not result.witnessed:
        from satuklik.base.audit import witness

        click.echo(
            f"There is no witness here ({witness.path()}): blocks taken away from the end would not show. Bring back "
            "the copy that is kept elsewhere (docs/operations.md), then verify again.",
            err=True,
        )
    if not result.holds:
        raise SystemExit(1)


@audit.command("close-block")
def close_block() -> None:
    """Chain all events since the last block into a new block (the worker does it every ten minutes)."""
    from satuklik.base.audit.actions import close_block as close

    block = close(at=timezone.now())
    click.echo(f"Block {block.pk}: {block.events} events" if block else "No new events.")


COMMANDS = [audit]
