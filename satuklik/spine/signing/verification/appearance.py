"""What a visible signature looks like: a QR code beside the words, as large as the rectangle lets them be."""

from dataclasses import dataclass

import typst
import zxingcpp

from satuklik.spine.signing.verification import pictures
from satuklik.spine.signing.verification.report import Refused

# The words shrink until they fit and wrap where they must; what does not fit at the smallest size is cut off with
# the rectangle, never drawn over the page.
_SOURCE = """
#let wide = float(sys.inputs.width) * 1pt
#let tall = float(sys.inputs.height) * 1pt
#let pad = calc.min(3pt, tall / 14)
#set page(width: wide, height: tall, margin: 0pt, fill: white)
#set text(font: "Libertinus Serif", lang: "id", fill: black)
#set par(leading: 0.32em, spacing: 0.42em)
#let side = calc.min(tall - 2 * pad, wide * 0.4)
#let words = {
  text(size: 0.76em, sys.inputs.heading)
  parbreak()
  strong(sys.inputs.name)
  if sys.inputs.position != "" { linebreak(); sys.inputs.position }
  if sys.inputs.moment != "" { parbreak(); text(size: 0.82em, sys.inputs.moment) }
}
#let room = wide - side - 4 * pad
#place(top + left, rect(width: 100%, height: 100%, stroke: (paint: luma(120), thickness: 0.5pt)))
#place(left + horizon, dx: pad, image(bytes(sys.inputs.qr), format: "svg", width: side, height: side))
#context {
  let size = 11pt
  let fits(size) = measure(block(width: room, text(size: size, words))).height <= tall - 2 * pad
  while size > 4.5pt and not fits(size) { size -= 0.25pt }
  place(left + horizon, dx: side + 2.5 * pad, block(width: room, text(size: size, words)))
}
"""


@dataclass(frozen=True)
class Face:
    """The words of a visible signature, and the address behind its QR code."""

    address: str
    heading: str
    name: str
    position: str
    moment: str = ""


def drawn(face: Face, width: float, height: float) -> bytes:
    """A PDF of one page of this size in points, its font embedded. Raises Refused."""
    code = zxingcpp.create_barcode(face.address, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    inputs = {
        "width": f"{width:.2f}",
        "height": f"{height:.2f}",
        "qr": code.to_svg(add_quiet_zones=False),
        **{key: value for key, value in vars(face).items() if key != "address"},
    }
    try:
        made = pictures.compiler().compile(
            input=_SOURCE.encode(), format="pdf", sys_inputs=inputs, pdf_tags=False, pdf_standards=["1.7"]
        )
    except typst.TypstError as error:
        raise Refused("damaged", f"The signature cannot be drawn: {error.message}"[:300]) from error
    if not isinstance(made, bytes):
        raise Refused("damaged", "The signature cannot be drawn.")
    return made
