"""The pipeline of this process: the rules' tables, and the trained model that is in force. Used in the worker."""

import threading
from dataclasses import dataclass

from satuklik.base.files import queries as files
from satuklik.spine.intake import tables
from satuklik.spine.intake.models import Correction, TrainedModel
from satuklik.spine.intake.rules.classifier import open_model
from satuklik.spine.intake.rules.nearness import rarity
from satuklik.spine.intake.rules.triage import Triage

MOST_TICKETS = 3_000


@dataclass
class _Held:
    """What was built last, and of what."""

    key: tuple[str, int] = ("?", -1)
    triage: Triage | None = None


_held = _Held()
_lock = threading.Lock()
_rarity: dict[str, float] = {}


def current() -> Triage:
    """The pipeline of the active model and the newest corrections; rebuilt when either changed (corrections: by tens)."""
    active = TrainedModel.objects.filter(active=True).values_list("version", "sha256").first()
    newest = Correction.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    key = (active[1] if active else "", newest // 10)
    with _lock:
        if _held.triage is None or _held.key != key:
            # base.files refuses bytes that are not those of their SHA-256; open_model runs nothing of them.
            model = open_model(files.read(active[1])) if active else None
            _held.triage, _held.key = tables.pipeline(model, _tickets()), key
        return _held.triage


def forget() -> None:
    """Build the pipeline again at the next need."""
    with _lock:
        _held.triage, _held.key = None, ("?", -1)


def rare() -> dict[str, float]:
    """How rare pieces of words are in chats: counted once over the seed corpus."""
    if not _rarity:
        from satuklik.spine.intake.corpus import rows
        from satuklik.spine.intake.rules.reading import read

        _rarity.update(rarity(read(row.text, tables.slang()).plain for row in rows()))
    return _rarity


def _tickets() -> list[tuple[str, str, str]]:
    rows = Correction.objects.exclude(agency_code="").order_by("-pk")
    return list(rows.values_list("text", "agency_code", "ticket")[:MOST_TICKETS])
