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
    """Make an administrator. The password is shown once; the first login replaces it and sets up a second factor."""
    from satuklik.base.accounts import actions
    from satuklik.base.accounts.models import User

    if User.objects.filter(username=username.lower()).exists():
        raise click.ClickException(f"There is an account {username.lower()!r} already: use accounts reset.")
    password = secrets.token_urlsafe(WORDS_BYTES)
    actions.create_official(username, name, password=password, admin=True, handed_over=True)
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
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    if not keep_factors:
        factors.remove_all(user)
    actions.end_sessions(user)
    actions.note(user, "account.reset", now=timezone.now(), actor="command", keep_factors=keep_factors)
    click.echo(f"{user.username}: {password}")


@accounts.group("application")
def application() -> None:
    """Programs of agencies that call the API."""


@application.command("create")
@click.argument("name")
@click.option("--agency", required=True, help="The agency's code: disdukcapil, kel-12.09.20.1009 …")
@click.option("--scope", required=True, help="What it may do: sign, seal, open311, or several: sign,seal.")
def create_application(name: str, agency: str, scope: str) -> None:
    """Make an account for an agency's program. Its token is shown this once."""
    from django.utils import timezone

    from satuklik.base.accounts import actions
    from satuklik.base.accounts.errors import BadApplication
    from satuklik.base.agencies import queries as agencies
    from satuklik.base.agencies.errors import NoSuchAgency

    told = {
        "name": "A name has 3 to 60 small letters, digits and hyphens: eoffice, siap-kerja.",
        "scopes": "Scopes are sign, seal and open311.",
        "taken": f"There is an application {name!r} already.",
    }
    try:
        office = agencies.agency(agency)
        scopes = [part.strip() for part in scope.split(",") if part.strip()]
        made, token = actions.create_application(name, office.pk, scopes, actor="command", now=timezone.now())
    except NoSuchAgency as error:
        raise click.ClickException(f"No agency has the code {agency!r}.") from error
    except BadApplication as error:
        raise click.ClickException(told[error.code]) from error
    click.echo(f"Application {made.name} of {office.name}: {', '.join(made.scopes)}.")
    if "seal" in made.scopes:
        click.echo(f"Its seal needs a permission for the service «api:{made.name}».")
    click.echo(f"Token (shown this once): {token}")


@application.command("list")
def list_applications() -> None:
    """All applications."""
    from satuklik.base.accounts import queries

    for one in queries.applications():
        state = "" if one.user.is_active else "  (off)"
        click.echo(f"{one.name}  {one.agency.code}  {','.join(one.scopes)}{state}")


@application.command("switch")
@click.argument("name")
@click.argument("state", type=click.Choice(["on", "off"]))
def switch_application(name: str, state: str) -> None:
    """Switch an application on or off: off, none of its tokens opens anything."""
    from django.utils import timezone

    from satuklik.base.accounts import actions, queries

    found = next((one for one in queries.applications() if one.name == name), None)
    if found is None:
        raise click.ClickException(f"There is no application {name!r}.")
    actions.switch_application(found, on=state == "on", actor="command", now=timezone.now())
    click.echo(f"{name} is {state}.")


COMMANDS = [accounts]
