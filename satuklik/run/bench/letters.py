"""How long a letter takes to be drawn: informational, the targets stand on the whole click."""

import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.utils import timezone

ROUNDS = 120
LETTER = "surat-keterangan-domisili"


def measure(progress: Callable[[int, int], None]) -> list[dict[str, Any]]:
    """Milliseconds per letter: drawn alone, by two threads, its QR code, its picture."""
    from satuklik.spine.cases import examples, letters
    from satuklik.spine.cases.loader import load_folder
    from satuklik.spine.documents import actions, typesetting

    loaded = load_folder(next(root / LETTER for root in settings.LAYANAN if (root / LETTER).exists()))
    template = letters.template_of(examples.as_published(loaded))
    data: dict[str, Any] = examples.specimen_data(loaded)
    now = timezone.now()

    def draw(number: int) -> float:
        # Another name each time, as in life: nothing of the page's text comes from a cache.
        person = {**data["person"], "name": f"Penduduk Nomor {number}", "nik": f"{number:016}"}
        begin = time.perf_counter()
        actions.specimen(letter=template, data={**data, "person": person}, now=now)
        return (time.perf_counter() - begin) * 1000

    begin = time.perf_counter()
    actions.warm_up()
    warm_up = (time.perf_counter() - begin) * 1000
    alone = []
    for number in range(ROUNDS):
        alone.append(draw(number))
        progress(number + 1, ROUNDS)
    begin = time.perf_counter()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(draw, range(ROUNDS, 2 * ROUNDS)))
    side_by_side = (time.perf_counter() - begin) * 1000 / ROUNDS
    begin = time.perf_counter()
    for number in range(ROUNDS):
        typesetting.qr_svg(f"{settings.PUBLIC_URL}/v/{number:022}")
    qr = (time.perf_counter() - begin) * 1000 / ROUNDS
    return [
        _told("letter_draw_p50", statistics.median(alone)),
        _told("letter_draw_p95", statistics.quantiles(alone, n=20)[-1]),
        _told("letter_draw_two_threads", side_by_side),
        _told("letter_first_compile", warm_up),
        _told("letter_qr", qr),
    ]


def _told(name: str, value: float) -> dict[str, Any]:
    return {"id": name, "issue": 2, "value": round(value, 2), "unit": "ms", "target": None, "holds": True}
