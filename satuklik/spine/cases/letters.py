"""From a decided case to its letter: what the letter gets to know, who issues it, whom it is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from satuklik.base.agencies import queries as agencies
from satuklik.base.agencies.errors import NoSuchAgency
from satuklik.base.audit.actions import Happening
from satuklik.spine.cases.definition import Definition
from satuklik.spine.cases.errors import NotServedHere
from satuklik.spine.cases.models import Case
from satuklik.spine.cases.registry import Published
from satuklik.spine.documents import actions as documents
from satuklik.spine.documents import queries as issued
from satuklik.spine.messaging import actions as messaging
from satuklik.spine.population.dossier import Dossier
from satuklik.spine.signing.actions import UnlockedKey


def issuer_of(definition: Definition, person: Dossier) -> agencies.Agency:
    """The office whose letter it is. Raises NotServedHere where the person's region has no such office."""
    kind, _sep, code = definition.issuer.partition(":")
    try:
        return agencies.agency(code) if kind == "agency" else agencies.office_of(person.village_code, kind)
    except NoSuchAgency as error:
        raise NotServedHere from error


@lru_cache(maxsize=500)
def template_of(service: Published) -> documents.LetterTemplate:
    """The letter of a service version, as the documents room takes it. Raises ValueError without one."""
    if service.definition.letter is None:
        raise ValueError(f"{service.slug} has no letter")
    return documents.LetterTemplate.of_service(
        service.slug, service.definition.model_dump(), service.letter, service.version
    )


def issue(
    case: Case,
    service: Published,
    agency: agencies.Agency,
    world: Mapping[str, object],
    *,
    nik: str,
    now: datetime,
    key: UnlockedKey | None = None,
    signer: agencies.Signer | None = None,
) -> documents.IssuedDocument:
    """Number, render, seal (or sign with the unlocked `key` of `signer`) and keep the letter of a case."""
    return documents.issue(
        letter=template_of(service),
        agency=agency,
        person=Subject(case.person_id, nik),
        case_reference=case.reference,
        data=world,
        language=case.language,
        now=now,
        seal=key is None,
        key=key,
        signer=signer,
    )


@dataclass(frozen=True)
class Subject:
    """Whom a letter is about, as the documents room asks for it."""

    pk: int
    nik: str


def issued_happenings(case: Case, document: documents.IssuedDocument, *, automatic: bool) -> list[Happening]:
    """What the event log keeps of an issue."""
    data = {"number": document.number, "sha256": document.file_id, "automatic": automatic}
    return [Happening("document.issued", "system", data)]


def document_of(case: Case) -> documents.IssuedDocument | None:
    """The letter of a case, when there is one."""
    return issued.by_case(case.reference) if case.state == Case.State.ISSUED else None


def tell_applicant(case: Case, service: Published, *, now: datetime) -> None:
    """A message to whoever is bound to the person of the case (in the app, and by the channels that are on)."""
    messaging.notify_person(
        case.person_id,
        kind=f"case.{case.state}",
        service=service.definition.name.model_dump(),
        reference=case.reference,
        note=case.note,
        now=now,
    )
