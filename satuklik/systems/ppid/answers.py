"""Questions of PPID that wait in a conversation, and the message that an officer takes as their answer."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from satuklik.spine.intake.registry import Answer, Asker, CannotCreate, Question
from satuklik.systems.ppid import actions, addresses, permits, rules
from satuklik.systems.ppid.errors import PpidError
from satuklik.systems.ppid.models import InformationRequest, MatterFile

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

CLARIFICATION = gettext_lazy("penjelasan")
COMPLETENESS = gettext_lazy("kelengkapan")


def waiting(conversation_ids: Sequence[int]) -> list[Question]:
    """What applicants were asked in these conversations and have not answered."""
    rows = InformationRequest.objects.filter(
        conversation_id__in=list(conversation_ids), state__in=(rules.CLARIFICATION, rules.INCOMPLETE)
    )
    return [found for one in rows.order_by("pk") if (found := _question(one)) is not None]


def _question(request: InformationRequest) -> Question | None:
    if request.state == rules.CLARIFICATION:
        open_one = request.clarifications.filter(answered_at=None).first()
        asked = (CLARIFICATION, open_one.question, open_one.asked_at) if open_one is not None else None
    else:
        last = request.events.filter(kind="incomplete").order_by("pk").last()
        asked = (COMPLETENESS, request.missing, last.at) if last is not None else None
    if asked is None:
        return None
    about, text, at = asked
    return Question(request.subject, request.number, about, text, at, addresses.desk(request))


def take(answer: Answer, by: "Official", now: datetime) -> str:
    """Keep it as the clarification, or as what was missing; the request goes on. Raises CannotCreate."""
    if not permits.is_officer(by, now):
        raise CannotCreate(_("%(official)s tidak berwenang melakukan ini.") % {"official": by.name})
    request = InformationRequest.objects.filter(reference=answer.subject.removeprefix("ppid:")).first()
    if request is None:
        raise CannotCreate(_("%(reference)s tidak ditemukan.") % {"reference": answer.subject})
    files = [actions.GivenFile(sha256, name, MatterFile.Kind.APPLICANT) for sha256, name in answer.files]
    try:
        if request.state == rules.INCOMPLETE:
            actions.supplement(request, text=answer.text, files=files, answered_at=answer.at, by=by, now=now)
        else:
            actions.clarify(request, answer=answer.text, files=files, answered_at=answer.at, by=by, now=now)
    except PpidError as error:
        raise CannotCreate(str(error)) from error
    return _("Terima kasih. Jawaban Anda untuk permintaan %(number)s sudah kami catat.") % {
        "number": request.number
    }


ASKER = Asker("ppid", waiting, take)
