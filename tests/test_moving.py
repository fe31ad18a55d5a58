"""A whole installation moves to another machine: backup, restore, and a letter of the old machine is still good."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from satuklik.run.places import cluster_place
from tests.site import Site

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("site")]

LOOK = """
import json
from django.utils import timezone
from satuklik.base.accounts.queries import user_by_token
from satuklik.base.audit.queries import verify
from satuklik.spine.documents.models import IssuedDocument
from satuklik.spine.documents.queries import read, verdict_of_pdf, verdict_of_token
letters = list(IssuedDocument.objects.order_by("pk"))
now = timezone.now()
print(json.dumps({
    "numbers": [letter.number for letter in letters],
    "by_token": verdict_of_token(letters[-1].token, now=now).verdict,
    "by_file": verdict_of_pdf(read(letters[-1]), now=now).verdict,
    "altered": verdict_of_pdf(read(letters[-1]).replace(b"/Page", b"/Pagf", 1), now=now).verdict,
    "chain": list(verify().problems),
}))
"""


def test_a_letter_of_the_old_machine_is_valid_on_the_new_one(site: Site, tmp_path: Path) -> None:
    before = site.python(LOOK)
    archive = tmp_path / "everything.tar"
    told = site.satuklik("backup", str(archive))
    assert "encrypt it" in told.stdout
    assert archive.stat().st_mode & 0o777 == 0o600
    var = tmp_path / "elsewhere"
    elsewhere = replace(
        site, var=var, environment=site.environment | {"SATUKLIK_VAR": str(var)}, process=None
    )
    try:
        elsewhere.satuklik("restore", str(archive))
        started = (
            "from satuklik.run import prepare\nfrom django.db import connection\nwith prepare.database():\n"
            + "".join(f"    {line}\n" for line in LOOK.strip().splitlines())
        )
        after = elsewhere.python(started)
        assert after == before
        assert before["numbers"]
        assert (before["by_token"], before["by_file"], before["altered"]) == ("valid", "valid", "altered")
        assert after["chain"] == []
    finally:
        if os.geteuid() == 0:
            shutil.rmtree(cluster_place(var=var).data.parent, ignore_errors=True)
