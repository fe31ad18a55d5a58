"""The commands `satuklik messaging …`."""

import click


@click.group("messaging")
def messaging() -> None:
    """Conversations over WhatsApp, Telegram, e-mail and the portal."""


@messaging.command("check")
def check() -> None:
    """Ask each channel whether its configuration works; exit with 1 where one that is switched on does not."""
    from satuklik.spine.messaging.adapters.registry import ADAPTERS

    bad = False
    for name, adapter in ADAPTERS.items():
        if not adapter.on():
            click.echo(f"{name:<10} off     {' '.join(adapter.problems())}".rstrip())
            continue
        problems = adapter.problems()
        bad = bad or bool(problems)
        click.echo(f"{name:<10} {'FAULTY' if problems else 'ok':<7} {' '.join(problems)}".rstrip())
    if bad:
        raise SystemExit(1)


@messaging.command("forget")
def forget() -> None:
    """Delete raw events whose term is over, as the worker does each night."""
    from django.utils import timezone

    from satuklik.spine.messaging import actions

    click.echo(f"{actions.forget_events(timezone.now())} events deleted.")


@messaging.group("quarantine")
def quarantine() -> None:
    """What could not be handled. Nothing in it is ever deleted."""


@quarantine.command("list")
@click.option("--settled", is_flag=True, help="Those that somebody has dealt with.")
def show(*, settled: bool) -> None:
    """One line for each event: number, channel, problem, when, why."""
    from satuklik.spine.messaging import queries

    rows = queries.quarantine(settled=settled)
    for row in rows:
        click.echo(
            f"{row.pk:>8} {row.channel:<9} {row.problem:<16} {row.received_at:%Y-%m-%d %H:%M} {row.reason[:90]}"
        )
    click.echo(f"{len(rows)} events.")


@quarantine.command("show")
@click.argument("number", type=int)
def body(number: int) -> None:
    """Print the bytes of one event as they came."""
    click.echo(bytes(_event(number).body))


@quarantine.command("retry")
@click.argument("number", type=int)
def retry(number: int) -> None:
    """Handle one event again."""
    from django.utils import timezone

    from satuklik.spine.messaging.actions import handling

    if not handling.try_again(_event(number), by=None, now=timezone.now()):
        raise click.ClickException(f"Event {number} is not in quarantine.")
    click.echo(f"Event {number} waits for the worker again.")


@quarantine.command("settle")
@click.argument("number", type=int)
def settle(number: int) -> None:
    """Nothing is to be done about one event; it stays stored."""
    from django.utils import timezone

    from satuklik.spine.messaging.actions import handling

    if not handling.settle(_event(number), by=None, now=timezone.now()):
        raise click.ClickException(f"Event {number} is not in quarantine.")
    click.echo(f"Event {number} is settled.")


def _event(number: int):  # type: ignore[no-untyped-def]
    from satuklik.spine.messaging.models import RawEvent

    found = RawEvent.objects.filter(pk=number).first()
    if found is None:
        raise click.ClickException(f"There is no event {number}.")
    return found


COMMANDS = [messaging]
