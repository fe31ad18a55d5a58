"""What the sandboxed process can be asked to do: each job takes facts and files, and gives facts and a file."""

import encodings
import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from satuklik.spine.signing.placement import Placement
from satuklik.spine.signing.verification import pages, pictures, preparing
from satuklik.spine.signing.verification.inspect import inspect
from satuklik.spine.signing.verification.judging import event_loop
from satuklik.spine.signing.verification.report import Trust

Facts = dict[str, Any]
Answer = tuple[Facts, bytes]
# Loaded at the first use otherwise; afterwards the process may not be able to read them any more.
_LATER = (
    "decimal", "gzip", "lxml.etree", "lxml._elementpath", "PIL.PngImagePlugin", "pyhanko.pdf_utils.filters",
    "pyhanko.pdf_utils.metadata.xmp_xml", "secrets", "stringprep", "tzdata.zoneinfo", "tzlocal", "unicodedata", "uuid",
    "zoneinfo",
)  # fmt: skip


def _inspect(facts: Facts, parts: list[bytes]) -> Answer:
    at = datetime.fromisoformat(facts["at"]) if facts["at"] else None
    return inspect(parts[0], Trust.from_facts(facts), at).facts(), b""


def _prepare(facts: Facts, parts: list[bytes]) -> Answer:
    return preparing.prepare(parts[0], preparing.Wish.from_facts(facts))


def _sizes(_facts: Facts, parts: list[bytes]) -> Answer:
    return {"sizes": pages.sizes(parts[0])}, b""


def _tag(facts: Facts, parts: list[bytes]) -> Answer:
    found: Placement | None = pages.find_tag(parts[0], str(facts["tag"]), facts["width"], facts["height"])
    return {"found": found.facts() if found else None}, b""


def _picture(facts: Facts, parts: list[bytes]) -> Answer:
    return {}, pictures.picture(parts[0], int(facts["page"]), float(facts["ppi"]))


def _compare(facts: Facts, parts: list[bytes]) -> Answer:
    compared = pictures.compare(parts[0], parts[1], most=int(facts["most"]), ppi=float(facts["ppi"]))
    return {"pages": [asdict(page) for page in compared.pages], "lengths": compared.lengths}, compared.body


JOBS: dict[str, Callable[[Facts, list[bytes]], Answer]] = {
    "inspect": _inspect,
    "prepare": _prepare,
    "sizes": _sizes,
    "tag": _tag,
    "picture": _picture,
    "compare": _compare,
}


def load() -> None:
    """Load what is loaded late otherwise."""
    for module in pkgutil.iter_modules(encodings.__path__):
        if module.name not in ("mbcs", "oem", "cp65001"):
            importlib.import_module(f"encodings.{module.name}")
    for name in _LATER:
        importlib.import_module(name)
    event_loop()


def warm_up() -> None:
    """Start the threads of Typst, and set memory aside for its files."""
    pictures.warm_up()


def used_up() -> bool:
    """Whether the process has to be replaced by a fresh one."""
    return pictures.used_up()
