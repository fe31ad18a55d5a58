"""All that the register says about one person, in one query: what services are prefilled from."""

from dataclasses import dataclass
from datetime import date

from satuklik.base.postgres import queries as prepared

_SQL = """
SELECT p.id, p.nik, p.name, p.sex, p.birth_place, p.birth_date, p.religion, p.blood_type, p.marital,
       p.education, p.occupation, p.relation, p.citizenship, p.father_name, p.mother_name, p.phone,
       p.dtsen_decile, p.status, p.updated_on, p.village_id,
       h.id, h.kk, h.address, h.rt, h.rw, h.postal_code,
       v.name, v.kind, d.code, d.name, r.code, r.name,
       (SELECT k.name FROM population_person k
         WHERE k.household_id = h.id AND k.relation = 'kepala_keluarga' LIMIT 1),
       (SELECT count(*) FROM population_person m WHERE m.household_id = h.id AND m.status = 'alive')
  FROM population_person p
  JOIN population_household h ON h.id = p.household_id
  JOIN regions_region v ON v.code = p.village_id
  JOIN regions_region d ON d.code = v.parent_id
  JOIN regions_region r ON r.code = d.parent_id
 WHERE p.{column} = %s
"""


@dataclass(frozen=True)
class Dossier:
    """One person with household and regions, as the register knew them on `updated_on`."""

    person_id: int
    nik: str
    name: str
    sex: str
    birth_place: str
    birth_date: date
    religion: str
    blood_type: str
    marital: str
    education: str
    occupation: str
    relation: str
    citizenship: str
    father_name: str
    mother_name: str
    phone: str | None
    dtsen_decile: int | None
    status: str
    updated_on: date
    village_code: str
    household_id: int
    kk: str
    address: str
    rt: str
    rw: str
    postal_code: str
    village_name: str
    village_kind: str
    district_code: str
    district_name: str
    regency_code: str
    regency_name: str
    head_name: str | None
    members: int


def dossier(person_id: int) -> Dossier | None:
    """The dossier of the person with this id, or None. Reading it for an official's eyes needs an access
    row: see `actions.look_up`."""
    return _one("id", person_id)


def dossier_by_nik(nik: str) -> Dossier | None:
    """The dossier of the person with this NIK, or None."""
    return _one("nik", nik)


def _one(column: str, value: object) -> Dossier | None:
    row = prepared.row(_SQL.format(column=column), [value])
    return Dossier(*row) if row else None
