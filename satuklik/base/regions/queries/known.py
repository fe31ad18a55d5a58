"""Reads the regions. They change less than once a year, so each process reads them once; outlines that a command has
imported meanwhile are noticed within a minute."""

import time
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeVar

from django.db import connection
from django.utils.translation import gettext as _

from satuklik.base.regions.models import Boundary, Region
from satuklik.base.regions.outlines import Outline, contains, metres_outside
from satuklik.base.regions.rules import VILLAGE_LENGTH, district_code, title
from satuklik.kernel.maps import DEGREE_METRES, Box, grown, holds, hull

BESIDE = 300  # metres
MOST_KEPT = 200
FRESH_SECONDS = 60.0
_SHELF = Lock()
Kept = TypeVar("Kept")


class NoSuchRegion(LookupError):
    """No region has this code; carries the code."""

    def __init__(self, code: str) -> None:
        super().__init__(_("Tidak ada wilayah dengan kode %(code)s.") % {"code": code})
        self.code = code


@dataclass(frozen=True, slots=True)
class Place:
    """A village with everything above it."""

    village: Region
    district: Region
    regency: Region
    province: Region


class _Known:
    """The regions of this process, read at first need."""

    regions: dict[str, Region] = {}
    outlines: dict[str, Outline] | None = None
    source = ""
    edition: tuple[int, int] = (0, 0)
    looked_at = -FRESH_SECONDS
    made: dict[Hashable, Any] = {}


def forget() -> None:
    """Read the regions again at the next need; to be called after a change."""
    _Known.regions, _Known.outlines, _Known.made = {}, None, {}


def regions() -> dict[str, Region]:
    """All regions by code, in the order of the codes. Not to be changed."""
    if not _Known.regions:
        found = {region.code: region for region in Region.objects.order_by("code")}
        for region in found.values():
            if region.parent_id is not None:
                region.parent = found[region.parent_id]
        _Known.regions = found
    return _Known.regions


def region(code: str) -> Region:
    """The region with this code, its parents already read. Raises `NoSuchRegion`."""
    try:
        return regions()[code]
    except KeyError:
        raise NoSuchRegion(code) from None


def districts() -> list[Region]:
    """The kecamatan, by code."""
    return _of_kind({Region.Kind.DISTRICT}, regions().values())


def villages(district: str = "") -> list[Region]:
    """The desa and kelurahan, by code: of the kecamatan with the code `district`, else all."""
    kinds = {Region.Kind.DESA, Region.Kind.KELURAHAN}
    return [found for found in _of_kind(kinds, regions().values()) if found.code.startswith(district)]


def place(village_code: str) -> Place:
    """The village and what it lies in. Raises `NoSuchRegion`, also for a code that is not a village's."""
    if len(village_code) != VILLAGE_LENGTH:
        raise NoSuchRegion(village_code)
    district = region(district_code(village_code))
    return Place(region(village_code), district, region(district.code[:5]), region(district.code[:2]))


def full_name(code: str) -> str:
    """ "Kelurahan Kisaran Naga", "Kecamatan Air Joman", "Kabupaten Asahan". Raises `NoSuchRegion`."""
    found = region(code)
    return title(found.kind, found.name)


def has_boundaries() -> bool:
    """Whether outlines of villages were imported."""
    return any(len(code) == VILLAGE_LENGTH for code in outlines())


def village_at(longitude: float, latitude: float) -> Region | None:
    """The village whose outline holds the point. Outlines are indicative, and coasts are cut short: a point up to
    BESIDE metres outside of all belongs to the nearest. None where there is none."""
    point, beside, nearest = (longitude, latitude), None, float(BESIDE)
    for code, outline in outlines().items():
        if len(code) != VILLAGE_LENGTH or not holds(grown(outline.box, 0.0, least=_wider(outline)), point):
            continue
        if contains(outline, longitude, latitude):
            return regions().get(code)
        metres = metres_outside(outline, point)
        if metres <= nearest:
            beside, nearest = code, metres
    return regions().get(beside) if beside else None


def _wider(outline: Outline) -> float:
    west, south, east, north = outline.box
    return max(east - west, north - south) + 2 * BESIDE / DEGREE_METRES


def box_of(code: str) -> Box | None:
    """The box around a region: around its outline, else around those of what lies below it; None without any."""
    known = outlines()
    if code in known:
        return known[code].box
    below = [outline.box for one, outline in known.items() if one.startswith(f"{code}.")]
    return hull(below) if below else None


def outlines() -> dict[str, Outline]:
    """The imported outlines by code. Not to be changed."""
    now, known = time.monotonic(), _Known.outlines
    if known is not None and now - _Known.looked_at <= FRESH_SECONDS:
        return known
    _Known.looked_at = now  # first: the other threads go on with what is there
    edition = _edition()  # before the rows: what is imported in between is noticed a minute later
    if known is not None and edition == _Known.edition:
        return known
    rows = Boundary.objects.order_by("pk").values_list("region_id", "polygons", "source")
    read = [(code, polygons, source) for code, polygons, source in rows]
    found = {code: Outline(code, tuple(polygons)) for code, polygons, _source in read}
    _Known.source = next((source for _code, _polygons, source in read), "")
    _Known.edition, _Known.outlines = edition, found
    _Known.made = {}  # last: nothing that is made of the old ones gets there
    return found


def _edition() -> tuple[int, int]:
    """Changes with every import: how many outlines, and the newest transaction that wrote one (PostgreSQL's xmin)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), coalesce(max(xmin::text::bigint), 0) FROM regions_boundary")
        count, newest = cursor.fetchone()
    return count, newest


def source() -> str:
    """Where the outlines come from, as it was told at the import; "" without outlines."""
    outlines()
    return _Known.source


def kept(key: Hashable, make: Callable[[], Kept]) -> Kept:
    """What was made of the outlines before, else made now: for pictures, which are the same for everybody. Of more than
    MOST_KEPT the one goes that nobody has asked for the longest; all are forgotten with the outlines. Threads may make
    the same one twice."""
    made = _Known.made  # `forget` puts another in its place: what is made of old outlines does not get there
    with _SHELF:
        if key in made:
            found: Kept = made.pop(key)
            made[key] = found
            return found
    found = make()
    with _SHELF:
        made[key] = found
        while len(made) > MOST_KEPT:
            del made[next(iter(made))]
    return found


def _of_kind(kinds: Iterable[str], among: Iterable[Region]) -> list[Region]:
    return [found for found in among if found.kind in kinds]
