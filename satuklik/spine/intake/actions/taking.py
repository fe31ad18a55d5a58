"""A message came in: triage reads it, suggests, marks emergencies and secrets, and says that it arrived."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from satuklik.spine.intake import engine, registry, tables
from satuklik.spine.intake.actions.creating import Wish, create
from satuklik.spine.intake.actions.indexing import index_words
from satuklik.spine.intake.errors import IntakeError
from satuklik.spine.intake.models import Desk, Finding, Suggestion
from satuklik.spine.intake.queries.measured import measured
from satuklik.spine.intake.rules import nearness, signals
from satuklik.spine.intake.rules.kinds import GREETING, SPAM
from satuklik.spine.intake.rules.reading import clean
from satuklik.spine.intake.rules.triage import Outcome
from satuklik.spine.messaging import actions as messaging
from satuklik.spine.messaging import queries as messages

if TYPE_CHECKING:
    from satuklik.spine.messaging.models import Conversation, Message

MOST_CANDIDATES = 50
LONGEST_PREVIEW = 160
UNPROVEN = "none"  # a word of messaging.rules.PROOFS
# A receipt is sent by the channels of short messages. Mail programs answer each other for ever: no receipt by e-mail.
ACKNOWLEDGED = {"whatsapp", "telegram", "web"}
ACKNOWLEDGE_AGAIN = timedelta(hours=12)
WARN_AGAIN = timedelta(hours=1)


@transaction.atomic
def take_in(message: "Message", now: datetime) -> Finding | None:
    """Read one message that came in. A second call changes nothing and returns the first one's finding; one that its
    writer edited since is read anew.

    None for what an official of the house writes about his own work.
    """
    conversation = message.conversation
    if conversation.official_id is not None or message.direction != "in":
        return None
    # Two workers with two messages of one person take turns; the second one with the same message finds the first's.
    Desk.objects.get_or_create(conversation=conversation)
    desk = Desk.objects.select_for_update().get(conversation=conversation)
    known = Finding.objects.filter(message=message).first()
    if known is not None:
        return known if known.edited_at == message.edited_at else _read_again(known, desk, message, now)
    triage = engine.current()
    text = message.whole
    found = triage.look(text)
    finding = _finding(message, found, triage.read(text).plain, now)
    finding.save(force_insert=True)
    _suggest(message, found, now)
    _mark(desk, conversation, finding, found)
    if not _register_alone(desk, conversation, message, finding, found, now):
        _acknowledge(desk, conversation, message, finding, found, now)
    return finding


def _read_again(known: Finding, desk: Desk, message: "Message", now: datetime) -> Finding:
    """The message has other words now. Suggestions that no officer decided are made anew; what was decided or made of
    the first words stays, and a wish for secrecy in them too. Nobody is told anything, nothing is registered."""
    triage = engine.current()
    text = message.whole
    found = triage.look(text)
    finding = _finding(message, found, triage.read(text).plain, now)
    finding.pk, finding.secret = known.pk, finding.secret or known.secret
    finding.save(force_update=True)
    Suggestion.objects.filter(message=message, decided_at=None).delete()
    if not Suggestion.objects.filter(message=message).exists():
        _suggest(message, found, now)
    _mark(desk, message.conversation, finding, found)
    return finding


def _finding(message: "Message", found: Outcome, plain: str, now: datetime) -> Finding:
    """Not saved yet."""
    seen, local = found.signals, timezone.localtime(message.at)
    finding = Finding(
        message=message, at=message.at, read_at=now, edited_at=message.edited_at, version=found.version[:60], emergency=seen.emergency[:60],
        secret=bool(seen.secret), corruption=bool(seen.corruption), nik=seen.nik, press=seen.press,
        outlet=seen.outlet, deadline=signals.moment(seen.clock, local) if seen.clock else None,
        objection=seen.objection, grounds="".join(seen.grounds), subjects=_subjects(seen.tickets),
        prints=nearness.prints(plain),
    )  # fmt: skip
    finding.alike_id, finding.likeness = _alike(message, finding.prints, plain)
    return finding


def _subjects(tickets: tuple[str, ...]) -> list[list[str]]:
    """[[what the person wrote, the subject that it names]] for numbers that some system knows."""
    found = []
    for ticket in tickets:
        for kind in registry.kinds():
            subject = kind.find(ticket) if kind.find else ""
            if subject:
                found.append([ticket, subject])
                break
    return found


def _alike(message: "Message", prints: list[int], plain: str) -> tuple[int | None, float]:
    """The most alike message of another person in the last 14 days."""
    if not prints:
        return None, 0.0
    near = (
        Finding.objects.filter(prints__overlap=prints, at__gte=message.at - timedelta(days=nearness.DAYS), at__lte=message.at)
        .exclude(message__conversation_id=message.conversation_id)
        .select_related("message").order_by("-pk")[:MOST_CANDIDATES]
    )  # fmt: skip
    mine, triage = nearness.weights(plain, engine.rare()), engine.current()
    best: tuple[int | None, float] = (None, 0.0)
    for one in near:
        text = one.message.whole
        likeness = nearness.cosine(mine, nearness.weights(triage.read(text).plain, engine.rare()))
        if likeness >= nearness.ALIKE and likeness > best[1]:
            best = (one.message_id, round(likeness, 3))
    return best


def _suggest(message: "Message", found: Outcome, now: datetime) -> None:
    Suggestion.objects.bulk_create(
        Suggestion(
            message=message, number=number, kind=one.kind, likely=one.likely, second=one.second,
            probability=one.probability, routes=[[r.agency, r.share, list(r.reasons)] for r in one.routes],
            reasons=list(one.reasons), start=one.start, end=one.end, version=found.version[:60], created_at=now,
        )
        for number, one in enumerate(found.suggestions)
    )  # fmt: skip


def _mark(desk: Desk, conversation: "Conversation", finding: Finding, found: Outcome) -> None:
    first = found.suggestions[0]
    # "Makasih ya pak" after a complaint leaves it a complaint; so does a line of which nobody can say what it is.
    earlier = conversation.waiting_since is not None and conversation.waiting_since < finding.at
    vague = first.likely == GREETING or (not first.kind and earlier)
    if first.likely and (not vague or not desk.kind):
        desk.kind = first.kind
        desk.agency_code = first.routes[0].agency if first.routes else ""
    if finding.emergency and desk.urgent_since is None:
        desk.urgent_since = finding.at
    # A wish for secrecy is never taken back by a later message; an officer may say that the matter is no secret.
    desk.secret = desk.secret or finding.secret
    desk.deadline = finding.deadline or desk.deadline
    if conversation.last_inbound_at is None or finding.at >= conversation.last_inbound_at:
        message = finding.message
        files = "" if message.whole.strip() else message.attachments.count()
        # A photo without a word says so itself: else the list would show our own receipt for it.
        wordless = f"📎 {files}" if files else f"({message.kind})"
        desk.preview = " ".join(clean(message.whole).split())[:LONGEST_PREVIEW] or wordless
        desk.channel = message.channel
    desk.save(
        update_fields=["kind", "agency_code", "urgent_since", "secret", "deadline", "preview", "channel"]
    )
    index_words(conversation)


def _acknowledge(
    desk: Desk,
    conversation: "Conversation",
    message: "Message",
    finding: Finding,
    found: Outcome,
    now: datetime,
) -> None:
    """Say that the message arrived: never that something was decided. In an emergency, whom to call."""
    if not settings.SATUKLIK_INTAKE_ACKNOWLEDGE or message.channel not in ACKNOWLEDGED:
        return
    if any(one.kind == SPAM for one in found.suggestions) or now - message.at > ACKNOWLEDGE_AGAIN:
        return
    pause = WARN_AGAIN if finding.emergency else ACKNOWLEDGE_AGAIN
    if desk.acknowledged_at is not None and now - desk.acknowledged_at < pause:
        return
    if not messages.window(conversation, now).open:
        return
    with override(conversation.language):
        text = _("Pesan Anda sudah kami terima. Petugas PPID membalas pada jam kerja.")
        if finding.emergency:
            text = _("Pesan ini tidak dipantau setiap saat. Bila ada bahaya, hubungi sekarang: %(numbers)s.") % {
                "numbers": ", ".join(f"{name} {number}" for name, number in tables.emergency_numbers())
            } + " " + text  # fmt: skip
        elif found.signals.greeting:
            text = _("Terima kasih, pesan Anda sudah kami terima. Silakan tulis keperluan Anda di sini.")
    messaging.reply(conversation, text, now=now)
    Desk.objects.filter(pk=desk.pk).update(acknowledged_at=now)


def _register_alone(
    desk: Desk,
    conversation: "Conversation",
    message: "Message",
    finding: Finding,
    found: Outcome,
    now: datetime,
) -> bool:
    """Register without an officer, only where the regency allows the kind by name and officers have confirmed it 97
    times in 100. Never anything secret or urgent, never one of several matters, nothing of a sender whom nobody proved.
    Registering refuses and closes nothing.
    """
    allowed = set(settings.SATUKLIK_INTAKE_ALONE)
    one = found.suggestions[0]
    if (
        not allowed
        or one.kind not in allowed
        or len(found.suggestions) > 1
        or desk.secret
        or finding.emergency
        or message.sender_proof == UNPROVEN
    ):
        return False
    if not any(row.kind == one.kind and row.alone for row in measured()):
        return False
    agency = one.routes[0].agency if one.routes else ""
    wish = Wish(
        one.kind, (message.pk,), uuid5(NAMESPACE_URL, f"satuklik:intake:{message.pk}"), agency_code=agency
    )
    try:
        create(conversation, wish, by=None, now=now)
    except IntakeError:
        return False  # it waits for an officer, as everything else
    return True
