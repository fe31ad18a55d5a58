"""The page of the calendar: which days are off by which decree, and what a change moved."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from satuklik.base.accounts.permissions import admin, official
from satuklik.base.calendar import actions, queries
from satuklik.base.calendar.errors import HoldsTheYear
from satuklik.base.calendar.forms import KINDS, HolidayForm, WithdrawForm

KIND_WORDS = dict(KINDS)


@official()
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """One year, and the last changes."""
    return _page(request, HolidayForm(today=timezone.localdate()))


@admin
@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: HttpRequest) -> HttpResponse:
    """Enter a day off, or correct one."""
    if request.method != "POST":
        return redirect("calendar:calendar")
    form = HolidayForm(request.POST, today=timezone.localdate())
    if not form.is_valid():
        return _page(request, form, status=422)
    given = form.cleaned_data
    changed = actions.declare_holiday(
        given["day"],
        name=given["name"],
        kind=given["kind"],
        decree=given["decree"],
        actor=f"user:{request.user.pk}",
        now=timezone.now(),
    )
    messages.success(request, _told(changed))
    return redirect(f"{reverse('calendar:calendar')}?tahun={given['day'].year}")


@admin
@require_POST
def withdraw(request: HttpRequest, day: date) -> HttpResponse:
    """A day is a working day after all."""
    if not queries.is_holiday(day):
        raise Http404
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Sebutkan keputusan yang mengubah hari itu. Belum ada yang berubah."))
    else:
        try:
            changed = actions.withdraw_holiday(
                day, decree=form.cleaned_data["decree"], actor=f"user:{request.user.pk}", now=timezone.now()
            )
        except HoldsTheYear as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _told(changed))
    return redirect(f"{reverse('calendar:calendar')}?tahun={day.year}")


def _told(changed: int) -> str:
    if not changed:
        return _("Kalender tersimpan. Tidak ada tenggat yang bergeser.")
    return ngettext(
        "Kalender tersimpan. %(n)s tenggat dihitung ulang.",
        "Kalender tersimpan. %(n)s tenggat dihitung ulang.",
        changed,
    ) % {"n": changed}


def _page(request: HttpRequest, form: HolidayForm, status: int = 200) -> HttpResponse:
    today = timezone.localdate()
    years = queries.years()
    asked = request.GET.get("tahun", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and int(asked) in years else today.year
    profile = getattr(request, "official", None)
    return render(
        request,
        "calendar/calendar.html",
        {
            "form": form,
            "year": year,
            "years": years,
            "days": [(day, KIND_WORDS[day.kind]) for day in queries.holidays_of(year)],
            "changes": queries.changes(20),
            "missing_year": queries.missing_year(today),
            "undated": queries.undated_terms(),
            "edits": request.user.is_superuser or (profile is not None and profile.role == "admin"),  # type: ignore[union-attr]
        },
        status=status,
    )
