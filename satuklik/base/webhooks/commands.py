"""The commands `satuklik webhooks …`: which applications are told what, and what did not arrive."""

import click


@click.group("webhooks")
def webhooks() -> None:
    """Addresses of agencies' applications that are told what happens here."""


@webhooks.command("add")
@click.option("--agency", required=True, help="The agency's code: disdukcapil, kel-12.09.20.1009 …")
@click.option("--url", required=True, help="https://…, the final address: redirects are not followed.")
@click.option("--event", "events", multiple=True, help="Which events; may be repeated. Without it: all.")
def add(agency: str, url: str, events: tuple[str, ...]) -> None:
    """Register an address. Its secret is shown this once."""
    from django.utils import timezone

    from satuklik.base.agencies import queries as agencies
    from satuklik.base.agencies.errors import NoSuchAgency
    from satuklik.base.webhooks import actions, rules
    from satuklik.base.webhooks.errors import BadHook

    told = {
        "not_a_url": "This is no address that can be called. Write it like https://app.example.go.id/satuklik.",
        "not_https": "The address must begin with https:// (plain http only inside, with SATUKLIK_WEBHOOK_ALLOW_PRIVATE=1).",
        "unknown_event": f"No such event. Known: {', '.join(rules.EVENTS)}.",
    }
    try:
        office = agencies.agency(agency)
        hook, secret = actions.add_hook(
            office.pk, url, events or rules.EVENTS, actor="command", now=timezone.now()
        )
    except NoSuchAgency as error:
        raise click.ClickException(f"No agency has the code {agency!r}.") from error
    except BadHook as error:
        raise click.ClickException(told[error.code]) from error
    click.echo(f"Hook {hook.pk}: {hook.url} is told {', '.join(hook.events)}.")
    click.echo(f"Secret (shown this once): {secret}")


@webhooks.command("list")
def list_() -> None:
    """All hooks, with how many messages wait, are parked, and arrived."""
    from satuklik.base.webhooks import queries

    for hook in queries.hooks():
        state = "" if hook.active else " (off)"
        counts = f"{hook.waiting} waiting, {hook.parked} parked, {hook.delivered} delivered"  # type: ignore[attr-defined]
        click.echo(f"{hook.pk}  {hook.agency.code}  {hook.url}{state}  {', '.join(hook.events)}  {counts}")


@webhooks.command("test")
@click.argument("hook_id", type=int)
def test(hook_id: int) -> None:
    """Send a test message now, and say what the receiver answered."""
    from django.utils import timezone

    from satuklik.base.webhooks import actions
    from satuklik.base.webhooks.errors import NotDelivered

    hook = _hook(hook_id)
    try:
        actions.try_hook(hook, now=timezone.now())  # type: ignore[arg-type]
    except NotDelivered as error:
        raise click.ClickException(f"Not delivered: {error}") from error
    click.echo("Delivered.")


@webhooks.command("retry")
@click.argument("hook_id", type=int)
def retry(hook_id: int) -> None:
    """Start again with the messages that are parked for a hook."""
    from django.utils import timezone

    from satuklik.base.webhooks import actions

    click.echo(f"{actions.retry(_hook(hook_id), now=timezone.now())} messages go out again.")  # type: ignore[arg-type]


@webhooks.command("switch")
@click.argument("hook_id", type=int)
@click.argument("state", type=click.Choice(["on", "off"]))
def switch(hook_id: int, state: str) -> None:
    """Switch a hook on or off."""
    from django.utils import timezone

    from satuklik.base.webhooks import actions

    actions.switch_hook(_hook(hook_id), active=state == "on", actor="command", now=timezone.now())  # type: ignore[arg-type]
    click.echo(f"Hook {hook_id} is {state}.")


def _hook(hook_id: int) -> object:
    from satuklik.base.webhooks import queries

    found = queries.hook(hook_id)
    if found is None:
        raise click.ClickException(f"There is no hook {hook_id}: see satuklik webhooks list.")
    return found


COMMANDS = [webhooks]
