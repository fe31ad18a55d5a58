"""Reporting: what, where and when on one page; then what was reported already, photos, and how one is told."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from satuklik.base.accounts import limits
from satuklik.base.accounts.errors import TooManyAttempts
from satuklik.base.accounts.permissions import public
from satuklik.base.files import actions as files_actions
from satuklik.base.files import queries as files
from satuklik.base.files.queries import FileDamaged
from satuklik.base.once import actions as once
from satuklik.base.regions import queries as regions
from satuklik.base.ui import frame
from satuklik.base.ui.tiles import with_tiles
from satuklik.kernel.likeness import Described
from satuklik.systems.complaints import actions, catalogue, pictures, placing, queries, wording
from satuklik.systems.complaints.actions.reporting import Report
from satuklik.systems.complaints.errors import Missing
from satuklik.systems.complaints.forms import WhatForm, WhoForm
from satuklik.systems.complaints.models import Complaint
from satuklik.systems.complaints.rules import danger

MOST_PER_HOUR = 60  # of one address: a carrier puts thousands of people behind one
MOST_HELD = 120  # photos that one address may leave with forms that are not finished, an hour
KEPT_SALT, KEPT_SECONDS = "satuklik.complaints.photos", 86_400

RESIDENT = "resident"  # the kind of an account
Held = tuple[str, bytes]  # the word of a photo that was put by, and the photo


@public
@never_cache
@with_tiles
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """The first page, and after it the second one."""
    today = timezone.localdate()
    if request.method != "POST":
        return _first(request, WhatForm(today=today))
    what = WhatForm(request.POST, today=today)
    if placing.is_act(request.POST):
        return _first(request, what, placed=placing.act(request.POST))
    if not what.is_valid() or "back" in request.POST:
        return _first(request, what, status=200 if "back" in request.POST else 422)
    return _second(
        request,
        what,
        WhoForm(signed_in=_signed_in(request), initial=_initial(request)),
    )


@public
@never_cache
@with_tiles
@sensitive_post_parameters()
@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Take the report in; the same form again leads to the same report."""
    what = WhatForm(request.POST, today=timezone.localdate())
    if not what.is_valid():
        return _first(request, what, status=422)
    who = WhoForm(request.POST, request.FILES, signed_in=_signed_in(request))
    word, now, kept = once.word_of(request), timezone.now(), _kept(request.POST.get("kept", ""))
    valid = who.is_valid()
    given = who.cleaned_data
    sent: list[bytes] = given.get("photos") or []
    if len(kept) + len(sent) > pictures.MOST_PHOTOS:
        who.add_error("photos", str(wording.PHOTOS["too_many"]))
        sent = []
    if valid and given.get("mode") == Complaint.Mode.CONTACT and not any(given["contact"]):
        who.add_error("contact", str(wording.MISSING["contact", "missing"]))
    if not who.is_valid():
        return _second(request, what, who, kept=[*kept, *_hold(request, sent)], status=422)
    try:
        limits.check("complaint", limits.address(request), most=MOST_PER_HOUR, seconds=3600, now=now)
        photos = [*(content for _word, content in kept), *sent]
        done = actions.submit(
            _report(request, what.cleaned_data, given, photos), word=f"form:{word}", now=now
        )
    except TooManyAttempts:
        # What was typed comes back; nothing is put by for an address that sends too much.
        who.add_error(None, _("Terlalu banyak kiriman dari jaringan ini. Coba lagi satu jam lagi."))
        return _second(request, what, who, kept=kept, status=429)
    except Missing as error:
        who.add_error(None, wording.of_error(error))
        return _second(request, what, who, kept=[*kept, *_hold(request, sent)], status=422)
    return HttpResponseRedirect(reverse("complaints:track", args=[done.key]), status=303)


def _report(request: HttpRequest, what: dict[str, Any], who: dict[str, Any], photos: list[bytes]) -> Report:
    phone, email = who["contact"] or ("", "")
    user = request.user if _signed_in(request) else None
    mode = who["mode"]
    # A secret report knows the account only where the person wants to be reachable: then a name stands in the form.
    wants_name = bool(who["name"] or phone or email)
    return Report(
        text=what["text"], mode=mode, category=what["category"], village=what["village"], place=what["place"],
        latitude=what["latitude"], longitude=what["longitude"], happened_on=what["happened_on"],
        name=who["name"] or (user.name if user is not None and mode == Complaint.Mode.ACCOUNT else ""),
        phone=phone, email=email, photos=photos,
        user=user if mode == Complaint.Mode.ACCOUNT or (mode == Complaint.Mode.SECRET and wants_name) else None,
    )  # fmt: skip


def _signed_in(request: HttpRequest) -> bool:
    """Whether a resident is logged in; an official at a shared desk reports without account."""
    return request.user.is_authenticated and request.user.kind == RESIDENT


def _initial(request: HttpRequest) -> dict[str, str]:
    return {"mode": Complaint.Mode.ACCOUNT} if _signed_in(request) else {}


def _first(
    request: HttpRequest, what: WhatForm, status: int = 200, placed: placing.Placed | None = None
) -> HttpResponse:
    fields = {name: what.data.get(name) for name in what.fields} if what.is_bound else {}
    if placed is not None:
        fields |= placed.fields
    if status == 200 and what.is_bound:
        what = WhatForm(initial=fields, today=what.today)
    context = {
        "tab": "services", "form": what, "numbers": catalogue.emergency_numbers(), "regency": settings.REGENCY,
        "picker": placing.picker(fields, placed, frame.theme(request)), "outside": placing.outside(),
    }  # fmt: skip
    return render(request, "complaints/report.html", context, status=status)


def _second(
    request: HttpRequest,
    what: WhatForm,
    who: WhoForm,
    *,
    kept: Sequence[Held] = (),
    status: int = 200,
) -> HttpResponse:
    given, now = what.cleaned_data, timezone.now()
    point = (given["longitude"], given["latitude"]) if given["latitude"] is not None else None
    new = Described(
        0, given["text"], given["village"], given["category"], now, given["latitude"], given["longitude"]
    )
    context = {
        "tab": "services",
        "what": what,
        "form": who,
        "kept": signing.dumps([name for name, _content in kept], salt=KEPT_SALT) if kept else "",
        "kept_count": len(kept),
        "lost": bool(request.FILES) and not kept,
        "category": catalogue.category(given["category"]).label(),
        "village": regions.full_name(given["village"]) if given["village"] else _("Tidak disebut"),
        "place_image": placing.place_image(point, frame.theme(request))
        if point and placing.offered()
        else "",
        "by_point": regions.full_name(given["by_point"])
        if given["by_point"] not in ("", given["village"])
        else "",
        "alike": [
            (row, like, wording.state_of(row), wording.tone_of(row))
            for row, like in queries.alike(new, public=True)
        ],
        "emergency": danger.is_emergency(given["text"]),
        "wrongdoing": danger.is_wrongdoing(given["text"]) or given["category"] == "pungli",
        "numbers": catalogue.emergency_numbers(),
    }
    return render(request, "complaints/send.html", context, status=status)


def _hold(request: HttpRequest, photos: list[bytes]) -> list[Held]:
    """Put photos by, so that they need not be chosen again. None for an address that has left too many already."""
    try:
        for _content in photos:
            limits.check(
                "complaint-held", limits.address(request), most=MOST_HELD, seconds=3600, now=timezone.now()
            )
    except TooManyAttempts:
        return []
    return [(files_actions.hold(content), content) for content in photos]


def _kept(signed: str) -> list[Held]:
    """The photos of a form that came back; those that are still there, none where the mark is not ours."""
    try:
        words = signing.loads(signed, salt=KEPT_SALT, max_age=KEPT_SECONDS) if signed else []
    except signing.BadSignature:
        return []
    found = []
    for word in words[: pictures.MOST_PHOTOS]:
        with suppress(FileDamaged):
            found.append((word, files.held(word)))
    return found
