"""The commands `satuklik accounts …`: the first administrator, and help for officials who are locked out."""

import secrets

import click

WORDS_BYTES = 12


@click.group("accounts")
def accounts() -> None:
    """Logins: make an administrator, reset an official's access."""


@accounts.command("admin")
@click.argument("username")
@click.option("--name", required=True, help="The person's name.")
def admin(username: str, name: str) -> None:
    """Make an administrator. The password is shown once; the first login sets up a second factor."""
    from satuklik.base.accounts import actions
    from satuklik.base.accounts.models import User

    if User.objects.filter(username=username.lower()).exists():
        raise click.ClickException(f"There is an account {username.lower()!r} already: use accounts reset.")
    password = secrets.token_urlsafe(WORDS_BYTES)
    actions.create_official(username, name, password=password, admin=True)
    click.echo(f"{username.lower()}: {password}")


@accounts.command("reset")
@click.argument("username")
@click.option("--keep-factors", is_flag=True, help="Leave the second factors as they are.")
def reset(username: str, keep_factors: bool) -> None:
    """Give an official a new password, without second factors and sessions. Check who asks before you do it."""
    from django.utils import timezone

    from satuklik.base.accounts import actions, factors
    from satuklik.base.accounts.models import User

    user = User.objects.filter(username=username.lower(), kind=User.Kind.OFFICIAL).first()
    if user is None:
        raise click.ClickException(f"No official has the user name {username.lower()!r}.")
    password = secrets.token_urlsafe(WORDS_BYTES)
    user.set_password(password)
    user.save(update_fields=["password"])
    if not keep_factors:
        factors.remove_all(user)
    actions.end_sessions(user)
    actions.note(user, "account.reset", now=timezone.now(), actor="command", keep_factors=keep_factors)
    click.echo(f"{user.username}: {password}")


COMMANDS = [accounts]
