"""Who writes in these tests, and a picture."""

import base64
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from satuklik.spine.messaging.actions.handling import store_event
from satuklik.spine.messaging.models import Conversation
from satuklik.spine.messaging.tests.clock import NOW
from tests.mailserver import BOX

SITI, BUDI = "6284000000011", "6284000000012"
SITI_ID, BUDI_ID = "ID.84000000000000011", "ID.84000000000000012"
HOUR = timedelta(hours=1)
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


# The name of our receiving mail server.
MX = "mx.asahan.example"


def only() -> Conversation:
    """The one conversation that there is."""
    return Conversation.objects.get(joined_into=None)


def letter(
    text="Halo PPID", *, sender="Siti Aminah <siti@warga.example>", number=1, results="", **headers
) -> EmailMessage:
    """A letter as our server gives it, by default with its word that the sender is genuine (DMARC)."""
    made = EmailMessage()
    domain = sender.rpartition("@")[2].strip("<> ")
    for one in [results] if isinstance(results, str) else results:
        made["Authentication-Results"] = one or f"{MX}; dmarc=pass header.from={domain}"
    made["From"], made["To"], made["Subject"] = (
        sender,
        headers.pop("To", BOX),
        headers.pop("Subject", "Tanya data"),
    )
    made["Message-ID"], made["Date"] = (
        headers.pop("Message_ID", f"<{number}@warga.example>"),
        format_datetime(NOW),
    )
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


def take(raw: bytes | EmailMessage, work, key="") -> None:
    """A letter as the mailbox would give it."""
    store_event("email", BOX, raw if isinstance(raw, bytes) else raw.as_bytes(), now=NOW, key=key)
    work()
