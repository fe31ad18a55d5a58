"""Reads the regions. They change less than once a year, so each process reads them once."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from satuklik.base.regions.models import Region
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


def forget() -> None:
    """Read the regions again at the next need; to be called after a change."""
    _Known.regions = {}


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


def _of_kind(kinds: Iterable[str], among: Iterable[Region]) -> list[Region]:
    return [found for found in among if found.kind in kinds]
