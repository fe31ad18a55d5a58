"""`satuklik ca backup` and `satuklik ca restore`: the vault in one encrypted file."""

import os
from pathlib import Path

import click
from django.views.decorators.debug import sensitive_variables

SHORTEST = 12
PASSPHRASE_FILE = click.option(
    "--passphrase-file", type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Read the passphrase from the first line of a file instead of asking for it.",
)  # fmt: skip


@click.command("backup")
@click.option("--to", "target", required=True, type=click.Path(path_type=Path, dir_okay=False))
@PASSPHRASE_FILE
@sensitive_variables()
def backup(target: Path, passphrase_file: Path | None) -> None:
    """Save the vault (authorities, seals, officials' wrapped keys, permissions) to one encrypted file."""
    from django.utils import timezone

    from satuklik.spine.signing import actions
    from satuklik.spine.signing.errors import VaultFailed

    if target.exists():
        raise click.ClickException(
            f"{target} exists already. Name another file: backups are never overwritten."
        )
    passphrase = _passphrase(passphrase_file, again=True)
    if len(passphrase) < SHORTEST:
        raise click.ClickException(f"The passphrase needs at least {SHORTEST} characters.")
    try:
        content = actions.save_vault(passphrase, now=timezone.now())
    except VaultFailed as error:
        raise click.ClickException(str(error)) from error
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(target)
    # Read back from the disk: a backup that does not open is none.
    found = actions.load_vault(target.read_bytes(), passphrase, now=timezone.now(), check_only=True)
    click.echo(f"Saved to {target}: {_rows(found.manifest['rows'])}. It was opened again and holds.")
    click.echo(
        "The root of a ceremony is not in it (its file lies in the safe), nor are letters: satuklik backup."
    )


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--check", "check_only", is_flag=True, help="Open it and prove every key; change nothing.")
@PASSPHRASE_FILE
@sensitive_variables()
def restore(file: Path, passphrase_file: Path | None, *, check_only: bool) -> None:
    """Bring a saved vault into this installation; what is here already stays as it is."""
    from django.utils import timezone

    from satuklik.spine.signing import actions
    from satuklik.spine.signing.errors import BadVaultFile, OtherKeys, OwnersMissing

    passphrase = _passphrase(passphrase_file, again=False)
    try:
        found = actions.load_vault(file.read_bytes(), passphrase, now=timezone.now(), check_only=check_only)
    except (BadVaultFile, OtherKeys, OwnersMissing) as error:
        raise click.ClickException(str(error)) from error
    manifest = found.manifest
    if check_only:
        click.echo(
            f"Saved at {manifest['made_at']}: {_rows(manifest['rows'])}. Every key is its certificate's."
        )
        return
    click.echo(f"Restored from {manifest['made_at']}: {_rows(found.added)} were missing here.")
    click.echo(
        "Certificates that were revoked after that time are in force again: compare with the last revocation list "
        "that was published, and revoke them once more."
    )


def _rows(counts: object) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items())  # type: ignore[attr-defined]


@sensitive_variables()
def _passphrase(file: Path | None, *, again: bool) -> str:
    if file is not None:
        return file.read_text().split("\n", 1)[0]
    passphrase: str = click.prompt("Passphrase of the file", hide_input=True, confirmation_prompt=again)
    return passphrase
