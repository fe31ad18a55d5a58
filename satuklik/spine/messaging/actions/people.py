"""Whose address is this? Finding and making conversations of people."""

import contextlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from satuklik.base.postgres import queries as postgres
from satuklik.spine.messaging import rules
from satuklik.spine.messaging.actions import talks
from satuklik.spine.messaging.errors import NotJoinable, NotYet
from satuklik.spine.messaging.models import Conversation, Identity

ATTEMPTS = 4


@dataclass(frozen=True)
class Sender:
    """Who wrote: the address (the surest one first), and what the channel says about the person."""

    channel: str
    addresses: tuple[str, ...]
    name: str = ""
    phone: str = ""
    """E.164, proven by the channel."""
    email: str = ""
    user: Any = None
    conversation_id: int | None = None
    """Known otherwise: by a token in a reply. Counts only for an address that nobody has."""
    claimed: bool = False
    """Nobody proves the address: what it says is kept apart from whoever has it."""


@dataclass(frozen=True)
class Found:
    """The address and the conversation that a message belongs to."""

    identity_id: int
    conversation_id: int


_TOUCH = """
UPDATE messaging_identity
SET last_inbound_at = GREATEST(last_inbound_at, %s), unreachable_at = NULL
WHERE channel = %s AND address = ANY(%s) AND claimed = %s
RETURNING id, conversation_id, address, verified, retired_at, opted_out_at
"""


def who(sender: Sender, at: datetime, now: datetime) -> tuple[Found, bool]:
    """The conversation of a sender, made where there is none yet; and whether an address of his is opted out.

    The rows of the addresses stay locked until the caller's transaction ends, so that nobody joins the
    conversation away from under a message.
    """
    rows = postgres.rows(_TOUCH, (at, sender.channel, list(sender.addresses), sender.claimed))
    if len(rows) == len(sender.addresses):
        conversations = {row[1] for row in rows}
        if len(conversations) == 1 and all((row[3] or sender.claimed) and row[4] is None for row in rows):
            first = next(row for row in rows if row[2] == sender.addresses[0])
            return Found(first[0], first[1]), any(row[5] for row in rows)
    return _settle(sender, at, now), any(row[5] for row in rows)


def _settle(sender: Sender, at: datetime, now: datetime) -> Found:
    """The slow way: an address is new, typed only, given up, or two addresses lead to two conversations."""
    for _attempt in range(ATTEMPTS):
        known = {
            identity.address: identity
            for identity in Identity.objects.select_for_update()
            .filter(channel=sender.channel, address__in=sender.addresses, claimed=sender.claimed)
            .order_by("pk")
        }
        if not sender.claimed:
            for identity in known.values():
                _prove(identity, sender, at, now)
        conversation_id = _conversation_of(sender, known, now)
        missing = [address for address in sender.addresses if address not in known]
        made = [
            _add(sender.channel, address, conversation_id, at, now, claimed=sender.claimed)
            for address in missing
        ]
        if all(made):
            _gather(sender, known, conversation_id, at)
            if sender.user is not None:
                _give_account(conversation_id, sender.user, at)
            if sender.phone:
                prove_phone(conversation_id, sender.phone, at)
            first = Identity.objects.get(
                channel=sender.channel, address=sender.addresses[0], claimed=sender.claimed
            )
            return Found(first.pk, first.conversation_id)
    raise NotYet("Another worker is making the same person.")


def _prove(identity: Identity, sender: Sender, at: datetime, now: datetime) -> None:
    """Somebody writes from this address. What was only typed, or given up since, may be another person's."""
    if identity.retired_at is not None and at > identity.retired_at:
        _move(identity, _make(sender, now))  # the number has a new owner
    elif not identity.verified and identity.conversation_id is not None:
        others = Identity.objects.filter(conversation=identity.conversation_id, verified=True)
        conversation = identity.conversation
        if others.exists() or conversation.user_id is not None:
            # Somebody with an account of his own typed this address into a form: it need not be his.
            _move(identity, _make(sender, now))
    changed = {
        "verified": True,
        "retired_at": None if identity.retired_at and at > identity.retired_at else F("retired_at"),
    }
    Identity.objects.filter(pk=identity.pk).update(**changed)
    identity.verified = True


def _move(identity: Identity, conversation_id: int) -> None:
    Identity.objects.filter(pk=identity.pk).update(
        conversation_id=conversation_id, opted_out_at=None, unreachable_at=None
    )
    identity.conversation_id = conversation_id


def _conversation_of(sender: Sender, known: dict[str, Identity], now: datetime) -> int:
    first = known.get(sender.addresses[0])
    if first is not None:
        return first.conversation_id
    for address in sender.addresses[1:]:
        other = known.get(address)
        if other is None:
            continue
        if not _surer(sender, other).exists():
            return other.conversation_id
        # Its conversation has another user id: the number went to somebody else, and proves nothing there any more.
        Conversation.objects.filter(pk=other.conversation_id, phone=sender.phone).update(
            phone="", phone_verified=False
        )
    found = _of_same_person(sender)
    return found if found is not None else _make(sender, now)


def _surer(sender: Sender, identity: Identity) -> Any:
    """Other WhatsApp user ids of the conversation that this number leads to."""
    same = Identity.objects.filter(
        conversation=identity.conversation_id, channel="whatsapp", retired_at=None, address__contains="."
    )
    return same.exclude(address__in=sender.addresses)


def _of_same_person(sender: Sender) -> int | None:
    """A conversation that is known to be the same person's by something that was proven."""
    live = Conversation.objects.filter(joined_into=None, official=None).order_by("pk")
    if sender.conversation_id is not None:
        found = talks.follow(sender.conversation_id)
        return found.pk if found is not None else None
    if sender.user is not None:
        mine = live.filter(user=sender.user).first()
        if mine is not None:
            return mine.pk
    if sender.phone:
        same = live.filter(phone=sender.phone, phone_verified=True).first()
        if same is not None:
            return same.pk
        account = live.filter(user__phone=sender.phone, user__phone_verified=True).first()
        if account is not None:
            return account.pk
    return None


def _make(sender: Sender, now: datetime) -> int:
    user = sender.user
    if user is not None and Conversation.objects.filter(user=user).exists():
        user = None
    return Conversation.objects.create(
        name=rules.clean_name(sender.name), phone=sender.phone, phone_verified=bool(sender.phone),
        email=sender.email.lower()[:254], user=user, language=getattr(user, "language", "id"),
        created_at=now, last_message_at=now,
    ).pk  # fmt: skip


_ADD = """
INSERT INTO messaging_identity (conversation_id, channel, address, verified, claimed, created_at, last_inbound_at)
VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING id
"""


def _add(
    channel: str, address: str, conversation_id: int, at: datetime, now: datetime, *, claimed: bool = False
) -> bool:
    """False when another transaction was faster; it has ended by then."""
    values = (conversation_id, channel, address, not claimed, claimed, now, at)
    return bool(postgres.rows(_ADD, values))


def settle_claim(identity: Identity) -> bool:
    """Somebody answered a letter of ours to this address: it is his. Whether it stays a claim all the same, because
    the proven address is another conversation's (an officer may join the two)."""
    if not identity.claimed:
        return False
    same = Identity.objects.filter(channel=identity.channel, address=identity.address, claimed=False)
    if same.exists():
        return True
    try:
        with transaction.atomic():
            Identity.objects.filter(pk=identity.pk).update(claimed=False, verified=True)
    except IntegrityError:  # proven by another letter in this very moment
        return True
    return False


def _give_account(conversation_id: int, user: Any, at: datetime) -> None:
    """The conversation is this account's; another one of the account is part of it."""
    other = Conversation.objects.filter(user=user).exclude(pk=conversation_id).first()
    if other is None:
        Conversation.objects.filter(pk=conversation_id, user=None).update(user=user, language=user.language)
        return
    with contextlib.suppress(NotJoinable), transaction.atomic():
        talks.join_rows(conversation_id, other.pk, at=at, by=None)


def _gather(sender: Sender, known: dict[str, Identity], conversation_id: int, at: datetime) -> None:
    """All addresses of one delivery lead to one conversation from now on."""
    for address in sender.addresses[1:]:
        other = known.get(address)
        if other is None or other.conversation_id == conversation_id:
            continue
        if _surer(sender, other).exists():
            _move(other, conversation_id)
        else:
            _join_or_move(conversation_id, other, at)


def _join_or_move(conversation_id: int, identity: Identity, at: datetime) -> None:
    """Two accounts stay two conversations; the address goes where it was used last."""
    try:
        with transaction.atomic():
            talks.join_rows(conversation_id, identity.conversation_id, at=at, by=None)
    except NotJoinable:
        _move(identity, conversation_id)


def take_over(conversation_id: int, address: str, *, at: datetime, now: datetime) -> None:
    """A WhatsApp address belongs to this conversation from now on, whoever had it before."""
    if _add("whatsapp", address, conversation_id, at, now):
        # The change itself is no message: it opens no window.
        Identity.objects.filter(channel="whatsapp", address=address).update(last_inbound_at=None)
        return
    other = Identity.objects.select_for_update().get(channel="whatsapp", address=address)
    Identity.objects.filter(pk=other.pk).update(retired_at=None)
    if other.conversation_id == conversation_id:
        return
    sender = Sender("whatsapp", (address,))
    if _surer(sender, other).exists():
        _move(other, conversation_id)
    else:
        _join_or_move(conversation_id, other, at)


@transaction.atomic
def open_conversation(
    *, name: str = "", phone: str = "", email: str = "", user: Any = None, now: datetime
) -> Conversation:
    """The conversation of a person who is known by an account or by what was typed; made where there is none.

    Typed addresses are not proven: messages go out to them, but whoever writes from them shares nothing with
    an account or a proven address in the same conversation.
    """
    phone, email = rules.e164(phone), email.strip().lower()[:254]
    if user is not None and user.phone_verified and user.phone:
        proven = user.phone
    else:
        proven = ""
    sender = Sender("", (), name or getattr(user, "name", ""), proven, email, user)
    conversation_id = _of_same_person(sender)
    if conversation_id is None and user is None:
        conversation_id = _of_typed(phone, email)
    if conversation_id is None:
        conversation_id = _make(sender, now)
    conversation = Conversation.objects.select_for_update().get(pk=conversation_id)
    if user is None and _is_somebodys(conversation):
        phone = email = ""  # whoever typed them need not be that person: answers go only to what was proven
    _complete(conversation, name=name, phone=phone, email=email, user=user, proven=proven)
    _note_address(conversation, "whatsapp", (proven or phone).lstrip("+"), bool(proven), now)
    _note_address(conversation, "email", email, False, now)
    if proven:
        prove_phone(conversation.pk, proven, now)
    return Conversation.objects.get(pk=conversation.pk)


def prove_phone(conversation_id: int, phone: str, at: datetime) -> None:
    """The person of this conversation has this number: what the same number wrote elsewhere is his too."""
    Conversation.objects.filter(pk=conversation_id).exclude(phone=phone, phone_verified=True).update(
        phone=phone, phone_verified=True
    )
    same = Conversation.objects.filter(phone=phone, phone_verified=True, joined_into=None, official=None)
    for other in same.exclude(pk=conversation_id).order_by("pk"):
        ids = Identity.objects.filter(channel="whatsapp", retired_at=None, address__contains=".")
        if not (
            ids.filter(conversation=other).exists() and ids.filter(conversation=conversation_id).exists()
        ):
            with contextlib.suppress(NotJoinable), transaction.atomic():
                talks.join_rows(conversation_id, other.pk, at=at, by=None)


def _is_somebodys(conversation: Conversation) -> bool:
    """Whether an account or a proven address stands behind it."""
    proven = Identity.objects.filter(conversation=conversation, verified=True, retired_at=None)
    return conversation.user_id is not None or proven.exists()


def _of_typed(phone: str, email: str) -> int | None:
    asked = []
    if phone:
        asked.append(Q(identities__channel="whatsapp", identities__address=phone.lstrip("+")))
    if email:
        asked.append(Q(identities__channel="email", identities__address=email, identities__claimed=False))
    for condition in asked:
        found = Conversation.objects.filter(condition, joined_into=None, official=None).order_by("pk").first()
        if found is not None:
            return found.pk
    return None


def _complete(
    conversation: Conversation, *, name: str, phone: str, email: str, user: Any, proven: str
) -> None:
    """Fill in what is not known yet; what is known stays."""
    if (
        user is not None
        and conversation.user_id is None
        and not Conversation.objects.filter(user=user).exists()
    ):
        conversation.user, conversation.language = user, user.language
    if not conversation.name:
        conversation.name = rules.clean_name(name or getattr(user, "name", ""))
    if proven and not conversation.phone_verified:
        conversation.phone, conversation.phone_verified = proven, True
    elif phone and not conversation.phone:
        conversation.phone = phone
    if email and not conversation.email:
        conversation.email = email
    conversation.save(update_fields=["user", "language", "name", "phone", "phone_verified", "email"])


def _note_address(
    conversation: Conversation, channel: str, address: str, verified: bool, now: datetime
) -> None:
    if address:
        Identity.objects.get_or_create(
            channel=channel,
            address=address,
            claimed=False,
            defaults={"conversation": conversation, "verified": verified, "created_at": now},
        )


def add_typed(conversation_id: int, email: str, now: datetime) -> None:
    """Note an e-mail address that somebody typed: answers may go there when nothing else reaches him. Whoever
    writes from it shares nothing with this conversation."""
    conversation = Conversation.objects.get(pk=conversation_id)
    if not conversation.email:
        Conversation.objects.filter(pk=conversation_id).update(email=email.lower()[:254])
    _note_address(conversation, "email", email.lower()[:254], False, now)
