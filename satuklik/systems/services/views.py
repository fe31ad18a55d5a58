"""The survey of a case, and what all surveys say together."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods

from satuklik.base.accounts.permissions import public, resident
from satuklik.base.ui.errors import error_page
from satuklik.spine.cases import queries as cases
from satuklik.spine.cases.errors import CaseNotFound, ServiceNotFound
from satuklik.systems.services import actions, queries
from satuklik.systems.services.rules import ScoreInvalid
from satuklik.systems.services.survey import ELEMENTS


@resident
@require_http_methods(["GET", "POST"])
def survey(request: HttpRequest, reference: str) -> HttpResponse:
    """Two taps come back to where they were given; the long form thanks."""
    try:
        case = cases.case_of_person(reference, request.resident.person.pk)  # type: ignore[attr-defined]
    except CaseNotFound:
        return error_page(request, 404)
    kept = queries.survey_of(reference)
    status, problem = 200, ""
    if request.method == "POST":
        scores = {e.code: request.POST[e.code] for e in ELEMENTS if request.POST.get(e.code)}
        comment = request.POST.get("comment", "")
        try:
            if not scores and not comment.strip():
                raise ScoreInvalid
            kept = actions.answer_survey(
                reference,
                service=case.service.slug,
                agency_id=case.agency.pk,
                scores=scores,
                comment=comment,
                now=timezone.now(),
            )
        except ScoreInvalid:
            status, problem = 422, gettext("Pilih salah satu jawaban untuk paling sedikit satu pertanyaan.")
        else:
            if "tap" in request.POST:
                return HttpResponseRedirect(reverse("portal:done", args=[reference]) + "#survei", status=303)
            return HttpResponseRedirect(
                reverse("services:survey", args=[reference]) + "?terima-kasih", status=303
            )
    context = {
        "view": case,
        "elements": ELEMENTS,
        "scores": kept.scores if kept else {},
        "comment": kept.comment if kept else request.POST.get("comment", ""),
        "problem": problem,
        "thanks": "terima-kasih" in request.GET,
        "tab": "matters",
    }
    return render(request, "services/survey.html", context, status=status)


@public
@require_GET
def satisfaction(request: HttpRequest) -> HttpResponse:
    """The public figures: the index of the whole and of each service."""
    whole, by_service = queries.satisfaction()
    language = get_language() or "id"
    rows = [(_name(row.slug, language), row) for row in by_service]
    return render(request, "services/satisfaction.html", {"whole": whole, "rows": rows, "elements": ELEMENTS})


def _name(slug: str, language: str) -> str:
    try:
        return cases.service(slug).definition.name.in_language(language)
    except ServiceNotFound:
        return slug
