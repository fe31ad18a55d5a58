"""The portal: ask for information, check, send; follow a request and an objection by their key."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from satuklik.base.accounts import limits
from satuklik.base.accounts.errors import TooManyAttempts
from satuklik.base.accounts.permissions import public
from satuklik.base.once import actions as once
from satuklik.spine.documents import queries as documents
from satuklik.spine.population import queries as population
from satuklik.systems.ppid import actions, addresses, forms, parameters, queries, rules, uploads, words
from satuklik.systems.ppid.errors import BadInput, NotFound, PpidError
from satuklik.systems.ppid.models import InformationRequest, Letter, MatterFile, Objection
from satuklik.systems.ppid.queries import lists
from satuklik.systems.ppid.queries import public as opened
from satuklik.systems.ppid.views.desk import download, given_of, objection_of
from satuklik.systems.ppid.views.guard import into, status_of

# How many an address may send in a quarter of an hour: carriers put thousands of people behind one.
MOST_SENT, WINDOW = 30, 15 * 60
MOST_HELD = 30  # files that wait for the page after the form, of an address in the same time
TOO_MANY = gettext_lazy("Terlalu banyak kiriman dari jaringan ini. Coba lagi seperempat jam lagi.")


@public
@never_cache
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The form; then a page to check; then the receipt with its number."""
    resident = population.person_of(request.user)
    known = _known(resident, request)
    if request.method != "POST":
        return _form_page(request, forms.PublicRequestForm(initial=known), known)
    form = forms.PublicRequestForm(request.POST, request.FILES)
    kept = _power_of(request, form)
    if form.is_valid() and form.cleaned_data["proxy_for"] and not kept:
        form.add_error("power", _("Lampirkan surat kuasa, karena Anda meminta atas kuasa orang lain."))
    if not form.is_valid() or "ubah" in request.POST:
        status = 200 if form.is_valid() else 422
        return _form_page(request, form, known, kept=kept, status=status)
    if "kirim" not in request.POST:
        return _check_page(request, form, _hold(request, kept))
    now = timezone.now()
    try:
        limits.check("ppid.ask", limits.address(request), most=MOST_SENT, seconds=WINDOW, now=now)
        made = actions.register_request(
            given_of(form.cleaned_data), received_at=now, channel="web", now=now, files=kept, word=once.word_of(request),
            user=request.user if request.user.is_authenticated and resident else None,
            person_id=resident.person_id if resident and form.cleaned_data["nik"] == resident.person.nik else None,
        )  # fmt: skip
    except TooManyAttempts:
        form.add_error(None, TOO_MANY)
        return _form_page(request, form, known, kept=kept, status=429)
    except BadInput as error:
        into(form, error)
        return _form_page(request, form, known, kept=kept, status=422)
    return redirect(f"{addresses.tracking(made)}?baru")


@public
@never_cache
@require_safe
def track(request: HttpRequest, reference: str, key: str) -> HttpResponse:
    """Where a request stands, for whoever has its key."""
    return _track_page(request, _tracked(reference, key))


@public
@never_cache
@require_POST
def tell(request: HttpRequest, reference: str, key: str, name: str) -> HttpResponse:
    """The applicant completes, explains or takes back."""
    found, now = _tracked(reference, key), timezone.now()
    if name not in ("lengkapi", "jelaskan", "tarik"):
        raise Http404
    form = forms.TextForm(
        request.POST, request.FILES, with_files=name == "lengkapi", required=name == "jelaskan"
    )
    if not form.is_valid():
        return _track_page(request, found, form=form, status=422)
    text = form.cleaned_data["text"]
    try:
        if name == "lengkapi":
            limits.check("ppid.tell", found.reference, most=MOST_SENT, seconds=WINDOW, now=now)
            kept = uploads.keep(form.cleaned_data["files"])
            actions.supplement(found, text=text, files=kept, now=now)
        elif name == "jelaskan":
            actions.clarify(found, answer=text, now=now)
        else:
            actions.withdraw(found, reason=text, now=now)
    except TooManyAttempts:
        form.add_error(None, TOO_MANY)
        return _track_page(request, found, form=form, status=429)
    except uploads.BadFile as error:
        form.add_error("files", str(error))
        return _track_page(request, found, form=form, status=422)
    except PpidError as error:
        form.add_error(None, str(error))
        return _track_page(request, _tracked(reference, key), form=form, status=status_of(error))
    messages.success(request, _("Terima kasih, sudah kami terima."))
    return redirect(addresses.tracking(found))


@public
@require_safe
def letter(request: HttpRequest, reference: str, key: str) -> HttpResponse:
    """The signed notice."""
    found = _tracked(reference, key)
    decision = found.decisions.filter(in_force=True).select_related("letter__document").first()
    if found.notified_at is None or decision is None or decision.letter.document is None:
        raise Http404
    return _pdf(decision.letter, found.reference)


@public
@require_safe
def extension_letter(request: HttpRequest, reference: str, key: str) -> HttpResponse:
    """The signed notice that the answer takes longer."""
    found = _tracked(reference, key)
    if found.extension_letter is None or found.extension_letter.document is None:
        raise Http404
    return _pdf(found.extension_letter, f"{found.reference}-perpanjangan")


@public
@require_safe
def file(request: HttpRequest, reference: str, key: str, file_id: int) -> HttpResponse:
    """A file of the answer, once it may be had."""
    found = _tracked(reference, key)
    if not actions.open_files(found):
        raise Http404
    try:
        content, media, name = queries.answer_file(found, file_id)
    except NotFound as error:
        raise Http404 from error
    return download(content, media, name)


@public
@never_cache
@require_http_methods(["GET", "POST"])
def objection(request: HttpRequest, reference: str, key: str) -> HttpResponse:
    """The form of an objection."""
    found, now = _tracked(reference, key), timezone.now()
    form = forms.ObjectionForm(request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                limits.check("ppid.object", limits.address(request), most=MOST_SENT, seconds=WINDOW, now=now)
                made = actions.file_objection(
                    found,
                    received_at=now,
                    channel="web",
                    now=now,
                    word=once.word_of(request),
                    **objection_of(form),
                )
            except TooManyAttempts:
                form.add_error(None, TOO_MANY)
                status = 429
            except uploads.BadFile as error:
                form.add_error("power", str(error))
            except PpidError as error:
                _add(form, error)
            else:
                return redirect(f"{addresses.tracking(made)}?baru")
    days = parameters.value("objection_filing_days", timezone.localdate(now))
    return render(
        request, "ppid/objection_form.html",
        {"form": form, "found": found, "back": addresses.tracking(found), "days": days}, status=status,
    )  # fmt: skip


@public
@never_cache
@require_safe
def track_objection(request: HttpRequest, reference: str, key: str) -> HttpResponse:
    """Where an objection stands."""
    return _objection_page(request, _tracked_objection(reference, key))


@public
@never_cache
@require_POST
def tell_objection(request: HttpRequest, reference: str, key: str) -> HttpResponse:
    """The applicant accepts the answer or says that the dispute goes on; or takes the objection back."""
    found, now = _tracked_objection(reference, key), timezone.now()
    try:
        if "tarik" in request.POST:
            actions.withdraw_objection(found, now=now)
        else:
            actions.respond(found, answer=request.POST.get("answer", "")[:20], now=now)
    except PpidError as error:
        return _objection_page(
            request, _tracked_objection(reference, key), problem=str(error), status=status_of(error)
        )
    messages.success(request, _("Terima kasih, sudah kami catat."))
    return redirect(addresses.tracking(found))


@public
@require_safe
def objection_letter(request: HttpRequest, reference: str, key: str) -> HttpResponse:
    """The signed answer of Atasan PPID."""
    found = _tracked_objection(reference, key)
    if found.notified_at is None or found.letter is None or found.letter.document is None:
        raise Http404
    return _pdf(found.letter, found.reference)


def matters(user: Any, limit: int) -> list[InformationRequest]:
    """The account's requests, for the page «Urusan»."""
    return lists.of_user(user, limit)


def _power_of(request: HttpRequest, form: forms.PublicRequestForm) -> list[actions.GivenFile]:
    """The power of attorney: as it came with the form, else as the page before held it. Nothing is stored yet; what
    cannot be taken is said at its field."""
    form.is_valid()
    sent = form.cleaned_data.get("power")
    if sent:
        try:
            return uploads.keep(sent, kind=MatterFile.Kind.POWER)
        except uploads.BadFile as error:
            form.add_error("power", str(error))
    return uploads.unseal(request.POST.get("berkas", ""))


def _hold(request: HttpRequest, files: list[actions.GivenFile]) -> list[actions.GivenFile]:
    """The files, put by for the page after this one. Those of an address that left too many are not."""
    try:
        for _one in files:
            limits.check(
                "ppid.held", limits.address(request), most=MOST_HELD, seconds=WINDOW, now=timezone.now()
            )
    except TooManyAttempts:
        return [one for one in files if one.held]
    return uploads.hold(files)


def _known(resident: Any, request: HttpRequest) -> dict[str, str]:
    """What the register knows of who is signed in: nothing is typed twice."""
    if resident is None:
        return {}
    person = resident.person
    household = person.household
    village = person.village.name if person.village else ""
    address = f"{household.address}, RT {household.rt} RW {household.rw}, {village}"
    return {
        "name": person.name, "nik": person.nik, "address": address, "applicant": "person",
        "phone": request.user.phone or person.phone or "", "email": request.user.email or "",
        "occupation": population.word("occupation", person.occupation, "id") or "",
        "as_of": person.updated_on.isoformat(),
    }  # fmt: skip


def _form_page(
    request: HttpRequest, form: forms.PublicRequestForm, known: dict[str, str], *, kept: Any = (), status: int = 200
) -> HttpResponse:  # fmt: skip
    # Over the limit nothing new is put by; an error of another field loses no file.
    held = [one for one in kept if one.held] if status == 429 else _hold(request, list(kept))
    return render(
        request, "ppid/ask.html",
        {"form": form, "known": known, "kept": held, "sealed": uploads.seal(held), "tab": "services"}, status=status,
    )  # fmt: skip


def _check_page(
    request: HttpRequest, form: forms.PublicRequestForm, kept: list[actions.GivenFile]
) -> HttpResponse:
    given = form.cleaned_data
    said = {
        "applicant": words.APPLICANTS[given["applicant"]], "obtain": words.OBTAIN[given["obtain"]],
        "delivery": words.DELIVERY[given["delivery"]],
    }  # fmt: skip
    shown = [
        (form.fields[name].label, said.get(name, given[name]))
        for name in form.fields
        if name != "power" and given.get(name)
    ]
    hidden = [(name, given[name]) for name in form.fields if name != "power"]
    day = timezone.localdate()
    return render(
        request, "ppid/check.html",
        {"shown": shown, "hidden": hidden, "kept": kept, "sealed": uploads.seal(kept),
         "days": parameters.value("answer_days", day), "alike": opened.alike(given["details"]), "tab": "services"},
    )  # fmt: skip


def _track_page(
    request: HttpRequest, found: InformationRequest, *, form: forms.TextForm | None = None, status: int = 200
) -> HttpResponse:
    view = queries.applicant_view(found, timezone.now())
    question = next((one for one in view.clarifications if one.answered_at is None), None)
    told = found.notified_at is not None
    return render(
        request,
        "ppid/track.html",
        {
            "view": view, "found": found, "new": "baru" in request.GET, "question": question, "told": told,
            "form": form or forms.TextForm(
                with_files=found.state == rules.INCOMPLETE, required=False,
                label=_("Kelengkapan Anda") if found.state == rules.INCOMPLETE else _("Penjelasan Anda"),
            ),
            "withdraw": forms.TextForm(required=False, label=_("Alasan"), auto_id="tarik_%s"),
            "may_withdraw": rules.WITHDRAWN in rules.NEXT[found.state],
            "may_object": found.state != rules.WITHDRAWN or found.ended_by_us(),
            "outcome": words.OUTCOMES[view.decision.outcome] if told and view.decision else "",
            "files": view.answer_files if actions.open_files(found) else (),
            "unpaid": bool(told and view.decision and view.decision.cost and not found.paid),
            "verify_url": documents.verify_url(view.letter.document) if told and view.letter and view.letter.document else "",
            "steps": _steps(view), "delivery": words.DELIVERY[found.delivery], "obtain": words.OBTAIN[found.obtain],
            "link": addresses.tracking(found),
            "objections": [(one, addresses.tracking(one)) for one in view.objections],
        },
        status=status,
    )  # fmt: skip


# What an applicant is shown of the history: not who works on it, nor what officials tell each other.
SHOWN = frozenset(
    {"registered", "incomplete", "supplemented", "complete", "referred", "agency_answered", "asked", "clarified",
     "testing", "extended", "notified", "holder_told", "paid", "delivered", "closed", "withdrawn", "dropped", "reopened",
     "objected", "objection_notified", "published", "with_superior", "responded", "disputed", "mediation",
     "adjudication", "ruled", "objection_closed", "objection_withdrawn"}
)  # fmt: skip


def _steps(view: Any) -> list[dict[str, Any]]:
    lines = [one for one in view.history if one.kind in SHOWN]
    told = ("incomplete", "asked", "extended", "dropped", "ruled")
    return [
        {
            "title": one.words, "at": one.at, "text": one.note if one.kind in told else "", "office": "",
            "state": "now" if number == len(lines) - 1 else "done",
        }
        for number, one in enumerate(lines)
    ]  # fmt: skip


def _objection_page(
    request: HttpRequest, found: Objection, *, problem: str = "", status: int = 200
) -> HttpResponse:
    view = queries.applicant_objection(found, timezone.now())
    return render(
        request,
        "ppid/objection_track.html",
        {
            "view": view, "found": found, "new": "baru" in request.GET, "problem": problem, "steps": _steps(view),
            "ground": parameters.objections()[found.ground], "outcome": words.OUTCOMES[found.outcome] if found.notified_at else "",
            "may_withdraw": rules.WITHDRAWN in rules.OBJECTION_NEXT[found.state],
            "may_respond": found.state == rules.DISPUTE_WINDOW and not found.applicant_response,
            "request_link": addresses.tracking(found.request), "link": addresses.tracking(found),
            "responded": forms.AnswerForm.base_fields["answer"].choices,  # type: ignore[attr-defined]
        },
        status=status,
    )  # fmt: skip


def _tracked(reference: str, key: str) -> InformationRequest:
    try:
        return queries.tracked(reference, key)
    except NotFound as error:
        raise Http404 from error


def _tracked_objection(reference: str, key: str) -> Objection:
    try:
        return queries.tracked_objection(reference, key)
    except NotFound as error:
        raise Http404 from error


def _add(form: Any, error: PpidError) -> None:
    if isinstance(error, BadInput):
        into(form, error)
    else:
        form.add_error("ground", str(error))


def _pdf(found: Letter, reference: str) -> HttpResponse:
    assert found.document is not None
    return download(documents.read(found.document), "application/pdf", f"{reference}.pdf")
