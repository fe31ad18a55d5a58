"""Tell applicants and officials: through the conversation with its proof, in words that a person understands."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from satuklik.base.agencies import queries as agencies
from satuklik.kernel.dates_id import long_date
from satuklik.spine.messaging import actions as messaging
from satuklik.spine.messaging import queries as conversations
from satuklik.systems.ppid import addresses, rules
from satuklik.systems.ppid.models import InformationRequest, Objection

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

# Templates of WhatsApp by what is told: prepared for the time after the 24-hour window.
# Those of spine.messaging by name; «due» says that the template holds the date after the number.
TEMPLATES = {"registered": True, "clarification": False, "extended": True, "answered": False}


def applicant(
    matter: InformationRequest | Objection,
    text: str,
    *,
    now: datetime,
    by: "Official | None" = None,
    files: Sequence[tuple[str, str]] = (),
    template: str = "",
) -> int | None:
    """Write to the applicant by the conversation, which is opened where there is none. `files`: (SHA-256, name). The message's id, for its proof;
    None where nothing is known to write to (an oral request without contact: then it is picked up)."""
    request = matter if isinstance(matter, InformationRequest) else matter.request
    conversation = (
        conversations.conversation(matter.conversation_id) if matter.conversation_id is not None else None
    )
    if conversation is None:
        if not (request.phone or request.email or request.user_id):
            return None
        conversation = messaging.open_conversation(
            name=request.name, phone=request.phone, email=request.email, user=request.user, now=now
        )
        matter.conversation_id = conversation.pk
        matter.save(update_fields=["conversation_id"])
    link = addresses.tracking(matter)
    message = messaging.reply(
        conversation,
        f"{text}\n\n{settings.PUBLIC_URL}{link}",
        now=now,
        by=by,
        files=[sha256 for sha256, _name in files],
        names=[name for _sha256, name in files],
        template=template,
        variables=_variables(matter, template),
        subject=f"{matter.number}",
    )
    return int(message.pk)


@transaction.atomic
def send_link(request: InformationRequest, *, now: datetime) -> int | None:
    """Send the tracking link once more, to who asked. The message's id; None where nothing is known to write to."""
    current = InformationRequest.objects.select_for_update().get(pk=request.pk)
    text = _("Ini tautan permintaan informasi Anda, %(number)s:") % {"number": current.number}
    return applicant(current, text, now=now)


def _variables(matter: InformationRequest | Objection, template: str) -> tuple[str, ...]:
    if not template:
        return ()
    due = long_date(matter.due_on) if matter.due_on else "–"
    return (matter.number, due) if TEMPLATES[template] else (matter.number,)


def body_outside(
    email: str, name: str, text: str, *, now: datetime, by: "Official | None", subject: str
) -> int:
    """Write to another public body that holds the information (ps. 22(7)b). The message's id."""
    conversation = messaging.open_conversation(name=name[:120], email=email, now=now)
    return int(messaging.reply(conversation, text, now=now, by=by, subject=subject).pk)


def officers(kind: str, title: str, body: str, link: str, *, now: datetime) -> None:
    """Tell the officers of the PPID agency who are at work on requests (role ppid, else its staff)."""
    everybody = [
        one
        for one in agencies.officials(agencies.agency(settings.SATUKLIK_PPID_AGENCY), timezone.localdate(now))
        if one.role in rules.OFFICER_ROLES
    ]
    for one in [one for one in everybody if one.role == "ppid"] or everybody:
        official(one, kind, title, body, link, now=now)


def officer_of(request: InformationRequest, title: str, text: str, now: datetime) -> None:
    """Tell the officer who works on the request, else all of them. `title` may hold %(number)s."""
    words, link = title % {"number": request.number}, addresses.desk(request)
    if request.officer is not None:
        official(request.officer, "news", words, text[:300], link, now=now)
    else:
        officers("news", words, text[:300], link, now=now)


def official(who: "Official", kind: str, title: str, body: str, link: str, *, now: datetime) -> None:
    """Tell one official, in the portal's inbox."""
    if who.user is None:
        return
    with override(who.user.language):
        messaging.notify(who.user, f"ppid.{kind}", title, body, link, now)
