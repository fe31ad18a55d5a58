"""Where things lie on this machine: the var folder, the embedded database and its address."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
# sun_path holds 107 characters on Linux, ".s.PGSQL.5432" included.
LONGEST_SOCKET_FOLDER = 90


def var_folder() -> Path:
    """The folder for everything that this installation writes (``SATUKLIK_VAR``, else ``var/``)."""
    return Path(os.environ.get("SATUKLIK_VAR") or PROJECT / "var").resolve()


@dataclass(frozen=True)
class ClusterPlace:
    """The folders of one embedded PostgreSQL cluster."""

    data: Path
    socket: Path
    log: Path
    programs: Path | None
    """Where the server's programs are copied to; None where the wheel's own can be used."""

    def url(self, database: str) -> str:
        """A libpq address of `database` on this cluster: a Unix socket, no port, no password."""
        return f"postgresql://postgres@/{database}?host={self.socket}"


def cluster_place(name: str = "postgres", *, var: Path | None = None) -> ClusterPlace:
    """Where the embedded cluster called `name` of the installation in `var` (else this one) lives.

    PostgreSQL refuses to run as root, and the unprivileged user that it then runs as often cannot enter
    the folders above the project (somebody's home). So as root everything goes to /var/lib/satuklik, and
    no permission of any other folder is ever changed.
    """
    var = (var or var_folder()).resolve()
    mark = hashlib.sha256(str(var).encode()).hexdigest()[:10]
    if os.geteuid() == 0:
        home = Path(os.environ.get("SATUKLIK_ROOT_STATE", "/var/lib/satuklik")) / mark
        return ClusterPlace(
            home / name, home / f"{name}-socket", home / f"{name}.log", home.parent / "programs"
        )
    socket = var / f"{name}-socket"
    if len(str(socket)) > LONGEST_SOCKET_FOLDER:
        socket = Path(tempfile.gettempdir()) / f"satuklik-{os.geteuid()}-{mark}-{name}"
    return ClusterPlace(var / name, socket, var / f"{name}.log", None)


def database_url() -> str:
    """``DATABASE_URL`` where it is set, else the embedded cluster's address."""
    return os.environ.get("DATABASE_URL") or cluster_place().url("satuklik")
