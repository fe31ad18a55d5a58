"""The inbox: one page for each box."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from satuklik.base.accounts.permissions import official
from satuklik.base.agencies import queries as agencies
from satuklik.faces.desk import queries
from satuklik.faces.desk.forms import FilterForm
from satuklik.kernel.workdays import between
from satuklik.spine.cases import queries as cases
from satuklik.spine.population import actions as population


@official()
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """To the first box in which something waits."""
    who: agencies.Official = request.official  # type: ignore[attr-defined]
    waiting = cases.waiting(who, now=timezone.now())
    here = next((box for box in queries.BOXES if waiting.get(box.name, (0, 0))[0]), queries.BOXES[0])
    return redirect("desk:box", here.slug)


@official()
@require_safe
def box(request: HttpRequest, slug: str) -> HttpResponse:
    """One box: what is due first, narrowed by words and by service."""
    who: agencies.Official = request.official  # type: ignore[attr-defined]
    here = queries.BY_SLUG.get(slug)
    if here is None:
        raise Http404
    now = timezone.now()
    form = FilterForm(request.GET, services=queries.services())
    form.is_valid()
    text, service = form.cleaned_data.get("q", ""), form.cleaned_data.get("layanan", "")
    page = queries.page(who, here, now=now, text=text, service=service, after=request.GET.get("sesudah", ""))
    if text:
        population.record_looks(
            who,
            [(row.case.person_id, row.case.reference) for row in page.rows],
            reason="Mencari permohonan di meja kerja",
            now=now,
            fields=("name",),
        )
    return render(
        request,
        "desk/inbox.html",
        {
            "official": who,
            "box": here,
            "page": page,
            "here": reverse("desk:box", args=[here.slug]),
            "form": form,
            "text": text,
            "service": service,
            "figures": _figures(who, now),
            "signs": here.name == "sign" and bool(agencies.may_sign_for(who, now)),
        },
    )


def _figures(who: agencies.Official, now: datetime) -> dict[str, object]:
    """What waits, the oldest in working days, the mean time of this month in seconds."""
    found = cases.figures(who, now=now)
    oldest = None
    if found.oldest is not None:
        since, today = timezone.localdate(found.oldest), timezone.localdate(now)
        oldest = between(since, today, queries.holidays_around([since], today))
    mean = found.mean_hours * 3600 if found.mean_hours is not None else None
    return {"waiting": found.waiting, "late": found.late, "oldest_days": oldest, "mean_seconds": mean}
