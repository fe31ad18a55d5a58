"""A chat becomes an idea."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from satuklik.spine.intake.registry import Ask, CannotCreate, Created, Intake
from satuklik.systems.ideas import catalogue, wording
from satuklik.systems.ideas.actions.submitting import Proposal, submit
from satuklik.systems.ideas.errors import Missing
from satuklik.systems.ideas.models import Idea

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

ASKS = (
    Ask("title", _("Judul ide")),
    Ask(
        "category",
        _("Kategori"),
        choices=tuple((one.code, one.name) for one in catalogue.categories().values()),
    ),
    Ask("outlet", _("Media, bila pengusul jurnalis")),
)
TOLD = "Terima kasih, ide Anda kami terima dengan nomor {reference}. Setelah dibaca petugas, ide ini dapat didukung warga."


def create(intake: Intake, by: "Official | None", now: datetime) -> Created:
    """Make an idea of a chat, in the caller's transaction; the same messages again give the same idea.
    Raises CannotCreate with what is missing."""
    extra = dict(intake.extra)
    outlet = extra.get("outlet", "").strip()
    proposal = Proposal(
        title=extra.get("title", "").strip() or " ".join(intake.text.split())[:100], text=intake.text[:4_000],
        category=extra.get("category", "") or catalogue.OTHER,
        group=Idea.Group.JOURNALIST if outlet else Idea.Group.RESIDENT, outlet=outlet, name=intake.name, phone=intake.phone,
        email=intake.email, channel=intake.channel, conversation_id=intake.conversation_id,
    )  # fmt: skip
    messages = "-".join(str(number) for number in sorted(intake.message_ids))
    try:
        done = submit(
            proposal, word=f"intake:{intake.conversation_id}:{messages}:{intake.text[:200]}", now=now
        )
    except Missing as error:
        raise CannotCreate(wording.of_error(error)) from error
    reference = done.idea.reference
    return Created(
        subject=done.idea.subject,
        reference=reference,
        url=reverse("ideas:case", args=[reference]),
        tracking_url=f"{settings.PUBLIC_URL}{reverse('ideas:follow', args=[reference, done.key])}",
        reply=TOLD.format(reference=reference),
    )
