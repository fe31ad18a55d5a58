"""Somebody has the same trouble: counted once for each account or proven contact, told when there is news.

An account is proven by its login. A contact that was only typed may be a stranger's: it counts, and hears of news, once
its owner has opened the link that we sent to it.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse

from satuklik.base.sealing import actions as sealing
from satuklik.spine.messaging import actions as messaging
from satuklik.spine.messaging import queries as conversations
from satuklik.systems.complaints.actions.moving import locked
from satuklik.systems.complaints.errors import Missing, NotFound
from satuklik.systems.complaints.models import Complaint, Reporter, Supporter

PURPOSE, SALT = "complaints support", "satuklik.complaints.support"
COUNTED, ASKED, KNOWN = "counted", "asked", "known"
LINK_FOR = timedelta(days=7)
ASK = (
    "Seseorang dengan kontak ini mendukung laporan {reference}: {title}. Dukungan dihitung setelah Anda membuka tautan "
    "ini dan menekan tombolnya: {link} Bukan Anda? Abaikan pesan ini, dan kami tidak mengirim apa pun lagi."
)


@transaction.atomic
def support(complaint_id: int, *, user: Any = None, phone: str = "", email: str = "", now: datetime) -> str:
    """Follow a released report. An account is COUNTED at once; a typed contact is ASKED to prove itself by a link; KNOWN
    are those that are counted already. Raises NotFound, Missing without a contact."""
    if user is None and not phone and not email:
        raise Missing(contact="missing")
    complaint = locked(complaint_id)
    if complaint.released_at is None:
        raise NotFound(complaint_id)
    # An account that has proven its number since has another mark, and is the same person.
    if user is not None and Supporter.objects.filter(complaint=complaint, user=user).exists():
        return KNOWN
    mark = mark_of(user) if user is not None else _mark(phone, email)
    row, made = Supporter.objects.get_or_create(
        complaint=complaint, mark=mark, defaults={"user": user, "phone": phone, "email": email, "at": now}
    )
    if row.proven_at is not None:
        return KNOWN
    if user is None:
        if not made:
            # A new link has its own week, which `forget_unproven` counts.
            row.at = now
            row.save(update_fields=["at"])
        _ask(complaint, row, now)
        return ASKED
    # Who typed his number before and logs in now has proven it.
    row.user, row.proven_at = user, now
    row.save(update_fields=["user", "proven_at"])
    recount(complaint)
    return COUNTED


def supporter_of(token: str) -> Supporter | None:
    """Whose link this is; None for one that is old or not ours, or whose report is no longer public."""
    try:
        number = signing.loads(token[:200], salt=SALT, max_age=LINK_FOR)
    except signing.BadSignature:
        return None
    rows = Supporter.objects.select_related("complaint").exclude(complaint__released_at=None)
    return rows.filter(pk=number).first()


@transaction.atomic
def prove_support(supporter: Supporter, *, now: datetime) -> bool:
    """The owner of the contact opened the link and pressed the button. False where it is counted already."""
    complaint = locked(supporter.complaint_id)
    if not Supporter.objects.filter(pk=supporter.pk, proven_at=None).update(proven_at=now):
        return False
    recount(complaint)
    return True


@transaction.atomic
def forget_unproven(now: datetime) -> int:
    """Delete contacts that nobody has proven while their link was open. How many."""
    return Supporter.objects.filter(proven_at=None, at__lt=now - LINK_FOR).delete()[0]


def take_over(complaint: Complaint, target: Complaint) -> None:
    """`complaint` was merged into `target`: its supporters go along, each once. In the caller's transaction."""
    there = dict(Supporter.objects.filter(complaint=target).values_list("mark", "proven_at"))
    accounts = set(
        Supporter.objects.filter(complaint=target).exclude(user=None).values_list("user", flat=True)
    )
    for row in Supporter.objects.filter(complaint=complaint).order_by("pk"):
        if row.user_id in accounts:
            continue
        if row.mark not in there:
            row.complaint = target
            row.save(update_fields=["complaint"])
        elif row.proven_at is not None and there[row.mark] is None:
            Supporter.objects.filter(complaint=target, mark=row.mark).update(proven_at=row.proven_at)
    recount(target)


def recount(complaint: Complaint) -> None:
    """Each proven supporter once, and each proven reporter whose report was merged into this one; not its own. Accounts
    by their marks of today: a number may have been proven since."""
    rows = Supporter.objects.filter(complaint=complaint, proven_at__isnull=False).select_related("user")
    marks = {mark_of(row.user) if row.user is not None else row.mark for row in rows}
    marks |= {_reporter(one) for one in complaint.merged.select_related("user")}
    complaint.supports = len(marks - {_reporter(complaint), ""})
    complaint.save(update_fields=["supports"])


def mark_of(user: Any) -> str:
    """The mark of an account: that of its proven number, so that both count once."""
    return _mark(user.phone) if user.phone and user.phone_verified else _of(f"user:{user.pk}")


def _mark(phone: str, email: str = "") -> str:
    return _of(f"phone:{phone}" if phone else f"email:{email.casefold()}")


def _of(who: str) -> str:
    return sealing.mark(who, purpose=PURPOSE)


def _reporter(complaint: Complaint) -> str:
    """The mark of who reported; "" where nobody has proven to be it."""
    if complaint.user is not None:
        return mark_of(complaint.user)
    reporter = Reporter.objects.filter(complaint=complaint).exclude(conversation_id=None).first()
    if reporter is None:
        return ""
    talk = conversations.conversation(reporter.conversation_id)
    return _mark(talk.phone) if talk.phone_verified and talk.phone == reporter.phone else ""


def _ask(complaint: Complaint, row: Supporter, now: datetime) -> None:
    token = signing.dumps(row.pk, salt=SALT)
    link = f"{settings.PUBLIC_URL}{reverse('complaints:prove-support', args=[token])}"
    conversation = messaging.open_conversation(phone=row.phone, email=row.email, now=now)
    text = ASK.format(reference=complaint.reference, title=complaint.public_title, link=link)
    # Whoever has the link has the contact: nobody at the desk may use it.
    messaging.reply(conversation, text, now=now, secrets=(link,))
