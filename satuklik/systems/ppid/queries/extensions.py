"""The notice of an extension: whether it may be written now, and whether it still needs somebody's hands."""

from datetime import datetime

from django.utils import timezone

from satuklik.systems.ppid import rules
from satuklik.systems.ppid.models import InformationRequest, Letter


def request_of(letter: Letter) -> InformationRequest:
    """The request that the notice extends; also of one that was taken back, which the request has let go."""
    return InformationRequest.objects.get(reference=letter.reference.rpartition("-")[0])


def to_hand_over(request: InformationRequest) -> bool:
    """Whether the signed notice goes on paper, or nobody could be written to, and no hand-over is noted yet."""
    letter = request.extension_letter
    if letter is None or letter.state != Letter.State.SIGNED or request.state not in rules.OPEN:
        return False
    if request.delivery == InformationRequest.Delivery.PORTAL:
        return False  # it lies on the page of the request, whether a message could be sent or not
    events = list(request.events.filter(kind__in=("extended", "extension_told")).order_by("pk"))
    if not events or events[-1].kind == "extension_told":
        return False
    return request.delivery not in rules.BY_WIRE or events[-1].data.get("message") is None


def may(request: InformationRequest, now: datetime) -> set[str]:
    """What an officer can do about it now: the words of the desk's acts."""
    letter = request.extension_letter
    if letter is not None and letter.state == Letter.State.WAITING:
        return {"take_back_extension"}
    if to_hand_over(request):
        return {"hand_over_extension"}
    in_time = request.due_on is None or timezone.localdate(now) <= request.due_on
    extendable = (
        request.state in rules.EXTENDABLE and request.extended_on is None and bool(request.answer_terms())
    )
    return {"extend"} if extendable and in_time else set()
