"""At the counter, for a neighbour whose identity was checked: choose a service, submit, hand out the letter."""

import secrets

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from satuklik.base.accounts.permissions import official
from satuklik.base.agencies import queries as agencies
from satuklik.faces.desk import wording
from satuklik.faces.desk.casefile import CODES_ONLY as UNSHOWN
from satuklik.faces.desk.models import Visit
from satuklik.faces.desk.queries import COUNTER_ROLES, service_name
from satuklik.faces.desk.views.case import letter_response
from satuklik.faces.desk.views.counter import of_visit
from satuklik.spine.cases import actions, asking, words
from satuklik.spine.cases import queries as cases
from satuklik.spine.cases.attachments import Upload
from satuklik.spine.cases.errors import (
    AnswersInvalid,
    AttachmentRejected,
    CaseError,
    CaseNotFound,
    KeyTaken,
    NotResident,
    NotServedHere,
    RulesFailed,
    ServiceNotFound,
)
from satuklik.spine.population import actions as population_actions
from satuklik.spine.population import queries as population
from satuklik.spine.population.dossier import dossier


@official(*COUNTER_ROLES)
@never_cache
@require_safe
@of_visit()
def visit(request: HttpRequest, visit: Visit, person: population.Person) -> HttpResponse:
    """What can be done for this neighbour."""
    who, text = visit.official, request.GET.get("q", "").strip()[:80]
    account, offices = population.account_of(person), agencies.offices_of(who, timezone.now())
    mine = [
        case
        for case in cases.cases_of(person.pk, limit=30)
        if case.agency_id in offices or case.assisted_by_id == who.pk
    ]
    return render(
        request,
        "desk/counter/visit.html",
        {
            "visit": visit,
            "person": person,
            "text": text,
            "services": _services(text),
            "cases": [
                (case, service_name(cases.version_of(case)), wording.state(case.state)) for case in mine
            ],
            "proven": account is not None and account.level >= population_actions.PROVEN,
        },
    )


@official(*COUNTER_ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@of_visit()
def service(request: HttpRequest, visit: Visit, person: population.Person, slug: str) -> HttpResponse:
    """The one page before the click: what is used, what is asked, what stands in the way."""
    if request.method != "POST":
        return _check_page(request, visit, person, slug, {})
    return _submit(request, visit, person, slug)


@official(*COUNTER_ROLES)
@never_cache
@require_safe
@of_visit()
def done(request: HttpRequest, visit: Visit, person: population.Person, reference: str) -> HttpResponse:
    """What came of it: the letter, or what happens next."""
    view = _own_view(visit, reference)
    return render(
        request,
        "desk/counter/done.html",
        {
            "visit": visit,
            "person": person,
            "case": view.case,
            "service_name": service_name(view.service),
            "state": wording.state(view.case.state),
            "letter": view.document,
        },
    )


@official(*COUNTER_ROLES)
@require_safe
@of_visit()
def letter(request: HttpRequest, visit: Visit, person: population.Person, reference: str) -> HttpResponse:
    """The signed letter, to print for the neighbour."""
    view = _own_view(visit, reference)
    if view.document is None:
        raise Http404
    population_actions.record_access(
        visit.official, person, reason="Mencetak surat untuk warga di loket", case_reference=reference,
        fields=("letter",), now=timezone.now(),
    )  # fmt: skip
    return letter_response(view.document, inline="unduh" not in request.GET)


def _submit(request: HttpRequest, visit: Visit, person: population.Person, slug: str) -> HttpResponse:
    given = {name.removeprefix("q-"): value for name, value in request.POST.items() if name.startswith("q-")}
    uploads = {
        name.removeprefix("q-"): Upload(file.name or "", file.read())
        for name, file in request.FILES.items()
        if name.startswith("q-")
    }
    now = timezone.now()
    try:
        receipt = actions.submit(
            slug,
            person_id=person.pk,
            answers=given,
            uploads=uploads,
            by=actions.Applicant(request.user.pk, population_actions.PROVEN, "counter", visit.official),  # type: ignore[arg-type]
            key=f"{visit.pk}:{request.POST.get('key', '')}",
            language="id",
            now=now,
        )
    except ServiceNotFound as error:
        raise Http404 from error
    except (AnswersInvalid, RulesFailed, AttachmentRejected, NotServedHere, NotResident, KeyTaken) as error:
        return _check_page(request, visit, person, slug, given, files=frozenset(uploads), error=error)
    if not receipt.repeated:
        name = cases.version_of(receipt.case).definition.name.id
        population_actions.record_access(
            visit.official, person, reason=f"Mengajukan {name} atas permintaan warga di loket",
            case_reference=receipt.case.reference, fields=("identity", "family", "address"), now=now,
        )  # fmt: skip
    return redirect("desk:counter-done", visit.pk, receipt.case.reference)


def _check_page(
    request: HttpRequest,
    visit: Visit,
    person: population.Person,
    slug: str,
    answers: dict[str, object],
    *,
    files: frozenset[str] = frozenset(),
    error: CaseError | None = None,
) -> HttpResponse:
    known = dossier(person.pk)
    if known is None:
        raise Http404
    given = {**answers, **dict.fromkeys(files, "attached")}
    try:
        ready = cases.prepare(
            slug,
            person=known,
            answers=given,
            today=timezone.localdate(),
            check=isinstance(error, AnswersInvalid),
        )
    except (ServiceNotFound, NotServedHere) as gone:
        raise Http404 from gone
    language = get_language() or "id"
    problems = {error.question: words.of_attachment(error)} if isinstance(error, AttachmentRejected) else {}
    asked = asking.asked(ready.questions, language, problems, files)
    return render(
        request,
        "desk/counter/check.html",
        {
            "visit": visit,
            "person": person,
            "service": ready.service,
            "service_name": service_name(ready.service),
            "summary": ready.service.definition.summary.in_language(language),
            "agency": ready.agency,
            "facts": [
                (fact, wording.fact(fact.name, fact.value))
                for fact in ready.facts
                if fact.name not in UNSHOWN
            ],
            "asked": asked,
            "wrong": [field for field in asked if field.error],
            "failures": _told(ready.failures, language),
            "doubts": _told(ready.doubts, language),
            "fee": ready.fee,
            "general": words.of_error(error)
            if isinstance(error, NotServedHere | NotResident | KeyTaken | RulesFailed)
            else "",
            "key": (not isinstance(error, KeyTaken) and request.POST.get("key")) or secrets.token_urlsafe(12),
        },
        status=200 if error is None else 422,
    )


def _told(results: tuple[cases.RuleResult, ...], language: str) -> list[tuple[str, str, str]]:
    return [
        (r.rule.message.in_language(language), r.rule.mend.in_language(language), r.rule.law) for r in results
    ]


def _services(text: str) -> list[tuple[str, str, str]]:
    """Slug, name and summary of the services that fit the words; all without words."""
    language = get_language() or "id"
    wanted = text.lower().split()
    found = []
    for one in cases.catalogue():
        d = one.definition
        told = " ".join([d.name.id, d.name.en, d.summary.id, *d.keywords.id, *d.keywords.en]).lower()
        if all(word in told for word in wanted):
            found.append((one.slug, d.name.in_language(language), d.summary.in_language(language)))
    return sorted(found, key=lambda entry: entry[1])


def _own_view(visit: Visit, reference: str) -> cases.CaseView:
    """A case of this very neighbour that this office may see."""
    try:
        view = cases.case_for_office(reference, visit.official, timezone.now())
    except CaseNotFound as error:
        raise Http404 from error
    if view.case.person_id != visit.person_id:
        raise Http404
    return view
