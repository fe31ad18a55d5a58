"""Answer a person: by the channel that reaches him, and never silently lost."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction

from satuklik.base.files import queries as files_of
from satuklik.base.postgres.actions import insert_unless_there
from satuklik.base.sealing.errors import SealBroken
from satuklik.spine.messaging import rules, veiling, wording
from satuklik.spine.messaging.actions import notifying, quoting, talks, waking
from satuklik.spine.messaging.adapters.registry import switched_on
from satuklik.spine.messaging.models import (
    Attachment,
    Conversation,
    Identity,
    Message,
    MessageStatus,
)

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

GENERAL = "message"  # the template that only says: there is an answer, behind this link
NOWHERE = "nowhere"  # no channel reaches the person: the page of the message is all there is
ORDER = {"email": 0, "telegram": 1, "web": 2, "whatsapp": 3}


@dataclass(frozen=True)
class Route:
    """How a message can go. `template`: only a prepared text may go there now."""

    identity: Identity
    template: str = ""


def reply(
    conversation: Conversation,
    text: str,
    *,
    now: datetime,
    by: "Official | None" = None,
    files: Sequence[str] = (),
    template: str = "",
    variables: Sequence[str] = (),
    subject: str = "",
    channel: str = "",
    names: Sequence[str] = (),
    secrets: Sequence[str] = (),
) -> Message:
    """Write to a person; the worker sends it.

    The channel is the one used last while its window is open. WhatsApp past its 24 hours takes only `template`
    (its `variables` in order; the link is added); without one another channel is taken, else a prepared text
    with a link to this message. `files`: SHA-256 of stored files, `names` theirs. `channel` insists on one
    where the person can be reached there. `secrets`: parts of the text that the channel gets and nobody at the desk
    reads, nor finds. Raises NoSuchTemplate.
    """
    if template:
        wording.template(template)
    with transaction.atomic():
        row = Conversation.objects.select_for_update().get(pk=talks.settled(conversation.pk))
        route = choose(row, template, now, channel=channel)
        message = _write(
            row,
            route,
            text,
            now=now,
            by=by,
            template=template,
            variables=variables,
            subject=subject,
            secrets=secrets,
        )
        titles = [*names, *[""] * len(files)]
        for sha256, name in zip(files, titles, strict=False):
            attach(message, sha256, name)
        _note(row, message, len(files), by, now)
        waking.wake()
    return message


def _write(
    row: Conversation, route: Route | None, text: str, *, now: datetime, by: "Official | None", template: str,
    variables: Sequence[str], subject: str, secrets: Sequence[str] = (), fallback_of: Message | None = None,
) -> Message:  # fmt: skip
    identity = route.identity if route else None
    shown, parts = veiling.veil(rules.clean(text), secrets)
    message = Message.objects.create(
        conversation=row, identity=identity, direction="out",
        channel=identity.channel if identity else NOWHERE, text=shown, at=now, stored_at=now,
        subject=rules.clean_name(subject, 200), status=Message.Status.QUEUED, next_try_at=now, by=by,
        template=route.template if route and route.template else "", by_link=bool(route and route.template),
        variables={"template": template, "given": [str(value) for value in variables]},
        fallback_of=fallback_of,
    )  # fmt: skip
    if parts:
        message.veiled = veiling.seal(
            parts, message.pk
        )  # bound to the row, so that it needs its number first
        message.save(update_fields=["veiled"])
        quoting.remember(parts)
    if identity is None:
        fail(message, NOWHERE, "", now)
    return message


def choose(
    conversation: Conversation,
    template: str,
    now: datetime,
    *,
    without: Collection[int] = (),
    channel: str = "",
) -> Route | None:
    """The best way to a person now, or None. `without`: ids of addresses that failed."""
    known = list(Identity.objects.filter(conversation=conversation, retired_at=None))
    # An address that was only typed may be a stranger's: it gets nothing once the person has a proven one.
    proven = [identity for identity in known if identity.verified]
    usable = [
        identity
        for identity in proven or known
        if identity.channel in switched_on() and identity.opted_out_at is None
        and identity.unreachable_at is None and identity.pk not in without
    ]  # fmt: skip
    usable = _one_whatsapp(usable, without)
    if channel:
        usable = [identity for identity in usable if identity.channel == channel] or usable
    if not usable:
        return None
    used = sorted(
        (identity for identity in usable if identity.last_inbound_at),
        key=lambda identity: (identity.last_inbound_at, -ORDER[identity.channel]), reverse=True,
    )  # fmt: skip
    fresh = sorted(
        (identity for identity in usable if not identity.last_inbound_at),
        key=lambda identity: ORDER[identity.channel],
    )
    ordered = [*used, *fresh]
    if _open(ordered[0], now):
        return Route(ordered[0])
    if template:
        return Route(ordered[0], template)
    for identity in ordered:
        if _open(identity, now):
            return Route(identity)
    return Route(ordered[0], GENERAL)


def _one_whatsapp(usable: Iterable[Identity], without: Collection[int]) -> list[Identity]:
    """A person's user id and number are one way, not two: the number where it is known, with the later window."""
    found = list(usable)
    if Identity.objects.filter(pk__in=list(without), channel="whatsapp").exists():
        return [identity for identity in found if identity.channel != "whatsapp"]
    both = [identity for identity in found if identity.channel == "whatsapp"]
    if len(both) < 2:
        return found
    best = max(both, key=lambda one: (one.last_inbound_at or one.created_at, not rules.is_bsuid(one.address)))
    return [identity for identity in found if identity.channel != "whatsapp" or identity.pk == best.pk]


def _open(identity: Identity, now: datetime) -> bool:
    if identity.channel not in rules.WINDOWED:
        return True
    until = rules.window_until(identity.last_inbound_at, identity.window_closed_at)
    return until is not None and now < until


def attach(message: Message, sha256: str, name: str = "") -> Attachment:
    """Add a stored file to a message that goes out."""
    media_type = files_of.media_type(sha256)
    ending = {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg"}.get(media_type, "")
    return Attachment.objects.create(
        message=message, sha256=sha256, name=rules.file_name(name or f"lampiran{ending}"),
        media_type=media_type, size=files_of.path_of(sha256).stat().st_size,
    )  # fmt: skip


def _note(row: Conversation, message: Message, files: int, by: "Official | None", now: datetime) -> None:
    row.last_message_at = max(row.last_message_at, now)
    row.last_channel, row.last_direction = message.channel, "out"
    row.preview = rules.preview(message.text, message.kind, files)
    if by is not None:
        row.waiting_since = None
    row.save(update_fields=["last_message_at", "last_channel", "last_direction", "preview", "waiting_since"])


def step(message: Message, status: str, at: datetime, *, error: str = "", detail: str = "") -> bool:
    """Note a step of a message's delivery; its status only moves forward. False when it stays as it is.

    In the caller's transaction, which holds the message's row."""
    insert_unless_there(
        MessageStatus(message=message, status=status, at=at, error=error[:40], detail=detail[:200])
    )
    if rules.moves(message.status, status):
        message.status = status
        message.error = error[:40] if status in (Message.Status.FAILED, Message.Status.UNSURE) else ""
        message.save(update_fields=["status", "error"])
        return True
    return False


def fail(message: Message, code: str, detail: str, now: datetime) -> Message | None:
    """A message cannot be delivered this way. Another way is taken where there is one: returns that message."""
    if not step(message, Message.Status.FAILED, now, error=code, detail=detail):
        return None
    if message.template == "opting":
        return None
    return again(message, now)


def again(message: Message, now: datetime, *, keep_address: bool = False) -> Message | None:
    """The same message on another way, or None where there is none. `keep_address`: the address is good, only
    free text may not go there any more."""
    tried = _tried(message)
    if not tried:
        return None
    conversation = Conversation.objects.select_for_update().get(pk=message.conversation_id)
    wanted, given = message.variables.get("template", ""), message.variables.get("given", [])
    route = choose(conversation, wanted, now, without=tried[1:] if keep_address else tried)
    if route is None:
        return None
    try:
        text, secrets = veiling.whole(message), veiling.parts_of(message)
    except SealBroken:  # no way can take what nobody can read: it stays failed, and the desk sees it
        return None
    other = _write(
        conversation, route, text, now=now, by=message.by, template=wanted, variables=given, subject=message.subject,
        secrets=secrets, fallback_of=message,
    )  # fmt: skip
    for file in message.attachments.exclude(sha256=""):
        attach(other, file.sha256, file.name)
    return other


def _tried(message: Message) -> list[int]:
    tried = []
    one: Message | None = message
    while one is not None:
        if one.identity_id is not None:
            tried.append(one.identity_id)
        one = one.fallback_of
    return tried


def notify_official(
    official: "Official", kind: str, title: str, body: str, link: str, now: datetime
) -> Message:
    """Tell an official of the house: in the portal's inbox where he has a login, and by WhatsApp or e-mail.

    The message returned carries the proof of its delivery (`queries.proof`). Where no channel reaches him, it is
    the one in the portal's inbox; without a login it has failed, and says so.
    """
    address = link if link.startswith("http") else f"{settings.PUBLIC_URL}{link}"
    text = "\n\n".join(part for part in (title, body, address) if part)
    with transaction.atomic():
        conversation = _of_official(official, now)
        inapp = None
        if official.user is not None:
            inapp = notifying.notify(official.user, kind, title, body, link, now)
        if inapp is not None and choose(conversation, "notice", now) is None:
            message = Message.objects.create(
                conversation=conversation, direction="out", channel=notifying.INAPP, subject=title[:200],
                external_id=str(inapp.pk), text=rules.clean(text), at=now, stored_at=now,
                status=Message.Status.SENT,
            )  # fmt: skip
            step(message, Message.Status.DELIVERED, now)
            return message
        return reply(
            conversation, text, now=now, template="notice", variables=(title, address), subject=title
        )


def _of_official(official: "Official", now: datetime) -> Conversation:
    user: Any = official.user
    phone = user.phone if user is not None and user.phone and user.phone_verified else ""
    email = (official.email or getattr(user, "email", "")).lower()
    found, _made = Conversation.objects.get_or_create(
        official=official,
        defaults={"name": official.name, "email": email, "phone": phone, "created_at": now, "last_message_at": now},
    )  # fmt: skip
    for channel, address in (("whatsapp", phone.lstrip("+")), ("email", email)):
        if not address:
            continue
        identity, _made = Identity.objects.get_or_create(
            channel=channel,
            address=address,
            claimed=False,
            defaults={"conversation": found, "created_at": now},
        )
        if identity.conversation_id != found.pk:  # he wrote as a citizen before
            Identity.objects.filter(pk=identity.pk).update(conversation=found)
    return found
