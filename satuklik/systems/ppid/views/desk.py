"""The desk of the PPID agency: the list by the earlier date, one request, and everything that is done with it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from satuklik.base.accounts.permissions import official
from satuklik.base.agencies import queries as agencies
from satuklik.base.agencies.errors import NoSuchAgency
from satuklik.base.once import actions as once
from satuklik.spine.intake import queries as intake
from satuklik.spine.population import actions as population
from satuklik.systems.ppid import actions, forms, parameters, queries, uploads, words
from satuklik.systems.ppid.errors import BadInput, NotFound
from satuklik.systems.ppid.models import MatterFile
from satuklik.systems.ppid.queries import RequestView, lists
from satuklik.systems.ppid.views.guard import carry_out, into

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Agency, Official

VIEWS = {
    "terbuka": "open", "saya": "mine", "terlambat": "late", "menunggu-kami": "waiting", "tanda-tangan": "sign",
    "selesai": "done", "semua": "all",
}  # fmt: skip


def who(request: HttpRequest) -> "Official":
    """The official behind the request."""
    return request.official  # type: ignore[attr-defined, no-any-return]


def officer(request: HttpRequest) -> "Official":
    """The officer of the PPID agency; a 404 for anybody else."""
    if not queries.is_officer(who(request), timezone.now()):
        raise Http404
    return who(request)


@official()
@never_cache
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The list of requests."""
    by, now = officer(request), timezone.now()
    named = request.GET.get("tampil", "terbuka")
    view = VIEWS.get(named, "open")
    text = request.GET.get("q", "").replace("\0", "").strip()[:80]
    page = lists.requests(by, view=view, text=text, now=now, page=_page(request))
    return render(
        request,
        "ppid/desk/list.html",
        {
            "page": page, "view": named if named in VIEWS else "terbuka", "text": text, "tabs": _tabs(),
            "counts": lists.counts(now), "query": urlencode({"tampil": named, **({"q": text} if text else {})}) + "&",
            "rail_here": reverse("ppid:start"), "load": lists.load_by_officer(now),
        },
    )  # fmt: skip


@official()
@never_cache
@require_safe
def show(request: HttpRequest, reference: str) -> HttpResponse:
    """One request: its clocks, what may be done, what happened."""
    return page(request, view_of(request, reference))


@official()
@require_POST
def act(request: HttpRequest, reference: str, name: str) -> HttpResponse:
    """Do one of ACTS; then the next request opens by itself, or this one again."""
    view = view_of(request, reference)
    found = ACTS.get(name)
    if found is None:
        raise Http404
    made, do, told, onward = found
    form = made(request)

    def done() -> HttpResponse:
        messages.success(request, told % {"number": view.request.number})
        following = lists.next_open(who(request), reference, timezone.now()) if onward else ""
        return redirect(reverse("ppid:request", args=[following or reference]))

    def again(given: dict[str, Any], **more: Any) -> HttpResponse:
        return page(request, view_of(request, reference), given, **more)

    return carry_out(name, form, do=lambda: do(request, view, form), again=again, done=done)


@official()
@require_safe
def file(request: HttpRequest, reference: str, file_id: int) -> HttpResponse:
    """A file of the request."""
    view = view_of(request, reference)
    try:
        content, media, name = queries.file_of(view.request, file_id)
    except NotFound as error:
        raise Http404 from error
    return download(content, media, name)


@official()
@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Register a request that was told at the counter or came on paper (ps. 22(2)–(3): unwritten ones too)."""
    by, now = officer(request), timezone.now()
    start_at = timezone.localtime(now).replace(second=0, microsecond=0)
    form = forms.CounterRequestForm(
        request.POST or None, request.FILES or None, initial={"received_at": start_at}
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            power = uploads.keep(given["power"], kind="power")
            made = actions.register_request(
                given_of(given),
                received_at=given["received_at"],
                channel=given["channel"],
                now=now,
                by=by,
                files=power,
                word=once.word_of(request),
            )
        except uploads.BadFile as error:
            form.add_error("power", str(error))
        except BadInput as error:
            into(form, error)
        else:
            messages.success(
                request, _("Terdaftar dengan nomor %(number)s. Beri tahu pemohon.") % {"number": made.number}
            )
            return redirect(reverse("ppid:request", args=[made.reference]))
    status = 422 if request.method == "POST" else 200
    return render(
        request, "ppid/desk/new.html", {"form": form, "rail_here": reverse("ppid:start")}, status=status
    )


def view_of(request: HttpRequest, reference: str) -> RequestView:
    """The request as this official may see it; else a 404, as if there were none. Leaves a trace where the applicant
    is known to the register."""
    now = timezone.now()
    try:
        view = queries.request_for(reference, who(request), now)
    except NotFound as error:
        raise Http404 from error
    if view.request.person_id is not None:
        population.record_looks(
            who(request), [(view.request.person_id, view.request.reference)],
            reason=_("Permintaan informasi %(number)s") % {"number": view.request.number}, now=now,
            fields=("name", "nik", "address", "phone"),
        )  # fmt: skip
    return view


def page(
    request: HttpRequest, view: RequestView, given: dict[str, Any] | None = None, *, problem: str = "", status: int = 200
) -> HttpResponse:  # fmt: skip
    """The page, also with what was typed and could not be done."""
    made = {
        name: form for name, (build, *_rest) in ACTS.items() if (form := _blank(build, request)) is not None
    }
    shown = {**made, **(given or {})}
    sheet = parameters.value("copy_sheet_cost", timezone.localdate())
    if sheet:
        shown["decide"].fields["cost"].help_text = _("Tarif salinan: Rp%(cost)s tiap lembar.") % {
            "cost": sheet
        }
    kept = [(str(one.pk), one.name) for one in view.earlier_files]
    shown["decide"].offer(kept + [(one.sha256, one.name) for one in uploads.of_agencies(view.referrals)])
    meant = _meant_for(view)
    if "refer" not in (given or {}):
        shown["refer"] = forms.ReferForm(
            auto_id="refer_%s", agencies=_offices(), initial={"agency": meant.code if meant else "", "question": _question(view)}
        )  # fmt: skip
    if "pay" not in (given or {}) and view.decision is not None:
        shown["pay"] = forms.PayForm(
            auto_id="pay_%s", initial={"amount": view.decision.cost, "paid_on": timezone.localdate()}
        )
    return render(
        request,
        "ppid/desk/request.html",
        {
            "view": view, "forms": shown, "given": list((given or {}).items()), "problem": problem,
            "rail_here": reverse("ppid:start"), "grounds": _grounds(view), "words": _said(view), "meant": meant, "conversation_url": _conversation(view.request.conversation_id),
        },
        status=status,
    )  # fmt: skip


def download(content: bytes, media: str, name: str, *, inline: bool = False) -> HttpResponse:
    """A file for a person: never shown inside our pages with scripts of its own."""
    response = HttpResponse(content, content_type=media)
    response["Content-Disposition"] = content_disposition_header(not inline, name)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def given_of(cleaned: dict[str, Any]) -> actions.Given:
    """The fields of the request form as the action takes them."""
    names = ("name", "details", "purpose", "applicant", "nik", "decree", "address", "phone", "email", "occupation",
             "proxy_for", "obtain", "delivery")  # fmt: skip
    return actions.Given(**{name: cleaned.get(name) or "" for name in names})


def _grounds(view: RequestView) -> list[tuple[str, str]]:
    table = parameters.exceptions()
    return [(letter, table[letter]) for letter in (view.decision.grounds if view.decision else ())]


def _said(view: RequestView) -> dict[str, str]:
    one = view.request
    return {
        "applicant": str(words.APPLICANTS[one.applicant]), "obtain": str(words.OBTAIN[one.obtain]),
        "delivery": str(words.DELIVERY[one.delivery]), "channel": str(words.CHANNELS.get(one.channel, one.channel)),
        "outcome": str(words.OUTCOMES[view.decision.outcome]) if view.decision else "",
        "step": str(words.STEPS.get(view.step, "")),
    }  # fmt: skip


def _conversation(conversation_id: int | None) -> str:
    """The page of the conversation in the inbox; empty where the inbox is switched off."""
    if conversation_id is None:
        return ""
    try:
        return reverse("inbox:conversation", args=[conversation_id])
    except NoReverseMatch:
        return ""


def _tabs() -> list[tuple[str, Any]]:
    return [
        ("terbuka", _("Terbuka")), ("menunggu-kami", _("Menunggu kami")), ("saya", _("Milik saya")),
        ("terlambat", _("Terlambat")), ("tanda-tangan", _("Diputus")), ("selesai", _("Selesai")), ("semua", _("Semua")),
    ]  # fmt: skip


def _page(request: HttpRequest) -> int:
    named = request.GET.get("page", "1")
    return int(named) if named.isascii() and named.isdigit() and len(named) < 7 else 1


def _blank(build: Callable[..., Any], request: HttpRequest) -> Any:
    return build(request, blank=True)


def _form(kind: type[django_forms.Form], name: str, **more: Any) -> Callable[..., Any]:
    def build(request: HttpRequest, *, blank: bool = False) -> django_forms.Form:
        extra = {key: value() if callable(value) else value for key, value in more.items()}
        if blank:
            return kind(auto_id=f"{name}_%s", **extra)
        return kind(request.POST, request.FILES, auto_id=f"{name}_%s", **extra)

    return build


def _nothing(_request: HttpRequest, *, blank: bool = False) -> None:
    del blank


def _offices() -> list[tuple[str, str]]:
    found = [(one.code, one.name) for one in agencies.agencies() if one.kind in ("opd", "kecamatan")]
    return sorted(found, key=lambda one: one[1])


def _meant_for(view: RequestView) -> "Agency | None":
    """The agency that was chosen in the inbox, until somebody was asked."""
    code = "" if view.referrals else intake.chosen_agency(view.request.subject)
    return next(iter(agencies.agencies_by_code([code])), None) if code else None


def _question(view: RequestView) -> str:
    """What is put to an agency unless the officer writes something else."""
    return _("Mohon data atau dokumen berikut:\n%(details)s") % {"details": view.request.details[:4_500]}


def _refer(request: HttpRequest, view: RequestView, form: Any) -> None:
    try:
        agency = agencies.agency(form.cleaned_data["agency"])
    except NoSuchAgency as error:
        raise BadInput([("agency", str(error))]) from error
    actions.refer(
        view.request,
        agency=agency,
        question=form.cleaned_data["question"],
        by=officer(request),
        now=timezone.now(),
    )


def _test(request: HttpRequest, view: RequestView, form: Any) -> None:
    actions.record_test(view.request, tested_of(form), by=officer(request), now=timezone.now())


def tested_of(form: forms.TestForm) -> actions.Tested:
    """The form of a consequence test as the action takes it."""
    given = form.cleaned_data
    plain = (
        "information",
        "ground",
        "if_opened",
        "if_closed",
        "closed_for",
        "tested_on",
        "law",
        "closed_until",
    )
    return actions.Tested(
        **{name: given[name] for name in plain}, exempt=given["exempt"] == "ya", sat=form.seats()
    )


def _decide(request: HttpRequest, view: RequestView, form: Any) -> None:
    by, now, given = officer(request), timezone.now(), form.cleaned_data
    kept = uploads.keep(given["files"], kind=MatterFile.Kind.ANSWER)
    plain = ("outcome", "answer", "grounds", "reason", "form_held", "held_by", "held_by_email", "cost_basis")
    ticked = set(given.get("again", []))
    kept += [one for one in uploads.of_agencies(view.referrals) if one.sha256 in ticked]
    decided = actions.Decided(
        **{name: given[name] for name in plain}, cost=given["cost"] or 0, files=kept,
        again=[int(one) for one in ticked if one.isdigit() and len(one) < 18],
    )  # fmt: skip
    actions.decide(view.request, decided, by=by, now=now)


def _supplement(request: HttpRequest, view: RequestView, form: Any) -> None:
    now = timezone.now()
    kept = uploads.keep(form.cleaned_data["files"])
    actions.supplement(view.request, text=form.cleaned_data["text"], files=kept, by=officer(request), now=now)


def _object(request: HttpRequest, view: RequestView, form: Any) -> None:
    by, now = officer(request), timezone.now()
    actions.file_objection(
        view.request,
        by=by,
        now=now,
        received_at=now,
        channel="counter",
        word=once.word_of(request),
        **objection_of(form),
    )


def objection_of(form: forms.ObjectionForm) -> dict[str, Any]:
    """The fields of the objection form as the action takes them. Raises BadFile."""
    given = form.cleaned_data
    proxy = (
        actions.Proxy(given["proxy_name"], given["proxy_address"], given["proxy_contact"])
        if given["by_proxy"]
        else None
    )
    return {
        "ground": given["ground"], "reason": given["reason"], "proxy": proxy,
        "files": uploads.keep(given["power"], kind=MatterFile.Kind.POWER),
    }  # fmt: skip


def _by_name(action: Callable[..., Any], *fields: str, **renamed: str) -> Callable[..., None]:
    """An act that hands fields of its form to an action."""

    def do(request: HttpRequest, view: RequestView, form: Any) -> None:
        given = {name: form.cleaned_data[name] for name in fields}
        given |= {to: form.cleaned_data[name] for name, to in renamed.items()}
        action(view.request, by=officer(request), now=timezone.now(), **given)

    return do


# name in the address → (form, what is done, what is said, whether the next request opens)
ACTS: dict[str, tuple[Callable[..., Any], Callable[..., None], Any, bool]] = {
    "check": (_nothing, _by_name(actions.begin_check), gettext_lazy("Pemeriksaan %(number)s dimulai."), False),
    "take": (_nothing, _by_name(actions.take), gettext_lazy("%(number)s sekarang milik Anda."), False),
    "complete": (_nothing, _by_name(actions.declare_complete), gettext_lazy("%(number)s dinyatakan lengkap."), False),
    "incomplete": (
        _form(forms.TextForm, "incomplete", label=gettext_lazy("Yang harus dilengkapi")),
        _by_name(actions.declare_incomplete, text="missing"), gettext_lazy("Pemohon diminta melengkapi %(number)s."), True,
    ),
    "supplement": (
        _form(forms.TextForm, "supplement", label=gettext_lazy("Kelengkapan dari pemohon"), required=False, with_files=True),
        _supplement, gettext_lazy("Kelengkapan %(number)s tercatat."), False,
    ),
    "refer": (_form(forms.ReferForm, "refer", agencies=_offices), _refer, gettext_lazy("%(number)s diteruskan."), True),
    "take_over": (_nothing, _by_name(actions.take_over), gettext_lazy("%(number)s kembali ke PPID Utama."), False),
    "ask": (
        _form(forms.TextForm, "ask", label=gettext_lazy("Pertanyaan kepada pemohon")),
        _by_name(actions.ask_clarification, text="question"), gettext_lazy("Pertanyaan tentang %(number)s terkirim."), True,
    ),
    "clarify": (
        _form(forms.TextForm, "clarify", label=gettext_lazy("Penjelasan dari pemohon")),
        _by_name(actions.clarify, text="answer"), gettext_lazy("Penjelasan %(number)s tercatat."), False,
    ),
    "extend": (
        _form(forms.ExtendForm, "extend"), _by_name(actions.extend, "days", "reason"),
        gettext_lazy("Surat perpanjangan %(number)s menunggu tanda tangan."), False,
    ),
    "take_back_extension": (
        _nothing, _by_name(actions.take_back_extension), gettext_lazy("Surat perpanjangan %(number)s ditarik."), False,
    ),
    "hand_over_extension": (
        _form(forms.HowForm, "hand_over_extension"), _by_name(actions.hand_over_extension, "how"),
        gettext_lazy("Penyerahan surat perpanjangan %(number)s tercatat."), False,
    ),
    "test": (_nothing, _by_name(actions.begin_test), gettext_lazy("Uji konsekuensi %(number)s dimulai."), False),
    "record_test": (_form(forms.TestForm, "record_test"), _test, gettext_lazy("Uji konsekuensi %(number)s tercatat."), False),
    "decide": (_form(forms.DecideForm, "decide"), _decide, gettext_lazy("Surat %(number)s menunggu tanda tangan."), True),
    "take_back": (_nothing, _by_name(actions.take_back), gettext_lazy("Keputusan %(number)s ditarik."), False),
    "notify": (
        _form(forms.HowForm, "notify"), _by_name(actions.hand_over_notice, "how"),
        gettext_lazy("Pemberitahuan %(number)s tercatat."), True,
    ),
    "pay": (
        _form(forms.PayForm, "pay"), _by_name(actions.record_payment, "amount", "paid_on", "note_text"),
        gettext_lazy("Pembayaran %(number)s tercatat."), False,
    ),
    "deliver": (
        _form(forms.HowForm, "deliver"), _by_name(actions.deliver, "how"), gettext_lazy("Informasi %(number)s diserahkan."), True,
    ),
    "close": (_nothing, _by_name(actions.close), gettext_lazy("%(number)s selesai."), True),
    "withdraw": (
        _form(forms.ReasonForm, "withdraw"), _by_name(actions.withdraw, "reason"), gettext_lazy("%(number)s dihentikan."), True,
    ),
    "object": (_form(forms.ObjectionForm, "object"), _object, gettext_lazy("Keberatan atas %(number)s terdaftar."), False),
}  # fmt: skip
