"""What the reporter and the supporters are told, by whatever channel reaches them. Secret reporters read it by key."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse

from satuklik.spine.messaging import actions as messaging
from satuklik.spine.messaging import queries as conversations
from satuklik.systems.complaints import keys
from satuklik.systems.complaints.models import Complaint, Reporter

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official


def begin(complaint: Complaint, *, now: datetime, conversation_id: int | None = None) -> None:
    """Remember the conversation in which this reporter is answered; there is none where nothing reaches the person."""
    reporter = complaint.reporter
    if conversation_id is None and (reporter.phone or reporter.email or complaint.user is not None):
        conversation_id = messaging.open_conversation(
            name=reporter.name, phone=reporter.phone, email=reporter.email, user=complaint.user, now=now
        ).pk
    if conversation_id is not None:
        reporter.conversation_id = conversation_id
        reporter.save(update_fields=["conversation_id"])


def tell(
    complaint: Complaint,
    text: str,
    *,
    now: datetime,
    by: "Official | None" = None,
    files: Sequence[str] = (),
) -> bool:
    """Write to the reporter, with the link of the tracking page. False where nothing reaches the person: a secret
    report, or one without any contact; both read the time line."""
    reporter = Reporter.objects.filter(complaint=complaint).exclude(conversation_id=None).first()
    if complaint.is_secret or reporter is None:
        return False
    conversation = conversations.conversation(reporter.conversation_id)
    subject = f"{complaint.reference}: {complaint.title}"[:150]
    whole = f"{complaint.reference} – {text}\n\n{tracking_url(complaint)}"
    messaging.reply(conversation, whole, now=now, by=by, files=files, subject=subject)
    return True


def tell_all(
    complaint: Complaint, text: str, *, now: datetime, by: "Official | None" = None, files: Sequence[str] = ()
) -> int:
    """Write to the reporter, to those whose reports were merged into this one, and to the proven supporters. To how many."""
    told = sum(
        tell(one, text, now=now, by=by, files=files)
        for one in (complaint, *complaint.merged.select_related("user").order_by("pk"))
    )
    if complaint.released_at is None:
        return told
    link = f"{settings.PUBLIC_URL}{reverse('complaints:public', args=[complaint.reference])}"
    for supporter in complaint.supporters.exclude(proven_at=None).select_related("user").order_by("pk"):
        conversation = messaging.open_conversation(
            phone=supporter.phone, email=supporter.email, user=supporter.user, now=now
        )
        # Supporters read what everybody may read: never the answer itself, which may tell of the reporter.
        messaging.reply(
            conversation, f"{complaint.reference}: {complaint.public_title}\n\n{link}", now=now, by=by
        )
        told += 1
    return told


def tracking_url(complaint: Complaint) -> str:
    """The link to the tracking page; the page where one types number and key, where we do not know the key."""
    if complaint.key_sealed is None:
        return f"{settings.PUBLIC_URL}{reverse('complaints:find')}"
    key = keys.unseal(complaint.key_sealed, complaint.reference)
    return f"{settings.PUBLIC_URL}{reverse('complaints:track', args=[key])}"
