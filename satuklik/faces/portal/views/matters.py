"""My matters: the list, one case with its time line, what came of the click, mending, withdrawing."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from satuklik.base.accounts.permissions import resident
from satuklik.base.files import queries as files
from satuklik.base.ui import registry
from satuklik.base.ui.errors import error_page
from satuklik.faces.portal import presenting
from satuklik.faces.portal.views.apply import failing, read_form, unprintable
from satuklik.spine.cases import actions, asking, errors, words
from satuklik.spine.cases import queries as cases
from satuklik.spine.documents import queries as documents
from satuklik.spine.documents.errors import NotPrintable
from satuklik.systems.services import queries as services
from satuklik.systems.services.survey import next_tap


@resident
@require_safe
def matters(request: HttpRequest) -> HttpResponse:
    """The running matters first, then what is closed."""
    language = get_language() or "id"
    found = cases.cases_of(request.resident.person_id, limit=100)  # type: ignore[attr-defined]
    others = registry.matters(request.user, 100)
    rows = [(presenting.matter(case, language), case.closed_at is not None) for case in found]
    rows += [(presenting.other_matter(one), one.closed) for one in others]
    rows.sort(key=lambda row: row[0].submitted_at, reverse=True)
    context = {
        "tab": "matters",
        "running": [row for row, closed in rows if not closed],
        "closed": [row for row, closed in rows if closed],
    }
    return render(request, "portal/matters.html", context)


def _view(request: HttpRequest, reference: str) -> cases.CaseView | None:
    try:
        return cases.case_of_person(reference, request.resident.person_id)  # type: ignore[attr-defined]
    except errors.CaseNotFound:
        return None


@resident
@require_safe
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """Where a matter stands: what happened, what it waits for, from whom, until when."""
    view = _view(request, reference)
    if view is None:
        return error_page(request, 404)
    return render(request, "portal/case.html", _context(view))


@resident
@require_safe
def done(request: HttpRequest, reference: str) -> HttpResponse:
    """What came of the click: the letter itself, or what happens next."""
    view = _view(request, reference)
    if view is None:
        return error_page(request, 404)
    context = _context(view)
    if view.document is not None:
        kept = services.survey_of(reference)
        context["tap"] = next_tap(kept.scores if kept else {})
        context["rated"] = kept is not None
    return render(request, "portal/done.html", context)


def _context(view: cases.CaseView) -> dict[str, object]:
    language = get_language() or "id"
    document, definition = view.document, view.service.definition
    context: dict[str, object] = {
        "tab": "matters",
        "view": view,
        "case": view.case,
        "name": definition.name.in_language(language),
        "tag": presenting.tag(view.case.state),
        "steps": presenting.time_line(view),
        "sources": presenting.sources(view.facts, language),
        "answers": presenting.answers_in_words(view.answers, language),
        "may_withdraw": view.case.state in ("in_review", "returned", "handed_off"),
        "instructions": definition.handoff.instructions.in_language(language) if definition.handoff else "",
        "paused": view.clock is not None and view.clock.paused_on is not None,
    }
    if document is not None:
        context |= {
            "document": document,
            "verify_url": documents.verify_url(document),
            "qr": mark_safe(documents.qr(document)),  # noqa: S308 - made by our own QR encoder
            "standing": documents.standing(document, timezone.now()),
        }
    return context


@resident(level=2)
@require_http_methods(["GET", "HEAD", "POST"])
def mend(request: HttpRequest, reference: str) -> HttpResponse:
    """Complete a returned matter and send it again; what was answered before stands there already."""
    view = _view(request, reference)
    if view is None:
        return error_page(request, 404)
    if view.case.state != "returned":
        return HttpResponseRedirect(reverse("portal:case", args=[reference]), status=303)
    if request.method != "POST":
        return _mend_page(request, view, dict(view.case.answers), {})
    typed, uploads = read_form(request)
    problems: dict[str, str] = {}
    failures: list[dict[str, str]] = []
    general = ""
    try:
        actions.mend(
            reference,
            person_id=request.resident.person_id,  # type: ignore[attr-defined]
            answers=typed,
            uploads=uploads,
            user_id=request.user.pk,  # type: ignore[arg-type]
            now=timezone.now(),
        )
    except errors.AttachmentRejected as error:
        problems[error.question] = words.of_attachment(error)
    except errors.AnswersInvalid as error:
        definition = view.service.definition
        problems = {e.question: words.of_answer(e, definition.question_of(e.question)) for e in error.errors}
    except errors.RulesFailed as error:
        failures = [failing(result, get_language() or "id") for result in error.failures]
    except NotPrintable as error:
        problems, general = unprintable(error, view.service.slug)
    except (errors.NotNow, errors.NotResident) as error:
        general = words.of_error(error)
    else:
        messages.success(request, gettext("Terkirim lagi. Petugas melanjutkan pemeriksaan."))
        return HttpResponseRedirect(reverse("portal:case", args=[reference]), status=303)
    kept = {name: value for name, value in view.case.answers.items() if _is_file(view, name)}
    return _mend_page(
        request, view, kept | typed, problems,
        failures=failures, general=general, chosen=frozenset(uploads), status=422,
    )  # fmt: skip


def _is_file(view: cases.CaseView, name: str) -> bool:
    question = view.service.definition.question_of(name)
    return question is not None and question.type == "file"


def _mend_page(
    request: HttpRequest,
    view: cases.CaseView,
    values: dict[str, object],
    problems: dict[str, str],
    *,
    failures: list[dict[str, str]] | None = None,
    general: str = "",
    chosen: frozenset[str] = frozenset(),
    status: int = 200,
) -> HttpResponse:
    language = get_language() or "id"
    questions = [
        cases.AskedQuestion(one.question, values.get(one.question.id), one.shown or one.question.when is None)
        for one in view.answers
    ]
    asked = asking.asked(questions, language, problems, chosen)
    context = _context(view) | {
        "asked": asked,
        "wrong": [field for field in asked if field.error],
        "failures": failures or [],
        "general": general,
    }
    return render(request, "portal/mend.html", context, status=status)


@resident
@require_POST
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Take a matter back that is not decided yet."""
    try:
        actions.withdraw(
            reference,
            person_id=request.resident.person_id,  # type: ignore[attr-defined]
            user_id=request.user.pk,  # type: ignore[arg-type]
            now=timezone.now(),
        )
    except errors.CaseNotFound:
        return error_page(request, 404)
    except errors.NotNow as error:
        messages.error(request, words.of_error(error))
    else:
        messages.success(request, gettext("Permohonan Anda dibatalkan."))
    return HttpResponseRedirect(reverse("portal:case", args=[reference]), status=303)


@resident
@require_safe
def attachment(request: HttpRequest, attachment_id: int) -> HttpResponse:
    """A file that I handed in."""
    try:
        found = cases.attachment(attachment_id, now=timezone.now(), person_id=request.resident.person_id)  # type: ignore[attr-defined]
    except errors.CaseNotFound:
        return error_page(request, 404)
    response = HttpResponse(files.read(found.file_id), content_type="application/octet-stream")
    # Handed-in files are always saved, never shown: what somebody else made must not run on our pages.
    response.headers["Content-Disposition"] = _as_attachment(found.name)
    return response


def _as_attachment(name: str) -> str:
    from django.utils.http import content_disposition_header

    return content_disposition_header(as_attachment=True, filename=name) or "attachment"
