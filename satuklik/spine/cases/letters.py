"""From a decided case to its letter: what the letter gets to know, who issues it, whom it is told."""

import time
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

from django.utils.translation import override

from satuklik.base.agencies import queries as agencies
from satuklik.base.agencies.errors import NoSuchAgency
from satuklik.base.audit.actions import Happening
from satuklik.spine.cases.definition import Definition
from satuklik.spine.cases.errors import NotServedHere
from satuklik.spine.cases.facts import known
from satuklik.spine.cases.models import Case
from satuklik.spine.cases.registry import Published
from satuklik.spine.documents import actions as documents
from satuklik.spine.documents import queries as issued
from satuklik.spine.messaging import actions as messaging
from satuklik.spine.population.dossier import Dossier
from satuklik.spine.signing import queries as backends
from satuklik.spine.signing.actions import UnlockedKey


def issuer_of(definition: Definition, person: Dossier) -> agencies.Agency:
    """The office whose letter it is. Raises NotServedHere where the person's region has no such office."""
    kind, _sep, code = definition.issuer.partition(":")
    try:
        return _office(kind, code or person.village_code, int(time.monotonic() / OFFICE_SECONDS))
    except NoSuchAgency as error:
        raise NotServedHere from error


# Offices change by decree, a click comes every second: a minute-old office is good enough for its letterhead.
OFFICE_SECONDS = 60


@lru_cache(maxsize=1000)
def _office(kind: str, code: str, minute: int) -> agencies.Agency:
    if kind == "agency":
        return agencies.agency(code)
    return agencies.office_of(code, "village" if kind == "village" else "district")


def forget_offices() -> None:
    """Read every office anew (after its data were changed, and between tests)."""
    _office.cache_clear()


@lru_cache(maxsize=500)
def template_of(service: Published) -> documents.LetterTemplate:
    """The letter of a service version, as the documents room takes it. Raises ValueError without one."""
    definition, letter = service.definition, service.definition.letter
    if letter is None:
        raise ValueError(f"{service.slug} has no letter")
    money = {f"answer.{question.id}" for question in definition.question if question.type == "money"}
    return documents.LetterTemplate(
        slug=service.slug,
        source=service.letter,
        title=letter.title.id,
        title_en=letter.title.en,
        code=letter.code,
        validity_months=letter.validity_months,
        shows=tuple((name, _label(definition, name)) for name in letter.shows),
        money=frozenset(money),
        version=service.version,
    )


def _label(definition: Definition, name: str) -> dict[str, str]:
    """What a value is called, in both languages."""
    root, _sep, member = name.partition(".")
    if root == "answer" and (question := definition.question_of(member)) is not None:
        return question.label.model_dump()
    labels = {}
    for language in ("id", "en"):
        with override(language):
            labels[language] = str(known()[name].label)
    return labels


def letter_data(service: Published, world: Mapping[str, object]) -> dict[str, object]:
    """What the letter gets to know: the declared facts, the answers, and the words of chosen options."""
    data = {name: group for name, group in world.items() if name != "today"}
    answers: Mapping[str, object] = world["answer"]  # type: ignore[assignment]
    words = {}
    for question in service.definition.question:
        for choice in question.choices:
            if choice.value == answers.get(question.id):
                words[question.id] = choice.label.id
    data["choice"] = words
    return data


def issue(
    case: Case,
    service: Published,
    agency: agencies.Agency,
    world: Mapping[str, object],
    *,
    now: datetime,
    key: UnlockedKey | None = None,
    signer: agencies.Signer | None = None,
    number_of: documents.IssuedDocument | None = None,
) -> documents.IssuedDocument:
    """Number, render, seal (or sign with the unlocked `key` of `signer`) and keep the letter of a case. A remote
    backend signs later: then the letter is pending. `number_of`: one of this case whose signature failed."""
    return documents.issue(
        letter=template_of(service),
        agency=agency,
        person_id=case.person_id,
        case_reference=case.reference,
        data=letter_data(service, world),
        language=case.language,
        now=now,
        key=key,
        signer=signer,
        later=True,
        number_of=number_of,
    )


def sealed_elsewhere(service: Published, agency: agencies.Agency) -> bool:
    """Whether the seal of this service is at a remote backend: the letter is then sealed after the click's
    transaction."""
    return backends.chosen_backend(agency.pk, service.slug, "seal").remote


def issued_happenings(case: Case, document: documents.IssuedDocument, *, automatic: bool) -> list[Happening]:
    """What the event log keeps of an issue."""
    data = {"number": document.number, "sha256": document.file_id, "automatic": automatic}
    return [Happening("document.issued", "system", data)]


def document_of(case: Case) -> documents.IssuedDocument | None:
    """The letter of a case, when there is one."""
    return issued.by_case(case.reference) if case.state == Case.State.ISSUED else None


def tell_applicant(case: Case, service: Published, *, now: datetime, user: object = None) -> None:
    """A message to whoever is bound to the person of the case (in the app, and by the channels that are on).

    `user` is that account, where it is at hand."""
    messaging.notify_person(
        case.person_id,
        kind=f"case.{case.state}",
        service=service.definition.name.model_dump(),
        reference=case.reference,
        note=case.note,
        now=now,
        user=user,
    )
