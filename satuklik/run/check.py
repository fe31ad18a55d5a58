"""`satuklik check`: what a change must pass before anybody reads it."""

import ast
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import click
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from satuklik.run.places import PROJECT

SCRIPTS = ["requirements/install.sh", ".ci/run"]


CALLS = {
    "_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy",
}  # fmt: skip
TEXT = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
IN_TEMPLATE = re.compile(rf"\b(?:(?:_|n?gettext)\(|n?pgettext\({TEXT},\s*)({TEXT})")


def untranslated(root: Path) -> list[str]:
    """Texts without English, as `file: text`: empty or fuzzy entries, and texts that no catalogue has."""
    found, known = [], set()
    for file in sorted(root.glob("satuklik/**/locale/en/LC_MESSAGES/django.po")):
        with file.open("rb") as opened:
            catalogue = read_po(opened)
        for message in catalogue:
            texts = message.string if isinstance(message.string, tuple | list) else [message.string]
            if message.id and (not all(texts) or message.fuzzy):
                found.append(f"{file.relative_to(root)}:{message.lineno}: {message.id}")
            known.add(message.id[0] if isinstance(message.id, tuple | list) else message.id)
    for file in sorted([*root.glob("satuklik/**/*.py"), *root.glob("satuklik/**/templates/**/*.html")]):
        if "tests" in file.parts or "migrations" in file.parts:
            continue
        texts_of = _texts_of_template if file.suffix == ".html" else _texts_of_module
        found += [
            f"{file.relative_to(root)}: {text!r}" for text in texts_of(file.read_text()) if text not in known
        ]
    return found


def _texts_of_module(source: str) -> list[str]:
    """Texts given to gettext and its like."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        arguments = node.args[1:] if name.startswith("pgettext") else node.args
        if name in CALLS and arguments and isinstance(arguments[0], ast.Constant):
            found.append(str(arguments[0].value))
    return found


def _texts_of_template(source: str) -> list[str]:
    """Texts of translate and blocktranslate, as Django itself finds them."""
    return [str(ast.literal_eval(text)) for text in IN_TEMPLATE.findall(templatize(source))]


def _check_messages() -> int:
    missing = untranslated(PROJECT)
    for line in missing:
        click.echo(line)
    return len(missing)


def _run(*command: str) -> int:
    return subprocess.run(command, cwd=PROJECT, check=False).returncode


@click.command()
def check() -> None:
    """Run every check; the exit status says whether all hold."""
    beside = Path(sys.executable).parent
    python, satuklik = sys.executable, str(beside / "satuklik")
    scripts = [script for script in SCRIPTS if (PROJECT / script).exists()]
    checks = {
        "ruff format": lambda: _run(str(beside / "ruff"), "format", "--check", "--quiet", "."),
        "ruff": lambda: _run(str(beside / "ruff"), "check", "--quiet", "."),
        "types": lambda: _run(python, "-m", "mypy", "satuklik"),
        "imports": lambda: _run(str(beside / "lint-imports"), "--no-cache"),
        "migrations": _check_migrations,
        "services": lambda: _run(satuklik, "layanan", "lint"),
        "naskah": lambda: _run(satuklik, "naskah", "lint"),
        "messages": _check_messages,
        "scripts": lambda: _run(shutil.which("shellcheck") or "bash", *_flags(), *scripts),
    }
    failed = []
    for name, run in checks.items():
        begin = time.monotonic()
        held = run() == 0
        click.echo(f"{'ok    ' if held else 'FAILED'} {name:<14} {time.monotonic() - begin:5.1f} s")
        if not held:
            failed.append(name)
    if failed:
        raise click.ClickException(f"{len(failed)} of {len(checks)} checks failed: {', '.join(failed)}")


def _flags() -> list[str]:
    return [] if shutil.which("shellcheck") else ["-n"]


def _check_migrations() -> int:
    """Compare models with migrations. No database is asked: the file list is enough."""
    environment = os.environ | {"PYTHONWARNINGS": "ignore::RuntimeWarning"}
    return subprocess.run(
        [sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run", "-v", "1"],
        cwd=PROJECT, check=False, env=environment | {"DJANGO_SETTINGS_MODULE": "satuklik.settings"},
        stdout=subprocess.DEVNULL,
    ).returncode  # fmt: skip


COMMANDS = [check]
