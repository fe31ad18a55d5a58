"""Outlets with their newsrooms' addresses, and the clock."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from satuklik.base.accounts.permissions import official
from satuklik.systems.press import actions, permits, policies, queries
from satuklik.systems.press.errors import PressError
from satuklik.systems.press.forms import OutletForm, PolicyForm
from satuklik.systems.press.models import Outlet, PressPolicy
from satuklik.systems.press.views.guard import at_desk, who


@official()
@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def outlets(request: HttpRequest) -> HttpResponse:
    """The outlets; the form of one of them (`?media=`) sets its kind and the newsroom's address."""
    chosen = _outlet(request.GET.get("media", ""))
    initial = {"kind": chosen.kind, "email": chosen.email} if chosen else {}
    form = OutletForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST":
        if chosen is None:
            raise Http404
        if form.is_valid():
            actions.set_outlet(chosen, by=who(request), now=timezone.now(), **form.cleaned_data)
            if "periksa" in request.POST:
                actions.verify(chosen, by=who(request), now=timezone.now())
            messages.success(request, _("Media tersimpan."))
            return redirect("press:outlets")
    return render(
        request, "press/outlets.html", {"rows": queries.outlets(), "chosen": chosen, "form": form},
        status=422 if request.method == "POST" else 200,
    )  # fmt: skip


@official()
@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def policy(request: HttpRequest) -> HttpResponse:
    """The clock in force, and a form for the next one."""
    by, now = who(request), timezone.now()
    if not (by.role == "ppid" or permits.approves(by, now)):
        raise Http404
    today = timezone.localdate(now)
    in_force = policies.in_force(today)
    form = PolicyForm(request.POST if request.method == "POST" else None, policy=in_force, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_policy(form.result(), by=by, now=now)
        except PressError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Aturan tersimpan."))
            return redirect("press:policy")
    return render(
        request, "press/policy.html",
        {"form": form, "policy": in_force, "rows": PressPolicy.objects.order_by("-valid_from")[:20]},
        status=422 if request.method == "POST" else 200,
    )  # fmt: skip


def _outlet(typed: str) -> Outlet | None:
    if not (typed.isascii() and typed.isdigit() and len(typed) < 12):
        return None
    return Outlet.objects.filter(pk=int(typed)).first()
