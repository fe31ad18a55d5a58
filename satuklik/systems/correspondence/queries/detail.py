"""The full picture of one naskah, of one incoming letter."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from satuklik.base.agencies import queries as agencies
from satuklik.base.agencies.errors import NoHead
from satuklik.base.audit import actions as audit_log
from satuklik.base.audit import queries as audit
from satuklik.base.audit.actions import Happening
from satuklik.base.files import queries as files
from satuklik.spine.documents import queries as documents
from satuklik.systems.correspondence import catalogue, rules, words
from satuklik.systems.correspondence.errors import NaskahNotFound
from satuklik.systems.correspondence.models import Disposition, Incoming, Naskah, Recipient, Step
from satuklik.systems.correspondence.queries import permits
from satuklik.systems.correspondence.queries.boxes import STEP_DAYS, Viewer, kind_words
from satuklik.systems.correspondence.queries.kinds import classification_name
from satuklik.systems.correspondence.queries.pages import page_count
from satuklik.systems.correspondence.queries.reading import may_read, may_read_incoming
from satuklik.systems.correspondence.queries.sheets import shown_file
from satuklik.systems.correspondence.queries.views import (
    DispositionView,
    HistoryLine,
    IncomingView,
    NaskahView,
    RecipientView,
    StepView,
    VersionView,
    Who,
)

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official


def naskah_for(reference: str, official: "Official", now: datetime) -> NaskahView:
    """All that a page shows of a naskah. A read of a secret one is an event of the log. Raises NaskahNotFound, also
    when this official may not know of it."""
    naskah = (
        Naskah.objects.select_related(
            "agency", "signed_for__region", "signed_for__parent", "signer__agency", "drafted_by__agency",
            "document", "answers__entry", "uploaded",
        )
        .filter(reference=reference)
        .first()
    )  # fmt: skip
    if naskah is None or not may_read(official, naskah, now):
        raise NaskahNotFound(reference)
    if naskah.secrecy in rules.SECRET:
        _note_reading(f"naskah:{naskah.reference}", "naskah.secret_read", official, now)
    return _naskah_view(naskah, Viewer.of(official, now))


def incoming_for(incoming_id: int, official: "Official", now: datetime) -> IncomingView:
    """All that a page shows of an incoming letter; reading it is noted by `actions.read`. A read of a secret one is
    an event of the log. Raises NaskahNotFound, also when this official may not know of it."""
    incoming = (
        Incoming.objects.select_related(
            "entry__document", "entry__file", "agency", "naskah", "read_by__agency"
        )
        .filter(pk=incoming_id)
        .first()
    )
    if incoming is None or not may_read_incoming(official, incoming, now):
        raise NaskahNotFound(str(incoming_id))
    if incoming.entry.secrecy in rules.SECRET:
        _note_reading(f"incoming:{incoming.pk}", "incoming.secret_read", official, now)
    return _incoming_view(incoming, Viewer.of(official, now))


def who(one: "Official") -> Who:
    """An official as a page names him."""
    return Who(one.pk, one.name, one.position, one.agency.short_name)


@transaction.atomic
def _note_reading(stream: str, kind: str, official: "Official", now: datetime) -> None:
    audit_log.record(stream, [Happening(kind, f"official:{official.pk}")], at=now)


def _naskah_view(naskah: Naskah, viewer: Viewer) -> NaskahView:
    terms = catalogue.current()
    steps = [_step(step, viewer) for step in _steps(naskah)]
    current = tuple(step for step in steps if step.version == naskah.version and naskah.state != rules.DRAFT)
    mine = next((step for step in current if step.mine), None)
    versions = tuple(
        VersionView(one.number, one.file_id, one.made_at, who(one.made_by))
        for one in naskah.versions.select_related("made_by__agency").order_by("number")
    )
    recipients = [_recipient(one, naskah) for one in naskah.recipients.select_related("agency", "sent_by")]
    in_force = versions[-1].sha256 if versions and naskah.state not in rules.EDITABLE else ""
    document = naskah.document
    late = naskah.state in rules.GOING_UP and (
        any(step.late for step in current) or (naskah.due_on is not None and naskah.due_on < viewer.today)
    )
    return NaskahView(
        naskah=naskah,
        reference=naskah.reference,
        kind=terms.kinds.get(naskah.kind),
        kind_words=kind_words(naskah.kind),
        subject=naskah.subject,
        classification=naskah.classification,
        classification_words=classification_name(naskah.classification),
        urgency=naskah.urgency,
        urgency_words=words.said(terms.urgencies[naskah.urgency].words),
        secrecy=naskah.secrecy,
        secrecy_words=words.said(terms.secrecies[naskah.secrecy].words),
        state=naskah.state,
        state_words=str(words.NASKAH[naskah.state]),
        office=naskah.agency.name,
        signed_for=naskah.signed_for.name,
        signer=who(naskah.signer) if naskah.signer else None,
        signer_words=_signer_words(naskah, viewer.now),
        drafted_by=who(naskah.drafted_by),
        version=naskah.version if versions else 0,
        content=naskah.content,
        sha256=in_force,
        pages=page_count(shown_file(naskah)),
        created_at=naskah.created_at,
        changed_at=naskah.changed_at,
        due_on=naskah.due_on,
        late=late,
        number=document.number if document else "",
        document=document,
        verify_url=documents.verify_url(document) if document else "",
        steps=current,
        older_steps=tuple(step for step in steps if step not in current),
        my_step=mine,
        returned_reason=_returned(naskah, steps),
        to=tuple(one for one in recipients if one.kind == "to"),
        copies=tuple(one for one in recipients if one.kind == "copy"),
        versions=versions,
        answers=naskah.answers,
        history=_history(f"naskah:{naskah.reference}"),
        may=permits.of_naskah(naskah, mine, recipients, viewer),
    )


def _steps(naskah: Naskah) -> Sequence[Step]:
    return list(naskah.steps.select_related("official__agency", "agency", "done_by__agency"))


def _step(step: Step, viewer: Viewer) -> StepView:
    open_ = step.state == Step.State.OPEN
    mine = open_ and (
        step.official_id == viewer.official.pk
        or (step.official_id is None and step.agency_id in viewer.headed)
    )
    late = open_ and step.opened_at is not None and step.opened_at < viewer.before(STEP_DAYS)
    return StepView(
        id=step.pk,
        version=step.version,
        order=step.order,
        kind=step.kind,
        state=step.state,
        state_words=str(words.STEP[step.state]),
        who=who(step.official) if step.official else None,
        whom=step.official.name if step.official else step.agency.head_title,
        office=step.agency.short_name,
        acting_as=step.acting_as,
        opened_at=step.opened_at,
        done_at=step.done_at,
        done_by=who(step.done_by) if step.done_by else None,
        note=step.note,
        sha256=step.sha256,
        hash=step.hash,
        late=late,
        mine=mine,
    )


def _recipient(one: Recipient, naskah: Naskah) -> RecipientView:
    receipt, read_at = "", None
    if one.agency_id is not None:
        arrived = naskah.deliveries.filter(agency=one.agency_id).select_related("entry").first()
        if arrived is not None:
            receipt, read_at = f"{arrived.entry.serial}/{arrived.entry.year}", arrived.read_at
        elif naskah.state == rules.SIGNED:
            receipt = str(words.ON_DISPATCH)
    elif one.sent_by is not None:
        receipt = f"{one.sent_how} · {one.sent_by.name}"
    elif naskah.state in (rules.SIGNED, rules.DISPATCHED):
        receipt = str(words.BY_HAND)
    return RecipientView(
        id=one.pk,
        kind=one.kind,
        name=one.name,
        address=one.address,
        email=one.email,
        agency_code=one.agency.code if one.agency else "",
        office=one.agency.name if one.agency else "",
        delivered_at=one.delivered_at,
        receipt=receipt,
        read_at=read_at,
        outside=one.agency_id is None,
    )


def _signer_words(naskah: Naskah, now: datetime) -> str:
    if naskah.signer is not None:
        return f"{naskah.signer.position}: {naskah.signer.name}"
    try:
        signer = agencies.head_of(naskah.signed_for, now)
    except NoHead:
        return naskah.signed_for.head_title
    return f"{signer.position}: {signer.official.name}"


def _returned(naskah: Naskah, steps: Sequence[StepView]) -> str:
    if naskah.state != rules.RETURNED:
        return ""
    last = [step for step in steps if step.state == "returned" and step.done_by]
    return f"{last[-1].done_by.name}: {last[-1].note}" if last and last[-1].done_by else ""


def _history(stream: str) -> tuple[HistoryLine, ...]:
    events = audit.events_of(stream)
    ids = {int(event.actor.partition(":")[2]) for event in events if event.actor.startswith("official:")}
    people = {one.pk: one.name for one in agencies.officials_by_id(ids)}
    lines = []
    for event in events:
        number = event.actor.partition(":")[2]
        name = people.get(int(number), event.actor) if number.isdigit() else event.actor
        note = str(event.data.get("reason") or event.data.get("note") or event.data.get("how") or "")
        told = words.EVENT.get(event.kind)
        lines.append(HistoryLine(event.at, name, str(told) if told else event.kind, note))
    return tuple(lines)


def _incoming_view(incoming: Incoming, viewer: Viewer) -> IncomingView:
    terms, entry = catalogue.current(), incoming.entry
    given = _dispositions(incoming, viewer)
    answers = Naskah.objects.filter(answers=incoming).order_by("pk").values_list("reference", flat=True)
    media = "application/pdf" if entry.document else files.media_type(entry.file_id) if entry.file_id else ""
    return IncomingView(
        incoming=incoming,
        id=incoming.pk,
        agenda=f"{entry.serial}/{entry.year}",
        office=incoming.agency.name,
        number=entry.number,
        dated=entry.dated,
        correspondent=entry.correspondent,
        subject=entry.subject,
        classification=entry.classification,
        classification_words=classification_name(entry.classification),
        urgency=incoming.urgency,
        urgency_words=words.said(terms.urgencies[incoming.urgency].words),
        secrecy=entry.secrecy,
        secrecy_words=words.said(terms.secrecies[entry.secrecy].words),
        state=incoming.state,
        state_words=str(words.INCOMING[incoming.state]),
        copy=incoming.copy,
        outside=incoming.naskah_id is None,
        received_at=incoming.received_at,
        read_at=incoming.read_at,
        read_by=who(incoming.read_by) if incoming.read_by else None,
        done_at=incoming.done_at,
        has_file=bool(media),
        media_type=media,
        verify_url=documents.verify_url(entry.document) if entry.document else "",
        dispositions=given,
        answered_by=tuple(answers),
        history=_history(f"incoming:{incoming.pk}"),
        may=permits.of_incoming(incoming, given, viewer),
        takers=tuple(who(one) for one in permits.takers(incoming, viewer)),
    )


def _dispositions(incoming: Incoming, viewer: Viewer) -> tuple[DispositionView, ...]:
    """The tree laid flat, each below the one that it passes on."""
    rows = list(
        Disposition.objects.filter(incoming=incoming)
        .select_related("giver__agency", "taker__agency")
        .order_by("given_at", "pk")
    )
    terms = catalogue.current().instructions
    laid: list[DispositionView] = []

    def lay(parent: int | None, depth: int) -> None:
        for one in rows:
            if one.parent_id != parent:
                continue
            term = terms.get(one.instruction)
            laid.append(
                DispositionView(
                    disposition=one,
                    id=one.pk,
                    giver=who(one.giver),
                    acting_as=one.acting_as,
                    taker=who(one.taker),
                    instruction=one.instruction,
                    instruction_words=words.said(term.words) if term else one.instruction,
                    note=one.note,
                    due_on=one.due_on,
                    late=one.done_at is None and one.due_on is not None and one.due_on < viewer.today,
                    given_at=one.given_at,
                    read_at=one.read_at,
                    done_at=one.done_at,
                    report=one.report,
                    depth=depth,
                    mine=one.done_at is None and one.taker_id == viewer.official.pk,
                )
            )
            lay(one.pk, depth + 1)

    lay(None, 0)
    return tuple(laid)
