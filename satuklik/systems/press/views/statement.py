"""The statement's acts: write, approve, give back, send."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from satuklik.base.accounts.permissions import official
from satuklik.systems.press import actions
from satuklik.systems.press.forms import ReasonForm, StatementForm
from satuklik.systems.press.views.desk import carry_out
from satuklik.systems.press.views.guard import at_desk, who


@official()
@at_desk
@require_POST
def write(request: HttpRequest, reference: str) -> HttpResponse:
    """A new version, kept or put before those who approve."""
    form, submit = StatementForm(request.POST), "ajukan" in request.POST
    return carry_out(
        request, reference,
        lambda one: actions.write(one, by=who(request), now=timezone.now(), submit=submit, **form.cleaned_data),
        _("Diajukan untuk disetujui.") if submit else _("Tersimpan."), stating=form,
    )  # fmt: skip


@official()
@at_desk
@require_POST
def approve(request: HttpRequest, reference: str) -> HttpResponse:
    """Four eyes."""
    seen = _seen(request)
    return carry_out(
        request, reference,
        lambda one: actions.approve(one, seen=seen, by=who(request), now=timezone.now()), _("Disetujui."),
    )  # fmt: skip


@official()
@at_desk
@require_POST
def give_back(request: HttpRequest, reference: str) -> HttpResponse:
    """Not like this."""
    form, seen = ReasonForm(request.POST), _seen(request)
    return carry_out(
        request, reference,
        lambda one: actions.give_back(
            one, seen=seen, reason=form.cleaned_data["reason"], by=who(request), now=timezone.now()
        ),
        _("Dikembalikan kepada penulis."), returning=form,
    )  # fmt: skip


@official()
@at_desk
@require_POST
def send(request: HttpRequest, reference: str) -> HttpResponse:
    """To the journalist, on his own channel."""
    return carry_out(
        request, reference, lambda one: actions.send(one, by=who(request), now=timezone.now()),
        _("Terkirim kepada wartawan."),
    )  # fmt: skip


def _seen(request: HttpRequest) -> int:
    typed = request.POST.get("seen", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else -1
