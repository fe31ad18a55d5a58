"""What was printed, and the right of reply."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from satuklik.base.accounts.permissions import official
from satuklik.systems.press import actions, rules
from satuklik.systems.press.forms import LetterForm, OutcomeForm, PublishedForm
from satuklik.systems.press.views.desk import page
from satuklik.systems.press.views.guard import at_desk, finish, found, who


@official()
@at_desk
@require_POST
def published(request: HttpRequest, reference: str) -> HttpResponse:
    """It was printed."""
    detail, form = found(request, reference), PublishedForm(request.POST)
    if not form.is_valid():
        return page(request, detail, status=422, printing=form)
    return finish(
        request, reference,
        lambda: actions.published(detail.enquiry, by=who(request), now=timezone.now(), **form.cleaned_data),
        _("Terbitan tercatat. Nilailah apakah kedua sisi dimuat."),
        lambda problem: page(request, found(request, reference), problem=problem, printing=form),
    )  # fmt: skip


@official()
@at_desk
@require_POST
def judge(request: HttpRequest, reference: str) -> HttpResponse:
    """Balanced, or never printed."""
    detail, verdict = found(request, reference), request.POST.get("nilai", "")
    if verdict not in (rules.BALANCED, rules.NOT_PUBLISHED):
        raise Http404
    return finish(
        request, reference,
        lambda: actions.judge(detail.enquiry, verdict=verdict, by=who(request), now=timezone.now()),
        _("Tercatat."), lambda problem: page(request, found(request, reference), problem=problem),
    )  # fmt: skip


@official()
@at_desk
@require_POST
def write_letter(request: HttpRequest, reference: str) -> HttpResponse:
    """The letter of reply."""
    detail, form = found(request, reference), LetterForm(request.POST, auto_id="surat_%s")
    if not form.is_valid():
        return page(request, detail, status=422, lettering=form)
    return finish(
        request, reference,
        lambda: actions.write_letter(detail.enquiry, by=who(request), now=timezone.now(), **form.cleaned_data),
        _("Hak jawab tersimpan dan menunggu persetujuan."),
        lambda problem: page(request, found(request, reference), problem=problem, lettering=form),
    )  # fmt: skip


@official()
@at_desk
@require_POST
def approve_letter(request: HttpRequest, reference: str) -> HttpResponse:
    """Four eyes again."""
    detail = found(request, reference)
    return finish(
        request, reference,
        lambda: actions.approve_letter(detail.enquiry, by=who(request), now=timezone.now()),
        _("Hak jawab disetujui."), lambda problem: page(request, found(request, reference), problem=problem),
    )  # fmt: skip


@official()
@at_desk
@require_POST
def send_letter(request: HttpRequest, reference: str) -> HttpResponse:
    """To the newsroom."""
    detail, way = found(request, reference), request.POST.get("cara", "")
    return finish(
        request, reference,
        lambda: actions.send_letter(
            detail.enquiry, by=who(request), now=timezone.now(), way=way if way in ("letter", "meeting") else ""
        ),
        _("Hak jawab dikirim ke redaksi."),
        lambda problem: page(request, found(request, reference), problem=problem),
    )  # fmt: skip


@official()
@at_desk
@require_POST
def outcome(request: HttpRequest, reference: str) -> HttpResponse:
    """What came of it."""
    detail, form = found(request, reference), OutcomeForm(request.POST, auto_id="hasil_%s")
    if not form.is_valid():
        return page(request, detail, status=422, ending=form)
    return finish(
        request, reference,
        lambda: actions.letter_outcome(detail.enquiry, by=who(request), now=timezone.now(), **form.cleaned_data),
        _("Tercatat."), lambda problem: page(request, found(request, reference), problem=problem, ending=form),
    )  # fmt: skip
