"""What an officer does on a conversation: answer, note, assign, put aside, uncover."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from satuklik.base.accounts.permissions import official
from satuklik.base.agencies import queries as agencies
from satuklik.base.files.actions import store
from satuklik.faces.inbox.forms import AnswerForm, NoteForm, UncoverForm
from satuklik.faces.inbox.gate import ROLES, found
from satuklik.faces.inbox.views.conversation import covered, known_kind, page
from satuklik.spine.intake import actions, queries
from satuklik.spine.intake.errors import AnsweredMeanwhile, IntakeError
from satuklik.spine.messaging import actions as messaging_actions
from satuklik.spine.messaging import queries as messaging
from satuklik.spine.messaging.errors import NoSuchTemplate

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official
    from satuklik.spine.messaging.models import Conversation, Message


def back(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """To the conversation, in the same box."""
    box = request.POST.get("kotak", "")
    kept = f"?kotak={box}" if box in queries.BOXES else ""
    return redirect(f"{reverse('inbox:conversation', args=[conversation_id])}{kept}")


@official(*ROLES)
@require_POST
def answer(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Write to the person. Somebody else wrote meanwhile: 409 with his words, the typed text stays."""
    officer, one = found(request, conversation_id)
    form = AnswerForm(request.POST, request.FILES)
    if covered(one, officer):
        form.add_error(None, _("Buka dahulu identitasnya dengan alasan."))
    if not form.is_valid():
        return page(request, officer, one, status=422, answering=form)
    given = form.cleaned_data
    now = timezone.now()
    try:
        with transaction.atomic():  # what is not sent is not kept either
            files = [(name, store(content, media, at=now)) for name, content, media in given["files"]]
            text = given["text"] or (
                _("Berkas untuk Anda terlampir.") if files and not given["template"] else ""
            )
            actions.answer(
                one, text, by=officer, seen=given["seen"], now=now, template=given["template"],
                files=[sha256 for _name, sha256 in files], names=[name for name, _sha256 in files],
            )  # fmt: skip
    except AnsweredMeanwhile as error:
        fresh = AnswerForm({**request.POST.dict(), "seen": error.answers[-1].pk}, request.FILES)
        if given["files"]:
            fresh.add_error("files", _("Pilih lagi berkasnya."))
        return page(
            request, officer, one, status=409, problem=str(error), meanwhile=error.answers, answering=fresh
        )
    except NoSuchTemplate:
        form.add_error("template", _("Templat itu tidak ada. Pilih yang lain."))
        return page(request, officer, one, status=422, answering=form)
    messages.success(request, _("Balasan dikirim."))
    return back(request, one.pk)


@official(*ROLES)
@require_POST
def send_again(request: HttpRequest, conversation_id: int, message_id: int) -> HttpResponse:
    """Nobody knows whether this message arrived: send it once more. It may arrive twice."""
    officer, one = found(request, conversation_id)
    if messaging_actions.send_again(_ours(one, message_id), by=officer, now=timezone.now()):
        messages.success(request, _("Pesan dikirim lagi."))
    else:
        messages.warning(request, _("Keadaan pesan ini sudah berubah. Lihat statusnya."))
    return back(request, one.pk)


@official(*ROLES)
@require_POST
def leave(request: HttpRequest, conversation_id: int, message_id: int) -> HttpResponse:
    """Nobody knows whether this message arrived: leave it so."""
    officer, one = found(request, conversation_id)
    if messaging_actions.leave(_ours(one, message_id), by=officer, now=timezone.now()):
        messages.success(request, _("Pesan dibiarkan. Statusnya berubah sendiri bila ada kabar."))
    else:
        messages.warning(request, _("Keadaan pesan ini sudah berubah. Lihat statusnya."))
    return back(request, one.pk)


def _ours(one: "Conversation", message_id: int) -> "Message":
    """A message of the house in this conversation; else 404."""
    message = messaging.message(message_id)
    if message is None or message.conversation_id != one.pk or message.direction != "out":
        raise Http404
    return message


@official(*ROLES)
@require_POST
def note(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """A note for colleagues."""
    officer, one = found(request, conversation_id)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return page(request, officer, one, status=422, noting=form)
    try:
        actions.note(one, form.cleaned_data["note"], by=officer, now=timezone.now())
    except IntakeError as error:
        form.add_error("note", str(error))
        return page(request, officer, one, status=422, noting=form)
    messages.success(request, _("Catatan tersimpan."))
    return back(request, one.pk)


@official(*ROLES)
@require_POST
def assign(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Take the conversation, give it to a colleague, or to nobody."""
    officer, one = found(request, conversation_id)
    wanted = request.POST.get("petugas", "")
    takers = {
        str(taker.pk): taker
        for taker in agencies.officials(officer.agency, timezone.localdate())
        if taker.role in ROLES
    }
    if wanted and wanted not in takers:
        raise Http404
    taker = takers.get(wanted)
    actions.assign(one, taker, by=officer, now=timezone.now())
    if taker is None:
        messages.success(request, _("Percakapan ini belum dibagi kepada siapa pun."))
    else:
        messages.success(request, _("Percakapan ini sekarang pada %(name)s.") % {"name": taker.name})
    return back(request, one.pk)


@official(*ROLES)
@require_POST
def set_aside(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Nothing more is to be done; a new message brings it back. With a kind: what the message was; where another one
    waits, the conversation stays."""
    officer, one = found(request, conversation_id)
    kind, typed = request.POST.get("jenis", ""), request.POST.get("pesan", "")
    said = [message.pk for message in messaging.messages(one.pk) if message.direction == "in"]
    # Without a number it is the newest message.
    chosen = [number for number in said if str(number) == typed] if typed else said[-1:]
    if not known_kind(kind):
        kind, chosen = "", []
    elif not chosen:
        raise Http404
    closed = actions.set_aside(one, by=officer, now=timezone.now(), kind=kind, message_ids=chosen)
    if kind and not closed and one.closed_at is None:
        messages.success(request, _("Tercatat. Pesan lain dari orang ini masih menunggu."))
        return back(request, one.pk)
    messages.success(
        request, _("Percakapan #%(number)s selesai. Pesan baru dari orang itu membukanya lagi.") % {"number": one.pk}
    )  # fmt: skip
    box = request.POST.get("kotak", "")
    box = box if box in queries.BOXES else queries.BOXES[0]
    following = _following(one, box, officer)
    to = reverse("inbox:conversation", args=[following.pk]) if following else reverse("inbox:list")
    return redirect(f"{to}?kotak={box}")


def _following(one: "Conversation", box: str, officer: "Official") -> "Conversation | None":
    """What waits after this conversation, else what waits longest; in other boxes nothing opens by itself."""
    if box not in (queries.WAITING, queries.FREE):
        return None
    after = queries.cursor_of(one, box) if one.waiting_since else None
    found = queries.page(box, officer, after=after, limit=1) or queries.page(box, officer, limit=1)
    return next((row for row in found if row.pk != one.pk), None)


@official(*ROLES)
@require_POST
def calm(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """No emergency (any more)."""
    officer, one = found(request, conversation_id)
    actions.calm(one, by=officer, now=timezone.now())
    return back(request, one.pk)


@official(*ROLES)
@require_POST
def uncover(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Show who a secret person is, for a reason, for an hour."""
    officer, one = found(request, conversation_id)
    form = UncoverForm(request.POST)
    if form.is_valid():
        try:
            actions.open_secret(one, by=officer, reason=form.cleaned_data["reason"], now=timezone.now())
        except IntakeError as error:
            form.add_error("reason", str(error))
        else:
            return back(request, one.pk)
    return page(request, officer, one, status=422, uncovering=form)
