"""Is this machine fit for a key ceremony? Clock, chance, space, swap."""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from satuklik.base.audit import queries as audit
from satuklik.kernel import secrecy

ROOM_BYTES = 50_000_000
ROOT_BITS = 4096
SWAPS = Path("/proc/swaps")


@dataclass(frozen=True)
class Check:
    """One look at the machine: `name` and `said` are Indonesian, for the minutes."""

    name: str
    good: bool
    said: str


def checks(out: Path, now: datetime) -> list[Check]:
    """Everything that must be right before keys are made; `out` is the folder for what leaves the machine."""
    return [_clock(now), _chance(), _room(out), _folder(out), _key_size(), _swap(), _dumps()]


def _clock(now: datetime) -> Check:
    # An offline machine asks no time server: those present compare it with their watches. It must not run behind
    # what this installation has already seen.
    newest = audit.newest_moment()
    shown = f"{timezone.localtime(now):%d-%m-%Y %H.%M.%S} WIB"
    good = newest is None or newest <= now
    return Check("Jam mesin", good, shown if good else f"{shown}, lebih awal daripada kejadian terakhir")


def _chance() -> Check:
    try:
        os.getrandom(32, os.GRND_NONBLOCK)
    except BlockingIOError:
        return Check("Sumber acak", False, "belum siap: tunggu, lalu ulangi")
    return Check("Sumber acak", True, "siap (getrandom)")


def _room(out: Path) -> Check:
    space = os.statvfs(out)
    free = space.f_bavail * space.f_frsize
    return Check("Ruang simpan", free >= ROOM_BYTES, f"{free // 1_000_000} MB kosong")


def _folder(out: Path) -> Check:
    inside = out.resolve().is_relative_to(Path(settings.VAR).resolve())
    said = "di dalam folder data Satu Klik: pakai media lain" if inside else "di luar folder data Satu Klik"
    return Check("Folder hasil", not inside, said)


def _key_size() -> Check:
    bits = settings.SATUKLIK_ROOT_KEY_BITS
    return Check("Panjang kunci akar", bits >= ROOT_BITS, f"RSA-{bits}")


def _swap() -> Check:
    locked = secrecy.lock_memory()
    used = SWAPS.exists() and len(SWAPS.read_text().splitlines()) > 1
    if not used:
        return Check("Memori tukar (swap)", True, "tidak ada")
    return Check(
        "Memori tukar (swap)", locked, "ada, memori dikunci" if locked else "ada: matikan (swapoff -a)"
    )


def _dumps() -> Check:
    forbidden = secrecy.forbid_dumps()
    return Check("Salinan memori (core)", forbidden, "dilarang" if forbidden else "tidak dapat dilarang")
