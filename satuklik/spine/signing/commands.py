"""`satuklik ca`: look at our authority, renew its lists, hold the ceremony, rotate, save and restore."""

import click

from satuklik.spine.signing.console import ceremony, rotation, vault


@click.group("ca")
def ca() -> None:
    """The certificate authority of this installation."""


@ca.command("show")
def show() -> None:
    """Names, fingerprints and ends of our authorities."""
    from satuklik.spine.signing import queries

    found = queries.authorities()
    if not found:
        raise click.ClickException(
            "There is no authority yet: hold a key ceremony (satuklik ca ceremony); `satuklik demo` sets up its own."
        )
    for authority in found:
        marks = ", retired" * authority.retired + ", its key lies in the safe" * authority.offline
        click.echo(f"{authority.name}{marks}\n  {authority.subject}\n  SHA-256 {authority.fingerprint}")
        until = f", good until {authority.crl_until:%Y-%m-%d}" if authority.crl_until else ""
        click.echo(f"  valid until {authority.not_after}, revocation list no. {authority.crl_number}{until}")


@ca.command("renew-crl")
def renew_crl() -> None:
    """Issue a new revocation list of each authority now."""
    from django.utils import timezone

    from satuklik.spine.signing import actions, queries

    for authority in queries.authorities():
        if authority.offline:
            click.echo(f"{authority.name}: its key lies in the safe (satuklik ca root-crl)")
            continue
        size = len(actions.renew_crl(authority.name, now=timezone.now()))
        click.echo(f"{authority.name}: {size} bytes")


for _command in (
    ceremony.ceremony, ceremony.root_crl, rotation.rotate, vault.backup, vault.restore,
):  # fmt: skip
    ca.add_command(_command)

COMMANDS = [ca]
