"""Read files."""

import hashlib
import re
from pathlib import Path

from django.conf import settings

from satuklik.base.files.models import StoredFile

HELD = "held"  # the folder, beside the folders of stored files
HELD_WORD = re.compile("[0-9a-f]{32}")


class FileDamaged(RuntimeError):
    """A stored file is gone or no longer has the content that its name says."""


def path_of(sha256: str) -> Path:
    """Where the file of this hash lies (or would lie)."""
    return Path(settings.FILES_ROOT) / sha256[:2] / sha256


def held_path(word: str) -> Path:
    """Where a held file of this word lies (or would lie)."""
    return Path(settings.FILES_ROOT) / HELD / word


def held(word: str) -> bytes:
    """The bytes of a file that is held for a form. Raises FileDamaged where it is gone or the word is none of ours."""
    try:
        return held_path(word).read_bytes() if HELD_WORD.fullmatch(word) else _gone(word)
    except FileNotFoundError:
        return _gone(word)


def _gone(word: str) -> bytes:
    raise FileDamaged(f"The file {word[:40]!r} is no longer held.")


def read(sha256: str) -> bytes:
    """The bytes of a stored file. Raises FileDamaged where they are not what was stored."""
    try:
        content = path_of(sha256).read_bytes()
    except FileNotFoundError as error:
        raise FileDamaged(f"The file {sha256} is missing.") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise FileDamaged(f"The file {sha256} was changed on the disk.")
    return content


def media_type(sha256: str) -> str:
    """The media type that was stored with the file."""
    return StoredFile.objects.values_list("media_type", flat=True).get(pk=sha256)
