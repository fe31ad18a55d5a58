"""A batch that is being signed: how far it is, what became of each document, and how it goes on."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from satuklik.base.accounts.passphrases import with_passphrase
from satuklik.base.accounts.permissions import official
from satuklik.base.agencies import queries as agencies
from satuklik.faces.desk.forms import PassphraseForm
from satuklik.faces.desk.views.case import box_of
from satuklik.spine.signing import actions, words
from satuklik.spine.signing import queries as signing
from satuklik.spine.signing.errors import BatchRunning, SigningError


@official()
@never_cache
@require_safe
def batch(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """How far the batch is. Any process answers: only the rows are asked."""
    return _page(request, batch_id, PassphraseForm())


@with_passphrase
@sensitive_post_parameters("passphrase")
@sensitive_variables("form")
@official()
@never_cache
@require_POST
def resume(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Go on with a batch whose process ended: the passphrase is typed again."""
    form = PassphraseForm(request.POST)
    if not form.is_valid():
        return _page(request, batch_id, form, status=422)
    who: agencies.Official = request.official  # type: ignore[attr-defined]
    now = timezone.now()
    if signing.batch_of(batch_id, who, now) is None:
        raise Http404
    try:
        actions.resume_batch(batch_id, official=who, passphrase=form.cleaned_data["passphrase"], now=now)
    except BatchRunning:
        return redirect("desk:batch", batch_id)
    except SigningError as error:
        again = PassphraseForm({}, error=words.of_error(error))
        return _page(request, batch_id, again, status=422)
    return redirect("desk:batch", batch_id)


def _page(request: HttpRequest, batch_id: UUID, form: PassphraseForm, status: int = 200) -> HttpResponse:
    who: agencies.Official = request.official  # type: ignore[attr-defined]
    now = timezone.now()
    found = signing.batch_of(batch_id, who, now)
    if found is None:
        raise Http404
    if found.unknown:
        actions.settle_batch(found.batch, now)
        found = signing.batch_of(batch_id, who, now) or found
    box = box_of(request)
    context = {
        "official": who,
        "batch": found,
        "form": form,
        "box": box,
        "onward": reverse("desk:box", args=[box.slug]) if "kotak" in request.GET else reverse("desk:sign"),
    }
    part = "desk/_batch.html" if request.headers.get("HX-Request") else "desk/batch.html"
    return render(request, part, context, status=status)
