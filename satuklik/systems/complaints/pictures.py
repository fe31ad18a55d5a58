"""Photos of a report: how many, how large; each drawn anew without what the camera wrote into it."""

from satuklik.base.files.actions import clean_picture
from satuklik.base.files.errors import PictureRefused
from satuklik.systems.complaints.errors import PhotoRefused

MOST_PHOTOS = 4
MOST_BYTES = 8_000_000  # as in base.files
MEDIA_TYPE = "image/jpeg"


def clean(content: bytes, name: str = "") -> bytes:
    """The picture as a new JPEG, see `base.files`. Raises PhotoRefused."""
    try:
        return clean_picture(content, name)
    except PictureRefused as error:
        raise PhotoRefused(error.code, name) from error
