"""Whose a key is, in words that hold in another installation too: an agency's code, an official's NIP."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from satuklik.base.agencies.queries import Agency, Official
from satuklik.spine.signing.models import SigningKey


@dataclass(frozen=True)
class Found:
    """Rows of this installation by the words of a saved vault, and the words that nobody here answers to."""

    ids: Mapping[str, dict[str, int]]
    missing: list[str]


def describe(row: SigningKey) -> dict[str, str] | None:
    """Who owns the key, as a saved vault says it; None for a key of the installation itself."""
    if row.official is not None:
        official = row.official
        said = {
            "official": official.nip,
            "name": official.name,
            "position": official.position,
            "agency": official.agency.code,
        }
        return said | {
            "key": f"{official.nip or official.name} ({official.position}, {official.agency.code})"
        }
    if row.agency is not None:
        return {"agency": row.agency.code, "key": row.agency.code}
    return None


def find(described: Iterable[Mapping[str, str]]) -> Found:
    """The rows of these owners here."""
    ids: dict[str, dict[str, int]] = {}
    missing: list[str] = []
    for said in {one["key"]: one for one in described}.values():
        found = _official(said) if "official" in said else agency_id(said["agency"])
        if found is None:
            missing.append(said["key"])
        else:
            ids[said["key"]] = {"official_id" if "official" in said else "agency_id": found}
    return Found(ids, sorted(missing))


def agency_code(pk: int | None) -> str | None:
    """The code of an agency of this installation."""
    if pk is None:
        return None
    return str(Agency.objects.values_list("code", flat=True).get(pk=pk))


def agency_id(code: str) -> int | None:
    """The agency with this code here; None where there is none."""
    found: int | None = Agency.objects.filter(code=code).values_list("pk", flat=True).first()
    return found


def _official(said: Mapping[str, str]) -> int | None:
    officials = Official.objects.filter(agency__code=said["agency"], name=said["name"])
    if said["official"]:
        officials = Official.objects.filter(nip=said["official"])
    found: int | None = (
        officials.filter(position=said["position"]).order_by("pk").values_list("pk", flat=True).first()
    )
    return found
