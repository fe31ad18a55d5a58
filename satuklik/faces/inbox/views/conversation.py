"""One conversation: what was said, what triage thinks of it, what can be made of it, who else is here."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from satuklik.base.accounts.permissions import official
from satuklik.base.agencies import queries as agencies
from satuklik.base.files import queries as files
from satuklik.base.files.queries import FileDamaged
from satuklik.faces.inbox import presenting, words
from satuklik.faces.inbox.forms import AnswerForm, MakeForm, NoteForm, UncoverForm
from satuklik.faces.inbox.gate import ROLES, found
from satuklik.kernel.remembering import remembering
from satuklik.spine.intake import actions, queries
from satuklik.spine.intake.registry import KINDS, Kind, kinds
from satuklik.spine.intake.rules.canned import fill
from satuklik.spine.intake.rules.reading import clean
from satuklik.spine.messaging import queries as messaging

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official
    from satuklik.spine.messaging.models import Conversation, Message

BESIDE = 12  # conversations in the list beside
SHOWN = 100  # messages on the page
# Types that a browser shows without running anything of them.
INLINE = {"image/png", "image/jpeg", "image/gif", "image/webp"}


@official(*ROLES)
@never_cache
@require_safe
def conversation(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """The page. Opening it leaves a trace, unless the person is secret and covered."""
    officer, one = found(request, conversation_id)
    now = timezone.now()
    if not covered(one, officer):
        actions.record_look(one, officer, now=now)
    actions.be_there(one, officer, typing=False, now=now)
    return page(request, officer, one)


def covered(one: "Conversation", officer: "Official") -> bool:
    """Whether the person is secret and this officer has not said why to look."""
    desk = presenting.desk_of(one)
    return desk is not None and desk.secret and not queries.uncovered(one.pk, officer, timezone.now())


@remembering()
def page(
    request: HttpRequest, officer: "Official", one: "Conversation", *, status: int = 200, problem: str = "",
    meanwhile: "list[Message] | None" = None, **given: forms.Form,
) -> HttpResponse:  # fmt: skip
    """The page, also with what was typed and could not be done. `given`: `answering`, `noting`, `making`, `uncovering`."""
    now, box = timezone.now(), _box(request)
    hidden = covered(one, officer)
    said = messaging.messages(one.pk, limit=SHOWN)
    inbound = [message for message in said if message.direction == "in"]
    ids = [message.pk for message in said]
    findings, outcomes = queries.findings(ids), queries.outcomes(one.pk)
    open_ones = queries.suggestions(ids)
    texts = {message.pk: clean(message.whole) for message in inbound}
    proposals = presenting.proposals(open_ones, {} if hidden else texts, findings)
    making = given.get("making") or make_form(one, inbound, proposals, findings, request, hidden=hidden)
    answering = given.get("answering") or _answer_form(request, officer, one, said, outcomes)
    chosen = {int(value) for value in making["pesan"].value() or [] if str(value).isdigit()}
    window = presenting.reachable(one, now)
    alike = [] if hidden else queries.similar([findings[key] for key in findings])
    questions = [] if hidden else queries.questions(one)
    context = {
        "one": presenting.covered(one) if hidden else one, "hidden": hidden,
        "name": _("Pelapor dirahasiakan") if hidden else presenting.name_of(one),
        "may_uncover": hidden and agencies.may_reveal(officer), "secret_kinds": secret_kinds() if hidden else (),
        "to_make": sorted(chosen) if hidden else (),
        "desk": presenting.covered_desk(presenting.desk_of(one)) if hidden else presenting.desk_of(one), "box": box, "official": officer, "now": now, "rail_here": reverse("inbox:list"),
        "questions": questions, "may_answer": None if hidden else queries.may_answer(questions, said),
        "back": f"{reverse('inbox:list')}?kotak={box}", "problem": problem, "meanwhile": meanwhile or [],
        "bubbles": presenting.bubbles(said, outcomes, findings, chosen, hidden=hidden), "more_before": len(said) == SHOWN,
        "findings": [] if hidden else [value for key, value in sorted(findings.items())], "proposals": proposals,
        "outcomes": [(outcome, words.kind(outcome.kind), words.kind_icon(outcome.kind)) for outcome in outcomes],
        "notes": queries.notes(one.pk), "looks": queries.looks(one.pk), "alike": alike, "window": window,
        "window_channel": words.channel(window.channel)[0] if window.channel else "",
        "identities": [] if hidden else _identities(one), "canned": queries.canned(_kind_of(one)),
        "templates": _templates(), "last": ids[-1] if ids else 0, "others": presenting.others(one, officer, now),
        "officers": _officers(officer), "beside": presenting.rows(queries.page(box, officer, limit=BESIDE), box, now),
        "forms": {
            "answering": answering, "noting": given.get("noting") or NoteForm(), "making": making,
            "uncovering": given.get("uncovering") or UncoverForm(),
        },
        "made": "making" in given or "lengkapi" in request.GET, "channel_icon": words.channel(one.last_channel)[1],
    }  # fmt: skip
    return render(request, "inbox/conversation.html", context, status=status)


def make_form(
    one: "Conversation", inbound: "list[Message]", proposals: list[presenting.Proposal], findings: dict[int, Any],
    request: HttpRequest, data: Any = None, *, hidden: bool,
) -> MakeForm:  # fmt: skip
    """The form that makes objects, with the suggestion (or the one that ?usul= names) chosen. Where the person is
    `hidden` it has no name."""
    wanted = request.GET.get("usul", "1")
    chosen = next(
        (one for one in proposals if str(one.number) == wanted), proposals[0] if proposals else None
    )
    initial: dict[str, Any] = {} if hidden else {"name": one.name}
    if chosen is not None and chosen.makes:
        finding = findings.get(chosen.suggestion.message_id)
        initial |= {
            "jenis": chosen.kind, "dinas": chosen.offices[0].code if chosen.offices else "",
            "pesan": [str(chosen.suggestion.message_id)],
            "deadline": finding.deadline if finding and chosen.kind == "press" else None,
            "urgent": bool(finding and finding.emergency), "secret": bool(finding and finding.secret),
            **dict(chosen.answers),
        }  # fmt: skip
    if "pesan" not in initial and inbound:
        initial["pesan"] = [str(inbound[-1].pk)]
    desk = presenting.desk_of(one)
    if desk is not None and desk.secret:
        initial["secret"] = True
    return MakeForm(
        data,
        initial=initial,
        messages=[message.pk for message in inbound],
        offices=_offices(proposals),
        auto_id="jadi_%s",  # beside the answer's form, which has a text too
    )


def _offices(proposals: list[presenting.Proposal]) -> list[tuple[str, Any]]:
    suggested = {office.code: office.name for one in proposals for office in one.offices}
    known = [*agencies.agencies("opd"), *agencies.agencies("kecamatan")]
    rest = [
        (agency.code, agency.short_name) for agency in sorted(known, key=lambda agency: agency.short_name)
    ]
    found: list[tuple[str, Any]] = [(_("Usulan"), list(suggested.items()))] if suggested else []
    return [*found, (_("Semua instansi"), [pair for pair in rest if pair[0] not in suggested])]


def _answer_form(
    request: HttpRequest, officer: "Official", one: "Conversation", said: "list[Message]", outcomes: list[Any]
) -> AnswerForm:
    """The answer, with the canned one that ?jawaban= names already filled in."""
    text = ""
    canned = (
        queries.canned_answer(request.GET.get("jawaban", "")[:40]) if request.GET.get("jawaban") else None
    )
    if canned is not None:
        newest = outcomes[0] if outcomes else None
        hidden = covered(one, officer)
        text = fill(
            canned.text,
            {
                "nama": _("Bapak/Ibu") if hidden or not one.name else one.name,
                "nomor": newest.reference if newest else "", "tautan": newest.tracking_url if newest else "",
                "jenis": words.kind(newest.kind) if newest else "", "petugas": officer.name,
                "dinas": _agency_name(newest.agency_code) if newest else "",
            },
        )  # fmt: skip
    return AnswerForm(initial={"text": text, "seen": presenting.seen_answer(said)})


def _agency_name(code: str) -> str:
    found = agencies.agencies_by_code([code] if code else [])
    return found[0].name if found else ""


def _identities(one: "Conversation") -> list[tuple[Any, str, str]]:
    """The address used last on each channel: one number may be known under two names there."""
    last: dict[str, Any] = {}
    for identity in messaging.identities(one.pk):
        last.setdefault(identity.channel, identity)
    return [(identity, *words.channel(identity.channel)) for identity in last.values()]


def _kind_of(one: "Conversation") -> str:
    desk = presenting.desk_of(one)
    return desk.kind if desk is not None else ""


def _officers(officer: "Official") -> list[Any]:
    """The colleagues to whom a conversation can be given."""
    return [one for one in agencies.officials(officer.agency, timezone.localdate()) if one.role in ROLES]


def _templates() -> list[tuple[str, str]]:
    """(name, text) of the prepared texts that WhatsApp takes after 24 hours and that need no more than a link."""
    return [(one.name, one.texts["id"]) for one in messaging.templates() if one.variables == ("link",)]


def _box(request: HttpRequest) -> str:
    named = request.POST.get("kotak") or request.GET.get("kotak") or ""
    return named if named in queries.BOXES else queries.BOXES[0]


@official(*ROLES)
@never_cache
@require_POST
def live(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """The heartbeat: who else is here, whether somebody answered meanwhile, how many messages are new."""
    officer, one = found(request, conversation_id)
    now = timezone.now()
    last = request.POST.get("last", "")
    actions.be_there(one, officer, typing=request.POST.get("typing") == "1", now=now)
    newer = []
    if last.isascii() and last.isdigit() and len(last) < 18:
        newer = [message for message in messaging.messages(one.pk, limit=SHOWN) if message.pk > int(last)]
    return render(
        request,
        "inbox/_live.html",
        {
            "others": presenting.others(one, officer, now),
            "new_in": sum(message.direction == "in" for message in newer),
            "answered_by": next((message.by.name for message in newer if message.by_id and message.by != officer), ""),
            "url": f"{reverse('inbox:conversation', args=[one.pk])}?kotak={_box(request)}",
        },
    )  # fmt: skip


@official(*ROLES)
@never_cache
@require_safe
def attachment(request: HttpRequest, conversation_id: int, attachment_id: int) -> HttpResponse:
    """A file of a message: pictures are shown, everything else is downloaded and never run."""
    officer, one = found(request, conversation_id)
    file = messaging.attachment(attachment_id)
    if file is None or file.message.conversation_id != one.pk or not file.sha256 or covered(one, officer):
        raise Http404
    try:
        content = files.read(file.sha256)
    except FileDamaged as error:
        raise Http404 from error
    shown = file.media_type in INLINE
    with transaction.atomic():
        actions.record_look(one, officer, now=timezone.now())
    answer = HttpResponse(content, content_type=file.media_type if shown else "application/octet-stream")
    answer["Content-Disposition"] = content_disposition_header(not shown, file.name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def secret_kinds() -> list[Kind]:
    """The kinds of which an object can be made while the person stays covered."""
    return [kind for kind in kinds() if kind.create is not None and kind.keeps_secret]


def keeps_secret(name: str) -> bool:
    """Whether one of these has this name."""
    return name in {kind.name for kind in secret_kinds()}


def known_kind(name: str) -> bool:
    """Whether triage or a system knows this kind."""
    return name in KINDS
