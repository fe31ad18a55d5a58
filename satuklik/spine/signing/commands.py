"""`satuklik ca`: look at our authority, renew its revocation lists."""

import click


@click.group("ca")
def ca() -> None:
    """The certificate authority of this installation."""


@ca.command("show")
def show() -> None:
    """Names, fingerprints and ends of our authorities."""
    from satuklik.spine.signing import queries

    found = queries.authorities()
    if not found:
        raise click.ClickException("There is no authority yet: `satuklik demo` sets one up.")
    for authority in found:
        click.echo(f"{authority.name}\n  {authority.subject}\n  SHA-256 {authority.fingerprint}")
        click.echo(f"  valid until {authority.not_after}, revocation list no. {authority.crl_number}")


@ca.command("renew-crl")
def renew_crl() -> None:
    """Issue a new revocation list of each authority now."""
    from django.utils import timezone

    from satuklik.spine.signing import actions, queries

    for authority in queries.authorities():
        size = len(actions.renew_crl(authority.name, now=timezone.now()))
        click.echo(f"{authority.name}: {size} bytes")


COMMANDS = [ca]
