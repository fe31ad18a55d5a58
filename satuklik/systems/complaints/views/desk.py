"""The desk: what is due first, one complaint with everything that may be done about it, the sealed identity."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms as django_forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from satuklik.base.accounts.permissions import denied, official
from satuklik.base.files import queries as files
from satuklik.base.sealing.errors import SealBroken
from satuklik.kernel import masking
from satuklik.spine.referrals import queries as referrals
from satuklik.spine.referrals.errors import ReferralError
from satuklik.systems.complaints import actions, catalogue, forms, keys, mapping, presenting, queries, wording
from satuklik.systems.complaints.errors import ComplaintError, NotFound
from satuklik.systems.complaints.models import Complaint
from satuklik.systems.complaints.pictures import MEDIA_TYPE
from satuklik.systems.complaints.queries.finding import described
from satuklik.systems.complaints.rules import states
from satuklik.systems.complaints.scope import Scope, scope_of

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

PER_PAGE = 30


@official()
@never_cache
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """The list by due date."""
    now, scope = timezone.now(), scope_for(request)
    if not scope.any:
        return denied(request, "role")
    form, given, asked = filtered(request)
    page = Paginator(queries.listed(scope, asked, now), PER_PAGE).get_page(request.GET.get("page"))
    rows = [
        (
            row,
            wording.state_of(row, desk=True),
            wording.tone_of(row),
            catalogue.category(row.category).label(),
        )
        for row in page.object_list
    ]
    narrowed = {name: value for name, value in given.items() if value}
    context = {
        "rows": rows, "page": page, "form": form, "filtered": bool(narrowed), "scope": scope,
        "query": urlencode(narrowed) + ("&" if narrowed else ""), "counts": queries.counts(scope, now),
    }  # fmt: skip
    return render(request, "complaints/desk.html", context)


def filtered(request: HttpRequest) -> tuple[forms.FilterForm, dict[str, Any], queries.Filter]:
    """The form of the list, what it says, and that as a filter."""
    form = forms.FilterForm(request.GET)
    given = form.cleaned_data if form.is_valid() else {}
    asked = queries.Filter(
        given.get("state", ""), given.get("category", ""), given.get("district", ""),
        words=given.get("q", "").replace("\x00", ""),
    )  # fmt: skip
    return form, given, asked


@official()
@never_cache
@require_safe
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """One complaint."""
    scope = scope_for(request)
    return _page(request, scope, _of(scope, reference))


@official()
@never_cache
@require_safe
def photo(request: HttpRequest, reference: str, photo_id: int) -> HttpResponse:
    """A photo in place; another file only as a download that nothing in it can run from."""
    complaint = _of(scope_for(request), reference)
    found = complaint.photos.filter(pk=photo_id).first()
    if found is None:
        raise Http404
    shown = found.is_picture
    kind = MEDIA_TYPE if shown else files.media_type(found.file_id)
    response = HttpResponse(
        files.read(found.file_id), content_type=kind if shown else "application/octet-stream"
    )
    ending = "jpg" if shown else kind.rpartition("/")[2][:8]
    name = "".join(sign for sign in f"{reference}-{found.pk}.{ending}" if sign.isalnum() or sign in "-.")
    response["Content-Disposition"] = f'{"inline" if shown else "attachment"}; filename="{name}"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@official()
@never_cache
@require_POST
@sensitive_variables("identity")
def reveal(request: HttpRequest, reference: str) -> HttpResponse:
    """Open the sealed identity, once, in this answer."""
    scope = scope_for(request)
    complaint = _of(scope, reference)
    if not (scope.reveals and complaint.is_secret):
        raise Http404
    form = forms.RevealForm(request.POST, auto_id="reveal_%s")
    if not form.is_valid():
        return _page(request, scope, complaint, status=422, reveal=form)
    try:
        identity = actions.reveal(
            complaint.pk, by=scope.official, reason=form.cleaned_data["reason"], now=timezone.now()
        )
    except (ComplaintError, SealBroken) as error:
        told = (
            wording.of_error(error)
            if isinstance(error, ComplaintError)
            else gettext("Segel tidak dapat dibuka: kunci pemasangan ini sudah berganti. Hubungi admin.")
        )
        messages.error(request, told)
        return HttpResponseRedirect(reverse("complaints:case", args=[reference]), status=303)
    return render(request, "complaints/identity.html", {"complaint": complaint, "identity": identity})


@dataclass(frozen=True)
class Act:
    """An act of the coordinator: its form, what it does, what is said when it is done."""

    form: type[django_forms.Form] | None
    do: "Callable[[int, Official, dict[str, Any], datetime], object]"
    done: Promise
    states: frozenset[str]
    """Where the page offers it; the action decides."""


def _to(state: str) -> frozenset[str]:
    return frozenset(name for name, targets in states.NEXT.items() if state in targets)


ACTS: dict[str, Act] = {
    "verifikasi": Act(
        forms.KindForm, lambda pk, by, given, now: actions.verify(pk, by=by, now=now, **given),
        _("Terverifikasi. Teruskan ke instansi, atau tanggapi langsung."), _to(states.VERIFIED) - {states.DISPATCHED},
    ),
    "ubah": Act(
        forms.KindForm, lambda pk, by, given, now: actions.reclassify(pk, by=by, now=now, **given),
        _("Perubahan disimpan."), states.OPEN - {states.NEW, states.POSTPONED, states.REOPENED},
    ),
    "teruskan": Act(
        forms.DispatchForm,
        lambda pk, by, given, now: actions.dispatch(pk, given["agencies"], question=given["question"], by=by, now=now),
        _("Diteruskan. Instansi diberi tahu sekarang juga."), _to(states.DISPATCHED),
    ),
    "tanggapi": Act(
        forms.ReplyForm,
        lambda pk, by, given, now: actions.reply(pk, by=by, text=given["text"], result=given["result"], photos=given["photos"], now=now),
        _("Tanggapan dikirim kepada pelapor."), _to(states.REPLIED),
    ),
    "tunda": Act(
        forms.ReasonForm, lambda pk, by, given, now: actions.postpone(pk, by=by, reason=given["reason"], now=now),
        _("Ditunda. Pelapor diminta melengkapi."), _to(states.POSTPONED),
    ),
    "bukan-kewenangan": Act(
        forms.ReasonForm, lambda pk, by, given, now: actions.refuse(pk, by=by, reason=given["reason"], now=now),
        _("Dicatat sebagai bukan kewenangan. Pelapor membaca alasannya."), _to(states.NOT_OURS),
    ),
    "arsipkan": Act(
        forms.ReasonForm, lambda pk, by, given, now: actions.archive(pk, by=by, reason=given["reason"], now=now),
        _("Diarsipkan. Pelapor membaca alasannya."), _to(states.ARCHIVED),
    ),
    "gabung": Act(
        forms.MergeForm,
        lambda pk, by, given, now: actions.merge(pk, keys.tidy_reference(given["into"]), by=by, now=now),
        _("Digabung. Pelapor mengikuti laporan tujuan."), _to(states.ARCHIVED),
    ),
    "tutup": Act(
        forms.ReasonForm, lambda pk, by, given, now: actions.close(pk, by=by, reason=given["reason"], now=now),
        _("Ditutup. Pelapor dapat membukanya lagi."), _to(states.CLOSED),
    ),
    "catatan": Act(
        forms.NoteForm, lambda pk, by, given, now: actions.add_note(pk, by=by, text=given["text"], now=now),
        _("Catatan disimpan."), frozenset(states.NEXT),
    ),
    "tampilkan": Act(
        None, lambda pk, by, given, now: actions.release(pk, by=by, now=now, **given),
        _("Ditampilkan untuk umum, persis seperti yang Anda setujui."), frozenset(states.NEXT),
    ),
    "sembunyikan": Act(
        django_forms.Form, lambda pk, by, given, now: actions.withdraw_release(pk, by=by, now=now),
        _("Tidak ditampilkan lagi."), frozenset(states.NEXT),
    ),
}  # fmt: skip


@official()
@never_cache
@require_POST
def act(request: HttpRequest, reference: str, act: str) -> HttpResponse:
    """Do one thing, and say what came of it on the complaint's page."""
    scope = scope_for(request)
    complaint = _of(scope, reference)
    if act not in ACTS or not scope.coordinates:
        raise Http404
    form = _form(act, complaint, request)
    if not form.is_valid():
        return _page(request, scope, complaint, status=422, **{_name(act): form})
    try:
        ACTS[act].do(complaint.pk, scope.official, form.cleaned_data, timezone.now())
    except (ComplaintError, ReferralError) as error:
        form.add_error(None, wording.of_error(error) if isinstance(error, ComplaintError) else str(error))
        complaint = _of(scope, reference)
        return _page(request, scope, complaint, status=422, **{_name(act): form})
    messages.success(request, str(ACTS[act].done))
    return HttpResponseRedirect(reverse("complaints:case", args=[reference]), status=303)


def _form(act: str, complaint: Complaint, request: HttpRequest | None = None) -> django_forms.Form:
    """The form of an act, as sent or as offered."""
    data, uploads = (request.POST, request.FILES) if request is not None else (None, None)
    auto_id = f"{_name(act)}_%s"
    if act == "tampilkan":
        pictures = complaint.photos.filter(is_picture=True).order_by("pk")
        choices = [
            (one.pk, gettext("Foto %(number)s") % {"number": number})
            for number, one in enumerate(pictures, start=1)
        ]
        return forms.ReleaseForm(data, photos=choices, auto_id=auto_id, initial=_public(complaint))
    kind = ACTS[act].form or django_forms.Form
    if act in ("verifikasi", "ubah"):
        initial = {"title": complaint.title, "category": complaint.category, "level": complaint.level}
    elif act == "teruskan":
        category = catalogue.category(complaint.category)
        # What leaves the house names nobody unless the officer writes it.
        initial = {"agencies": [category.agency], "question": _question(complaint)}
    else:
        initial = {}
    if kind in (forms.ReplyForm,):
        return kind(data, uploads, auto_id=auto_id, initial=initial)
    return kind(data, auto_id=auto_id, initial=initial)


def _question(complaint: Complaint) -> str:
    """What the agency is asked: it must find the place, but need not know who lives there."""
    where = f"\n\n{complaint.place}" if complaint.place else ""
    return f"{masking.masked(complaint.text, roads=complaint.is_secret)}{where}"


def _public(complaint: Complaint) -> dict[str, Any]:
    if complaint.released_at is not None:
        shown = complaint.photos.filter(public=True).values_list("pk", flat=True)
        return {
            "title": complaint.public_title, "text": complaint.public_text, "point": complaint.public_point,
            "photos": list(shown),
        }  # fmt: skip
    return {"title": masking.masked(complaint.title), "text": masking.masked(complaint.text)}


def _name(act: str) -> str:
    return act.replace("-", "_")


def case_page(reference: str) -> str:
    """The address of one complaint at the desk."""
    return reverse("complaints:case", args=[reference])


def scope_for(request: HttpRequest) -> Scope:
    """What the official of this request may see and do."""
    return scope_of(request.official, timezone.now())  # type: ignore[attr-defined]


def _of(scope: Scope, reference: str) -> Complaint:
    try:
        return queries.one(scope, reference)
    except NotFound as error:
        raise Http404 from error


def _page(
    request: HttpRequest, scope: Scope, complaint: Complaint, *, status: int = 200, **sent: django_forms.Form
) -> HttpResponse:
    now = timezone.now()
    reporter = None
    if scope.coordinates and not complaint.is_secret:
        reporter = getattr(complaint, "reporter", None)
        actions.note_look(complaint, by=scope.official, now=now)
    offered = {
        _name(act): sent.get(_name(act)) or _form(act, complaint)
        for act in ACTS
        if scope.coordinates and (complaint.state in ACTS[act].states or _name(act) in sent)
        and not (act in ("tampilkan", "sembunyikan") and complaint.is_secret)
    }  # fmt: skip
    alike = (
        queries.alike(described(complaint), public=False, exclude=complaint.pk)
        if scope.coordinates and complaint.state in states.OPEN and not complaint.is_secret
        else []
    )
    context = {
        "complaint": complaint,
        "scope": scope,
        "state": wording.state_of(complaint, desk=True),
        "tone": wording.tone_of(complaint),
        "category": catalogue.category(complaint.category).label(),
        "level": wording.LEVELS[complaint.level],
        "channel": wording.CHANNELS.get(complaint.channel, complaint.channel),
        "mode": wording.MODES[complaint.mode],
        "result": wording.RESULTS.get(complaint.result, ""),
        "rating": wording.RATINGS.get(complaint.rating or 0, ""),
        "reporter": reporter,
        "photos": list(complaint.photos.order_by("pk")),
        "steps": presenting.time_line(complaint, desk=True),
        "whys": presenting.whys(complaint),
        "forms": offered,
        "sent": next(iter(sent.values()), None),
        "alike": [(row, like, wording.state_of(row, desk=True)) for row, like in alike],
        "place": mapping.surroundings(complaint, queries.nearby(complaint, scope), case_page),
        "referrals": referrals.of_subject(complaint.subject, now) if scope.coordinates else [],
        "merged": list(complaint.merged.order_by("pk")),
        "may_reveal": scope.reveals and complaint.is_secret and hasattr(complaint, "sealed"),
        "reveal": sent.get("reveal") or forms.RevealForm(auto_id="reveal_%s"),
        "reveals": list(complaint.reveals.select_related("official__agency").order_by("at")),
    }
    return render(request, "complaints/case.html", context, status=status)
