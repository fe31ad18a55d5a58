"""A backup brings everything to another place, and never over something."""

import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import connection, transaction
from django.utils import timezone

from satuklik.base.files.actions import store
from satuklik.base.files.queries import path_of
from satuklik.run import backup
from satuklik.run.embedded import EmbeddedPostgres
from satuklik.run.places import cluster_place

LETTER = b"%PDF-1.7 a letter"


@pytest.fixture
def here(settings: object, tmp_path: Path, transactional_db: None) -> backup.Place:
    settings.FILES_ROOT = tmp_path / "here" / "files"  # type: ignore[attr-defined]
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "secret-key").write_text("the old machine's key")
    parameters = connection.get_connection_params()
    url = f"postgresql://postgres@/{parameters['dbname']}?host={parameters['host']}"
    return backup.Place(url, tmp_path / "here" / "files", tmp_path / "here")


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Path]:
    """The var folder of another machine; its database is stopped and taken away at the end."""
    var = tmp_path / "there"
    yield var
    before = os.environ["SATUKLIK_VAR"]
    os.environ["SATUKLIK_VAR"] = str(var)
    try:
        cluster = EmbeddedPostgres(cluster_place())
    finally:
        os.environ["SATUKLIK_VAR"] = before
    cluster.stop("immediate")
    if os.geteuid() == 0:
        import shutil

        shutil.rmtree(cluster.place.data.parent, ignore_errors=True)


def on(var: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return python(var, "-m", "satuklik.cli", *arguments)


def python(var: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "SATUKLIK_SECRET_KEY"}}
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True,
        env=environment | {"SATUKLIK_VAR": str(var), "DJANGO_SETTINGS_MODULE": "satuklik.settings"}, check=False,
    )  # fmt: skip


def test_the_other_machine_has_the_rows_the_files_and_the_keys(
    here: backup.Place, there: Path, tmp_path: Path
) -> None:
    sha256 = store(LETTER, "application/pdf", at=timezone.now())
    archive = tmp_path / "backup.tar"
    (here.var / backup.WITNESS).write_text("")
    block = _closed_block(here)
    backup.save(here, archive, now=timezone.now())
    assert archive.stat().st_mode & 0o777 == 0o600
    restored = on(there, "restore", str(archive))
    assert restored.returncode == 0, restored.stderr
    assert (there / "secret-key").read_text() == "the old machine's key"
    assert (there / "files" / sha256[:2] / sha256).read_bytes() == LETTER
    read = on(
        there, "django", "shell", "-v0", "-c",
        f"from satuklik.base.files.queries import read; print(read('{sha256}').decode())",
    )  # fmt: skip
    assert read.stdout.strip().endswith(LETTER.decode()), read.stderr
    assert (there / backup.WITNESS).read_text() == block
    code = (
        "import django; django.setup()\n"
        "from satuklik.run import prepare\nfrom satuklik.base.audit.queries import verify\n"
        "with prepare.database():\n    r = verify(); print(r.holds, r.blocks, r.witnessed)"
    )
    verified = python(there, "-c", code)
    assert verified.stdout.strip().endswith("True 1 1"), verified.stderr
    again = on(there, "restore", str(archive))
    assert again.returncode != 0
    assert "never overwrites" in again.stderr


def _closed_block(here: backup.Place) -> str:
    """One block of the event log, witnessed in the folder of `here`; the witness's text."""
    from django.conf import settings

    from satuklik.base.audit.actions import Happening, close_block, record

    before, settings.VAR = settings.VAR, here.var
    try:
        with transaction.atomic():
            record("uji", [Happening("uji", "system")], at=timezone.now())
        close_block(at=timezone.now())
    finally:
        settings.VAR = before
    return (here.var / backup.WITNESS).read_text()


def test_a_witness_that_was_changed_is_refused(here: backup.Place, tmp_path: Path) -> None:
    (here.var / backup.WITNESS).write_text("1 ab\n")
    archive, changed = tmp_path / "backup.tar", tmp_path / "changed.tar"
    backup.save(here, archive, now=timezone.now())
    with tarfile.open(archive) as whole, tarfile.open(changed, "w") as tar:
        for member in whole:
            if member.name == backup.WITNESS:
                backup._add(tar, member.name, b"")
            else:
                tar.addfile(member, whole.extractfile(member))
    elsewhere = backup.Place("postgresql:///nowhere", tmp_path / "x" / "files", tmp_path / "x")
    elsewhere.var.mkdir()
    with pytest.raises(backup.BadArchive, match="witness"):
        backup.load(elsewhere, changed)


def test_a_changed_file_is_refused(here: backup.Place, tmp_path: Path, transactional_db: None) -> None:
    sha256 = store(LETTER, "application/pdf", at=timezone.now())
    path_of(sha256).write_bytes(b"%PDF-1.7 forged!")
    archive = tmp_path / "backup.tar"
    backup.save(here, archive, now=timezone.now())
    elsewhere = backup.Place("postgresql:///nowhere", tmp_path / "x" / "files", tmp_path / "x")
    elsewhere.var.mkdir()
    with pytest.raises(backup.BadArchive, match=sha256):
        backup.load(elsewhere, archive)


def test_a_file_that_is_lost_is_told(here: backup.Place, tmp_path: Path) -> None:
    kept, lost = (
        store(content, "application/pdf", at=timezone.now()) for content in (LETTER, b"%PDF-1.7 lost")
    )
    path_of(lost).unlink()
    manifest = backup.save(here, tmp_path / "backup.tar", now=timezone.now())
    assert (manifest["files"], manifest["files_missing"]) == (1, [lost])
    with tarfile.open(tmp_path / "backup.tar") as tar:
        assert f"files/{kept}" in tar.getnames()


def test_an_archive_from_which_a_file_was_taken_is_refused(here: backup.Place, tmp_path: Path) -> None:
    store(LETTER, "application/pdf", at=timezone.now())
    archive, shorter = tmp_path / "backup.tar", tmp_path / "shorter.tar"
    backup.save(here, archive, now=timezone.now())
    with tarfile.open(archive) as whole, tarfile.open(shorter, "w") as tar:
        for member in whole:
            if not member.name.startswith("files/"):
                tar.addfile(member, whole.extractfile(member))
    elsewhere = backup.Place("postgresql:///nowhere", tmp_path / "x" / "files", tmp_path / "x")
    elsewhere.var.mkdir()
    with pytest.raises(backup.BadArchive, match="0 files, but 1"):
        backup.load(elsewhere, shorter)


@pytest.mark.parametrize("content", [b"", b"not a tar", b"\x1f\x8b\x08"])
def test_something_else_is_not_a_backup(tmp_path: Path, content: bytes) -> None:
    archive = tmp_path / "x.tar"
    archive.write_bytes(content)
    with pytest.raises(backup.BadArchive):
        backup.load(backup.Place("postgresql:///nowhere", tmp_path / "files", tmp_path), archive)


def test_a_part_with_a_path_is_refused(here: backup.Place, tmp_path: Path) -> None:
    archive = tmp_path / "backup.tar"
    backup.save(here, archive, now=timezone.now())
    with tarfile.open(archive, "a") as tar:
        backup._add(tar, "files/../../../escaped", b"x")
    elsewhere = backup.Place("postgresql:///nowhere", tmp_path / "x" / "files", tmp_path / "x")
    elsewhere.var.mkdir()
    with pytest.raises(backup.BadArchive, match="does not belong"):
        backup.load(elsewhere, archive)
    assert not list(tmp_path.rglob("escaped"))


def test_an_existing_backup_is_kept(tmp_path: Path) -> None:
    (tmp_path / "b.tar").write_text("precious")
    result = CliRunner().invoke(backup.backup, [str(tmp_path / "b.tar")])
    assert result.exit_code != 0
    assert "never overwritten" in result.output
    assert (tmp_path / "b.tar").read_text() == "precious"
