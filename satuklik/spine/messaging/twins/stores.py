"""What the demo's far sides know, in tables: both web processes answer for them."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from satuklik.base.files import queries as files
from satuklik.base.files.actions import store
from satuklik.spine.messaging import wording
from satuklik.spine.messaging.models import TwinLine, TwinPerson, TwinUpdate
from satuklik.spine.messaging.twins import telegram
from satuklik.spine.messaging.twins.meta import Graph, Taken


class MetaStore:
    """Meta's."""

    def __init__(self) -> None:
        self.kept: list[Taken] = []

    def wrote_at(self, address: str) -> datetime | None:
        person = _person("whatsapp", address)
        return person.wrote_at if person else None

    def failing(self, address: str) -> int:
        person = _person("whatsapp", address)
        return person.failing if person else 0

    def keep(self, message: Taken) -> None:
        person = _person("whatsapp", message.address)
        if person is None:
            person = TwinPerson.objects.create(
                channel="whatsapp", address=message.address, name=message.address
            )
        TwinLine.objects.create(
            person=person, mine=False, text=message.text, external_id=message.wamid, at=timezone.now()
        )
        self.kept.append(message)

    def add_media(self, content: bytes, media_type: str) -> str:
        return store(content, media_type, at=timezone.now())

    def media(self, media_id: str) -> tuple[bytes, str] | None:
        return _file(media_id)


class TelegramStore:
    """Telegram's."""

    def updates(self, after: int, limit: int) -> list[dict[str, Any]]:
        rows = TwinUpdate.objects.filter(pk__gte=after).order_by("pk")[:limit]
        return [{"update_id": row.pk, **row.body} for row in rows]

    def failing(self, chat: str) -> int:
        person = _person("telegram", chat)
        return person.failing if person else 0

    def keep(self, chat: str, text: str, at: datetime) -> int | None:
        person = _person("telegram", chat)
        if person is None:
            return None
        line = TwinLine.objects.create(person=person, mine=False, text=text, external_id="", at=at)
        TwinLine.objects.filter(pk=line.pk).update(external_id=str(line.pk))
        return line.pk

    def file(self, file_id: str) -> bytes | None:
        found = _file(file_id)
        return found[0] if found else None


def _person(channel: str, address: str) -> TwinPerson | None:
    # Meta knows a person by the number and by the user id; here the one is made of the other.
    return TwinPerson.objects.filter(channel=channel, address=address.removeprefix("ID.")).first()


def _file(sha256: str) -> tuple[bytes, str] | None:
    if len(sha256) != 64:
        return None
    try:
        with transaction.atomic():
            return files.read(sha256), files.media_type(sha256)
    except files.FileDamaged:
        return None


def graph(kept: MetaStore) -> Graph:
    """The Graph API of this demo."""
    known = {name: (tuple(one.texts), len(one.variables)) for name, one in wording.templates().items()}
    return Graph(
        kept,
        settings.WHATSAPP_PHONE_NUMBER_ID,
        settings.WHATSAPP_TOKEN,
        settings.WHATSAPP_URL,
        known,
        timezone.now,
    )


def bot() -> telegram.BotApi:
    """The Bot API of this demo."""
    return telegram.BotApi(TelegramStore(), settings.TELEGRAM_TOKEN)
