"""The desk: the list by the clock, one question with facts and attempts, what is done with it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from satuklik.base.accounts.permissions import official
from satuklik.base.agencies import queries as agencies
from satuklik.base.once import actions as once
from satuklik.spine.intake.registry import KINDS
from satuklik.systems.press import actions, permits, queries, rules, words
from satuklik.systems.press.errors import PressError
from satuklik.systems.press.forms import (
    AssignForm,
    AttemptForm,
    FactsForm,
    LetterForm,
    OutcomeForm,
    PublishedForm,
    ReasonForm,
    RegisterForm,
    StatementForm,
)
from satuklik.systems.press.queries import Detail
from satuklik.systems.press.views.guard import at_desk, finish, found, who

BOXES = ("open", "mine", "after", "done")
LONGEST_SEARCH = 80


@official()
@at_desk
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """The list: what is due first at the top, what is past its time marked."""
    box = request.GET.get("kotak", "open")
    box = box if box in BOXES else "open"
    text = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]
    now = timezone.now()
    rows = queries.desk(who(request), now, box=box, text=text)
    boxes = [
        ("open", _("Belum dijawab")),
        ("mine", _("Saya tangani")),
        ("after", _("Sesudah terkirim")),
        ("done", _("Selesai")),
    ]
    return render(
        request, "press/desk.html",
        {"rows": rows, "box": box, "boxes": boxes, "text": text, "counts": queries.counts(now)},
    )  # fmt: skip


@official()
@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """A question that came by a call or a visit."""
    form = RegisterForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given, now = dict(form.cleaned_data), timezone.now()
        given.pop("website")
        try:
            made = actions.ask(**given, received_at=now, now=now, word=once.word_of(request))
        except PressError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Tercatat. Waktunya berjalan."))
            return redirect("press:enquiry", made.enquiry.reference)
    return render(
        request, "press/register.html", {"form": form}, status=422 if request.method == "POST" else 200
    )


@official()
@at_desk
@require_safe
def approvals(request: HttpRequest) -> HttpResponse:
    """What waits for approval: statements, letters of reply, releases."""
    return render(
        request, "press/approvals.html",
        {
            "statements": list(queries.to_approve()), "letters": list(queries.letters_to_approve()),
            "releases": list(queries.releases_to_approve()), "approves": permits.approves(who(request), timezone.now()),
        },
    )  # fmt: skip


@official()
@at_desk
@never_cache
@require_safe
def enquiry(request: HttpRequest, reference: str) -> HttpResponse:
    """One question. Whoever opens it leaves a trace: it shows a person's contact."""
    detail = found(request, reference)
    actions.note_read(detail.enquiry, by=who(request), now=timezone.now())
    return page(request, detail)


@official()
@at_desk
@require_POST
def assign(request: HttpRequest, reference: str) -> HttpResponse:
    """Give it to somebody; without a choice one takes it oneself."""
    detail, now = found(request, reference), timezone.now()
    form = AssignForm(request.POST, people=permits.desk(now))
    by = who(request)
    if request.POST.get("saya"):
        to = by
    elif form.is_valid():
        to = form.people[form.cleaned_data["to"]]
    else:
        return page(request, detail, status=422, assigning=form)
    return finish(
        request, reference, lambda: actions.assign(detail.enquiry, to=to, by=by, now=now), _("Ditugaskan."),
        lambda problem: page(request, found(request, reference), problem=problem),
    )  # fmt: skip


@official()
@at_desk
@require_POST
def urgent(request: HttpRequest, reference: str) -> HttpResponse:
    """The short clock."""
    detail = found(request, reference)
    return finish(
        request, reference,
        lambda: actions.make_urgent(detail.enquiry, by=who(request), now=timezone.now()), _("Dinyatakan mendesak."),
        lambda problem: page(request, found(request, reference), problem=problem),
    )  # fmt: skip


@official()
@at_desk
@require_POST
def attempt(request: HttpRequest, reference: str) -> HttpResponse:
    """Note an attempt."""
    detail, form = found(request, reference), AttemptForm(request.POST)
    if not form.is_valid():
        return page(request, detail, status=422, attempting=form)
    return finish(
        request, reference,
        lambda: actions.attempt(detail.enquiry, by=who(request), now=timezone.now(), **form.cleaned_data),
        _("Upaya tercatat."),
        lambda problem: page(request, found(request, reference), problem=problem, attempting=form),
    )  # fmt: skip


@official()
@at_desk
@require_POST
def facts(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask several agencies at once."""
    detail = found(request, reference)
    form = FactsForm(request.POST, agencies=agencies.agencies())
    if not form.is_valid():
        return page(request, detail, status=422, asking=form)
    return finish(
        request, reference,
        lambda: actions.request_facts(
            detail.enquiry, agencies=form.chosen(), question=form.cleaned_data["question"], by=who(request),
            now=timezone.now(),
        ),
        _("Instansi diberitahu dengan tautan satu ketukan."),
        lambda problem: page(request, found(request, reference), problem=problem, asking=form),
    )  # fmt: skip


@official()
@at_desk
@require_POST
def hand_over(request: HttpRequest, reference: str) -> HttpResponse:
    """A question for data becomes an information request."""
    detail = found(request, reference)
    return finish(
        request, reference,
        lambda: actions.hand_over(detail.enquiry, by=who(request), now=timezone.now()),
        _("Menjadi permohonan informasi. Waktunya tetap dihitung dari hari bertanya."),
        lambda problem: page(request, found(request, reference), problem=problem),
    )  # fmt: skip


@official()
@at_desk
@require_POST
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """The journalist no longer asks."""
    detail, form = found(request, reference), ReasonForm(request.POST, auto_id="cabut_%s")
    if not form.is_valid():
        return page(request, detail, status=422, withdrawing=form)
    return finish(
        request, reference,
        lambda: actions.withdraw(
            detail.enquiry, by=who(request), reason=form.cleaned_data["reason"], now=timezone.now()
        ),
        _("Dicatat sebagai dicabut."),
        lambda problem: page(request, found(request, reference), problem=problem, withdrawing=form),
    )  # fmt: skip


def page(
    request: HttpRequest, detail: Detail, *, problem: str = "", status: int = 0, **forms: Any
) -> HttpResponse:
    """The question's page with the forms that fit its state; `forms` are those that were typed in."""
    by, now, one = who(request), timezone.now(), detail.enquiry
    approves = permits.approves(by, now)
    statement = one.statement
    waits = (
        one.state == rules.DRAFT and statement is not None and statement.submitted_at is not None
        and statement.returned_at is None
    )  # fmt: skip
    wrote = statement is not None and one.statements.filter(written_by=by).exists()
    letter = getattr(one, "letter", None)
    spokesperson = statement.spokesperson if statement else ""
    context = {
        "detail": detail, "one": one, "statement": statement, "problem": problem, "letter": letter,
        "writing": one.state in rules.WRITING, "unanswered": one.state in rules.UNANSWERED,
        "waits": waits, "may_approve": waits and approves and not wrote, "own_work": waits and approves and wrote,
        "may_approve_letter": approves and letter is not None and letter.approved_at is None
        and letter.written_by_id != by.pk,
        "may_hand_over": rules.HANDED_OVER in rules.NEXT[one.state] and "information" in KINDS,
        "next": rules.NEXT[one.state],
        "attempts": one.attempts.select_related("by").order_by("at", "pk"),
        "events": [
            (event, words.EVENTS.get(event.kind, event.kind))
            for event in one.events.select_related("by").order_by("pk")
        ],
        "versions": one.statements.select_related("written_by", "approved_by", "returned_by").order_by("-number"),
        "state_words": words.STATES[one.state], "tone": words.TONES[one.state],
        "assigning": AssignForm(people=permits.desk(now)),
        "asking": FactsForm(agencies=agencies.agencies(), initial={"question": one.question}),
        "stating": StatementForm(
            initial={
                "text": detail.draft, "spokesperson": spokesperson, "seen": statement.number if statement else 0,
            }
        ),
        "returning": ReasonForm(), "withdrawing": ReasonForm(auto_id="cabut_%s"),
        "attempting": AttemptForm(initial={"at": timezone.localtime(now), "whom": _("wartawan")}),
        "printing": PublishedForm(initial={"on": timezone.localdate(now)}),
        "lettering": LetterForm(
            initial={"text": letter.text if letter else "", "number": letter.number if letter else ""},
            auto_id="surat_%s",
        ),
        "ending": OutcomeForm(initial={"on": timezone.localdate(now)}, auto_id="hasil_%s"),
        **forms,
    }  # fmt: skip
    return render(request, "press/enquiry.html", context, status=status or (409 if problem else 200))
