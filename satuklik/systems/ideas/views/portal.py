"""Ideas on the portal: the list, a new one (like ones shown first), one idea with support and life."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from satuklik.base.accounts import limits
from satuklik.base.accounts.errors import TooManyAttempts
from satuklik.base.accounts.permissions import public, resident
from satuklik.base.accounts.queries import profile
from satuklik.base.files import queries as files
from satuklik.base.once import actions as once
from satuklik.systems.ideas import actions, catalogue, presenting, queries, wording
from satuklik.systems.ideas.actions.submitting import Proposal
from satuklik.systems.ideas.errors import IdeaError, NotFound
from satuklik.systems.ideas.forms import SubmitForm
from satuklik.systems.ideas.models import Idea, Photo
from satuklik.systems.ideas.rules import states

PER_PAGE = 20
MOST_AN_HOUR = 40

RESIDENT = "resident"  # the kind of an account


@public
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Every public idea, most supported first."""
    state, category = request.GET.get("keadaan", ""), request.GET.get("kategori", "")
    state = state if state in states.PUBLIC else ""
    category = category if category in catalogue.categories() else ""
    page = Paginator(queries.public(state, category), PER_PAGE).get_page(request.GET.get("page"))
    rows = [
        (row, wording.STATES[row.state], wording.TONES.get(row.state, ""), presenting.group_of(row))
        for row in page.object_list
    ]
    given = {name: value for name, value in (("keadaan", state), ("kategori", category)) if value}
    context = {
        "tab": "services", "rows": rows, "page": page, "state": state, "category": category,
        "states": [(name, wording.STATES[name]) for name in states.STATES if name in states.PUBLIC],
        "categories": catalogue.categories().values(), "query": urlencode(given) + ("&" if given else ""),
        "rounds": queries.rounds(timezone.now())[:4],
    }  # fmt: skip
    return render(request, "ideas/list.html", context)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest) -> HttpResponse:
    """A new idea. Like ones are shown before it is sent: supporting one of them is quicker."""
    signed_in = request.user.is_authenticated and request.user.kind == RESIDENT
    if request.method != "POST":
        invited = request.GET.get("sebagai") == "jurnalis"  # from the page for journalists, and from the list
        group = Idea.Group.JOURNALIST if invited else Idea.Group.RESIDENT
        form = SubmitForm(signed_in=signed_in, initial={"group": group})
        return _form(request, form)
    form, word = SubmitForm(request.POST, signed_in=signed_in), once.word_of(request)
    if not form.is_valid():
        return _form(request, form, status=422)
    given, now = form.cleaned_data, timezone.now()
    if "sure" not in request.POST:
        like = queries.alike(given["title"], given["text"], given["category"], now)
        if like:
            return _form(request, form, like=like)
    phone, email = given.get("contact") or ("", "")
    try:
        limits.check("idea", limits.address(request), most=MOST_AN_HOUR, seconds=3600, now=now)
        done = actions.submit(
            Proposal(
                title=given["title"], text=given["text"], category=given["category"], group=given["group"],
                village=given["village"], outlet=given["outlet"], phone=phone, email=email,
                name=request.user.name if request.user.is_authenticated and signed_in else given.get("name", ""),
                user=request.user if signed_in else None,
            ),
            word=f"form:{word}", now=now,
        )  # fmt: skip
    except TooManyAttempts:
        form.add_error(None, _("Terlalu banyak kiriman dari jaringan ini. Coba lagi satu jam lagi."))
        return _form(request, form, status=429)
    except IdeaError as error:
        form.add_error(None, wording.of_error(error))
        return _form(request, form, status=422)
    messages.success(request, _("Ide Anda kami terima. Petugas membacanya paling lama 3 hari kerja."))
    if signed_in:
        return HttpResponseRedirect(reverse("ideas:idea", args=[done.idea.reference]), status=303)
    return HttpResponseRedirect(reverse("ideas:follow", args=[done.idea.reference, done.key]), status=303)


def _form(
    request: HttpRequest, form: SubmitForm, *, like: list[Idea] | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "tab": "services",
        "form": form,
        "like": [(row, wording.STATES[row.state]) for row in like or []],
    }
    return render(request, "ideas/submit.html", context, status=status)


@public
@never_cache
@require_safe
def idea(request: HttpRequest, reference: str, key: str = "") -> HttpResponse:
    """One idea: everybody's page once it is public, before that the author's."""
    found = _of(request, reference, key)
    person = profile(request, "resident") if request.user.is_authenticated else None
    author = queries.is_author(found, request.user, key)
    context = {
        "tab": "services",
        "idea": found,
        "key": key if author else "",
        "state": wording.STATES[found.state],
        "tone": wording.TONES.get(found.state, ""),
        "category": catalogue.category(found.category).label(),
        "group": presenting.group_of(found),
        "percent": min(100, round(100 * found.supports / found.threshold)) if found.threshold else 100,
        "supported": person is not None and queries.supports(found, person.person_id),
        "steps": presenting.time_line(found),
        "author": author,
        "asked": author and found.state == states.MODERATED and found.suggested is not None,
        "round": found.round,
    }
    response = render(request, "ideas/idea.html", context)
    if key:
        response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@resident(level=2)
@require_POST
def support(request: HttpRequest, reference: str) -> HttpResponse:
    """One verified person, once."""
    found = _of(request, reference)
    person = request.resident  # type: ignore[attr-defined]
    try:
        if actions.support(found.pk, person_id=person.person_id, level=person.level, now=timezone.now()):
            messages.success(request, _("Terima kasih. Dukungan Anda tercatat."))
        else:
            messages.info(request, _("Anda sudah mendukung ide ini."))
    except IdeaError as error:
        messages.error(request, wording.of_error(error))
    return HttpResponseRedirect(reverse("ideas:idea", args=[reference]), status=303)


@public
@require_POST
def answer(request: HttpRequest, reference: str) -> HttpResponse:
    """The author's word on a like idea."""
    key = request.POST.get("key", "")[:200]
    found = _of(request, reference, key)
    if not queries.is_author(found, request.user, key) or request.POST.get("merge") not in ("0", "1"):
        raise Http404
    try:
        actions.answer_suggestion(found.pk, merge=request.POST["merge"] == "1", now=timezone.now())
        messages.success(request, _("Jawaban Anda tercatat."))
    except IdeaError as error:
        messages.error(request, wording.of_error(error))
    if key:
        return HttpResponseRedirect(reverse("ideas:follow", args=[reference, key]), status=303)
    return HttpResponseRedirect(reverse("ideas:idea", args=[reference]), status=303)


@public
@require_safe
def photo(request: HttpRequest, reference: str, photo_id: int) -> HttpResponse:
    """A picture of the work."""
    found = _of(request, reference)
    row = Photo.objects.filter(pk=photo_id, event__idea=found, event__shown=True).first()
    if row is None:
        raise Http404
    return HttpResponse(files.read(row.file_id), content_type="image/jpeg")


def _of(request: HttpRequest, reference: str, key: str = "") -> Idea:
    try:
        return queries.one(reference, user=request.user, key=key)
    except NotFound as error:
        raise Http404 from error
