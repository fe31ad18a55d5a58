"""Keep files."""

import hashlib
import os
import secrets
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from satuklik.base.files.models import StoredFile
from satuklik.base.files.pictures import clean_picture as clean_picture
from satuklik.base.files.queries import HELD, held_path, path_of
from satuklik.base.postgres.actions import insert_unless_there

HELD_FOR = timedelta(days=1)


def store(content: bytes, media_type: str, *, at: datetime) -> str:
    """Keep `content` and return its SHA-256 (64 hexadecimal digits).

    The bytes are on the disk before the row is written in the caller's transaction, so a row never names
    a file that a power cut took away. A rollback leaves a file without a row, which harms nobody.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    path = path_of(sha256)
    if not path.exists():
        _write(path, content)
    insert_unless_there(StoredFile(sha256=sha256, size=len(content), media_type=media_type, created_at=at))
    return sha256


def hold(content: bytes) -> str:
    """Put a file by for a form that comes back to be mended, and return the word by which `queries.held` finds it (32
    hexadecimal digits). It is not stored: no row names it, no backup takes it, and after HELD_FOR it goes."""
    word = secrets.token_hex(16)
    _write(held_path(word), content)
    return word


def drop_held(now: datetime) -> int:
    """Delete what was held for more than HELD_FOR, and drafts that old, which a killed process left. How many went."""
    gone = 0
    for file in (Path(settings.FILES_ROOT) / HELD).glob("*"):
        # A draft that was listed may have its name by now.
        with suppress(FileNotFoundError):
            if file.stat().st_mtime < (now - HELD_FOR).timestamp():
                file.unlink()
                gone += 1
    return gone


def _write(path: Path, content: bytes) -> None:
    fresh = not path.parent.exists()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)
    if fresh:
        _sync_folder(Path(settings.FILES_ROOT))


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
