"""Files that people hand in: taken only when they really are what the question accepts."""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError

from satuklik.spine.cases.definition import Question
from satuklik.spine.cases.errors import AttachmentRejected

MEDIA_TYPES = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png"}
MOST_PIXELS = 60_000_000  # a 60-megapixel photo; more is no phone's picture but a decompression bomb
_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\<>:\"|?*\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Upload:
    """A file as it arrived."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Checked:
    """A file that may be kept."""

    question: str
    name: str
    content: bytes
    media_type: str


def check(question: Question, upload: Upload) -> Checked:
    """Look at the content, never at the name. Raises AttachmentRejected with what is wrong."""
    name = safe_name(upload.name)
    if not upload.content:
        raise AttachmentRejected(question.id, "empty", name=name, accept=question.accept)
    if len(upload.content) > question.max_mb * 1_000_000:
        raise AttachmentRejected(
            question.id, "too_large", name=name, limit=question.max_mb, accept=question.accept
        )
    kind = kind_of(upload.content)
    if kind not in question.accept:
        raise AttachmentRejected(question.id, "wrong_type", name=name, accept=question.accept)
    if kind in ("jpg", "png") and not _is_picture(upload.content):
        raise AttachmentRejected(question.id, "not_readable", name=name, accept=question.accept)
    if kind == "pdf" and b"%%EOF" not in upload.content[-2048:]:
        raise AttachmentRejected(question.id, "not_readable", name=name, accept=question.accept)
    return Checked(question.id, name, upload.content, MEDIA_TYPES[kind or ""])


def check_all(questions: Mapping[str, Question], uploads: Mapping[str, Upload]) -> list[Checked]:
    """Check every upload. Raises AttachmentRejected for the first that cannot be taken."""
    return [check(questions[name], upload) for name, upload in uploads.items()]


def kind_of(content: bytes) -> str | None:
    """pdf, jpg or png by the first bytes; None for everything else."""
    if content.startswith(b"%PDF-"):
        return "pdf"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    return None


def safe_name(name: str) -> str:
    """The name without folders, control and direction characters, at most 120 characters."""
    bare = _UNSAFE.sub("_", name.replace("\\", "/").rsplit("/", 1)[-1]).strip(" .") or "berkas"
    return bare if len(bare) <= 120 else bare[:100] + bare[-20:]


def _is_picture(content: bytes) -> bool:
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return False
            picture.verify()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return False
    return True
