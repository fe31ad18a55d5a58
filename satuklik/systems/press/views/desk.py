"""The desk: the list by the clock, one question with facts and attempts, what is done with it."""

from collections.abc import Callable
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
    SendForm,
    StatementForm,
)
from satuklik.systems.press.models import Enquiry
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
    return carry_out(
        request, reference,
        lambda one: actions.make_urgent(one, by=who(request), now=timezone.now()), _("Dinyatakan mendesak."),
    )  # fmt: skip


@official()
@at_desk
@require_POST
def attempt(request: HttpRequest, reference: str) -> HttpResponse:
    """Note an attempt."""
    form = AttemptForm(request.POST)
    return carry_out(
        request, reference,
        lambda one: actions.attempt(one, by=who(request), now=timezone.now(), **form.cleaned_data),
        _("Upaya tercatat."), attempting=form,
    )  # fmt: skip


@official()
@at_desk
@require_POST
def facts(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask several agencies at once."""
    form = FactsForm(request.POST, agencies=agencies.agencies())
    return carry_out(
        request, reference,
        lambda one: actions.request_facts(
            one, agencies=form.chosen(), question=form.cleaned_data["question"], by=who(request), now=timezone.now()
        ),
        _("Instansi diberitahu dengan tautan satu ketukan."), asking=form,
    )  # fmt: skip


@official()
@at_desk
@require_POST
def hand_over(request: HttpRequest, reference: str) -> HttpResponse:
    """A question for data becomes an information request."""
    return carry_out(
        request, reference, lambda one: actions.hand_over(one, by=who(request), now=timezone.now()),
        _("Menjadi permohonan informasi. Waktunya tetap dihitung dari hari bertanya."),
    )  # fmt: skip


@official()
@at_desk
@require_POST
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """The journalist no longer asks."""
    form = ReasonForm(request.POST, auto_id="cabut_%s")
    return carry_out(
        request, reference,
        lambda one: actions.withdraw(
            one, by=who(request), reason=form.cleaned_data["reason"], now=timezone.now()
        ),
        _("Dicatat sebagai dicabut."), withdrawing=form,
    )  # fmt: skip


def carry_out(
    request: HttpRequest, reference: str, act: Callable[[Enquiry], Any], said: str, **forms: Any
) -> HttpResponse:
    """Do `act` with the question, once the forms hold; else the page again with all that was typed. `forms`: by the names
    under which `page` takes them."""
    detail = found(request, reference)
    valid = [form.is_valid() for form in forms.values()]  # every form says what is wrong with it
    if not all(valid):
        return page(request, detail, status=422, **forms)
    return finish(
        request, reference, lambda: act(detail.enquiry), said,
        lambda problem: page(request, found(request, reference), problem=problem, **forms),
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
    papers = list(one.letters.select_related("document").order_by("pk"))
    council = one.state == rules.REFUSED
    kind = "council" if council else "reply"
    current = next(
        (paper for paper in reversed(papers) if paper.kind == kind and paper.state in ("waiting", "signed")),
        None,
    )
    last = next(
        (paper for paper in reversed(papers) if paper.kind == kind), None
    )  # also one that was returned
    # A letter from before letters were papers has its text only.
    words_before = last.text if last else letter.text if letter is not None and not council else ""
    writes = (council or rules.HAK_JAWAB in rules.NEXT[one.state] or one.state == rules.HAK_JAWAB) and (
        current is None or current.state == "waiting"
    )
    spokesperson = statement.spokesperson if statement else ""
    complete = one.state == rules.FACTS_REQUESTED and not any(view.waiting for view in detail.facts)
    context = {
        "detail": detail, "one": one, "statement": statement, "problem": problem, "letter": letter,
        "writing": one.state in rules.WRITING, "unanswered": one.state in rules.UNANSWERED,
        "waits": waits, "may_approve": waits and approves and not wrote, "own_work": waits and approves and wrote,
        "letters": [(paper, words.LETTERS[paper.kind], words.LETTER_STATES[paper.state]) for paper in papers],
        "current": current, "unpapered": letter.text if letter is not None and not papers else "", "council": council, "writes_letter": writes,
        "may_hand_over": rules.HANDED_OVER in rules.NEXT[one.state] and "information" in KINDS,
        "next": rules.NEXT[one.state],
        "attempts": one.attempts.select_related("by").order_by("at", "pk"),
        "events": [
            (event, words.EVENTS.get(event.kind, event.kind))
            for event in one.events.select_related("by").order_by("pk")
        ],
        "versions": one.statements.select_related("written_by", "approved_by", "returned_by").order_by("-number"),
        "state_words": words.FACTS_ARE_HERE if complete else words.STATES[one.state], "tone": words.TONES[one.state],
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
            initial={"text": words_before, "office": last.agency.code if last else ""},
            auto_id="surat_%s",
        ),
        "ending": OutcomeForm(initial={"on": timezone.localdate(now)}, auto_id="hasil_%s", state=one.state),
        "sending": SendForm(auto_id="kirim_%s"),
        **forms,
    }  # fmt: skip
    return render(request, "press/enquiry.html", context, status=status or (409 if problem else 200))
