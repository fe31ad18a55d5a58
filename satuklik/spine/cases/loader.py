"""Read a service folder: three files become one definition, or a list of what is wrong and on which line."""

import hashlib
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from satuklik.spine.cases.definition import Definition

SLUG = re.compile(r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")
SERVICE, LETTER, EXAMPLES = "service.toml", "letter.typ", "examples.toml"


@dataclass(frozen=True, order=True)
class Problem:
    """Something wrong in a service folder."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class ServiceBroken(Exception):
    """A service folder cannot be used; `problems` says why, each with file and line."""

    def __init__(self, slug: str, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.slug, self.problems = slug, tuple(problems)


@dataclass(frozen=True)
class Loaded:
    """A service folder as it was read."""

    slug: str
    definition: Definition
    letter: str
    examples: tuple[dict[str, object], ...]
    files: dict[str, str]
    sha256: str


def folders(roots: Sequence[Path]) -> list[Path]:
    """Every service folder below `roots`. Raises ServiceBroken where two have the same name."""
    found: dict[str, Path] = {}
    for root in roots:
        for file in sorted(root.glob(f"*/{SERVICE}")):
            folder = file.parent
            if folder.name in found:
                both = f"two folders have this name: {found[folder.name]} and {folder}"
                raise ServiceBroken(folder.name, [Problem(SERVICE, 1, both)])
            found[folder.name] = folder
    return [found[slug] for slug in sorted(found)]


def read_folder(folder: Path) -> dict[str, str]:
    """The texts of the folder's files. Raises ServiceBroken where one is missing or no text."""
    files, problems = {}, []
    for name in (SERVICE, LETTER, EXAMPLES):
        path = folder / name
        try:
            files[name] = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            if name != LETTER:
                problems.append(Problem(name, 1, "the file is missing"))
        except UnicodeDecodeError:
            problems.append(Problem(name, 1, "the file is not UTF-8 text"))
    if problems:
        raise ServiceBroken(folder.name, problems)
    return files


def load(slug: str, files: dict[str, str]) -> Loaded:
    """Turn the files' texts into a definition. Raises ServiceBroken with every problem found."""
    problems: list[Problem] = []
    if not SLUG.match(slug) or len(slug) > 80:
        problems.append(
            Problem(SERVICE, 1, f"the folder's name {slug!r} must be lower case words with hyphens")
        )
    service = _toml(SERVICE, files[SERVICE], problems)
    examples = _toml(EXAMPLES, files[EXAMPLES], problems)
    definition = None
    if service is not None:
        try:
            definition = Definition.model_validate(service)
        except ValidationError as error:
            problems += [_problem(files[SERVICE], detail) for detail in error.errors()]
    if definition is None or examples is None or problems:
        raise ServiceBroken(slug, sorted(problems))
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name}\0{files[name]}\0".encode())
    tables = examples.get("example", [])
    listed = tuple(row for row in tables if isinstance(row, dict)) if isinstance(tables, list) else ()
    return Loaded(slug, definition, files.get(LETTER, ""), listed, files, digest.hexdigest())


def load_folder(folder: Path) -> Loaded:
    """Read and load one folder."""
    return load(folder.name, read_folder(folder))


def line_of(text: str, place: Sequence[str | int]) -> int:
    """The line of `text` where the value at `place` (("rule", 1, "when")) stands, or where its table does."""
    lines = text.split("\n")
    start, rest = 0, list(place)
    if not rest:
        return 1
    head = re.escape(str(rest[0]))
    if len(rest) > 1 and isinstance(rest[1], int):
        headers = [n for n, line in enumerate(lines) if re.match(rf"\s*\[\[\s*{head}\s*\]\]", line)]
        if rest[1] >= len(headers):
            return 1
        start, rest = headers[rest[1]], rest[2:]
    else:
        headers = [n for n, line in enumerate(lines) if re.match(rf"\s*\[\s*{head}\s*\]", line)]
        if headers:
            start, rest = headers[0], rest[1:]
        else:
            keys = [n for n, line in enumerate(lines) if re.match(rf"\s*{head}\s*=", line)]
            return keys[0] + 1 if keys else 1
    for key in rest[:1]:
        for number in range(start + 1, len(lines)):
            if re.match(r"\s*\[", lines[number]) and "=" not in lines[number].split("]")[0]:
                break
            if re.match(rf"\s*{re.escape(str(key))}\s*=", lines[number]):
                return number + 1
    return start + 1


def _toml(name: str, text: str, problems: list[Problem]) -> dict[str, object] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"line (\d+)", str(error))
        line = int(at[1]) if at else text.count("\n") + 1
        problems.append(Problem(name, line, f"no valid TOML: {error}"))
        return None


def _problem(text: str, detail: object) -> Problem:
    place = tuple(detail["loc"])  # type: ignore[index]
    kind, message = detail["type"], detail["msg"]  # type: ignore[index]
    name = ".".join(str(part + 1 if isinstance(part, int) else part) for part in place)
    if kind == "missing" and place[-1] in ("id", "en") and len(place) > 1:
        message = f"the {'Indonesian' if place[-1] == 'id' else 'English'} text is missing"
    elif kind == "missing":
        message = "is missing"
    elif kind == "extra_forbidden":
        message = "unknown key"
    return Problem(SERVICE, line_of(text, place), f"{name}: {message}")
