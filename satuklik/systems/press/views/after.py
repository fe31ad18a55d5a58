"""What was printed, and the right of reply."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from satuklik.base.accounts.permissions import official
from satuklik.systems.press import actions, rules
from satuklik.systems.press.forms import LetterForm, OutcomeForm, PublishedForm, SendForm
from satuklik.systems.press.views.desk import carry_out
from satuklik.systems.press.views.guard import at_desk, found, who


@official()
@at_desk
@require_POST
def published(request: HttpRequest, reference: str) -> HttpResponse:
    """It was printed."""
    form = PublishedForm(request.POST)
    return carry_out(
        request, reference,
        lambda one: actions.published(one, by=who(request), now=timezone.now(), **form.cleaned_data),
        _("Terbitan tercatat. Nilailah apakah kedua sisi dimuat."), printing=form,
    )  # fmt: skip


@official()
@at_desk
@require_POST
def judge(request: HttpRequest, reference: str) -> HttpResponse:
    """Balanced, or never printed."""
    verdict = request.POST.get("nilai", "")
    if verdict not in (rules.BALANCED, rules.NOT_PUBLISHED):
        raise Http404
    return carry_out(
        request, reference,
        lambda one: actions.judge(one, verdict=verdict, by=who(request), now=timezone.now()), _("Tercatat."),
    )  # fmt: skip


@official()
@at_desk
@require_POST
def write_letter(request: HttpRequest, reference: str) -> HttpResponse:
    """The letter of reply, or (`dewan`) the complaint about its refusal."""
    form, council = LetterForm(request.POST, auto_id="surat_%s"), "dewan" in request.POST
    return carry_out(
        request, reference,
        lambda one: actions.write_letter(
            one, by=who(request), now=timezone.now(), council=council, **form.cleaned_data
        ),
        _("Surat tersimpan dan menunggu tanda tangan."), lettering=form,
    )  # fmt: skip


@official()
@at_desk
@require_POST
def send_letter(request: HttpRequest, reference: str) -> HttpResponse:
    """To the newsroom, or to the Press Council."""
    way, form = request.POST.get("cara", ""), SendForm(request.POST, auto_id="kirim_%s")
    return carry_out(
        request, reference,
        lambda one: actions.send_letter(
            one, by=who(request), now=timezone.now(), way=way if way in ("letter", "meeting") else "",
            email=form.cleaned_data["email"],
        ),
        _("Surat dikirim."), sending=form,
    )  # fmt: skip


@official()
@at_desk
@require_POST
def outcome(request: HttpRequest, reference: str) -> HttpResponse:
    """What came of it."""
    state = found(request, reference).enquiry.state
    form = OutcomeForm(request.POST, auto_id="hasil_%s", state=state)
    return carry_out(
        request, reference,
        lambda one: actions.letter_outcome(one, by=who(request), now=timezone.now(), **form.cleaned_data),
        _("Tercatat."), ending=form,
    )  # fmt: skip
