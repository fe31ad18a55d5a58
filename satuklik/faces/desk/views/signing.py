"""The signing desk: what waits, the documents side by side, and the passphrase that signs what was seen."""

import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from satuklik.base.accounts.passphrases import with_passphrase
from satuklik.base.accounts.permissions import official
from satuklik.base.agencies import queries as agencies
from satuklik.faces.desk.forms import PassphraseForm
from satuklik.faces.desk.signables import NAME as CASE
from satuklik.faces.desk.views.case import box_of, note_looks
from satuklik.spine.cases import queries as cases
from satuklik.spine.cases.errors import CaseNotFound
from satuklik.spine.signing import actions, words
from satuklik.spine.signing import queries as signing
from satuklik.spine.signing.errors import BatchRunning, SigningError
from satuklik.spine.signing.registry import SIGNABLES, Signable, Waiting
from satuklik.spine.signing.rules import MOST_IN_A_BATCH

# A document as forms name it: kind:reference, and behind it what stands for the content that was shown.
_DOCUMENT = re.compile(r"([a-z_-]{1,20}):([A-Za-z0-9_./-]{1,40})(?::([A-Za-z0-9_.-]{1,64}))?")

# Of one document on the page; a browser without script fetches all of them at once.
MOST_PICTURES = 30


@dataclass(frozen=True)
class Named:
    """A document as a form names it."""

    kind: str
    reference: str
    seen: str = ""


@dataclass(frozen=True)
class Shown:
    """A document on the page: to be chosen, or to be looked at."""

    kind: str
    label: object
    document: Waiting
    ticked: bool = False

    @property
    def name(self) -> str:
        """kind:reference"""
        return f"{self.kind}:{self.document.reference}"

    @property
    def mark(self) -> str:
        """kind:reference:seen, the value of the tick."""
        return f"{self.name}:{self.document.seen}"

    @property
    def unshown(self) -> int:
        """How many pages stand only in the document itself."""
        return max(0, self.document.pages - MOST_PICTURES)

    @property
    def pictures(self) -> list[tuple[int, str]]:
        """The pages with the addresses of their pictures."""
        url = self.document.preview_url
        join = "&" if "?" in url else "?"
        pages = range(1, min(self.document.pages, MOST_PICTURES) + 1)
        return [(page, url if page == 1 else f"{url}{join}halaman={page}") for page in pages]


@with_passphrase
@sensitive_post_parameters("passphrase")
@official()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest) -> HttpResponse:
    """Without a choice: all that waits. With one: its documents side by side; with the passphrase: sign them."""
    given = request.POST if request.method == "POST" else request.GET
    chosen = _named([*given.getlist("dokumen"), *(f"{CASE}:{name}" for name in given.getlist("perkara"))])
    seen = _named(given.getlist("dilihat"))
    if not chosen and not seen:
        return _everything(request)
    if "passphrase" not in request.POST:
        return _side_by_side(request, chosen or seen, seen, PassphraseForm())
    form = PassphraseForm(request.POST)
    if not form.is_valid():
        return _side_by_side(request, chosen or seen, seen, form, status=422)
    return _sign(request, chosen or seen, [one for one in seen if one.seen], form)


def _everything(request: HttpRequest) -> HttpResponse:
    """All kinds, each with what waits for this official."""
    who: agencies.Official = request.official  # type: ignore[attr-defined]
    now = timezone.now()
    groups = []
    for name, signable in SIGNABLES.items():
        waiting = [Shown(name, signable.label, one) for one in signable.waiting(who, None, now)]
        if waiting:
            groups.append((signable.label, waiting[:MOST_IN_A_BATCH], len(waiting)))
    context = {
        "official": who,
        "groups": groups,
        "batches": signing.batches_of(who, now),
        "most": MOST_IN_A_BATCH,
        "signs": bool(agencies.may_sign_for(who, now)),
    }
    return render(request, "desk/to_sign.html", context)


@sensitive_variables("form")
def _sign(
    request: HttpRequest, chosen: Sequence[Named], seen: Sequence[Named], form: PassphraseForm
) -> HttpResponse:
    who: agencies.Official = request.official  # type: ignore[attr-defined]
    now = timezone.now()
    shown = _shown(who, seen, seen, now)
    if not shown and not agencies.may_sign_for(who, now):
        return _side_by_side(request, chosen, seen, PassphraseForm(), status=403)
    if not seen:
        told = _("Centang “Sudah saya lihat” pada surat yang akan ditandatangani.")
        return _side_by_side(request, chosen, seen, PassphraseForm({}, error=told), status=422)
    batch_id = _batch_id(request)
    try:
        actions.begin_batch(
            batch_id,
            _as_seen(seen, shown),
            official=who,
            user=request.user,
            passphrase=form.cleaned_data["passphrase"],
            now=now,
        )
    except BatchRunning as error:
        return redirect("desk:batch", error.batch_id)
    except SigningError as error:
        again = PassphraseForm({}, error=words.of_error(error))
        return _side_by_side(request, chosen, seen, again, status=422)
    return redirect(f"{reverse('desk:batch', args=[batch_id])}?kotak={box_of(request).slug}")


def _as_seen(seen: Sequence[Named], shown: Sequence[Shown]) -> list[actions.Chosen]:
    """What the official ticked, as he saw it. What no longer waits, or is another version by now, goes along: its
    room refuses it, and the result says why."""
    known = {one.mark: one.document for one in shown}
    found = []
    for one in seen:
        if one.kind not in SIGNABLES:
            continue
        document = known.get(f"{one.kind}:{one.reference}:{one.seen}") or Waiting(
            one.reference, one.reference, "", "", one.seen, timezone.now(), None, "", ""
        )
        found.append(actions.Chosen(one.kind, document))
    return found


def _side_by_side(
    request: HttpRequest,
    chosen: Sequence[Named],
    seen: Sequence[Named],
    form: PassphraseForm,
    status: int = 200,
) -> HttpResponse:
    """The documents with the pictures of their pages; each is ticked when it was looked at."""
    who: agencies.Official = request.official  # type: ignore[attr-defined]
    now = timezone.now()
    shown = _shown(who, chosen, seen, now)
    _note_looks(request, shown)
    box = box_of(request)
    offices = {one.document.office for one in shown}
    signs_for = agencies.may_sign_for(who, now)
    signers = [agencies.may_sign(who, agency, now) for agency in signs_for if agency.name in offices]
    if not shown and not signs_for and status == 200:
        status = 403
    return render(
        request,
        "desk/sign.html",
        {
            "official": who,
            "rows": shown,
            "gone": len(chosen) - len(shown),
            "may": bool(shown or signs_for),
            "signers": [signer for signer in signers if signer is not None],
            "form": form,
            "batch_id": _batch_id(request),
            "box": box,
            "back": reverse("desk:box", args=[box.slug]) if "kotak" in {*request.GET, *request.POST}
            else reverse("desk:sign"),
        },
        status=status,
    )  # fmt: skip


def _named(values: Iterable[str]) -> list[Named]:
    """The documents that a form names, each once; what has no such shape is left out."""
    found = {}
    for value in values:
        match = _DOCUMENT.fullmatch(value)
        if match:
            found[match[1], match[2]] = Named(match[1], match[2], match[3] or "")
    return list(found.values())[:MOST_IN_A_BATCH]


def _shown(
    who: agencies.Official, chosen: Sequence[Named], ticked: Sequence[Named], now: datetime
) -> list[Shown]:
    """Those of the chosen documents that wait for this official, in the order of the choice; others look as if
    they did not exist."""
    known: dict[tuple[str, str], Shown] = {}
    marks = {f"{one.kind}:{one.reference}:{one.seen}" for one in ticked}
    for kind in dict.fromkeys(one.kind for one in chosen):
        signable: Signable | None = SIGNABLES.get(kind)
        if signable is None:
            continue
        references = [one.reference for one in chosen if one.kind == kind]
        for document in signable.waiting(who, references, now):
            mark = f"{kind}:{document.reference}:{document.seen}"
            known[kind, document.reference] = Shown(kind, signable.label, document, mark in marks)
    return [known[one.kind, one.reference] for one in chosen if (one.kind, one.reference) in known]


def _note_looks(request: HttpRequest, shown: Sequence[Shown]) -> None:
    """The names of residents stand on this page: each of them can read that it was opened."""
    views = []
    for one in shown:
        if one.kind == CASE:
            try:
                views.append(cases.case_for_office(one.document.reference, request.official, timezone.now()))  # type: ignore[attr-defined]
            except CaseNotFound:
                continue
    note_looks(request, views, fields=("name",))


def _batch_id(request: HttpRequest) -> uuid.UUID:
    """The batch that this page is about: the same one for a second press and for the same page in two tabs."""
    try:
        return uuid.UUID(request.POST.get("berkas", ""))
    except ValueError:
        return uuid.uuid4()
