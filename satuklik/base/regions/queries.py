"""Reads the regions. They change less than once a year, so each process reads them once."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from satuklik.base.regions.models import Boundary, Region
from satuklik.base.regions.outlines import Frame, Outline, contains
from satuklik.base.regions.outlines import frame as frame
from satuklik.base.regions.outlines import path as path_of
from satuklik.base.regions.rules import VILLAGE_LENGTH, district_code, title


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
    maps: dict[str, "Map"] = {}


def forget() -> None:
    """Read the regions again at the next need; to be called after a change."""
    _Known.regions, _Known.outlines, _Known.maps = {}, None, {}


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


@dataclass(frozen=True)
class Area:
    """A region in a picture. `path` is the `d` of an SVG path."""

    region: Region
    path: str


@dataclass(frozen=True)
class Map:
    """The outlines below a region as a picture, and how degrees become its units."""

    areas: tuple[Area, ...]
    frame: Frame
    source: str


def map_of(code: str = "") -> Map | None:
    """The picture of the kecamatan (`code` empty) or of the villages of one kecamatan; None where their outlines were
    not imported. Each process draws it once."""
    known = _Known.maps.get(code)
    if known is None:
        wanted = villages(code) if code else districts()
        there = _outlines()
        drawn = [(one, there[one.code]) for one in wanted if one.code in there]
        if not drawn:
            return None
        within = frame(outline.box for _, outline in drawn)
        source = Boundary.objects.values_list("source", flat=True).get(pk=drawn[0][0].code)
        areas = tuple(Area(one, path_of(outline, within)) for one, outline in drawn)
        known = _Known.maps[code] = Map(areas, within, source)
    return known


def has_boundaries() -> bool:
    """Whether outlines of villages were imported."""
    return any(len(code) == VILLAGE_LENGTH for code in _outlines())


def village_at(longitude: float, latitude: float) -> Region | None:
    """The village whose outline holds the point; None where none does. Outlines are indicative."""
    for code, outline in _outlines().items():
        if len(code) != VILLAGE_LENGTH:
            continue
        west, south, east, north = outline.box
        if (
            west <= longitude <= east
            and south <= latitude <= north
            and contains(outline, longitude, latitude)
        ):
            return regions().get(code)
    return None


def _outlines() -> dict[str, Outline]:
    if _Known.outlines is None:
        rows = Boundary.objects.order_by("pk").values_list("region_id", "polygons")
        _Known.outlines = {code: Outline(code, tuple(polygons)) for code, polygons in rows}
    return _Known.outlines


def _of_kind(kinds: Iterable[str], among: Iterable[Region]) -> list[Region]:
    return [found for found in among if found.kind in kinds]
