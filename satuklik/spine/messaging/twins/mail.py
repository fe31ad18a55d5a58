"""The mail server of a demo: letters land on the made-up person's screen."""

from collections.abc import Sequence
from smtplib import SMTPRecipientsRefused

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from satuklik.spine.messaging.models import TwinLine, TwinPerson


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
