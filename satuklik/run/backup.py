"""`satuklik backup` and `satuklik restore`: database, files and keys in one archive.

The archive is a plain tar: `manifest.json` (what it is, and the SHA-256 of the parts), `database.dump`
(pg_dump's own format), `keys/…` (this installation's secrets), `audit-witness.txt` (the event log's witness) and
`files/<sha256>`. The witness is read before the dump, so that each block it names is in the dump; the dump is made
before the files: files are written before the row that names them, so each row in the dump finds its file. Rows
whose file is not there are counted in the manifest, and the command ends with an error.
"""

import hashlib
import io
import json
import os
import re
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click
from django.conf import settings
from django.db import connection
from django.utils import timezone

from satuklik.base.files.models import StoredFile
from satuklik.run import prepare
from satuklik.run.embedded import wheel_programs

FORMAT = 3
READABLE = (2, 3)  # 2: without the witness
WITNESS = "audit-witness.txt"
KEYS = ("secret-key",)
"""Files under var/ without which the database's encrypted columns cannot be read."""
FROM_ENVIRONMENT = ("SATUKLIK_SECRET_KEY", "SATUKLIK_VAULT_KEY")
"""Secrets that an operator may give by the environment: then they are not ours to save."""
NAME_OF_FILE = re.compile(r"files/([0-9a-f]{64})")
BLOCK = 1 << 20


class BadArchive(click.ClickException):
    """The archive is not ours, not whole, or was changed; says which part."""


@dataclass(frozen=True)
class Place:
    """Where one installation keeps what a backup holds."""

    database: str
    """A libpq address."""
    files: Path
    var: Path

    @classmethod
    def of_this_installation(cls) -> "Place":
        from satuklik.run.places import database_url

        return cls(database_url(), Path(settings.FILES_ROOT), Path(settings.VAR))


def save(place: Place, target: Path, *, now: datetime) -> dict[str, Any]:
    """Write the archive (mode 0600) and return its manifest. The target appears only when it is whole."""
    named = set(StoredFile.objects.values_list("sha256", flat=True))
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    dump = draft.with_name(f"{draft.name}.dump")
    witness = place.var / WITNESS
    witnessed = witness.read_bytes() if witness.exists() else None
    try:
        dump.touch(mode=0o600)
        with dump.open("wb") as output:
            _program("pg_dump", "-Fc", "-Z", "3", "-d", place.database, stdout=output.fileno())
        keys = {name: (place.var / name).read_bytes() for name in KEYS if (place.var / name).exists()}
        files = _files(place.files)
        manifest: dict[str, Any] = {
            "format": FORMAT,
            "satuklik": version("satuklik"),
            "made_at": now.isoformat(timespec="seconds"),
            "regency": settings.REGENCY,
            "database_sha256": _sha256(dump),
            "keys": _fingerprints(keys),
            "witness_sha256": hashlib.sha256(witnessed).hexdigest() if witnessed is not None else None,
            "files": len(files),
            "files_missing": sorted(named - {file.name for file in files}),
            "keys_from_environment": sorted(name for name in FROM_ENVIRONMENT if os.environ.get(name)),
        }
        draft.touch(mode=0o600)
        with tarfile.open(draft, "w") as tar:
            _add(tar, "manifest.json", json.dumps(manifest, indent=1).encode())
            tar.add(dump, "database.dump", filter=_anonymous)
            for name, content in keys.items():
                _add(tar, f"keys/{name}", content)
            if witnessed is not None:
                _add(tar, WITNESS, witnessed)
            for file in files:
                tar.add(file, f"files/{file.name}", filter=_anonymous)
        draft.rename(target)
    finally:
        dump.unlink(missing_ok=True)
        draft.unlink(missing_ok=True)
    return manifest


def load(place: Place, archive: Path) -> dict[str, Any]:
    """Bring an archive into an empty place and return its manifest.

    Files come first (a file without a row harms nobody), then the database in one transaction, then the
    keys: a restore that is broken off can simply be run again. Raises BadArchive.
    """
    try:
        with tarfile.open(archive, "r:") as tar, tempfile.TemporaryDirectory(dir=place.var) as folder:
            manifest = _manifest(tar)
            keys: dict[str, bytes] = {}
            files, witnessed = 0, None
            dump = Path(folder) / "database.dump"
            for member in tar:
                if member.name == "database.dump":
                    _unpack(tar, member, dump)
                elif match := NAME_OF_FILE.fullmatch(member.name):
                    _restore_file(tar, member, place.files, match[1])
                    files += 1
                elif member.name.startswith("keys/") and member.name[5:] in KEYS:
                    keys[member.name[5:]] = _content(tar, member)
                elif member.name == WITNESS:
                    witnessed = _content(tar, member)
                elif member.name != "manifest.json":
                    raise BadArchive(f"The archive has a part that does not belong there: {member.name}")
            if not dump.exists() or _sha256(dump) != manifest["database_sha256"]:
                raise BadArchive("The database in the archive is not the one that was saved.")
            if _fingerprints(keys) != manifest["keys"]:
                raise BadArchive("The keys in the archive are not the ones that were saved.")
            found = hashlib.sha256(witnessed).hexdigest() if witnessed is not None else None
            if found != manifest.get("witness_sha256"):
                raise BadArchive("The event log's witness in the archive is not the one that was saved.")
            if files != manifest["files"]:
                raise BadArchive(f"The archive has {files} files, but {manifest['files']} were saved.")
            _program(
                "pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction",
                "-d", place.database, str(dump),
            )  # fmt: skip
    except tarfile.TarError as error:
        raise BadArchive(f"This is not a backup of Satu Klik, or it is cut off: {error}") from error
    beside = keys | ({WITNESS: witnessed} if witnessed is not None else {})
    for name, content in beside.items():
        draft = place.var / f".{name}.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_bytes(content)
        draft.rename(place.var / name)
    return manifest


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Save database, files and keys to FILE."""
    if file.exists():
        raise click.ClickException(
            f"{file} exists already. Name another file: backups are never overwritten."
        )
    with prepare.database():
        manifest = save(Place.of_this_installation(), file.absolute(), now=timezone.now())
    size = file.stat().st_size / 1e6
    click.echo(f"Saved to {file}: the database and {manifest['files']} files ({size:.1f} MB).")
    click.echo("It holds personal data and secret keys: encrypt it before it leaves this machine (age, gpg).")
    for name in manifest["keys_from_environment"]:
        click.echo(f"{name} comes from the environment and is not in the archive: keep it too.")
    if lost := manifest["files_missing"]:
        raise click.ClickException(
            f"{len(lost)} files that the database names are not on the disk and not in the archive, "
            f"the first is {lost[0]}. Look for them in an older backup."
        )


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def restore(file: Path) -> None:
    """Bring FILE into an empty installation (an unused SATUKLIK_VAR or DATABASE_URL)."""
    place = Place.of_this_installation()
    place.var.mkdir(parents=True, exist_ok=True)
    with prepare.database() as cluster:
        tables = connection.introspection.table_names()
        connection.close()
        if tables:
            where = f" in {cluster.place.data}" if cluster else ""
            raise click.ClickException(
                f"The database{where} already has {len(tables)} tables. A restore never overwrites: "
                "name an empty place, for example SATUKLIK_VAR=/srv/satuklik-2 satuklik restore …"
            )
        manifest = load(place, file)
    click.echo(f"Restored: saved at {manifest['made_at']} by Satu Klik {manifest['satuklik']}.")
    for name in manifest["keys_from_environment"]:
        click.echo(f"Set {name} to the value of the old machine before you start.")
    for name in manifest["files_missing"]:
        click.echo(f"The file {name} was missing on the old machine already.", err=True)
    elsewhere = f"SATUKLIK_VAR={place.var} " if os.environ.get("SATUKLIK_VAR") else ""
    click.echo(f"Start it with: {elsewhere}satuklik serve")


# -- inside ----------------------------------------------------------------------------------------


def _program(name: str, *arguments: str, stdout: int | None = None) -> None:
    try:
        subprocess.run(
            [wheel_programs() / name, *arguments],
            check=True,
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
        )
    except subprocess.CalledProcessError as error:
        raise click.ClickException(f"{name} failed: {error.stderr.strip()[-600:]}") from error


def _files(root: Path) -> list[Path]:
    """Stored files, wherever below `root` they lie; drafts of a write under way have other names."""
    return sorted(file for file in root.rglob("*") if NAME_OF_FILE.fullmatch(f"files/{file.name}"))


def _fingerprints(keys: dict[str, bytes]) -> dict[str, str]:
    return {name: hashlib.sha256(content).hexdigest() for name, content in keys.items()}


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = _anonymous(tarfile.TarInfo(name))
    member.size = len(content)
    tar.addfile(member, io.BytesIO(content))


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    source = tar.extractfile(member)
    if source is None:
        raise BadArchive(f"{member.name} in the archive is not a file.")
    return source.read()


def _manifest(tar: tarfile.TarFile) -> dict[str, Any]:
    first = tar.next()
    if first is None or first.name != "manifest.json":
        raise BadArchive("This is not a backup of Satu Klik: it does not begin with a manifest.")
    manifest: dict[str, Any] = json.loads(_content(tar, first))
    if manifest.get("format") not in READABLE:
        raise BadArchive(f"This version of Satu Klik cannot read backups of format {manifest.get('format')}.")
    return manifest


def _unpack(tar: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> str:
    """Copy a member to `target` (0600) and return its SHA-256."""
    source = tar.extractfile(member)
    if source is None:
        raise BadArchive(f"{member.name} in the archive is not a file.")
    digest = hashlib.sha256()
    target.touch(mode=0o600)
    with target.open("wb") as output:
        while block := source.read(BLOCK):
            digest.update(block)
            output.write(block)
        output.flush()
        os.fsync(output.fileno())
    return digest.hexdigest()


def _restore_file(tar: tarfile.TarFile, member: tarfile.TarInfo, root: Path, sha256: str) -> None:
    target = root / sha256[:2] / sha256
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = target.with_name(f".{sha256}")
    if _unpack(tar, member, draft) != sha256:
        draft.unlink()
        raise BadArchive(f"The file {sha256} in the archive was changed.")
    draft.rename(target)


COMMANDS = [backup, restore]
