"""Letters through the register: drawn, sealed and stored; found by the SHA-256 of their file."""

import time
from collections.abc import Callable
from typing import Any

from satuklik.run.bench.material import row

LETTERS = 1000
LOOK_UPS = 2000
SECONDS, MILLISECONDS = 9.0, 0.1


def measure(progress: Callable[[str], None]) -> list[dict[str, object]]:
    """CPU of this process (all threads) in the installation that is measured; the database's own work is not in it."""
    from satuklik.run.bench.site import inside, served

    with served():
        progress(f"{LETTERS} letters")
        found: Any = inside(
            "import json\nfrom satuklik.run.bench.signing_register import letters\nprint(json.dumps(letters()))"
        )
    return [
        row("signing.thousand_letters", found["letters"], "s of CPU", SECONDS),
        row("signing.look_up_by_hash", found["look_up"], "ms of CPU", MILLISECONDS),
        row("signing.letter_by_hash", found["letter"], "ms of CPU", None),
    ]


def letters() -> dict[str, float]:
    """Runs inside the installation. Nothing of it stays: each letter is undone."""
    from django.conf import settings
    from django.db import transaction
    from django.utils import timezone

    from satuklik.base.agencies.queries import demo_official
    from satuklik.spine.cases import examples
    from satuklik.spine.cases import letters as case_letters
    from satuklik.spine.cases.loader import load_folder
    from satuklik.spine.documents import actions, queries

    name = "surat-keterangan-domisili"
    loaded = load_folder(next(root / name for root in settings.LAYANAN if (root / name).exists()))
    template = case_letters.template_of(examples.as_published(loaded))
    data: dict[str, Any] = examples.specimen_data(loaded)
    agency = demo_official("pak_lurah").agency
    actions.warm_up()

    def issue(number: int) -> Any:
        person = {**data["person"], "name": f"Penduduk Nomor {number}"}
        return actions.issue(
            letter=template, agency=agency, person_id=None, case_reference=f"UKUR-{number}",
            data={**data, "person": person}, now=timezone.now(),
        )  # fmt: skip

    with transaction.atomic():
        issued = [issue(-number) for number in range(1, 20)]
        begin = time.process_time()
        issued += [issue(number) for number in range(LETTERS)]
        taken = time.process_time() - begin
        hashes = [letter.file_id for letter in issued]
        look_up = _per_call(queries.known, hashes)
        letter = _per_call(queries.by_sha256, hashes)
        transaction.set_rollback(True)
    return {"letters": taken, "look_up": look_up, "letter": letter}


def _per_call(work: Callable[[str], object], hashes: list[str]) -> float:
    for sha256 in hashes[:50]:
        work(sha256)
    begin = time.process_time()
    for number in range(LOOK_UPS):
        work(hashes[number % len(hashes)])
    return (time.process_time() - begin) * 1000 / LOOK_UPS
