"""Sign one letter or many: the passphrase is typed each time, used once and forgotten."""

import re
from collections.abc import Sequence
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from satuklik.base.accounts.permissions import official
from satuklik.base.agencies import queries as agencies
from satuklik.faces.desk import queries, wording
from satuklik.faces.desk.forms import PassphraseForm
from satuklik.faces.desk.views.case import box_of, note_looks
from satuklik.spine.cases import actions
from satuklik.spine.cases import queries as cases
from satuklik.spine.cases.errors import CaseNotFound
from satuklik.spine.signing.errors import KeyLocked, NoKey, SigningError, WrongPassphrase

MOST_AT_ONCE = 200
RESULTS = "desk.signed"  # in the session: what became of the last batch


@sensitive_post_parameters("passphrase")
@official()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest) -> HttpResponse:
    """Show what will be signed and by whom; sign it when the passphrase comes."""
    given = request.POST if request.method == "POST" else request.GET
    chosen = list(dict.fromkeys(given.getlist("perkara")))[:MOST_AT_ONCE]
    views = _views(request, chosen)
    if request.method != "POST" or not views:
        return _page(request, views, PassphraseForm())
    form = PassphraseForm(request.POST)
    if not form.is_valid():
        return _page(request, views, form, status=422)
    return _sign(request, views, form)


@official()
@never_cache
@require_safe
def signed(request: HttpRequest) -> HttpResponse:
    """What became of each letter of the last batch."""
    results = request.session.get(RESULTS)
    if not results:
        return redirect("desk:box", "tandatangani")
    box = box_of(request)
    return render(
        request,
        "desk/signed.html",
        {
            "results": results,
            "failed": sum(not result["ok"] for result in results),
            "onward": reverse("desk:box", args=[box.slug]),
        },
    )


@sensitive_variables("form", "passphrase")
def _sign(request: HttpRequest, views: Sequence[cases.CaseView], form: PassphraseForm) -> HttpResponse:
    who: agencies.Official = request.official  # type: ignore[attr-defined]
    now = timezone.now()
    if not _signers(who, views, now):
        return _page(request, views, PassphraseForm(), status=403)
    try:
        results = actions.sign_many(
            [view.case.reference for view in views],
            official=who,
            tasks=_seen(request),
            passphrase=form.cleaned_data["passphrase"],
            now=now,
        )
    except SigningError as error:
        again = PassphraseForm({}, error=_key_problem(error))
        return _page(request, views, again, status=422)
    request.session[RESULTS] = [
        {
            "reference": result.reference,
            "ok": result.document is not None,
            "message": _("Ditandatangani, nomor %(number)s") % {"number": result.document.number}
            if result.document is not None
            else wording.problem(result.error),  # type: ignore[arg-type]
        }
        for result in results
    ]
    return redirect(f"{reverse('desk:signed')}?{urlencode({'kotak': box_of(request).slug})}")


def _seen(request: HttpRequest) -> frozenset[int] | None:
    """The tasks that stood on the page of the signer; None where the page named none."""
    given = request.POST.getlist("tugas")
    return frozenset(int(task) for task in given if re.fullmatch(r"[0-9]{1,18}", task)) if given else None


def _key_problem(error: SigningError) -> str:
    if isinstance(error, WrongPassphrase):
        return ngettext(
            "Kata sandi tanda tangan salah. Sisa %(left)d kali percobaan.",
            "Kata sandi tanda tangan salah. Sisa %(left)d kali percobaan.",
            error.left,
        ) % {"left": error.left}
    if isinstance(error, KeyLocked):
        return _(
            "Kunci tanda tangan Anda terkunci sampai %(until)s, karena kata sandi salah berkali-kali. "
            "Coba lagi sesudah itu."
        ) % {"until": wording.clock(error.until)}
    if isinstance(error, NoKey):
        return _(
            "Anda belum mempunyai kunci tanda tangan yang berlaku. Hubungi verifikator TTE di Diskominfo."
        )
    return _("Tanda tangan tidak dapat dibuat sekarang. Coba lagi; bila tetap gagal, hubungi Diskominfo.")


def _views(request: HttpRequest, references: Sequence[str]) -> list[cases.CaseView]:
    """The chosen cases of the official's own office; others look as if they did not exist."""
    found = []
    for reference in references:
        try:
            found.append(cases.case_for_office(reference, request.official, timezone.now()))  # type: ignore[attr-defined]
        except CaseNotFound:
            continue
    return found


def _signers(
    who: agencies.Official, views: Sequence[cases.CaseView], now: datetime
) -> dict[int, agencies.Signer]:
    """As whom the official signs, by agency of the chosen cases."""
    offices = {view.agency.pk: view.agency for view in views}
    found = {pk: agencies.may_sign(who, agency, now) for pk, agency in offices.items()}
    return {pk: signer for pk, signer in found.items() if signer is not None}


def _page(
    request: HttpRequest, views: Sequence[cases.CaseView], form: PassphraseForm, status: int = 200
) -> HttpResponse:
    who: agencies.Official = request.official  # type: ignore[attr-defined]
    box = box_of(request)
    note_looks(request, views, fields=("name",))
    signers = _signers(who, views, timezone.now())
    return render(
        request,
        "desk/sign.html",
        {
            "official": who,
            "rows": [(view, queries.service_name(view.service)) for view in views],
            "signers": list(signers.values()),
            "form": form,
            "box": box,
            "back": reverse("desk:box", args=[box.slug]),
        },
        status=403 if views and not signers and status == 200 else status,
    )
