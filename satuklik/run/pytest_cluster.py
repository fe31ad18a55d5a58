"""Tests run on an embedded PostgreSQL of their own, started once and stopped at the end.

A plugin (`-p` in pyproject.toml), not a conftest: pytest-django reads the settings before any conftest.
"""

import gc
import os
import tempfile
from pathlib import Path

import hypothesis
import pytest

# Before Django reads its settings: nothing of a running installation is touched.
if "PYTEST_XDIST_WORKER" not in os.environ and "SATUKLIK_TEST_VAR" not in os.environ:
    os.environ["SATUKLIK_TEST_VAR"] = tempfile.mkdtemp(prefix="satuklik-test-")
os.environ["SATUKLIK_VAR"] = os.environ["SATUKLIK_TEST_VAR"]
os.environ.setdefault("SATUKLIK_SECRET_KEY", "only-for-tests")
# Cheap passphrases and a small root key: what they cost in earnest is measured elsewhere.
os.environ.setdefault("SATUKLIK_PASSPHRASE_KIB", "64")
os.environ.setdefault("SATUKLIK_PASSPHRASE_PASSES", "1")
os.environ.setdefault("SATUKLIK_ROOT_KEY_BITS", "2048")


def pytest_configure(config: pytest.Config) -> None:
    """Start the cluster in the controlling process, so that all workers share it."""
    # How long an example takes says nothing on a busy machine.
    hypothesis.settings.register_profile(
        "satuklik", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
    )
    hypothesis.settings.load_profile("satuklik")
    if os.environ.get("DATABASE_URL") or hasattr(config, "workerinput"):
        return
    from satuklik.run.embedded import EmbeddedPostgres

    cluster = EmbeddedPostgres(settings={"fsync": "off", "max_connections": "100", "autovacuum": "off"})
    cluster.start()
    config._cluster = cluster  # type: ignore[attr-defined]


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is loaded now stays: looking for cycles in it again and again takes a twentieth of the time of all tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the cluster and take its folders away."""
    cluster = getattr(config, "_cluster", None)
    if cluster is None:
        return
    import shutil

    cluster.stop("immediate")
    if os.geteuid() == 0:
        shutil.rmtree(cluster.place.data.parent, ignore_errors=True)
    shutil.rmtree(Path(os.environ["SATUKLIK_TEST_VAR"]), ignore_errors=True)


pytest_plugins = [
    "tests.people",
    "tests.emptying",
    "tests.keys",
    "tests.site",
    "tests.browser",
    "tests.meta",
    "tests.telegram",
    "tests.mailserver",
]
