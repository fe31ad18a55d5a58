"""The one page before the click, and the click."""

import secrets
from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from satuklik.base.accounts.permissions import resident
from satuklik.base.ui.errors import error_page
from satuklik.faces.portal import presenting
from satuklik.spine.cases import actions, asking, errors, words
from satuklik.spine.cases import queries as cases
from satuklik.spine.cases.actions.submitting import Applicant
from satuklik.spine.cases.attachments import Upload
from satuklik.spine.documents.errors import NotPrintable
from satuklik.spine.population.dossier import Dossier, dossier


@resident(level=2)
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what will be used and what is missing; on a press submit, and lead to what came of it."""
    person = dossier(request.resident.person_id)  # type: ignore[attr-defined]
    if person is None:
        return error_page(request, 404)
    if request.method != "POST":
        return _page(request, slug, person, {}, {}, key=secrets.token_urlsafe(12))
    typed, uploads = read_form(request)
    if "refresh" in request.POST:
        return _page(request, slug, person, typed, {}, key=request.POST.get("key", ""))
    problems: dict[str, str] = {}
    general, key = "", request.POST.get("key", "")
    try:
        receipt = actions.submit(
            slug,
            person_id=person.person_id,
            person=person,
            answers=typed,
            uploads=uploads,
            by=Applicant(request.user.pk, request.resident.level, "portal", user=request.user),  # type: ignore[attr-defined,arg-type]
            key=key,
            language=get_language() or "id",
            now=timezone.now(),
        )
    except errors.ServiceNotFound:
        return error_page(request, 404)
    except errors.AttachmentRejected as error:
        problems[error.question] = words.of_attachment(error)
    except errors.AnswersInvalid as error:
        service = cases.service(slug)
        problems = {
            e.question: words.of_answer(e, service.definition.question_of(e.question)) for e in error.errors
        }
    except errors.RulesFailed:
        general = ""  # the page itself shows each failing rule with its mend
    except NotPrintable as error:
        problems, general = unprintable(error, slug)
    except errors.KeyTaken as error:
        key, general = secrets.token_urlsafe(12), words.of_error(error)
    except errors.CaseError as error:
        general = words.of_error(error)
    else:
        return HttpResponseRedirect(reverse("portal:done", args=[receipt.case.reference]), status=303)
    shown = typed | {name: upload.name for name, upload in uploads.items()}
    return _page(
        request,
        slug,
        person,
        shown,
        problems,
        key=key,
        general=general,
        chosen=frozenset(uploads),
        status=422,
    )


def read_form(request: HttpRequest) -> tuple[dict[str, object], dict[str, Upload]]:
    """What was typed and which files came, by question."""
    typed: dict[str, object] = {
        name.removeprefix("q-"): value for name, value in request.POST.items() if name.startswith("q-")
    }
    uploads = {
        name.removeprefix("q-"): Upload(file.name or "", file.read())
        for name, file in request.FILES.items()
        if name.startswith("q-")
    }
    return typed, uploads


def unprintable(error: NotPrintable, slug: str) -> tuple[dict[str, str], str]:
    """Signs that no letter can print: told at the question they stand in, else above."""
    from django.utils.translation import gettext

    told = gettext("Surat tidak dapat memuat tanda %(signs)s. Tulis tanpa tanda itu.") % {
        "signs": error.characters
    }
    question = error.where.rpartition(".")[2]
    if cases.service(slug).definition.question_of(question):
        return {question: told}, ""
    return {}, told


def _page(
    request: HttpRequest,
    slug: str,
    person: Dossier,
    typed: Mapping[str, object],
    problems: Mapping[str, str],
    *,
    key: str,
    general: str = "",
    chosen: frozenset[str] = frozenset(),
    status: int = 200,
) -> HttpResponse:
    language = get_language() or "id"
    try:
        prepared = cases.prepare(
            slug, person=person, answers=typed, today=timezone.localdate(), check=status == 422
        )
    except errors.ServiceNotFound:
        return error_page(request, 404)
    except errors.NotServedHere as error:
        return error_page(request, 422, happened=words.of_error(error))
    definition = prepared.service.definition
    asked = asking.asked(prepared.questions, language, problems, chosen)
    context = {
        "tab": "services",
        "slug": slug,
        "key": key,
        "name": definition.name.in_language(language),
        "kind": definition.kind,
        "office": prepared.agency.name,
        "how_long": presenting.how_long(definition),
        "fee": prepared.fee,
        "sources": presenting.sources(prepared.facts, language),
        "asked": asked,
        "wrong": [field for field in asked if field.error],
        "general": general,
        "refusable": any(question.when for question in definition.question),
        "failures": [failing(result, language) for result in prepared.failures],
        "stuck": any(not depends_on_answers(result) for result in prepared.failures),
        "doubts": [failing(result, language) for result in prepared.doubts],
        "uploads": any(field.control == "file" for field in asked),
        "straight": prepared.evaluation.outcome == "issue"
        or (definition.kind == "straight" and not prepared.doubts),
    }
    return render(request, "portal/check.html", context, status=status)


def failing(result: cases.RuleResult, language: str) -> dict[str, str]:
    """A rule that does not hold, as the page shows it."""
    rule = result.rule
    return {
        "message": rule.message.in_language(language),
        "mend": rule.mend.in_language(language),
        "law": rule.law,
    }


def depends_on_answers(result: cases.RuleResult) -> bool:
    """Whether other answers could make the rule hold."""
    return any(name.startswith("answer.") for name in result.inputs)
