"""`satuklik ca`: look at our authority, renew its lists, hold the ceremony, rotate, save and restore."""

from datetime import datetime

import click

from satuklik.spine.signing.console import backends, ceremony, rotation, uses, vault


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


@ca.command("augment")
@click.option("--limit", default=None, type=click.IntRange(1), help="At most so many documents.")
@click.option(
    "--due-before", default=None, type=click.DateTime(["%Y-%m-%d"]),
    help="Renew proofs that end before this day, instead of those that end within half a year.",
)  # fmt: skip
def augment(limit: int | None, due_before: datetime | None) -> None:
    """Do now what the nightly pass does: time stamps and evidence for letters, renewal of old proofs."""
    from django.utils import timezone

    from satuklik.spine.signing.errors import TimestampUnavailable
    from satuklik.spine.signing.registry import ARCHIVES
    from satuklik.spine.signing.tasks import BATCH

    before = timezone.make_aware(due_before) if due_before else None
    failed = 0
    for archive in ARCHIVES.values():
        waiting = archive.due(timezone.now(), before)
        left = min(waiting, limit or waiting)
        after = improved = 0
        with click.progressbar(length=left, label=f"{archive.name}: {waiting} documents wait") as bar:
            while left > 0:
                try:
                    done = archive.augment(
                        timezone.now(), min(BATCH, left), before, after, lambda: bar.update(1)
                    )
                except TimestampUnavailable as outage:
                    raise click.ClickException(
                        f"{outage} Letters stay as they are; try again later."
                    ) from outage
                improved, failed = improved + done.improved, failed + done.failed
                left, after = left - done.improved - done.failed, done.last
                if not done.last:
                    break
        click.echo(f"{archive.name}: {improved} documents went further.")
    if failed:
        raise click.ClickException(
            f"{failed} documents could not; the log says why. They are tried again each night."
        )


for _command in (
    ceremony.ceremony, ceremony.root_crl, rotation.rotate, vault.backup, vault.restore,
    backends.check, backends.backend, backends.token, backends.bsre,
    uses.seal_permissions, uses.uses, uses.ask, uses.give_up,
):  # fmt: skip
    ca.add_command(_command)

COMMANDS = [ca]
