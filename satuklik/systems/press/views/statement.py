"""The statement's acts: write, approve, give back, send."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from satuklik.base.accounts.permissions import official
from satuklik.systems.press import actions
from satuklik.systems.press.forms import ReasonForm, StatementForm
from satuklik.systems.press.views.desk import page
from satuklik.systems.press.views.guard import at_desk, finish, found, who


@official()
@at_desk
@require_POST
def write(request: HttpRequest, reference: str) -> HttpResponse:
    """A new version, kept or put before those who approve."""
    detail, form = found(request, reference), StatementForm(request.POST)
    if not form.is_valid():
        return page(request, detail, status=422, stating=form)
    submit = "ajukan" in request.POST
    return finish(
        request, reference,
        lambda: actions.write(
            detail.enquiry, by=who(request), now=timezone.now(), submit=submit, **form.cleaned_data
        ),
        _("Diajukan untuk disetujui.") if submit else _("Tersimpan."),
        lambda problem: page(request, found(request, reference), problem=problem, stating=form),
    )  # fmt: skip


@official()
@at_desk
@require_POST
def approve(request: HttpRequest, reference: str) -> HttpResponse:
    """Four eyes."""
    detail = found(request, reference)
    return finish(
        request, reference,
        lambda: actions.approve(detail.enquiry, seen=_seen(request), by=who(request), now=timezone.now()),
        _("Disetujui."), lambda problem: page(request, found(request, reference), problem=problem),
    )  # fmt: skip


@official()
@at_desk
@require_POST
def give_back(request: HttpRequest, reference: str) -> HttpResponse:
    """Not like this."""
    detail, form = found(request, reference), ReasonForm(request.POST)
    if not form.is_valid():
        return page(request, detail, status=422, returning=form)
    return finish(
        request, reference,
        lambda: actions.give_back(
            detail.enquiry, seen=_seen(request), reason=form.cleaned_data["reason"], by=who(request), now=timezone.now()
        ),
        _("Dikembalikan kepada penulis."),
        lambda problem: page(request, found(request, reference), problem=problem, returning=form),
    )  # fmt: skip


@official()
@at_desk
@require_POST
def send(request: HttpRequest, reference: str) -> HttpResponse:
    """To the journalist, on his own channel."""
    detail = found(request, reference)
    return finish(
        request, reference, lambda: actions.send(detail.enquiry, by=who(request), now=timezone.now()),
        _("Terkirim kepada wartawan."), lambda problem: page(request, found(request, reference), problem=problem),
    )  # fmt: skip


def _seen(request: HttpRequest) -> int:
    typed = request.POST.get("seen", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else -1
