"""What a visible signature by a remote backend shows: a picture, for it takes nothing else."""

import base64
import io

from PIL import Image, ImageDraw, ImageFont

from satuklik.spine.signing.pades import SignatureWords

PIXELS_A_POINT = 3  # 216 to the inch
HEADINGS = {True: "Disegel secara elektronik oleh:", False: "Ditandatangani secara elektronik oleh:"}
MARGIN, SMALL, LARGE, LEADING = 4, 7, 9, 1.25  # points


def png_base64(words: SignatureWords, width: float, height: float) -> str:
    """Heading, name, position and time as PNG in base64, for a rectangle of this size in points."""
    size = max(1, round(width * PIXELS_A_POINT)), max(1, round(height * PIXELS_A_POINT))
    picture = Image.new("RGB", size, "white")
    drawing = ImageDraw.Draw(picture)
    drawing.rectangle((0, 0, size[0] - 1, size[1] - 1), outline="#555555", width=2)
    lines = [
        (HEADINGS[words.seal], SMALL),
        (words.name, LARGE),
        (words.position, SMALL),
        (f"{words.at:%d-%m-%Y %H.%M} WIB", SMALL),
    ]
    shown = [(text, points) for text, points in lines if text]
    needed = sum(points * LEADING for _, points in shown) + 2 * MARGIN
    shrink = min(1.0, height / needed)
    at = MARGIN * shrink
    for text, points in shown:
        _line(drawing, text, points * shrink, at, size[0])
        at += points * LEADING * shrink
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return base64.b64encode(out.getvalue()).decode()


def _line(drawing: ImageDraw.ImageDraw, text: str, points: float, at: float, room: int) -> None:
    pixels = points * PIXELS_A_POINT
    font = ImageFont.load_default(pixels)
    free = room - 2 * MARGIN * PIXELS_A_POINT
    wide = drawing.textlength(text, font=font)
    if wide > free > 0:
        font = ImageFont.load_default(pixels * free / wide)
    drawing.text((MARGIN * PIXELS_A_POINT, at * PIXELS_A_POINT), text, fill="black", font=font)
