"""Make objects of messages: one click with the suggestion, or the form with everything to change."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from satuklik.base.accounts.permissions import official
from satuklik.faces.inbox import presenting
from satuklik.faces.inbox.gate import ROLES, found
from satuklik.faces.inbox.views.acts import back
from satuklik.faces.inbox.views.conversation import SHOWN, covered, keeps_secret, make_form, page
from satuklik.spine.intake import actions, queries
from satuklik.spine.intake.actions.creating import Wish
from satuklik.spine.intake.errors import AlreadyMade, IntakeError
from satuklik.spine.messaging import queries as messaging


@official(*ROLES)
@require_POST
def take_answer(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """What the person wrote is the answer to the question that waits: the matter moves on."""
    officer, one = found(request, conversation_id)
    if covered(one, officer):
        return page(request, officer, one, status=422, problem=_("Buka dahulu identitasnya dengan alasan."))
    ids = [
        int(typed)
        for typed in request.POST.getlist("pesan")
        if typed.isascii() and typed.isdigit() and len(typed) < 18
    ]
    try:
        actions.take_answer(
            one, request.POST.get("urusan", "")[:60], ids[:SHOWN], by=officer, now=timezone.now()
        )
    except IntakeError as error:
        return page(request, officer, one, status=409, problem=str(error))
    messages.success(request, _("Jawaban tercatat, dan urusannya berjalan lagi."))
    return back(request, one.pk)


@official(*ROLES)
@require_POST
def make(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Create, tell the person, and come back; what is missing is said on the page with everything typed."""
    officer, one = found(request, conversation_id)
    said = messaging.messages(one.pk, limit=SHOWN)
    inbound = [message for message in said if message.direction == "in"]
    proposals = presenting.proposals(queries.suggestions([message.pk for message in inbound]), {}, {})
    hidden = covered(one, officer)
    form = make_form(one, inbound, proposals, {}, request, request.POST, hidden=hidden)
    if hidden and not keeps_secret(request.POST.get("jenis", "")):
        form.add_error(None, _("Buka dahulu identitasnya dengan alasan."))
    if not form.is_valid():
        return page(request, officer, one, status=422, making=form)
    given = form.cleaned_data
    wish = Wish(
        given["jenis"], tuple(given["pesan"]), UUID(str(given["key"])), agency_code=given["dinas"], text=given["text"],
        urgent=given["urgent"], secret=given["secret"] or hidden, deadline=given["deadline"], extra=form.extra(),
        name=given["name"], address=given["address"], tell=given["tell"], again=given["again"],
    )  # fmt: skip
    try:
        outcome = actions.create(one, wish, by=officer, now=timezone.now())
    except AlreadyMade as error:
        form.add_error(None, str(error))
        return page(request, officer, one, status=409, making=form)
    except IntakeError as error:
        form.add_error(None, str(error))
        return page(request, officer, one, status=422, making=form)
    messages.success(request, _("Dibuat: %(reference)s.") % {"reference": outcome.reference})
    return back(request, one.pk)
