"""Brings an installation into the state in which it can serve: database, tables, static files."""

import fcntl
import hashlib
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from satuklik.run.embedded import DatabaseFailed, EmbeddedPostgres


def external_database() -> bool:
    """True when an operator's own PostgreSQL is used (``DATABASE_URL``)."""
    return bool(os.environ.get("DATABASE_URL"))


@contextmanager
def database() -> Iterator[EmbeddedPostgres | None]:
    """The database, running: the embedded one unless ``DATABASE_URL`` names another (then None).

    At the end it is stopped when it was started here: a command beside a running server leaves it alone.
    """
    if external_database():
        yield None
        return
    cluster = EmbeddedPostgres()
    try:
        started = cluster.start()
        cluster.ensure_database("satuklik")
    except DatabaseFailed as error:
        raise click.ClickException(str(error)) from error
    try:
        yield cluster
    finally:
        if started:
            connection.close()
            cluster.stop()


def claim(var: Path) -> None:
    """Only one server a var folder: the lock lasts as long as this process and what it becomes (exec)."""
    var.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(var / "serve.lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise click.ClickException(
            f"Satu Klik already runs from {var}. Stop it first, or name another folder by SATUKLIK_VAR."
        ) from error
    os.set_inheritable(descriptor, True)


def pending_migrations() -> list[str]:
    """Names of migrations that this database has not had yet."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def migrate() -> bool:
    """Apply what is missing. True when something was."""
    pending = pending_migrations()
    if pending:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
    return bool(pending)


def require_migrated() -> None:
    """Migrate the embedded database; of an operator's own one only say what to do."""
    if not external_database():
        migrate()
        return
    pending = pending_migrations()
    if pending:
        raise click.ClickException(
            f"The database lacks {len(pending)} migrations (first: {pending[0]}). "
            "Make a backup, then run: satuklik migrate"
        )


def settle_on(port: int) -> None:
    """Start this program anew where its settings were made for another port: links in messages and on letters, and the
    far sides of the demo, have the address of the settings."""
    if port == settings.PORT:
        return
    os.environ["PORT"] = str(port)
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "satuklik.cli", *sys.argv[1:]])  # noqa: S606 - our own program


def require_free_port(host: str, port: int) -> None:
    """Say so when another program already listens there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"Port {port} cannot be used ({error.strerror}). Another program may be using it: "
                f"name another one, for example PORT={port + 1 if port < 65535 else 8000}"
            ) from error


def collect_static() -> bool:
    """Copy and compress the static files when one of them changed. True when it was done."""
    root = Path(settings.STATIC_ROOT)
    stamp = root / ".stamp"
    state = _static_state()
    if stamp.exists() and stamp.read_text() == state:
        return False
    root.mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.write_text(state)
    return True


def _static_state() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            file = Path(storage.path(path))
            entry = file.stat()
            digest.update(f"{path}\0{entry.st_size}\0{entry.st_mtime_ns}\n".encode())
    return digest.hexdigest()
