"""The intake's kind «press»: a chat line becomes a question of a journalist."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from satuklik.kernel.codes import tidy
from satuklik.spine.intake.registry import Ask, CannotCreate, Created, Intake, Kind
from satuklik.spine.messaging import queries as conversations
from satuklik.spine.messaging.errors import NoSuchConversation
from satuklik.systems.press import actions, policies, rules
from satuklik.systems.press.errors import PressError
from satuklik.systems.press.models import Enquiry

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official


def create(intake: Intake, by: "Official | None", now: datetime) -> Created:
    """Make a question of it; the journalist is whoever the conversation is with. Raises CannotCreate."""
    extra = dict(intake.extra)
    outlet = extra.get("outlet", "").strip()
    if not outlet:
        raise CannotCreate(_("Isi nama medianya."))
    deadline = intake.deadline
    typed = extra.get("deadline", "").strip()
    if deadline is None and typed:
        deadline = rules.deadline_of(typed, policies.local(intake.received_at))
        if deadline is None:
            raise CannotCreate(_("Tulis tenggat seperti 15.00, besok 09.00, atau 25/11 09.00."))
    try:
        made = actions.ask(
            name=intake.name, outlet=outlet, question=intake.text, allegation=extra.get("allegation", ""),
            phone=intake.phone, email=intake.email, deadline=deadline, urgent=intake.urgent,
            conversation=_conversation(intake), channel=intake.channel, files=intake.files,
            received_at=intake.received_at, now=now,
        )  # fmt: skip
    except PressError as error:
        raise CannotCreate(str(error)) from error
    enquiry = made.enquiry
    tracking = f"{settings.PUBLIC_URL}{reverse('press:tracking', args=[made.key])}"
    due = date_format(policies.local(enquiry.due_at), "j F Y, H.i")
    reply = _(
        "Pertanyaan Anda tercatat dengan nomor %(reference)s. Kami jawab paling lambat %(due)s WIB. Ikuti di %(link)s"
    )
    return Created(
        subject=f"press:{enquiry.reference}",
        reference=enquiry.reference,
        url=reverse("press:enquiry", args=[enquiry.reference]),
        tracking_url=tracking,
        reply=reply % {"reference": enquiry.reference, "due": due, "link": tracking},
    )


def find(ticket: str) -> str:
    """ "pr 7f3k 9q2m" → "press:PR-7F3K-9Q2M" where there is such a question, else ""."""
    word = ticket.strip().upper()
    if not word.startswith("PR"):
        return ""
    reference = f"PR-{tidy(word[2:])}"
    return f"press:{reference}" if Enquiry.objects.filter(reference=reference).exists() else ""


def _conversation(intake: Intake) -> Any:
    try:
        return conversations.conversation(intake.conversation_id) if intake.conversation_id else None
    except NoSuchConversation:
        return None


PRESS = Kind(
    "press",
    gettext_lazy("Pertanyaan wartawan"),
    "newspaper",
    40,
    create,
    (
        Ask("outlet", gettext_lazy("Media"), required=True),
        Ask("deadline", gettext_lazy("Tenggat wartawan")),
        Ask("allegation", gettext_lazy("Apa yang akan ditulis tentang pemerintah")),
    ),
    find,
)
