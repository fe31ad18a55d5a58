"""The board: the funnel in all and in parts, and who is stuck where since when."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from satuklik.base.accounts.permissions import official
from satuklik.systems.enrolment import queries, wording
from satuklik.systems.enrolment.drawing import picture
from satuklik.systems.enrolment.forms import FilterForm
from satuklik.systems.enrolment.views.scoped import sees_board

A_PAGE = 50
DONE_SHOWN = 200


@official()
@sees_board
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Own agencies for a verifikator, all of them for the admin, PPID and Sekda."""
    scope: queries.Scope = request.scope  # type: ignore[attr-defined]
    form = FilterForm(request.GET, agencies=queries.agencies_of(scope))
    form.is_valid()
    given = form.cleaned_data
    group = given.get("eselon", "")
    chosen = queries.Filter(
        agency=given.get("opd", ""),
        group=None if not group else "" if group == "tanpa" else group,
        stage=given.get("tahap", ""),
        text=given.get("q", "").strip(),
        late=given.get("telat", False),
    )
    found = queries.board(scope, chosen, timezone.now())
    page = Paginator(found.waiting, A_PAGE).get_page(request.GET.get("page"))
    kept = {name: value for name, value in given.items() if value}
    if kept.get("telat"):
        kept["telat"] = "on"
    return render(
        request,
        "enrolment/board.html",
        {
            "scope": scope,
            "form": form,
            "filtered": bool(kept),
            "query": f"{urlencode(kept)}&" if kept else "",
            "board": found,
            "picture": picture(found.bars),
            "page": page,
            "rows": [
                (row, wording.STAGES[row.stage], wording.STEPS[row.stage], wording.WHO[row.waits_for])
                for row in page
            ],
            "done": [(row, *_key_words(row)) for row in found.done[:DONE_SHOWN]],
            "done_more": max(0, len(found.done) - DONE_SHOWN),
            "stages": [(bar, wording.STAGES[bar.stage]) for bar in found.bars],
            "by_agency": [(group.name, group) for group in found.by_agency],
            "by_echelon": [(wording.GROUPS[group.name], group) for group in found.by_echelon],
            "uncovered": queries.agencies_without_verifier(timezone.now()) if scope.appoints else [],
        },
    )


def _key_words(row: queries.Row) -> tuple[object, str]:
    if row.key is None:
        return "", "grey"
    return wording.KEY_STATES[row.key.status], wording.KEY_TONES[row.key.status]
