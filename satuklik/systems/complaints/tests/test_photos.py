"""Photos of strangers: nothing of the camera is left, and what is no photo is refused."""

import io
import struct
import zlib

import pytest
from PIL import Image

from satuklik.systems.complaints import pictures
from satuklik.systems.complaints.errors import PhotoRefused
from satuklik.systems.complaints.tests.conftest import jpeg


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def test_gps_and_camera_are_gone() -> None:
    before = jpeg(gps=True)
    assert opened(before).getexif().get_ifd(0x8825)
    after = pictures.clean(before)
    assert not opened(after).getexif()
    assert b"Exif" not in after
    assert b"Kamera" not in after
    assert opened(after).info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_every_kind_becomes_a_small_jpeg(form: str) -> None:
    after = opened(pictures.clean(jpeg((3000, 2000), form=form)))
    assert (after.format, after.size) == ("JPEG", (1600, 1067))


def test_a_turned_photo_stands_upright() -> None:
    out = io.BytesIO()
    picture = Image.new("RGB", (400, 200))
    exif = picture.getexif()
    exif[0x0112] = 6
    picture.save(out, "JPEG", exif=exif)
    assert opened(pictures.clean(out.getvalue())).size == (200, 400)


def bomb() -> bytes:
    """A PNG of a few bytes that says it has 100,000 × 100,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"), (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "wrong_type"), (b"%PDF-1.7", "wrong_type"),
        (b"GIF89a" + b"\0" * 50, "wrong_type"), (b"MZ" + b"\0" * 100, "wrong_type"), (b"\xff\xd8\xff" + b"\0" * 500, "not_readable"),
        (b"RIFF\x10\0\0\0AVI LIST", "not_readable"), (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "not_readable"),
        (b"\xff\xd8\xff" + b"\0" * 8_000_001, "too_large"), (bomb(), "too_large"),
    ],
    ids=range(10),
)  # fmt: skip
def test_what_is_no_photo_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(PhotoRefused) as error:
        pictures.clean(content)
    assert error.value.code == code


def test_half_a_photo_is_refused() -> None:
    whole = jpeg((1200, 900), form="PNG")
    with pytest.raises(PhotoRefused):
        pictures.clean(whole[: len(whole) // 2])
