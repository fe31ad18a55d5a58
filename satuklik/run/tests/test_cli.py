"""The command itself: what is wrong outside of it is told in one sentence, never as a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


def satuklik(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "satuklik.cli", *arguments], capture_output=True, text=True,
        env=os.environ | environment, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("port", ["abc", "0", "80000", "-1", "", "٣"])
def test_a_port_that_is_none(port: str) -> None:
    told = satuklik("serve", PORT=port)
    assert told.returncode == 1
    assert told.stderr == f"Error: PORT must be a number from 1 to 65535, not {port!r}.\n"


@pytest.mark.parametrize("command", [("audit", "verify"), ("layanan", "publish")])
def test_a_database_that_does_not_run(command: tuple[str, str], tmp_path: Path) -> None:
    told = satuklik(*command, SATUKLIK_VAR=str(tmp_path), DATABASE_URL=f"postgresql://x@/x?host={tmp_path}")
    assert told.returncode == 1
    assert told.stderr.startswith("Error: the database cannot be reached (")
    assert "Traceback" not in told.stderr


def test_the_address_has_the_port_of_the_option() -> None:
    """Links and the demo's far sides are made by settings.PORT: another port starts the program anew with it."""
    begin = "import django; django.setup(); from satuklik.run import prepare; prepare.settle_on(8479)"
    told = subprocess.run(
        [sys.executable, "-c", begin, "django", "diffsettings"], capture_output=True, text=True, check=False,
        env={**os.environ, "PORT": "8478", "SATUKLIK_PUBLIC_URL": "", "DJANGO_SETTINGS_MODULE": "satuklik.settings"},
    )  # fmt: skip
    assert "PORT = 8479" in told.stdout, told.stderr


def test_working_days_are_counted_without_a_database(tmp_path: Path) -> None:
    """With the holidays of the program, and it says so where no program reads it."""
    nowhere = {"SATUKLIK_VAR": str(tmp_path), "DATABASE_URL": f"postgresql://x@/x?host={tmp_path}"}
    told = satuklik("workdays", "due", "2026-03-09", "10", **nowhere)
    assert (told.returncode, told.stdout) == (0, "2026-03-30\n")
    assert told.stderr.startswith("The database does not run: counted with the holidays")
