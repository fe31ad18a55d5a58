"""From a decided case to its letter: what the letter gets to know, who issues it, whom it is told."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext, gettext_noop, override

from satuklik.base.agencies import queries as agencies
from satuklik.base.audit.actions import Happening
from satuklik.spine.cases.definition import Definition
from satuklik.spine.cases.errors import NotServedHere
from satuklik.spine.cases.facts import known
from satuklik.spine.cases.models import Case
from satuklik.spine.cases.registry import Published
from satuklik.spine.documents import actions as documents
from satuklik.spine.documents import queries as issued
from satuklik.spine.messaging import actions as messaging
from satuklik.spine.population import queries as population
from satuklik.spine.population.dossier import Dossier


def issuer_of(definition: Definition, person: Dossier) -> agencies.Agency:
    """The office whose letter it is. Raises NotServedHere where the person's region has no such office."""
    kind, _sep, code = definition.issuer.partition(":")
    found = agencies.agency(code) if kind == "agency" else agencies.office_of(person.village_code, kind)
    if found is None:
        raise NotServedHere
    return found


def template_of(service: Published) -> documents.LetterTemplate:
    """The letter of a service version, as the documents room takes it."""
    letter = service.definition.letter
    if letter is None:
        raise ValueError(f"{service.slug} has no letter")
    return documents.LetterTemplate(
        slug=service.slug,
        source=service.letter,
        title=letter.title.id,
        code=letter.code,
        validity_months=letter.validity_months,
        shows=tuple(shown(service.definition, name) for name in letter.shows),
    )


def shown(definition: Definition, name: str) -> tuple[str, dict[str, str]]:
    """A value that the verification page shows: its name and its label in both languages."""
    root, _sep, member = name.partition(".")
    if root == "answer" and (question := definition.question_of(member)) is not None:
        return name, {"id": question.label.id, "en": question.label.en}
    labels = {}
    for language in ("id", "en"):
        with override(language):
            labels[language] = str(known()[name].label)
    return name, labels


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
    key: object | None = None,
    signer: agencies.Signer | None = None,
) -> documents.IssuedDocument:
    """Number, render, seal (or sign with the unlocked `key` of `signer`) and keep the letter of a case."""
    return documents.issue(
        letter=template_of(service),
        agency=agency,
        person_id=case.person_id,
        case_reference=case.reference,
        data=letter_data(service, world),
        now=now,
        key=key,
        signer=signer,
    )


def issued_happenings(case: Case, document: documents.IssuedDocument, *, automatic: bool) -> list[Happening]:
    """What the event log keeps of an issue."""
    data = {"number": document.number, "sha256": document.file_id, "automatic": automatic}
    return [Happening("document.issued", "system", data)]


def document_of(case: Case) -> documents.IssuedDocument | None:
    """The letter of a case, when there is one."""
    return issued.by_case(case.reference) if case.state == Case.State.ISSUED else None


def tell_applicant(case: Case, service: Published, *, now: datetime, user_id: int | None = None) -> None:
    """A message to the account that is bound to the case's person (none: the office tells them itself).

    `user_id` saves the look-up where the applicant's own account is at hand.
    """
    account = user_id or population.account_of(case.person_id)
    if account is None:
        return
    with override(case.language):
        title, body = _WORDS[case.state]
        messaging.notify(
            account,
            kind=f"case.{case.state}",
            title=gettext(title) % {"service": service.definition.name.in_language(case.language)},
            body=" ".join(filter(None, (gettext(body), case.note))),
            link=f"/urusan/{case.reference}/",
            now=now,
        )


# What the applicant is told when a case comes into a state.
_WORDS = {
    "issued": (gettext_noop("%(service)s sudah terbit"), gettext_noop("Surat Anda dapat diunduh sekarang.")),
    "in_review": (
        gettext_noop("%(service)s diterima"),
        gettext_noop("Petugas sedang memeriksa permohonan Anda."),
    ),
    "granted": (gettext_noop("%(service)s disetujui"), gettext_noop("Surat menunggu tanda tangan.")),
    "returned": (
        gettext_noop("%(service)s perlu diperbaiki"),
        gettext_noop("Buka permohonan ini, perbaiki, lalu kirim lagi."),
    ),
    "refused": (gettext_noop("%(service)s ditolak"), gettext_noop("Alasannya:")),
    "handed_off": (
        gettext_noop("%(service)s diteruskan"),
        gettext_noop("Kami menyerahkan permohonan Anda dan memantaunya sampai selesai."),
    ),
    "completed": (
        gettext_noop("%(service)s selesai"),
        gettext_noop("Instansi penerbit sudah menyelesaikannya."),
    ),
}
