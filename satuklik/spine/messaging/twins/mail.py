"""The mail server of a demo: letters land on the made-up person's screen; those that come in get its word on them."""

from collections.abc import Sequence
from email.message import EmailMessage as Received
from smtplib import SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from satuklik.spine.messaging.models import TwinLine, TwinPerson


def received(mail: Received) -> bytes:
    """A letter as our receiving server hands it on: it vouches for the domain of the made-up people (DMARC), and for
    no other one."""
    domain = str(mail["From"]).rpartition("@")[2].strip("<> ")
    verdict = "pass" if domain == "warga.example" else "fail"
    word = f"{settings.MESSAGING_MAIL_AUTHSERV_ID}; dmarc={verdict} header.from={domain}"
    return f"Authentication-Results: {word}\n".encode() + mail.as_bytes()


class Backend(BaseEmailBackend):
    """Takes letters as an SMTP server does; refuses those to people whose mailbox is gone."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for mail in email_messages:
            for address in mail.to:
                self._take(mail, address.lower())
        return len(email_messages)

    def _take(self, mail: EmailMessage, address: str) -> None:
        person, _made = TwinPerson.objects.get_or_create(
            channel="email", address=address, defaults={"name": address}
        )
        if person.failing:
            raise SMTPRecipientsRefused({address: (550, b"5.1.1 No such user")})
        text = "\n".join(part for part in (str(mail.subject), "", str(mail.body)))
        TwinLine.objects.create(
            person=person, mine=False, text=text, external_id=mail.extra_headers.get("Message-ID", ""),
            at=timezone.now(),
        )  # fmt: skip
