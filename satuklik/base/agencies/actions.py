"""Writes agencies, officials and mandates; loads the offices of the regency from the data files."""

import tomllib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from satuklik.base.agencies import fictive
from satuklik.base.agencies.errors import BadMandate
from satuklik.base.agencies.models import Agency, Mandate, Official
from satuklik.base.agencies.roster import Entry as Entry
from satuklik.base.agencies.roster import TakenOver as TakenOver
from satuklik.base.agencies.roster import end_term as end_term
from satuklik.base.agencies.roster import set_email as set_email
from satuklik.base.agencies.roster import take_over as take_over
from satuklik.base.agencies.rules import head_title, office_code, office_number_code
from satuklik.base.regions import queries as regions

DATA = Path(__file__).parent / "data"
KINDS = {"district": Agency.Kind.DISTRICT, "kelurahan": Agency.Kind.KELURAHAN, "desa": Agency.Kind.DESA}
# Each office's made-up officials: role and position, where {title} is the head's title.
POSTS: dict[str, tuple[tuple[str, str], ...]] = {
    "opd": (("head", "{title}"), ("secretary", "Sekretaris"), ("staff", "Analis Kebijakan"),
            ("staff", "Pengelola Layanan"), ("counter", "Petugas Loket")),
    "kecamatan": (("head", "{title}"), ("secretary", "Sekretaris Kecamatan"),
                  ("staff", "Kepala Seksi Pelayanan Umum"), ("staff", "Kepala Seksi Pemerintahan"),
                  ("counter", "Operator Pelayanan")),
    "kelurahan": (("head", "{title}"), ("secretary", "Sekretaris Lurah"),
                  ("staff", "Kepala Seksi Pemerintahan"), ("counter", "Operator Kelurahan")),
    "desa": (("head", "{title}"), ("secretary", "Sekretaris Desa"),
             ("staff", "Kepala Urusan Umum"), ("counter", "Operator Desa")),
}  # fmt: skip
EXTRA_POSTS = {"ppid": "Pejabat Pengelola Informasi dan Dokumentasi", "admin": "Pranata Komputer"}


@transaction.atomic
def load(*, fictive_officials: bool = True) -> int:
    """Make or update every agency of the data files and of the loaded regions; loading again changes nothing.

    With `fictive_officials`, offices without any official get made-up ones: an office that has officials is
    left alone. Regions must be loaded. Returns the number of agencies.
    """
    given = [*_opd(), *_offices()]
    Agency.objects.bulk_create(
        [agency for agency, _ in given],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["kind", "name", "short_name", "region", "head_title", "number_code", "address", "phone", "email", "website"],
    )  # fmt: skip
    known = {agency.code: agency for agency in Agency.objects.all()}
    moved = []
    for agency, parent in given:
        row = known[agency.code]
        parent_id = known[parent].pk if parent else None
        if row.parent_id != parent_id:
            row.parent_id = parent_id
            moved.append(row)
    Agency.objects.bulk_update(moved, ["parent"])
    if fictive_officials:
        _make_officials([known[agency.code] for agency, _ in given])
    return len(given)


def give_login(official: Official, user: Any) -> None:
    """Bind the login `user` to `official`: one login holds one office at a time."""
    official.user = user
    official.save(update_fields=["user"])


@transaction.atomic
def give_mandate(
    *,
    official: Official,
    agency: Agency,
    kind: str,
    decree: str,
    valid_from: datetime,
    valid_until: datetime,
) -> Mandate:
    """Let `official` act for the head of `agency` as Plt, Plh or Pj (UU 30/2014 ps. 14, ps. 34(2)) from
    `valid_from` until before `valid_until`. Raises `BadMandate` for an empty span or an unknown kind."""
    if valid_until <= valid_from:
        raise BadMandate(_("Mandat harus berakhir setelah dimulai."))
    if kind not in Mandate.Kind.values:
        raise BadMandate(_("Jenis mandat hanya Plt, Plh, atau Pj."))
    return Mandate.objects.create(
        official=official,
        agency=agency,
        kind=kind,
        decree=decree,
        valid_from=valid_from,
        valid_until=valid_until,
    )


def _opd() -> Iterator[tuple[Agency, str]]:
    """The agencies of opd.toml with the code of their parent."""
    with (DATA / "opd.toml").open("rb") as file:
        rows = tomllib.load(file)["agency"]
    addresses = {row["code"]: row.get("address", "") for row in rows}
    for number, row in enumerate(rows, start=1):
        parent = row.get("parent", "")
        yield (
            Agency(
                code=row["code"],
                kind=Agency.Kind.OPD,
                name=row["name"],
                short_name=row["short_name"],
                head_title=row["head_title"],
                number_code=row["code"].upper()[:20],
                address=addresses[row["code"]] or addresses[parent],
                phone=f"0623-000{number:03}",
                email=f"{row['code']}@asahan.example",
                website=f"{row['code']}.asahan.example",
            ),
            parent,
        )


def _offices() -> Iterator[tuple[Agency, str]]:
    """The office of each kecamatan and village with the code of its parent."""
    for number, region in enumerate([*regions.districts(), *regions.villages()], start=100):
        kind = region.kind
        is_district = kind == "district"
        full_name = regions.full_name(region.code)
        slug = office_code(kind, region.code)
        above = "" if is_district else f", Kecamatan {region.parent.name}"
        yield (
            Agency(
                code=slug,
                kind=KINDS[kind],
                name=f"Kantor {full_name}" if is_district else f"Pemerintah {full_name}" if kind == "desa" else full_name,
                short_name=full_name,
                region_id=region.code,
                head_title=head_title(kind, region.name),
                number_code=office_number_code(kind, region.code),
                address=f"Jl. Besar {region.name} No. {number % 90 + 1}{above}",
                phone=f"0623-000{number:03}",
                email=f"{slug.replace('.', '-')}@asahan.example",
                website=f"{slug.replace('.', '-')}.asahan.example",
            ),
            "bupati" if is_district else office_code("district", region.code[:8]) if kind == "kelurahan" else "dpmd",
        )  # fmt: skip


def _make_officials(agencies: list[Agency]) -> None:
    with (DATA / "demo.toml").open("rb") as file:
        known: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for row in tomllib.load(file)["official"]:
            known.setdefault((row["agency"], row["role"]), []).append(row)
    staffed = set(Official.objects.values_list("agency_id", flat=True))
    made: list[Official] = []
    for agency in agencies:
        if agency.pk in staffed:
            continue
        extra = tuple((role, post) for role, post in EXTRA_POSTS.items() if (agency.code, role) in known)
        for number, (role, post) in enumerate((*POSTS[agency.kind], *extra)):
            waiting = known.get((agency.code, role), [])
            given = waiting.pop(0) if waiting else {}
            person = fictive.official(
                agency.kind,
                role,
                f"{agency.code}/{number}",
                len(made),
                name=given.get("name", ""),
                sex=given.get("sex", ""),
                titles=given.get("titles"),
            )
            made.append(
                Official(
                    agency=agency,
                    role=role,
                    name=person.name,
                    nip=person.nip,
                    rank=person.rank,
                    position=post.format(title=agency.head_title),
                    email=f"{agency.code.replace('.', '-')}-{role}@asahan.example",
                    active_from=fictive.IN_OFFICE_SINCE,
                )
            )
    Official.objects.bulk_create(made)
