"""Letters to newsrooms and to the Press Council: written, signed by somebody who wrote nothing of them, sent as PDF."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from satuklik.base.agencies import queries as agencies
from satuklik.base.agencies.errors import NoSuchAgency
from satuklik.base.audit import actions as audit
from satuklik.base.files import actions as files
from satuklik.spine.documents import actions as documents
from satuklik.spine.documents import queries as issued
from satuklik.spine.messaging import actions as messaging
from satuklik.systems.press import papers, permits, rules
from satuklik.systems.press.actions.asking import STREAM, clean, conversation_of, locked, log, move, note
from satuklik.systems.press.errors import (
    BadText,
    NoOffice,
    NotTheLetterShown,
    NotYours,
    OwnWork,
    StillSigning,
    WrongState,
)
from satuklik.systems.press.models import Attempt, Enquiry, PressLetter, ReplyLetter

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Agency, Official
    from satuklik.base.agencies.queries import Signer
    from satuklik.spine.documents.actions import IssuedDocument
    from satuklik.spine.signing.keys import UnlockedKey

Kind, State = PressLetter.Kind, PressLetter.State
BY_HAND = (Attempt.Way.LETTER, Attempt.Way.MEETING)


@transaction.atomic
def write_letter(
    enquiry: Enquiry, *, text: str, by: "Official", now: datetime, office: str = "", council: bool = False
) -> PressLetter:
    """Write the letter of reply (UU 40/1999 ps. 5(2)), or with `council` the complaint about its refusal (ps. 18(2)); a
    new version takes the place of one that nobody has signed. `office`: in whose name it is signed. Raises BadText,
    WrongState, NotYours, NoOffice, StillSigning, NotPrintable."""
    enquiry = locked(enquiry)
    if not permits.of_desk(by, now):
        raise NotYours(by.name)
    text = clean(text)
    if not text or len(text) > rules.LONGEST_STATEMENT:
        raise BadText("text", rules.LONGEST_STATEMENT)
    kind = Kind.COUNCIL if council else Kind.REPLY
    if council and enquiry.state != rules.REFUSED:
        raise WrongState(enquiry.state, rules.DEWAN_PERS)
    if not council and enquiry.state != rules.HAK_JAWAB:
        move(enquiry, rules.HAK_JAWAB, by=by, now=now)
    before = list(enquiry.letters.select_for_update().filter(kind=kind).order_by("pk"))
    if any(one.state == State.SIGNED for one in before):
        raise WrongState(enquiry.state, rules.HAK_JAWAB)  # signed words stay as they are
    for one in before:
        if one.state == State.WAITING:
            _drop(one, State.DROPPED, "", by, now)
    reply = ReplyLetter.objects.select_for_update().filter(enquiry=enquiry).first() or ReplyLetter(
        enquiry=enquiry
    )
    if not council:
        reply.text, reply.written_by, reply.written_at = text, by, now
        reply.save()
    agency = _office(office)
    sent = enquiry.letters.filter(kind=Kind.REPLY, state=State.SIGNED).select_related("document").first()
    said = papers.content(kind, enquiry, text, reply, sent)
    writers = {by.pk} | {writer for one in before for writer in one.writers}
    mark = "D" if council else "H"
    return PressLetter.objects.create(
        reference=f"{enquiry.reference}-{mark}{len(before) + 1}", enquiry=enquiry, kind=kind, agency=agency, text=text,
        content=said, source=papers.source(kind), writers=sorted(writers), made_by=by, made_at=now,
        preview_id=files.store(papers.preview(kind, said, agency, now), "application/pdf", at=now),
    )  # fmt: skip


@sensitive_variables("key")
def sign_letter(
    letter: PressLetter, *, by: "Official", key: "UnlockedKey", now: datetime, seen: str
) -> "IssuedDocument":
    """Approve it: number, sign and register the letter whose page has the digest `seen`. Who wrote any version of it does
    not sign it. Doing it twice returns the first (documents.sign_drafted). Raises NotYours, OwnWork, NotTheLetterShown,
    WrongState, StillSigning, and what documents and signing raise."""
    return documents.sign_drafted(ROOM, letter, by=by, key=key, now=now, seen=seen)


def _close(
    letter: PressLetter, turn: "Signer", by: "Official", document: "IssuedDocument", now: datetime
) -> None:
    letter.state, letter.document, letter.signed_by, letter.signed_at = State.SIGNED, document, by, now
    letter.save(update_fields=["state", "document", "signed_by", "signed_at"])
    if letter.kind == Kind.REPLY:
        ReplyLetter.objects.filter(enquiry=letter.enquiry_id).update(
            approved_by=by, approved_at=now, number=document.number
        )
    note(letter.enquiry, "letter_approved", now, by=by, text=document.number)
    facts = {"letter": letter.reference, "number": document.number}
    audit.record(
        f"{STREAM}{letter.enquiry.reference}",
        [audit.Happening("press.letter_signed", f"official:{by.pk}", facts)], at=now,
    )  # fmt: skip


@transaction.atomic
def return_letter(letter: PressLetter, *, reason: str, by: "Official", now: datetime) -> PressLetter:
    """Not like this: back to its writer, by who may sign it. Raises NotYours, WrongState, BadText, StillSigning."""
    current = _locked(letter)
    reason = clean(reason)
    if not reason or len(reason) > 300:
        raise BadText("reason", 300)
    if not permits.may_sign(by, current.agency, now):
        raise NotYours(by.name)
    if current.state != State.WAITING:
        raise WrongState(current.enquiry.state, rules.HAK_JAWAB)
    _drop(current, State.RETURNED, reason, by, now)
    note(current.enquiry, "returned", now, by=by, text=reason)
    return current


@transaction.atomic
def send_letter(
    enquiry: Enquiry, *, by: "Official", now: datetime, way: str = "", email: str = ""
) -> PressLetter:
    """The signed PDF goes to the newsroom's e-mail address where it is known, else to the journalist; the complaint to
    `email`, that of the Press Council. `way`: "letter" or "meeting" where it was handed over on paper. Raises NotYours,
    WrongState, BadText."""
    enquiry = locked(enquiry)
    if not permits.of_desk(by, now):
        raise NotYours(by.name)
    council = enquiry.state == rules.REFUSED
    kind, state = (Kind.COUNCIL, rules.DEWAN_PERS) if council else (Kind.REPLY, rules.SENT_TO_OUTLET)
    letter = enquiry.letters.select_related("document").filter(kind=kind, state=State.SIGNED).first()
    if letter is None or letter.document is None or state not in rules.NEXT[enquiry.state]:
        raise WrongState(enquiry.state, state)
    message = None
    if way not in BY_HAND:
        text = f"{papers.TITLES[Kind(kind)][0]}: {enquiry.topic}\n\n{letter.text}\n\n{issued.verify_url(letter.document)}"
        message = messaging.reply(
            _to(enquiry, council, email, now), text, now=now, by=by,
            subject=f"{papers.TITLES[Kind(kind)][0]}: {enquiry.topic}"[:200],
            files=[issued.newest_file(letter.document)], names=[f"{letter.reference}.pdf"],
        )  # fmt: skip
        way = Attempt.Way.EMAIL if message.channel == "email" else Attempt.Way.CHAT
    letter.sent_at, letter.sent_by_way = now, way
    letter.save(update_fields=["sent_at", "sent_by_way"])
    sent = {"council_on": timezone.localdate(now)} if council else {"sent_at": now, "sent_by_way": way}
    ReplyLetter.objects.filter(enquiry=enquiry).update(**sent)
    move(enquiry, state, by=by, now=now)
    whom = papers.COUNCIL if council else "redaksi"
    log(
        enquiry, at=now, now=now, by=by, way=way, outcome=Attempt.Outcome.SENT, whom=whom, text=letter.document.number,
        message=message,
    )  # fmt: skip
    return letter


def _to(enquiry: Enquiry, council: bool, email: str, now: datetime) -> Any:
    if council:
        if not email:
            raise BadText("email", 254)
        return messaging.open_conversation(name=papers.COUNCIL, email=email, now=now)
    outlet = enquiry.outlet
    if outlet is not None and outlet.email:
        return messaging.open_conversation(name=outlet.name, email=outlet.email, now=now)
    return conversation_of(enquiry, now)


def _locked(letter: PressLetter) -> PressLetter:
    # The question first, then its letter: the order in which every action locks.
    locked(Enquiry(pk=letter.enquiry_id))
    PressLetter.objects.select_for_update().only("pk").get(pk=letter.pk)
    related = ("agency__region", "agency__parent", "document", "enquiry")
    return PressLetter.objects.select_related(*related).get(pk=letter.pk)


def _signed(letter: PressLetter, by: "Official", seen: str) -> "IssuedDocument | None":
    same = letter.signed_by_id == by.pk and letter.preview_id == seen
    return letter.document if letter.state == State.SIGNED and same else None


def _turn(letter: PressLetter, by: "Official", now: datetime) -> "Signer":
    if letter.state != State.WAITING:
        raise WrongState(letter.enquiry.state, rules.SENT_TO_OUTLET)
    signer = permits.may_sign(by, letter.agency, now)
    if signer is None:
        raise NotYours(by.name)
    if by.pk in letter.writers:
        raise OwnWork(by.name)
    return signer


def _printed(letter: PressLetter, turn: "Signer", seen: str, now: datetime) -> documents.Printed:
    if letter.preview_id != seen:
        raise NotTheLetterShown
    return documents.Printed(
        papers.paper(letter.kind, letter.content, letter.source), letter.agency,
        papers.shown(letter.kind, letter.content), papers.machine(letter.kind, letter.content),
    )  # fmt: skip


def _drop(letter: PressLetter, state: str, reason: str, by: "Official", now: datetime) -> None:
    why, actor = "diganti sebelum ditandatangani", f"official:{by.pk}"
    documents.settle_drafted(letter.reference, why, busy=StillSigning, actor=actor, now=now)
    letter.state, letter.returned_because = state, reason
    letter.save(update_fields=["state", "returned_because"])


def _office(code: str) -> "Agency":
    wanted = code or settings.SATUKLIK_PRESS_AGENCIES[0]
    if wanted not in permits.offices():
        raise NoOffice
    try:
        return agencies.agency(wanted)
    except NoSuchAgency:
        raise NoOffice from None


ROOM = documents.Room(_locked, _signed, _turn, _printed, _close, StillSigning)
