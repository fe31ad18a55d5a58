"""Facts: what registers know about a person, by name, with its source. Rules and letters ask for them.

A system above registers its own facts at start-up: `register("tax", "pbb_paid", …)`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from satuklik.spine.cases.expressions import years
from satuklik.spine.population.dossier import Dossier

REGISTER = gettext_noop("Data kependudukan")
SOCIAL_REGISTER = gettext_noop("DTSEN")


class DuplicateFact(RuntimeError):
    """Two rooms register a fact of the same name."""


@dataclass(frozen=True)
class Fact:
    """A fact that can be asked for."""

    name: str
    label: str
    source: str
    read: Callable[[Dossier, date], object]
    example: object


@dataclass(frozen=True)
class KnownFact:
    """What a register said about one person."""

    name: str
    value: object
    source: str
    as_of: date


_FACTS: dict[str, Fact] = {}


def register(
    name: str, label: str, read: Callable[[Dossier, date], object], *, source: str, example: object
) -> None:
    """Make a fact known. `read(dossier, today)` gives a JSON value (dates as ISO strings). Raises
    DuplicateFact."""
    if name in _FACTS:
        raise DuplicateFact(f"The fact {name!r} is registered twice (second time by {read.__module__}).")
    _FACTS[name] = Fact(name, label, source, read, example)


def known() -> Mapping[str, Fact]:
    """All facts, by name."""
    return _FACTS


def read(names: Iterable[str], dossier: Dossier, today: date) -> dict[str, KnownFact]:
    """The facts called `names` about the person of `dossier`."""
    found = {}
    for name in names:
        fact = _FACTS[name]
        found[name] = KnownFact(name, fact.read(dossier, today), fact.source, dossier.updated_on)
    return found


def world(facts: Mapping[str, object], answers: Mapping[str, object], today: date) -> dict[str, object]:
    """The values by group, as rules and letters see them: {"person": {"name": …}, "answer": {…}, …}."""
    groups: dict[str, object] = {"answer": dict(answers), "today": today.isoformat()}
    for root in ("person", "household", "village", "district", "regency"):
        groups[root] = {}
    for name, value in facts.items():
        root, _sep, member = name.partition(".")
        groups.setdefault(root, {})[member] = value  # type: ignore[index]
    return groups


_P = [
    ("person.nik", _("NIK"), lambda d, t: d.nik, "1209205708950001"),
    ("person.name", _("Nama lengkap"), lambda d, t: d.name, "Sari Wulandari"),
    ("person.sex", _("Jenis kelamin"), lambda d, t: d.sex, "P"),
    ("person.birth_place", _("Tempat lahir"), lambda d, t: d.birth_place, "Kisaran"),
    ("person.birth_date", _("Tanggal lahir"), lambda d, t: d.birth_date.isoformat(), "1995-08-17"),
    ("person.age", _("Umur"), lambda d, t: years(d.birth_date.isoformat(), t.isoformat()), 31),
    ("person.religion", _("Agama"), lambda d, t: d.religion, "islam"),
    ("person.blood_type", _("Golongan darah"), lambda d, t: d.blood_type, "O"),
    ("person.marital", _("Status perkawinan"), lambda d, t: d.marital, "belum_kawin"),
    ("person.education", _("Pendidikan"), lambda d, t: d.education, "slta"),
    ("person.occupation", _("Pekerjaan"), lambda d, t: d.occupation, "wiraswasta"),
    ("person.citizenship", _("Kewarganegaraan"), lambda d, t: d.citizenship, "WNI"),
    ("person.relation", _("Hubungan dalam keluarga"), lambda d, t: d.relation, "anak"),
    ("person.father_name", _("Nama ayah"), lambda d, t: d.father_name, "Budi Santoso"),
    ("person.mother_name", _("Nama ibu"), lambda d, t: d.mother_name, "Siti Aminah"),
    ("person.phone", _("Nomor HP"), lambda d, t: d.phone, "+6284000000001"),
    ("person.status", _("Status penduduk"), lambda d, t: d.status, "alive"),
    ("household.kk", _("Nomor Kartu Keluarga"), lambda d, t: d.kk, "1209201001150001"),
    ("household.address", _("Alamat"), lambda d, t: d.address, "Jl. Cokroaminoto No. 12"),
    ("household.rt", _("RT"), lambda d, t: d.rt, "002"),
    ("household.rw", _("RW"), lambda d, t: d.rw, "001"),
    ("household.postal_code", _("Kode pos"), lambda d, t: d.postal_code, "21211"),
    ("household.head_name", _("Kepala keluarga"), lambda d, t: d.head_name, "Budi Santoso"),
    ("household.members", _("Anggota keluarga"), lambda d, t: d.members, 4),
    ("village.code", _("Kode desa/kelurahan"), lambda d, t: d.village_code, "12.09.20.1001"),
    ("village.name", _("Desa/kelurahan"), lambda d, t: d.village_name, "Kisaran Naga"),
    ("village.kind", _("Jenis wilayah"), lambda d, t: d.village_kind, "kelurahan"),
    ("district.name", _("Kecamatan"), lambda d, t: d.district_name, "Kisaran Timur"),
    ("district.code", _("Kode kecamatan"), lambda d, t: d.district_code, "12.09.20"),
    ("regency.name", _("Kabupaten"), lambda d, t: d.regency_name, "Kabupaten Asahan"),
]  # fmt: skip
for _name, _label, _read, _example in _P:
    register(_name, _label, _read, source=REGISTER, example=_example)  # type: ignore[arg-type]
register(
    "person.dtsen_decile",
    _("Desil kesejahteraan (DTSEN)"),  # type: ignore[arg-type]
    lambda d, t: d.dtsen_decile,
    source=SOCIAL_REGISTER,
    example=2,
)
