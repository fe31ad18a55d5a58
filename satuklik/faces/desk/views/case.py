"""The page of a case: read it, decide it, open its files and its letter."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from satuklik.base.accounts.permissions import official
from satuklik.base.agencies import queries as agencies
from satuklik.base.files import queries as files
from satuklik.faces.desk import queries, wording
from satuklik.faces.desk.casefile import CaseFile, casefile
from satuklik.faces.desk.forms import DecisionForm, FinishForm, HandOverForm, PassphraseForm
from satuklik.spine.cases import actions, words
from satuklik.spine.cases import queries as cases
from satuklik.spine.cases.errors import CaseError, CaseNotFound, NotEntitled, NotNow
from satuklik.spine.documents import queries as documents
from satuklik.spine.population import actions as population

# Only what a browser draws as a picture is shown in place; everything else is downloaded.
SHOWN_IN_PLACE = ("image/jpeg", "image/png")
TAKEN = (*SHOWN_IN_PLACE, "application/pdf")


@official()
@require_safe
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """The page of a case. Opening it is an access that the applicant can read."""
    view = _view(request, reference)
    _note_access(request, view, fields=("identity", "address", "case"))
    return case_page(request, view)


@official()
@require_POST
def decide(request: HttpRequest, reference: str) -> HttpResponse:
    """Grant, return or refuse; then the next case opens by itself."""
    who: agencies.Official = request.official  # type: ignore[attr-defined]
    view, now = _view(request, reference), timezone.now()
    rules = [(rule.id, rule.id) for rule in view.service.definition.rule]
    form = DecisionForm(request.POST, rules=rules)
    if not form.is_valid():
        return case_page(request, view, decision=form, status=422)
    given = form.cleaned_data
    outcome, due_on = given["outcome"], view.case.due_on
    try:
        actions.decide(
            reference,
            official=who,
            outcome=outcome,
            reason={"return": given["note"], "refuse": given["reason"]}.get(outcome, ""),
            rule=given["rule"] if outcome == "refuse" else "",
            task_id=given["task"],
            now=now,
        )
    except CaseNotFound as error:
        raise Http404 from error
    except CaseError as error:
        return _not_done(request, reference, form, error)
    messages.success(request, _DONE[outcome] % {"reference": reference})
    return redirect(next_url(request, view.case, due_on, now))


@official()
@require_POST
def hand_over(request: HttpRequest, reference: str) -> HttpResponse:
    """Record the receipt of the other system."""
    view, form = _view(request, reference), HandOverForm(request.POST)
    if not form.is_valid():
        return case_page(request, view, handing=form, status=422)
    return _move_on(request, view, lambda who, now: actions.hand_over(
        reference, official=who, receipt=form.cleaned_data["receipt"], now=now
    ), _("Tanda terima %(reference)s dicatat."))  # fmt: skip


@official()
@require_POST
def finish(request: HttpRequest, reference: str) -> HttpResponse:
    """Record how the other system ended the matter."""
    view, form = _view(request, reference), FinishForm(request.POST)
    if not form.is_valid():
        return case_page(request, view, finishing=form, status=422)
    success = form.cleaned_data["result"] == "done"
    return _move_on(request, view, lambda who, now: actions.finish_hand_off(
        reference, official=who, success=success, note=form.cleaned_data["note"], now=now
    ), _("Hasil %(reference)s dicatat."))  # fmt: skip


@official()
@require_safe
def preview_picture(request: HttpRequest, reference: str) -> HttpResponse:
    """The letter to be, as a picture."""
    return _preview(request, reference, "png", "image/png")


@official()
@require_safe
def preview_pdf(request: HttpRequest, reference: str) -> HttpResponse:
    """The letter to be, as PDF."""
    return _preview(request, reference, "pdf", "application/pdf")


@official()
@require_safe
def letter(request: HttpRequest, reference: str) -> HttpResponse:
    """The signed letter, byte for byte."""
    view = _view(request, reference)
    if view.document is None:
        raise Http404
    _note_access(request, view, fields=("letter",))
    return letter_response(view.document, inline="unduh" not in request.GET)


@official()
@require_safe
def attachment(request: HttpRequest, attachment_id: int) -> HttpResponse:
    """A file of the applicant: it was checked when it came, and is still treated as a stranger's."""
    who: agencies.Official = request.official  # type: ignore[attr-defined]
    try:
        found = cases.attachment(attachment_id, official=who, now=timezone.now())
    except CaseNotFound as error:
        raise Http404 from error
    _note_access(request, _view(request, found.case.reference), fields=("attachment",))
    media_type = found.file.media_type if found.file.media_type in TAKEN else "application/octet-stream"
    response = HttpResponse(files.read(found.file_id), content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(media_type not in SHOWN_IN_PLACE, found.name)
    return _locked_down(response)


def case_page(
    request: HttpRequest,
    view: cases.CaseView,
    *,
    decision: DecisionForm | None = None,
    signing: PassphraseForm | None = None,
    handing: HandOverForm | None = None,
    finishing: FinishForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page of a case, also with what was typed and could not be saved."""
    who: agencies.Official = request.official  # type: ignore[attr-defined]
    now = timezone.now()
    note_looks(request, [view], fields=("identity", "address", "case"))
    shown = casefile(view, who, now)
    box = box_of(request)
    if decision is None:
        decision = DecisionForm(rules=[], initial={"task": shown.task_id})
    decision.offer(shown.rule_choices)
    return render(
        request,
        "desk/case.html",
        {
            "official": who,
            "case": shown,
            "box": box,
            "back": reverse("desk:box", args=[box.slug]),
            "query": urlencode({"kotak": box.slug}),
            "decision": decision,
            "outcomes": _outcomes(shown),
            "signing": signing or PassphraseForm(),
            "handing": handing or HandOverForm(),
            "finishing": finishing or FinishForm(),
            "problem": problem,
        },
        status=status,
    )


def box_of(request: HttpRequest) -> queries.Box:
    """The box from which the case was opened."""
    named = request.POST.get("kotak") or request.GET.get("kotak") or ""
    return queries.BY_SLUG.get(named, queries.BOXES[0])


def next_url(request: HttpRequest, done: cases.Case, due_on: object, now: datetime) -> str:
    """The next case of the box, or the box when it is empty. `beres` lets the page forget the draft."""
    who: agencies.Official = request.official  # type: ignore[attr-defined]
    box = box_of(request)
    reference = queries.following(who, box, done, due_on, now=now)  # type: ignore[arg-type]
    if not reference:
        return f"{reverse('desk:box', args=[box.slug])}?{urlencode({'beres': done.reference})}"
    return (
        f"{reverse('desk:case', args=[reference])}?{urlencode({'kotak': box.slug, 'beres': done.reference})}"
    )


def letter_response(document: documents.IssuedDocument, *, inline: bool) -> HttpResponse:
    """A letter of ours to look at or to keep."""
    response = HttpResponse(documents.read(document), content_type="application/pdf")
    name = f"{document.number.replace('/', '-')}.pdf"
    response["Content-Disposition"] = content_disposition_header(not inline, name)
    response["Cache-Control"] = "private, no-store"
    return response


_DONE = {
    "grant": gettext_lazy("Permohonan %(reference)s dikabulkan."),
    "return": gettext_lazy("Permohonan %(reference)s dikembalikan kepada warga."),
    "refuse": gettext_lazy("Permohonan %(reference)s ditolak. Warga menerima alasannya."),
}


def _outcomes(shown: CaseFile) -> list[tuple[str, str]]:
    offered = DecisionForm.OUTCOMES
    # What only lacks its signature is granted by signing it.
    return [pair for pair in offered if pair[0] != "grant" or shown.step != "sign"]


def _view(request: HttpRequest, reference: str) -> cases.CaseView:
    try:
        return cases.case_for_office(reference, request.official, timezone.now())  # type: ignore[attr-defined]
    except CaseNotFound as error:
        raise Http404 from error


def _note_access(request: HttpRequest, view: cases.CaseView, *, fields: tuple[str, ...]) -> None:
    # The resident reads this reason: always in Indonesian, with the name of the service.
    name = view.service.definition.name.id
    population.record_access(
        request.official,  # type: ignore[attr-defined]
        view.case.person,
        reason=f"Memeriksa permohonan {name}",
        case_reference=view.case.reference,
        fields=fields,
        now=timezone.now(),
    )


def note_looks(request: HttpRequest, views: Sequence[cases.CaseView], *, fields: tuple[str, ...]) -> None:
    """Like `_note_access` for what is shown beside the page of a case: no second row within ten minutes."""
    by_name: dict[str, list[tuple[int, str]]] = {}
    for view in views:
        shown = by_name.setdefault(view.service.definition.name.id, [])
        shown.append((view.case.person_id, view.case.reference))
    for name, shown in by_name.items():
        population.record_looks(
            request.official,  # type: ignore[attr-defined]
            shown,
            reason=f"Memeriksa permohonan {name}",
            now=timezone.now(),
            fields=fields,
        )


def _not_done(request: HttpRequest, reference: str, form: DecisionForm, error: CaseError) -> HttpResponse:
    """Say why, with the case as it is now and the words that were typed."""
    status = 403 if isinstance(error, NotEntitled) else 409 if isinstance(error, NotNow) else 422
    return case_page(
        request, _view(request, reference), decision=form, problem=wording.problem(error), status=status
    )


def _move_on(request: HttpRequest, view: cases.CaseView, act: object, done: str) -> HttpResponse:
    now, due_on = timezone.now(), view.case.due_on
    try:
        act(request.official, now)  # type: ignore[operator,attr-defined]
    except CaseNotFound as error:
        raise Http404 from error
    except CaseError as error:
        status = 409 if isinstance(error, NotNow) else 422
        return case_page(
            request, _view(request, view.case.reference), problem=words.of_error(error), status=status
        )
    messages.success(request, done % {"reference": view.case.reference})
    return redirect(next_url(request, view.case, due_on, now))


def _preview(request: HttpRequest, reference: str, form: str, media_type: str) -> HttpResponse:
    view = _view(request, reference)
    if view.service.definition.letter is None or view.case.closed_at is not None:
        raise Http404
    note_looks(request, [view], fields=("identity", "address", "case"))
    response = HttpResponse(
        cases.preview(view, format=form, now=timezone.now()),  # type: ignore[arg-type]
        content_type=media_type,
    )
    response["Content-Disposition"] = "inline"
    response["Cache-Control"] = "private, no-store"
    return response


def _locked_down(response: HttpResponse) -> HttpResponse:
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
