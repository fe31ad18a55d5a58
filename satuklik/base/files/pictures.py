"""Pictures of strangers: looked at by content, drawn anew and small, so that nothing of the camera is left in them."""

import io
import struct
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from satuklik.base.files.errors import PictureRefused

MOST_BYTES = 8_000_000
MOST_PIXELS = 60_000_000  # the largest phone camera; more is a decompression bomb
MOST_PIXELS_WHOLE = 25_000_000  # formats that can only be decoded whole (PNG, WebP)
SIDE = 1600
FORMATS = ("JPEG", "PNG", "WEBP")
MEDIA_TYPE = "image/jpeg"
_BROKEN = (
    UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, struct.error, OverflowError, ZeroDivisionError,
)  # fmt: skip


def clean_picture(content: bytes, name: str = "") -> bytes:
    """The picture as a new JPEG of at most 1,600 pixels a side, upright, without EXIF, GPS, comments or profiles.
    Raises PictureRefused."""
    if not content:
        raise PictureRefused("empty", name)
    if len(content) > MOST_BYTES:
        raise PictureRefused("too_large", name)
    if not content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")):
        raise PictureRefused("wrong_type", name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _drawn_anew(content, name)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureRefused("too_large", name) from error  # whole, but with more pixels than we draw
    except _BROKEN as error:
        raise PictureRefused("not_readable", name) from error


def _drawn_anew(content: bytes, name: str) -> bytes:
    with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
        pixels = picture.width * picture.height
        if pixels > (MOST_PIXELS if picture.format == "JPEG" else MOST_PIXELS_WHOLE):
            raise PictureRefused("too_large", name)
        picture.draft("RGB", (SIDE, SIDE))  # a JPEG is decoded at a fraction of its size
        upright = ImageOps.exif_transpose(picture)
        if upright.mode in ("RGBA", "LA", "P", "PA"):
            layered = upright.convert("RGBA")
            upright = Image.new("RGB", layered.size, "white")
            upright.paste(layered, mask=layered.getchannel("A"))
        flat = upright.convert("RGB")
        flat.thumbnail((SIDE, SIDE))
        # A picture of the pixels alone: `info` with its EXIF, XMP and profile is not copied.
        bare = Image.new("RGB", flat.size)
        bare.paste(flat)
        out = io.BytesIO()
        bare.save(out, "JPEG", quality=82, optimize=True)
        return out.getvalue()
