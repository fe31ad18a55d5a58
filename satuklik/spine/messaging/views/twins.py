"""`/peraga/…`, in a demo only: the far sides' addresses, and the page on which their people's phones are played."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from satuklik.base.accounts.permissions import public
from satuklik.spine.messaging import rules, told
from satuklik.spine.messaging.errors import SendFailed
from satuklik.spine.messaging.models import TwinLine, TwinPerson
from satuklik.spine.messaging.twins import play, stores

SHOWN = 60


class PlayForm(forms.Form):
    """What the made-up person writes."""

    text = forms.CharField(
        label=gettext_lazy("Pesan"), max_length=4096, required=False, widget=forms.Textarea({"rows": 3})
    )
    file = forms.FileField(
        label=gettext_lazy("Lampiran"), required=False, max_length=500, allow_empty_file=True
    )

    def clean(self) -> dict[str, object]:
        found = super().clean() or {}
        if not str(found.get("text") or "").strip() and not found.get("file"):
            self.add_error("text", _("Tulis pesan atau lampirkan berkas."))
        file = found.get("file")
        if file is not None and file.size > rules.MOST_FILE:
            self.add_error("file", _("Berkas lebih dari 16 MB. Pilih berkas yang lebih kecil."))
        return found


class NewcomerForm(forms.Form):
    """Somebody who has never written."""

    name = forms.CharField(label=gettext_lazy("Nama"), max_length=120)
    channel = forms.ChoiceField(label=gettext_lazy("Kanal"))

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["channel"].choices = [(name, told.CHANNELS[name]) for name in play.FAILURES]  # type: ignore[attr-defined]


def _only_in_a_demo() -> None:
    if not settings.DEMO:
        raise Http404


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def kanal(request: HttpRequest) -> HttpResponse:
    """Choose a person and a channel; write for him; see what he sees."""
    _only_in_a_demo()
    people = list(TwinPerson.objects.order_by("name", "channel"))
    chosen = request.GET.get("orang", "")
    first = next((one for one in people if _has_name(one)), people[0] if people else None)
    person = next((one for one in people if str(one.pk) == chosen), first)
    if request.method != "POST" or person is None:
        return _page(request, people, person, PlayForm())
    form = PlayForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, people, person, form, status=422)
    file = form.cleaned_data["file"]
    attached = play.Attached(file.name or "berkas", file.read()) if file else None
    try:
        play.write(person, form.cleaned_data["text"], attached, now=timezone.now())
    except SendFailed:
        form.add_error(None, _("Pintu WhatsApp kami tidak menjawab. Coba kirim lagi sebentar lagi."))
        return _page(request, people, person, form, status=503)
    return _back(person)


def _page(
    request: HttpRequest,
    people: list[TwinPerson],
    person: TwinPerson | None,
    form: PlayForm,
    *,
    newcomer: NewcomerForm | None = None,
    status: int = 200,
) -> HttpResponse:
    rows = TwinLine.objects.filter(person=person).order_by("-pk")[:SHOWN] if person else []
    lines = list(reversed(rows))
    window = (
        rules.window_until(person.wrote_at, None) if person and person.channel in rules.WINDOWED else None
    )
    names: dict[str, list[TwinPerson]] = {}
    others: dict[str, list[TwinPerson]] = {}
    for one in people:
        (names if _has_name(one) else others).setdefault(one.name, []).append(one)
    return render(
        request, "messaging/kanal.html",
        {"people": list(names.items()), "others": list(others.items()), "newcomer": newcomer or NewcomerForm(auto_id="baru_%s"),
         "chosen": "orang" in request.GET and newcomer is None, "person": person, "lines": lines, "form": form, "window": window,
         "window_open": window is not None and timezone.now() < window},
        status=status,
    )  # fmt: skip


def _has_name(one: TwinPerson) -> bool:
    """Whether it is a person of the story; the rest are addresses to which the house wrote (officials, applicants)."""
    return "@" not in one.name and not one.name.isdigit()


@public
@never_cache
@require_POST
def new(request: HttpRequest) -> HttpResponse:
    """Somebody who has never written: with a number, a chat or a mailbox that is nobody's."""
    _only_in_a_demo()
    form = NewcomerForm(request.POST, auto_id="baru_%s")
    if form.is_valid():
        return _back(play.newcomer(form.cleaned_data["name"], form.cleaned_data["channel"]))
    people = list(TwinPerson.objects.order_by("name", "channel"))
    first = next((one for one in people if _has_name(one)), None)
    return _page(request, people, first, PlayForm(), newcomer=form, status=422)


@public
@require_POST
def act(request: HttpRequest, person_id: int) -> HttpResponse:
    """Let time pass for a person, or lose and find his phone."""
    _only_in_a_demo()
    person = TwinPerson.objects.filter(pk=person_id).first()
    if person is None:
        raise Http404
    what = request.POST.get("what")
    if what == "time":
        play.pass_time(person)
        messages.info(request, _("Dua puluh lima jam berlalu bagi orang ini."))
    elif what in ("fail", "heal"):
        play.fail(person, failing=what == "fail")
    return _back(person)


def _back(person: TwinPerson) -> HttpResponse:
    return redirect(f"{reverse('messaging:kanal')}?orang={person.pk}")


@csrf_exempt
@public
def graph(request: HttpRequest, path: str) -> HttpResponse:
    """Meta's Graph API. Its statuses come back through our own hook."""
    _only_in_a_demo()
    kept = stores.MetaStore()
    status, body, kind = stores.graph(kept).answer(
        request.method or "GET", f"/{path}", request.headers.get("Authorization", ""), request.body,
        request.headers.get("Content-Type", ""),
    )  # fmt: skip
    try:
        play.statuses(kept.kept, timezone.now())
    except SendFailed:
        return HttpResponse(body, kind, status)  # a status that is lost: the message still went out
    return HttpResponse(body, kind, status)


@csrf_exempt
@public
def telegram(request: HttpRequest, path: str) -> HttpResponse:
    """Telegram's Bot API."""
    _only_in_a_demo()
    address = f"/{path}?{request.META.get('QUERY_STRING', '')}"
    status, body, kind = stores.bot().answer(
        address, request.body, request.headers.get("Content-Type", ""), timezone.now()
    )
    return HttpResponse(body, kind, status)
