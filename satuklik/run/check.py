"""`satuklik check`: what a change must pass before anybody reads it."""

import ast
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import click
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from satuklik.run.places import PROJECT

Outcome = tuple[bool, str]
"""Whether it holds, and what it says."""
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


def _check_messages() -> Outcome:
    missing = untranslated(PROJECT)
    return not missing, "".join(f"{line}\n" for line in missing)


def _run(*command: str, **environment: str) -> Outcome:
    done = subprocess.run(
        command, cwd=PROJECT, env=os.environ | environment, check=False, text=True, errors="replace",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    return done.returncode == 0, done.stdout


@click.command()
def check() -> None:
    """Run every check, two at a time; the exit status says whether all hold."""
    beside = Path(sys.executable).parent
    python, satuklik = sys.executable, str(beside / "satuklik")
    scripts = [script for script in SCRIPTS if (PROJECT / script).exists()]
    checks: dict[str, Callable[[], Outcome]] = {
        "types": lambda: _run(python, "-m", "mypy", "satuklik"),  # the longest first
        "ruff format": lambda: _run(str(beside / "ruff"), "format", "--check", "--quiet", "."),
        "ruff": lambda: _run(str(beside / "ruff"), "check", "--quiet", "."),
        "imports": lambda: _run(str(beside / "lint-imports"), "--no-cache"),
        "migrations": _check_migrations,
        "services": lambda: _run(satuklik, "layanan", "lint"),
        "naskah": lambda: _run(satuklik, "naskah", "lint"),
        "messages": _check_messages,
        "scripts": lambda: _run(shutil.which("shellcheck") or "bash", *_flags(), *scripts),
    }
    failed = []
    with ThreadPoolExecutor(2) as pool:
        under_way = {pool.submit(_timed, run): name for name, run in checks.items()}
        for future in as_completed(under_way):
            name, (held, said, seconds) = under_way[future], future.result()
            click.echo(said, nl=False)
            click.echo(f"{'ok    ' if held else 'FAILED'} {name:<14} {seconds:5.1f} s")
            if not held:
                failed.append(name)
    if failed:
        raise click.ClickException(f"{len(failed)} of {len(checks)} checks failed: {', '.join(failed)}")


def _timed(run: Callable[[], Outcome]) -> tuple[bool, str, float]:
    begin = time.monotonic()
    held, said = run()
    return held, said, time.monotonic() - begin


def _flags() -> list[str]:
    return [] if shutil.which("shellcheck") else ["-n"]


def _check_migrations() -> Outcome:
    """Compare models with migrations. No database is asked: the file list is enough."""
    held, said = _run(
        sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run", "-v", "1",
        DJANGO_SETTINGS_MODULE="satuklik.settings", PYTHONWARNINGS="ignore::RuntimeWarning",
    )  # fmt: skip
    return held, "" if held else said


COMMANDS = [check]
