"""What a visitor of the demo does for a made-up person: write, let time pass, lose the phone."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage

from django.conf import settings
from django.db import transaction
from django.db.models import F

from satuklik.base.files.actions import store
from satuklik.spine.messaging import rules
from satuklik.spine.messaging.actions.handling import store_event
from satuklik.spine.messaging.adapters import whatsapp
from satuklik.spine.messaging.errors import SendFailed
from satuklik.spine.messaging.models import Conversation, Identity, TwinLine, TwinPerson, TwinUpdate
from satuklik.spine.messaging.twins import meta
from satuklik.spine.messaging.twins.mail import received
from satuklik.spine.messaging.twins.meta import Taken

SECONDS = 10.0
PASSED = timedelta(hours=25)
FAILURES = {"whatsapp": 131026, "telegram": 403, "email": 550}
# Made-up people, each with a number that no one has, a chat and a mailbox under a domain that does not exist.
PEOPLE = (
    "Siti Aminah", "Budi Hartono", "Rahmat Siregar", "Dewi Lestari", "Jurnalis Warta Contoh", "Maria Simanjuntak",
    "Andi Pratama", "Nur Halimah",
)  # fmt: skip


@dataclass(frozen=True)
class Attached:
    """A file that the person adds."""

    name: str
    content: bytes


def load() -> None:
    """Make the people of the demo."""
    for number, name in enumerate(PEOPLE, start=1):
        short = name.split()[0].lower()
        for channel, address in (
            ("whatsapp", f"6284001{number:06d}"), ("telegram", str(7_100_000 + number)), ("email", f"{short}@warga.example"),
        ):  # fmt: skip
            TwinPerson.objects.get_or_create(channel=channel, address=address, defaults={"name": name})


def newcomer(name: str, channel: str) -> TwinPerson:
    """A person in `channel` whom nobody knows yet, at an address that no one has."""
    number = secrets.randbelow(1_000_000)
    address = {
        "whatsapp": f"6284002{number:06d}", "telegram": str(7_200_000_000 + number), "email": f"warga{number:06d}@warga.example",
    }[channel]  # fmt: skip
    return TwinPerson.objects.get_or_create(channel=channel, address=address, defaults={"name": name})[0]


def write(person: TwinPerson, text: str, file: Attached | None, *, now: datetime) -> None:
    """The person writes; it goes the way that the channel's messages go."""
    external_id = {"whatsapp": _whatsapp, "telegram": _telegram, "email": _email}[person.channel](
        person, text, file, now
    )
    shown = "\n".join(filter(None, (text, f"📎 {rules.file_name(file.name)}" if file else "")))
    TwinLine.objects.create(person=person, mine=True, text=shown, external_id=external_id, at=now)


def _whatsapp(person: TwinPerson, text: str, file: Attached | None, now: datetime) -> str:
    wamid = f"wamid.{secrets.token_urlsafe(24)}"
    part: dict[str, object] = {"type": "text", "text": {"body": text}}
    if file is not None:
        media_type = rules.kind_of_file(file.content) or "application/octet-stream"
        media_id = store(file.content, media_type, at=now)
        part = meta.media_part("document", media_id, file.content, media_type, name=file.name, caption=text)
    TwinPerson.objects.filter(pk=person.pk).update(wrote_at=now)
    value = meta.message_value(
        person.address, person.name, part, now, wamid=wamid, user_id=f"ID.{person.address}"
    )
    post(meta.call(settings.WHATSAPP_PHONE_NUMBER_ID, value))
    return wamid


def post(body: bytes) -> None:
    """Call our own hook over HTTP, signed, as Meta does. Raises SendFailed."""
    import httpx

    mark = whatsapp.signature(settings.WHATSAPP_APP_SECRET, body)
    address = f"http://127.0.0.1:{settings.PORT}/hooks/whatsapp"
    headers = {whatsapp.SIGNATURE: mark, "Content-Type": "application/json"}
    try:
        answer = httpx.post(address, content=body, headers=headers, timeout=SECONDS, trust_env=False)
        answer.raise_for_status()
    except httpx.HTTPError as error:
        raise SendFailed("hook", type(error).__name__, again=True) from None


def _telegram(person: TwinPerson, text: str, file: Attached | None, now: datetime) -> str:
    chat = int(person.address)
    with transaction.atomic():
        row = TwinUpdate.objects.create(body={})
        message: dict[str, object] = {
            "message_id": 1_000_000 + row.pk, "date": int(now.timestamp()),
            "from": {"id": chat, "is_bot": False, "first_name": person.name, "language_code": "id"},
            "chat": {"id": chat, "first_name": person.name, "type": "private"},
        }  # fmt: skip
        if file is not None:
            sha256 = store(
                file.content, rules.kind_of_file(file.content) or "application/octet-stream", at=now
            )
            message |= {
                "document": {"file_id": sha256, "file_name": file.name, "file_size": len(file.content)},
                "caption": text,
            }
        else:
            message["text"] = text
        TwinUpdate.objects.filter(pk=row.pk).update(body={"message": message})
    return f"{chat}:{1_000_000 + row.pk}"


def _email(person: TwinPerson, text: str, file: Attached | None, now: datetime) -> str:
    mail = EmailMessage()
    mail["From"], mail["To"] = f"{person.name} <{person.address}>", settings.MESSAGING_MAIL
    message_id = mail["Message-ID"] = f"<{secrets.token_hex(12)}@warga.example>"
    last = TwinLine.objects.filter(person=person, mine=False).order_by("-pk").first()
    mail["Subject"] = "Re: PPID" if last else text.splitlines()[0][:60] if text.strip() else "Berkas"
    if last is not None and last.external_id:
        mail["In-Reply-To"] = last.external_id
    mail.set_content(text)
    if file is not None:
        mail.add_attachment(
            file.content, maintype="application", subtype="octet-stream", filename=rules.file_name(file.name)
        )
    store_event("email", settings.MESSAGING_MAIL.lower(), received(mail), now=now, key=message_id)
    return message_id


def statuses(taken: Iterable[Taken], now: datetime) -> None:
    """Meta tells what became of the messages that it took: on their way, arrived, read."""
    for one in taken:
        words = ("sent", "delivered", "read")
        values = [meta.status_value(one.wamid, word, one.address, now, tracker=one.tracker) for word in words]
        post(meta.call(settings.WHATSAPP_PHONE_NUMBER_ID, *values))


@transaction.atomic
def pass_time(person: TwinPerson) -> None:
    """Let 25 hours pass for this person: on Meta's side and on ours the last message is that much older."""
    TwinPerson.objects.filter(pk=person.pk).update(wrote_at=F("wrote_at") - PASSED)
    mine = Identity.objects.filter(
        channel=person.channel, address__in=(person.address, f"ID.{person.address}")
    )
    conversations = list(mine.values_list("conversation_id", flat=True))
    mine.update(last_inbound_at=F("last_inbound_at") - PASSED)
    Conversation.objects.filter(pk__in=conversations).update(
        last_inbound_at=F("last_inbound_at") - PASSED, last_message_at=F("last_message_at") - PASSED,
        waiting_since=F("waiting_since") - PASSED,
    )  # fmt: skip


def fail(person: TwinPerson, *, failing: bool) -> None:
    """From now on nothing reaches this person, or everything again."""
    code = FAILURES[person.channel] if failing else 0
    TwinPerson.objects.filter(pk=person.pk).update(failing=code)
