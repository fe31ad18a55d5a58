"""Every pair of colours that carries text or meaning passes WCAG AA, in both themes."""

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[4] / "assets" / "scss" / "_tokens.scss"
TEXT, SIGN = 4.5, 3.0  # WCAG 2.2: 1.4.3 text, 1.4.11 parts of controls
PAIRS = [
    *((ink, ground, TEXT) for ink in ("ink", "muted", "link", "link-hover", "visited", "danger")
      for ground in ("ground", "surface")),
    *((ink, "raised", TEXT) for ink in ("ink", "muted", "link", "link-hover")),
    *((name, f"{name}-ground", TEXT) for name in ("info", "success", "warning", "danger", "neutral")),
    *(("ink", f"{name}-ground", TEXT) for name in ("info", "success", "warning", "danger")),
    *(("muted", f"{name}-ground", TEXT) for name in ("info", "warning", "danger")),
    *(("link", f"{name}-ground", TEXT) for name in ("info", "warning", "danger")),
    ("on-primary", "primary", TEXT), ("on-primary", "primary-hover", TEXT), ("on-danger", "danger", TEXT),
    ("on-danger", "danger-hover", TEXT), ("on-band", "band", TEXT), ("on-band", "band-deep", TEXT),
    ("on-band-muted", "band", TEXT), ("on-focus", "focus", TEXT), ("primary", "surface", TEXT),
    ("edge", "surface", SIGN), ("edge", "ground", SIGN), ("gold", "band", SIGN), ("primary", "ground", SIGN),
]  # fmt: skip


def themes() -> dict[str, dict[str, str]]:
    found = {}
    for name, body in re.findall(r"@mixin (light|dark) \{(.*?)\n\}", TOKENS.read_text(), re.S):
        found[name] = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", body))
    return found


def luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_as_the_standard_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_pairs(theme: str, ink: str, ground: str, least: float) -> None:
    colours = themes()[theme]
    assert contrast(colours[ink], colours[ground]) >= least
