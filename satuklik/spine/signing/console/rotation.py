"""`satuklik ca rotate …`: new keys for old ones, each step with its progress and safe to break off."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import click
from django.views.decorators.debug import sensitive_variables

from satuklik.spine.signing.console import custodians as people_with_parts


@click.group("rotate")
def rotate() -> None:
    """New keys for old ones. Broken off, everything works on; the same command goes on where it was."""


@rotate.command("issuing")
@click.option(
    "--root-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The root's file, out of the safe; not needed in a demo.",
)
@people_with_parts.WITH_ROOT[1]
@click.option("--bits", type=click.Choice(["3072", "4096"]), default="4096", show_default=True)
@sensitive_variables()
def issuing(root_file: Path | None, part_files: Sequence[Path], bits: str) -> None:
    """A new issuing authority; the old one issues nothing more, and its revocation list goes on."""
    from django.utils import timezone

    from satuklik.spine.signing import actions
    from satuklik.spine.signing.errors import BadRootFile, KeyOffline, NoAuthority

    key = people_with_parts.open_root(root_file, part_files)[1] if root_file else None
    try:
        made = actions.new_issuing(key, now=timezone.now(), bits=int(bits))
    except KeyOffline as error:
        raise click.ClickException("The root lies in the safe: name its file by --root-file.") from error
    except (BadRootFile, NoAuthority) as error:
        raise click.ClickException(str(error)) from error
    click.echo(
        f"{made.name} issues from now on. Next: satuklik ca rotate seal; officials renew their keys one by one."
    )


@rotate.command("seal")
@click.option("--agency", "codes", multiple=True, help="Only this agency's seal (its code; once for each).")
@click.option("--algorithm", type=click.Choice(["RSA-2048", "P-256"]), default="RSA-2048", show_default=True)
@click.option("--again", is_flag=True, help="Also where the seal is younger than a day.")
@click.option("--finish", is_flag=True, help="Instead: revoke old seals whose successor is old enough.")
@click.option(
    "--overlap-days", type=click.IntRange(0, 730), default=30, show_default=True, help="With --finish."
)
def seal(codes: Sequence[str], algorithm: str, overlap_days: int, *, again: bool, finish: bool) -> None:
    """New seals for all agencies. Old ones stay valid until they end, or until --finish."""
    from django.utils import timezone

    from satuklik.base.agencies import queries as agencies
    from satuklik.base.agencies.errors import NoSuchAgency
    from satuklik.spine.signing import actions
    from satuklik.spine.signing.errors import NoAuthority

    now = timezone.now()
    if finish:
        ended = actions.end_superseded(
            "seal", now=now, overlap=timedelta(days=overlap_days), progress=_progress("revoked")
        )
        click.echo(f"{len(ended)} old seals are revoked (superseded); the lists are renewed.")
        return
    try:
        offices = [agencies.agency(code) for code in codes] or agencies.agencies()
        made = actions.rotate_seals(
            offices, now=now, algorithm=algorithm, again=again, progress=_progress("new seals")  # type: ignore[arg-type]
        )  # fmt: skip
    except NoSuchAgency as error:
        raise click.ClickException(f"There is no agency with the code {error}.") from error
    except NoAuthority as error:
        raise click.ClickException(str(error)) from error
    passed = len(offices) - len(made)
    click.echo(f"{len(made)} new seals; {passed} were younger than a day (--again makes them anew).")


@rotate.command("official")
@click.argument("nip")
@sensitive_variables()
def official(nip: str) -> None:
    """A new key for the official with this NIP, who types the passphrase here. The old certificate is left to end."""
    from django.utils import timezone

    from satuklik.base.agencies.queries import Official
    from satuklik.spine.signing import actions
    from satuklik.spine.signing.errors import KeyLocked, NoAuthority, NoKey, WrongPassphrase

    who = Official.objects.select_related("agency").filter(nip=nip).order_by("-active_from").first()
    if who is None:
        raise click.ClickException(f"There is no official with the NIP {nip}.")
    click.echo(f"{who.name}, {who.position}")
    passphrase = click.prompt("Passphrase of today's key", hide_input=True)
    new = click.prompt("New passphrase (empty: the same)", hide_input=True, default="", show_default=False)
    if new and new != click.prompt("New passphrase again", hide_input=True):
        raise click.ClickException("The two are not the same: nothing was changed.")
    try:
        made = actions.renew_official_key(who, passphrase, now=timezone.now(), new_passphrase=new)
    except (WrongPassphrase, KeyLocked, NoKey, NoAuthority) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"New certificate {made.serial}, valid until {made.not_after:%Y-%m-%d}.")


@rotate.command("tsa")
def tsa() -> None:
    """New keys for our own time-stamping authority and OCSP responder; tokens of the old ones stay provable."""
    from django.utils import timezone

    from satuklik.spine.signing import actions
    from satuklik.spine.signing.errors import NoAuthority

    now = timezone.now()
    try:
        made = [
            actions.issue_service_key("timestamp", now=now),
            actions.issue_service_key("responder", now=now),
        ]
    except NoAuthority as error:
        raise click.ClickException(str(error)) from error
    for key in made:
        click.echo(f"{key.kind}: {key.serial}, valid until {key.not_after:%Y-%m-%d}")


@rotate.command("vault")
def vault() -> None:
    """Wrap everything under SATUKLIK_VAULT_KEY that is still under a key of SATUKLIK_OLD_VAULT_KEYS."""
    from django.utils import timezone

    from satuklik.spine.signing import actions
    from satuklik.spine.signing.errors import VaultFailed

    try:
        state = actions.rewrap_vault(now=timezone.now(), progress=_progress("rows"))
    except VaultFailed as error:
        raise click.ClickException(str(error)) from error
    if state.old or state.lost:
        raise click.ClickException(
            f"{state.old + len(state.lost)} rows are not under the new key: run it again."
        )
    click.echo(
        f"All {state.current} rows open with today's key. SATUKLIK_OLD_VAULT_KEYS can be emptied (keep the old key "
        "with the backups that were made under it)."
    )


def _progress(what: str) -> Callable[[int, int], None]:
    """A line for each tenth, so that somebody who watches sees it move and a log stays short."""
    told = 0

    def report(done: int, of: int) -> None:
        nonlocal told
        tenth = done * 10 // max(of, 1)
        if tenth > told or done == of:
            told = tenth
            click.echo(f"  {done} of {of} {what}")

    return report
