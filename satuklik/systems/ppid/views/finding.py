"""Whoever lost the link to a request has it sent again: to the contact of the request, never to one that is typed here."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from satuklik.base.accounts import limits
from satuklik.base.accounts.errors import TooManyAttempts
from satuklik.base.accounts.permissions import public
from satuklik.systems.ppid import actions, forms, queries
from satuklik.systems.ppid.views import asking

MOST_LINKS = 3  # a day for one request: nobody is pestered with links that somebody else asks for


@public
@never_cache
@require_http_methods(["GET", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Ask for the link. The same words whether there is such a request: nobody learns who asked for what."""
    form = forms.FindForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "ppid/find.html", {"form": form, "tab": "services"}, status=status)
    now = timezone.now()
    try:
        limits.check(
            "ppid.find", limits.address(request), most=asking.MOST_SENT, seconds=asking.WINDOW, now=now
        )
    except TooManyAttempts:
        form.add_error(None, asking.TOO_MANY)
        return render(request, "ppid/find.html", {"form": form, "tab": "services"}, status=429)
    found = queries.of_applicant(form.cleaned_data["number"], form.cleaned_data["contact"])
    if found is not None:
        try:
            limits.check("ppid.link", found.reference, most=MOST_LINKS, seconds=86_400, now=now)
            actions.send_link(found, now=now)
        except TooManyAttempts:
            pass  # the link was sent thrice today
    messages.info(request, _("Bila nomor dan kontaknya cocok, tautannya kami kirim ke kontak itu."))
    return redirect("ppid:find")
