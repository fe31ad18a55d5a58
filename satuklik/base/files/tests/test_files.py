"""Files come back as they were stored, or an error says that they don't."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from satuklik.base.files.actions import HELD_FOR, drop_held, hold, store
from satuklik.base.files.models import StoredFile
from satuklik.base.files.queries import FileDamaged, held, held_path, path_of, read

NOW = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: object) -> None:
    settings.FILES_ROOT = tmp_path / "files"  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_the_same_content_is_kept_once() -> None:
    first, second = store(b"surat", "text/plain", at=NOW), store(b"surat", "text/plain", at=NOW)
    assert first == second
    assert read(first) == b"surat"
    assert StoredFile.objects.count() == 1
    assert path_of(first).stat().st_mode & 0o777 == 0o600


@pytest.mark.django_db
def test_damage_is_told() -> None:
    sha256 = store(b"surat", "text/plain", at=NOW)
    path_of(sha256).write_bytes(b"surat palsu")
    with pytest.raises(FileDamaged, match="was changed"):
        read(sha256)
    path_of(sha256).unlink()
    with pytest.raises(FileDamaged, match="missing"):
        read(sha256)


def test_the_sweep_meets_files_that_are_moved_away_under_it(monkeypatch: pytest.MonkeyPatch) -> None:
    old, young = hold(b"lama"), hold(b"baru")
    draft = held_path(f".{old}.ab12cd34")  # of a process that was killed while it wrote
    draft.write_bytes(b"setengah")
    moved = held_path(f".{young}.ab12cd34")
    moved.write_bytes(b"")
    at = datetime.now(UTC)
    for path in (held_path(old), draft, moved):
        os.utime(path, ((at - HELD_FOR - timedelta(hours=1)).timestamp(),) * 2)
    listed = Path.glob

    def late(folder: Path, pattern: str) -> list[Path]:
        """The draft is renamed between the list and the look at it."""
        found = list(listed(folder, pattern))
        moved.unlink(missing_ok=True)
        return found

    monkeypatch.setattr(Path, "glob", late)
    assert drop_held(at) == 2
    assert not draft.exists()
    assert held(young) == b"baru"
