"""What the house promises and no linter sees: rooms keep to themselves, files stay readable, URLs say who may."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

PROJECT = Path(__file__).resolve().parents[1]
PACKAGE = PROJECT / "satuklik"
FLOORS = {"faces", "systems", "spine", "base"}
# What a room shows to others: writes, reads, the errors of both, and what others register with it.
OPEN = {"actions", "queries", "errors", "passphrases", "permissions", "registry", "limits", "sessions"}
# Pure modules may be read by anybody: they decide and write nothing.
PURE = {
    "placement",
    "rules",
    "attachments",
    "definition",
    "dossier",
    "loader",
    "identifiers",
    "words",
    "survey",
    "asking",
}
# Rooms without data of their own: tools for all.
TOOLS = {("base", "ui"), ("base", "postgres")}
LONGEST = 500
MODULES = sorted(
    path
    for path in PACKAGE.rglob("*.py")
    if "migrations" not in path.parts and "__pycache__" not in path.parts
)
OWN = [path for path in MODULES if "tests" not in path.parts]


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(PROJECT).with_suffix("").parts)


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Each imported module, and whether it is imported for types only."""
    module = tree(path)
    typing_only = {
        inner
        for node in ast.walk(module)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node in typing_only
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield f"{node.module}.{alias.name}", node in typing_only


def room_of(parts: list[str]) -> tuple[str, str] | None:
    return (parts[1], parts[2]) if len(parts) > 2 and parts[0] == "satuklik" and parts[1] in FLOORS else None


def test_a_room_uses_only_what_another_room_shows() -> None:
    found = []
    for path in OWN:
        own = room_of(name_of(path).split("."))
        if own is None:
            continue  # the floor «run» assembles the whole: it may reach everywhere
        for imported, for_types in imports(path):
            parts = imported.split(".")
            room = room_of(parts)
            if room is None or room == own or for_types or room in TOOLS:
                continue
            if len(parts) > 3 and parts[3] not in OPEN | PURE:
                found.append(f"{name_of(path)} imports {imported}")
    assert not found, "\n".join(found)


def test_rules_and_kernel_know_no_django_no_clock_no_network() -> None:
    forbidden = ("django", "psycopg", "procrastinate", "socket", "urllib", "http", "aiohttp", "requests")
    found = []
    for path in OWN:
        if path.name != "rules.py" and "kernel" not in path.parts:
            continue
        found += [
            f"{name_of(path)}: {imported}"
            for imported, _ in imports(path)
            if imported.split(".")[0] in forbidden and imported != "http.HTTPStatus"
        ]
        clock = re.search(r"\b(datetime\.now|date\.today|timezone\.now|time\.time)\(", path.read_text())
        if clock:
            found.append(f"{name_of(path)} looks at the clock: {clock[0]}")
    assert not found, "\n".join(found)


def test_no_room_for_leftovers() -> None:
    names = {"utils.py", "helpers.py", "common.py", "misc.py"}
    assert [name_of(path) for path in MODULES if path.name in names] == []


def test_files_can_be_read_at_one_sitting() -> None:
    long = {name_of(path): len(path.read_text().splitlines()) for path in OWN}
    assert {name: lines for name, lines in long.items() if lines > LONGEST} == {}


def test_each_file_says_what_it_is_for() -> None:
    silent = [name_of(path) for path in OWN if path.read_text().strip() and not ast.get_docstring(tree(path))]
    assert silent == []


def test_no_catch_all() -> None:
    found = []
    for path in OWN:
        for node in ast.walk(tree(path)):
            broad = isinstance(node, ast.ExceptHandler) and (
                node.type is None or (isinstance(node.type, ast.Name) and node.type.id == "Exception")
            )
            if broad and "noqa: BLE001" not in path.read_text().splitlines()[node.lineno - 1]:
                found.append(f"{name_of(path)}:{node.lineno}")
    assert found == []


def views(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, object]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from views(pattern.url_patterns, prefix + str(pattern.pattern))
        else:
            yield prefix + str(pattern.pattern), pattern.callback


def test_every_address_says_who_may() -> None:
    open_ended = [
        address for address, view in views(get_resolver().url_patterns) if not hasattr(view, "permission")
    ]
    assert open_ended == []


def test_no_address_is_there_twice() -> None:
    addresses = [address for address, _ in views(get_resolver().url_patterns)]
    assert sorted(addresses) == sorted(set(addresses))


def test_every_service_has_its_three_files() -> None:
    folders = [path for root in settings.LAYANAN for path in sorted(root.iterdir()) if path.is_dir()]
    assert folders
    for folder in folders:
        assert {"service.toml", "examples.toml"} <= {file.name for file in folder.iterdir()}, folder


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("Not a clone: there is no list of files.")
    return [PROJECT / name for name in listed.stdout.split("\0") if name and (PROJECT / name).is_file()]


def test_no_registry_and_no_machine_is_named() -> None:
    hosts = ["py" + "pi.org", "pythonhosted" + ".org", "registry.npm" + "js.org", "deb.debian" + ".org"]
    places = ["/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/"]
    found = []
    for path in tracked():
        content = path.read_bytes().decode(errors="ignore")
        found += [f"{path.relative_to(PROJECT)}: {word}" for word in hosts + places if word in content]
    assert found == []


def test_the_lock_of_the_style_sheet_names_no_address() -> None:
    lock = PROJECT / "assets" / "package-lock.json"
    assert '"resolved"' not in lock.read_text()


def test_locks_carry_hashes() -> None:
    for lock in sorted((PROJECT / "requirements").glob("*.txt")):
        entries = re.findall(r"^[A-Za-z0-9].*==", lock.read_text(), re.MULTILINE)
        blocks = re.split(r"(?m)^(?=[A-Za-z0-9])", lock.read_text())[1:]
        assert len(entries) == len(blocks)
        assert all("--hash=sha256:" in block for block in blocks), lock.name


# What few requests need and every process would carry: 10 to 40 MB each.
HEAVY = (
    "imap_tools", "lxml", "numpy", "openpyxl", "pkcs11", "prompt_toolkit", "pypdf", "pywa", "requests", "rich", "scipy",
    "telebot", "threadpoolctl",
)  # fmt: skip


def test_a_web_process_starts_without_what_few_requests_need() -> None:
    code = (
        "import sys, django; django.setup()\n"
        "from satuklik.run.warm import warm_up\n"
        "from django.urls import get_resolver; get_resolver().url_patterns\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "satuklik.settings"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
