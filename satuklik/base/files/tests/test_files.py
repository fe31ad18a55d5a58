"""Files come back as they were stored, or an error says that they don't."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from satuklik.base.files.actions import store
from satuklik.base.files.models import StoredFile
from satuklik.base.files.queries import FileDamaged, path_of, read

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
