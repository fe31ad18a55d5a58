"""Write a naskah: choose its kind, fill it in beside its picture, or upload a PDF that was made elsewhere."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from satuklik.base.accounts.permissions import official
from satuklik.base.agencies.queries import Agency
from satuklik.systems.correspondence import actions, queries, rows
from satuklik.systems.correspondence.boxes import BY_NAME, address
from satuklik.systems.correspondence.comparing import differences
from satuklik.systems.correspondence.errors import (
    BadContent,
    BadUpload,
    ChangedMeanwhile,
    NaskahNotFound,
    UnknownKind,
)
from satuklik.systems.correspondence.letterform import (
    Letter,
    LetterForm,
    RecipientRow,
    Table,
    offices_by_name,
    recipient_rows,
    table_rows,
)
from satuklik.systems.correspondence.queries import IncomingView, NaskahView
from satuklik.systems.correspondence.rules import MOST_RECIPIENTS, UPLOAD, Kind
from satuklik.systems.correspondence.views.boxes import who
from satuklik.systems.correspondence.views.naskah import not_done, view_of
from satuklik.systems.correspondence.views.placing import Misplaced, kept_pdf, place_of, widget


@official()
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """The kinds of naskah with a small picture of each; or an upload."""
    answers = _answered(request)
    return render(
        request,
        "correspondence/choose.html",
        {
            "kinds": queries.kinds(),
            "answers": answers,
            "query": f"?balas={answers.id}" if answers else "",
        },
    )


@official()
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, slug: str) -> HttpResponse:
    """A new naskah of one kind. The first press of a button keeps it on the server."""
    kind = _kind(slug)
    answers = _answered(request)
    if request.method != "POST":
        return _page(request, kind, _new_letter(request, kind, answers), answers=answers)
    if changed := rows.changed(request.POST):
        return _page(request, kind, _typed(request, kind, changed), answers=answers)
    letter = _posted(request, kind, fresh=True)
    if not letter.valid():
        return _page(request, kind, letter, answers=answers, status=422)
    now, fields = timezone.now(), letter.fields()
    fields["answers"] = answers.incoming if answers else None
    try:
        if kind is None:
            pdf = letter.form.cleaned_data["pdf"].read()
            made = actions.create_upload(pdf, by=who(request), now=now, placement=place_of({}, pdf), **fields)
        else:
            made = actions.create(kind.slug, by=who(request), now=now, content=letter.content(), **fields)
    except (BadContent, BadUpload, Misplaced) as error:
        _blame(letter, error)
        return _page(request, kind, letter, answers=answers, status=422)
    return _onward(request, made.reference)


@official()
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, reference: str) -> HttpResponse:
    """Go on with a draft. `live` is the form sending itself: only the picture is answered."""
    view = view_of(request, reference)
    kind = view.kind
    if "edit" not in view.may:
        return not_done(request, view, _("Naskah ini tidak dapat diubah sekarang."), 409)
    if request.method != "POST":
        return _page(request, kind, _kept(request, view), view=view)
    live = "live" in request.GET
    if not live and (changed := rows.changed(request.POST)):
        return _page(request, kind, _typed(request, kind, changed), view=view)
    letter = _posted(request, kind, fresh=False)
    seen = parse_datetime(request.POST.get("changed_at", "")) if request.POST.get("changed_at") else None
    if not letter.valid():
        return _unsaved(request, view, letter, live=live, seen=seen)
    try:
        actions.edit(
            view.naskah, by=who(request), now=timezone.now(), changed_at_seen=seen,
            **_changes(request, letter, view),
        )  # fmt: skip
    except (BadContent, BadUpload, Misplaced) as error:
        misplaced = _blame(letter, error)
        return _unsaved(request, view, letter, live=live, seen=seen, misplaced=misplaced)
    except ChangedMeanwhile as error:
        if live:
            return _picture(request, view, seen=seen, problem=str(error))
        shown = differences(error.theirs, error.mine, kind)
        return _page(
            request, kind, letter, view=view, changed_at=error.changed_at, meanwhile=error, differing=shown,
            status=409,
        )  # fmt: skip
    if live:
        return _picture(request, view_of(request, reference), saved=True)
    return _onward(request, reference)


def _changes(request: HttpRequest, letter: Letter, view: NaskahView) -> dict[str, Any]:
    fields = letter.fields() | {"due_on": letter.form.cleaned_data["due_on"]}
    if view.kind is not None:
        return fields | {"content": letter.content()}
    given = letter.form.cleaned_data.get("pdf")
    if given:
        pdf = given.read()
        # Its pages were not shown yet: the place is chosen anew.
        return fields | {"pdf": pdf, "placement": place_of({}, pdf)}
    return fields | {"placement": place_of(request.POST, kept_pdf(view))}


def _unsaved(
    request: HttpRequest, view: NaskahView, letter: Letter, *, live: bool, seen: datetime | None,
    misplaced: str = "",
) -> HttpResponse:  # fmt: skip
    if live:
        problem = _("Belum tersimpan: ada isian yang perlu diperbaiki. Tekan Simpan untuk melihatnya.")
        return _picture(request, view, seen=seen, problem=problem)
    return _page(request, view.kind, letter, view=view, changed_at=seen, misplaced=misplaced, status=422)


def _onward(request: HttpRequest, reference: str) -> HttpResponse:
    """Where the pressed button leads: on to the chain, or back to the draft, which is kept now."""
    if request.POST.get("aksi") == "lanjut":
        return redirect("correspondence:send-up", reference)
    messages.success(request, _("Konsep %(reference)s tersimpan.") % {"reference": reference})
    return redirect("correspondence:edit", reference)


def _blame(letter: Letter, error: BadContent | BadUpload | Misplaced) -> str:
    """Put the words beside what they are about; those about the signature's place are given back."""
    if isinstance(error, BadContent):
        letter.blame(error)
    elif isinstance(error, BadUpload) or error.unreadable:
        letter.form.add_error("pdf", str(error))
    else:
        letter.form.add_error(None, str(error))
        return str(error)
    return ""


def _kind(slug: str) -> Kind | None:
    """The template; None for an upload."""
    if slug == UPLOAD:
        return None
    try:
        return queries.kind(slug)
    except UnknownKind as error:
        raise Http404 from error


def _answered(request: HttpRequest) -> IncomingView | None:
    """The incoming letter that this one answers, named in the address or in the form."""
    named = request.POST.get("balas") or request.GET.get("balas") or ""
    if not (named.isascii() and named.isdigit() and len(named) < 18):
        return None
    try:
        return queries.incoming_for(int(named), who(request), timezone.now())
    except NaskahNotFound as error:
        raise Http404 from error


def _new_letter(request: HttpRequest, kind: Kind | None, answers: IncomingView | None) -> Letter:
    by, now = who(request), timezone.now()
    initial: dict[str, Any] = {
        "urgency": kind.urgency if kind else "biasa",
        "secrecy": kind.secrecy if kind else "biasa",
        "classification": kind.classification if kind else "",
    }
    to: list[RecipientRow] = []
    if answers:
        sender = answers.incoming.naskah.agency if answers.incoming.naskah else None
        to = [RecipientRow(sender.head_title if sender else answers.correspondent[:160], office=sender)]
        initial |= {
            "subject": (_("Jawaban: %(subject)s") % {"subject": answers.subject})[:200],
            "classification": answers.classification,
            "urgency": answers.urgency,
            "secrecy": answers.secrecy,
        }
    form = LetterForm(kind=kind, by=by, now=now, initial=initial)
    return Letter(form, to, [], [Table(one, []) for one in _tables(kind)])


def _kept(request: HttpRequest, view: NaskahView) -> Letter:
    """The draft as the server has it."""
    naskah, by, now = view.naskah, who(request), timezone.now()
    content: Mapping[str, Any] = view.content
    signer = f"pejabat:{naskah.signer_id}" if naskah.signer_id else f"kepala:{naskah.signed_for.code}"
    initial = {
        "subject": view.subject, "classification": view.classification, "urgency": view.urgency,
        "secrecy": view.secrecy, "due_on": view.due_on, "signer": signer,
        **{f"c-{name}": value for name, value in content.items()},
    }  # fmt: skip
    form = LetterForm(kind=view.kind, by=by, now=now, fresh=False, initial=initial)
    offices = {office.code: office for office in queries.offices()}
    return Letter(
        form,
        [RecipientRow(one.name, one.address, one.email, offices.get(one.agency_code)) for one in view.to],
        [RecipientRow(one.name, one.address, one.email, offices.get(one.agency_code)) for one in view.copies],
        [
            Table(one, [list(row) for row in content.get(one.id) or [] if isinstance(row, list | tuple)])
            for one in _tables(view.kind)
        ],
    )


def _posted(request: HttpRequest, kind: Kind | None, *, fresh: bool) -> Letter:
    form = LetterForm(
        request.POST, request.FILES, kind=kind, by=who(request), now=timezone.now(), fresh=fresh
    )
    return _letter(request.POST, form)


def _letter(data: Any, form: LetterForm) -> Letter:
    offices = offices_by_name(queries.offices())
    return Letter(
        form,
        recipient_rows(data, "to", offices),
        recipient_rows(data, "copy", offices),
        [table_rows(data, one) for one in _tables(form.kind)],
    )


def _typed(request: HttpRequest, kind: Kind | None, changed: rows.Changed) -> Letter:
    """What was typed, unchecked, with a row more or less."""
    blank = LetterForm(kind=kind, by=who(request), now=timezone.now(), fresh=False)
    typed = {
        name: one.widget.value_from_datadict(changed.data, request.FILES, name)
        for name, one in blank.fields.items()
    }
    form = LetterForm(kind=kind, by=who(request), now=timezone.now(), fresh=False, initial=typed)
    letter = _letter(changed.data, form)
    if changed.group:
        letter.to += [
            RecipientRow(office.head_title, office=office)
            for office in queries.offices()
            if office.kind == changed.group
            and not any(row.office and row.office.pk == office.pk for row in letter.to)
        ]
    return letter


def _tables(kind: Kind | None) -> list[Any]:
    return [one for one in kind.fields if one.type == "table"] if kind else []


def _page(
    request: HttpRequest,
    kind: Kind | None,
    letter: Letter,
    *,
    view: NaskahView | None = None,
    answers: IncomingView | None = None,
    changed_at: datetime | None = None,
    meanwhile: ChangedMeanwhile | None = None,
    differing: Any = (),
    misplaced: str = "",
    status: int = 200,
) -> HttpResponse:
    letter.extra = rows.more(request.POST)
    return render(
        request,
        "correspondence/write.html",
        {
            "kind": kind, "slug": kind.slug if kind else UPLOAD, "letter": letter, "form": letter.form,
            "view": view, "answers": answers, "rail_here": address(BY_NAME["draf"]), "meanwhile": meanwhile,
            "differing": differing, "blanks": letter.blanks,
            "place": widget(view, _chosen(request), misplaced) if view and kind is None else None,
            "changed_at": (changed_at or view.changed_at).isoformat() if view else "",
            "offices": queries.offices(), "classes": queries.classifications(), "groups": _groups(),
            "urgencies": queries.urgencies(), "secrecies": queries.secrecies(),
            "action": request.path + (f"?balas={answers.id}" if answers else ""),
        },
        status=status,
    )  # fmt: skip


def _chosen(request: HttpRequest) -> QueryDict | None:
    """What the placement's widget just sent."""
    return request.POST if "place-mode" in request.POST else None


def _picture(
    request: HttpRequest, view: NaskahView, *, saved: bool = False, seen: datetime | None = None,
    problem: str = "",
) -> HttpResponse:  # fmt: skip
    """The part beside the form: what it will look like, and whether it is kept."""
    context = {
        "view": view, "saved": saved, "problem": problem,
        "changed_at": (seen or view.changed_at).isoformat(), "now": timezone.now(),
    }  # fmt: skip
    return render(request, "correspondence/_preview.html", context)


def _groups() -> list[tuple[str, object]]:
    """Groups of offices that one naskah can go to."""
    kinds = [office.kind for office in queries.offices()]
    return [(kind, label) for kind, label in GROUPS if 0 < kinds.count(kind) <= MOST_RECIPIENTS]


GROUPS = [
    (Agency.Kind.OPD, gettext_lazy("Semua perangkat daerah")),
    (Agency.Kind.DISTRICT, gettext_lazy("Semua kecamatan")),
    (Agency.Kind.KELURAHAN, gettext_lazy("Semua kelurahan")),
    (Agency.Kind.DESA, gettext_lazy("Semua desa")),
]
