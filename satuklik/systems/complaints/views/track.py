"""The tracking page: the time line, what one may say, done or not done, open it again. The key is the permission."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from satuklik.base.accounts import limits
from satuklik.base.accounts.errors import TooManyAttempts
from satuklik.base.accounts.permissions import public, signed_in
from satuklik.base.files import queries as files
from satuklik.base.ui.errors import error_page
from satuklik.systems.complaints import actions, catalogue, keys, presenting, queries, wording
from satuklik.systems.complaints.errors import ComplaintError, NotFound
from satuklik.systems.complaints.forms import FindForm, ReopenForm, SayForm
from satuklik.systems.complaints.models import Complaint
from satuklik.systems.complaints.pictures import MEDIA_TYPE
from satuklik.systems.complaints.rules import states

FRESH = timedelta(minutes=15)
MOST_TRIES, MOST_WRITES = 30, 40  # an hour


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Number and key lead to the page."""
    form = FindForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return render(request, "complaints/find.html", {"tab": "matters", "form": form})
    if form.is_valid():
        try:
            limits.check(
                "complaint-key", limits.address(request), most=MOST_TRIES, seconds=3600, now=timezone.now()
            )
            complaint = queries.by_key(form.cleaned_data["key"])
        except TooManyAttempts:
            return error_page(request, 429)
        except NotFound:
            complaint = None
        if complaint is not None and complaint.reference == keys.tidy_reference(
            form.cleaned_data["reference"]
        ):
            return HttpResponseRedirect(_address("track", form.cleaned_data["key"]))
        form.add_error(None, _("Nomor dan kunci ini tidak cocok. Periksa keduanya."))
    return render(request, "complaints/find.html", {"tab": "matters", "form": form}, status=422)


@signed_in
@never_cache
@require_safe
def mine(request: HttpRequest, reference: str) -> HttpResponse:
    """A complaint of one's own account."""
    complaint = Complaint.objects.filter(user=request.user, reference=reference).first()  # type: ignore[misc]
    if complaint is None or complaint.key_sealed is None:
        raise Http404
    return HttpResponseRedirect(
        _address("track", keys.unseal(bytes(complaint.key_sealed), complaint.reference))
    )


@public
@never_cache
@require_safe
def track(request: HttpRequest, key: str) -> HttpResponse:
    """Where it stands."""
    return _page(request, key, _of(key))


@public
@never_cache
@require_POST
def say(request: HttpRequest, key: str) -> HttpResponse:
    """Add something."""
    complaint, form = _of(key), SayForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, key, complaint, say=form, status=422)
    given = form.cleaned_data
    return _do(
        request, key, complaint,
        lambda: actions.say(complaint.pk, given["text"], photos=given["photos"], now=timezone.now()),
        _("Tambahan Anda sudah kami terima."),
    )  # fmt: skip


@public
@never_cache
@require_POST
def judge(request: HttpRequest, key: str) -> HttpResponse:
    """The two taps: done or not, then how the service was."""
    complaint = _of(key)
    fixed = request.POST.get("fixed") == "1"
    rating = request.POST.get("rating", "")
    if request.POST.get("fixed") not in ("0", "1") or rating not in ("", "1", "2", "3", "4"):
        return error_page(request, 400)
    return _do(
        request, key, complaint,
        lambda: actions.judge(complaint.pk, fixed=fixed, rating=int(rating) if rating else None, now=timezone.now()),
        _("Terima kasih. Jawaban Anda tercatat."),
    )  # fmt: skip


@public
@never_cache
@require_POST
def reopen(request: HttpRequest, key: str) -> HttpResponse:
    """Contest an end."""
    complaint, form = _of(key), ReopenForm(request.POST)
    if not form.is_valid():
        return _page(request, key, complaint, reopen=form, status=422)
    return _do(
        request, key, complaint,
        lambda: actions.reopen(complaint.pk, form.cleaned_data["reason"], now=timezone.now()),
        _("Laporan Anda dibuka kembali. Petugas memeriksanya lagi."),
    )  # fmt: skip


@public
@never_cache
@require_safe
def photo(request: HttpRequest, key: str, photo_id: int) -> HttpResponse:
    """A photo of this report."""
    return picture(_of(key), photo_id)


def picture(complaint: Complaint, photo_id: int, **only: Any) -> HttpResponse:
    """A picture of a complaint; 404 for one that is not among `only`."""
    found = complaint.photos.filter(pk=photo_id, is_picture=True, **only).first()
    if found is None:
        raise Http404
    response = HttpResponse(files.read(found.file_id), content_type=MEDIA_TYPE)
    response["Content-Disposition"] = f'inline; filename="{complaint.reference}-{found.pk}.jpg"'
    return response


def _of(key: str) -> Complaint:
    try:
        return queries.by_key(key)
    except NotFound as error:
        raise Http404 from error


def _address(name: str, key: str) -> str:
    return reverse(f"complaints:{name}", args=[keys.tidy(key)])


def _do(
    request: HttpRequest, key: str, complaint: Complaint, act: Callable[[], object], done: str
) -> HttpResponse:
    try:
        limits.check("complaint-say", f"{complaint.pk}", most=MOST_WRITES, seconds=3600, now=timezone.now())
        act()
    except TooManyAttempts:
        return error_page(request, 429)
    except ComplaintError as error:
        messages.error(request, wording.of_error(error))
    else:
        messages.success(request, done)
    return HttpResponseRedirect(_address("track", key), status=303)


def _page(
    request: HttpRequest, key: str, complaint: Complaint, *, say: SayForm | None = None,
    reopen: ReopenForm | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    now = timezone.now()
    judged = complaint.state in (states.REPLIED, states.REPORTER_REPLY, states.CLOSED)
    context = {
        "tab": "matters",
        "key": keys.tidy(key),
        "complaint": complaint,
        "state": wording.state_of(complaint),
        "tone": wording.tone_of(complaint),
        "category": catalogue.category(complaint.category).label(),
        "mode": wording.MODES[complaint.mode],
        "fresh": now - complaint.received_at < FRESH and complaint.state == states.NEW,
        "open": complaint.state in states.OPEN,
        "ended": complaint.state in states.ENDED,
        "may_judge": judged,
        "ratings": wording.RATINGS.items(),
        "result": wording.RESULTS.get(complaint.result, ""),
        "steps": presenting.time_line(complaint),
        "photos": list(complaint.photos.filter(is_picture=True).order_by("pk")),
        "reveals": list(complaint.reveals.select_related("official__agency").order_by("at")),
        "sealed": hasattr(complaint, "sealed"),
        "say": say or SayForm(auto_id="say_%s"),
        "reopen": reopen or ReopenForm(auto_id="reopen_%s"),
        "whys": presenting.whys(complaint),
    }
    response = render(request, "complaints/track.html", context, status=status)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
