"""The one-tap link: shows what it is about, says «received» by one button, takes a short answer. Needs no login."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from satuklik.base.accounts.permissions import public
from satuklik.base.calendar import actions as terms
from satuklik.spine.referrals import actions, rules
from satuklik.spine.referrals.errors import LinkExpired, NoSuchLink, ReferralError, WrongState
from satuklik.spine.referrals.forms import LinkAnswerForm
from satuklik.spine.referrals.models import Hop
from satuklik.spine.referrals.queries import Tapped, tapped
from satuklik.spine.referrals.queries.seeing import is_late


# The token in the address is the whole authority: no cookie adds to it, and a chat program's own browser may have none.
@csrf_exempt
@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows title, agency and date, and changes nothing; POST acknowledges. A preview that fetches the address
    is not taken for a person."""
    now = timezone.now()
    try:
        found = tapped(token, now)
        if request.method == "POST":
            actions.acknowledge(found.hop.referral, by=found.hop.official, via="link", now=now, hop=found.hop)
            return redirect("referrals:link", token)
    except NoSuchLink as error:
        return _closed(request, error, 404)
    except LinkExpired as error:
        return _closed(request, error, 410)
    except WrongState:
        return redirect("referrals:link", token)
    if request.method == "GET" and not rules.is_preview(
        request.headers.get("User-Agent", ""), request.headers.get("Sec-Purpose", "")
    ):
        actions.opened(found.hop, now=now)
    return _page(request, token, found, LinkAnswerForm(), 200)


@csrf_exempt
@public
@never_cache
@require_POST
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """A short answer of the agency on the same link, unless the question is confidential."""
    now = timezone.now()
    try:
        found = tapped(token, now)
    except NoSuchLink as error:
        return _closed(request, error, 404)
    except LinkExpired as error:
        return _closed(request, error, 410)
    form = LinkAnswerForm(request.POST)
    if not found.may_answer:
        return redirect("referrals:link", token)
    if not form.is_valid():
        return _page(request, token, found, form, 422)
    official = found.hop.official
    assert official is not None
    try:
        actions.answer(found.hop.referral, text=form.cleaned_data["text"], by=official, now=now)
    except WrongState:
        return redirect("referrals:link", token)
    except ReferralError as error:
        form.add_error(None, str(error))
        return _page(request, token, found, form, 422)
    return redirect("referrals:link", token)


def _page(request: HttpRequest, token: str, found: Tapped, form: LinkAnswerForm, status: int) -> HttpResponse:
    hop = Hop.objects.select_related("referral__term", "referral__agency").get(pk=found.hop.pk)
    referral = hop.referral
    return _sealed(
        render(
            request,
            "referrals/link.html",
            {
                "token": token, "hop": hop, "referral": referral, "found": found, "form": form,
                "waiting": referral.state in rules.WAITING, "late": is_late(referral, timezone.now()),
                "why": terms.why(referral.term) if referral.term else None,
            },
            status=status,
        )
    )  # fmt: skip


def _closed(request: HttpRequest, error: ReferralError, status: int) -> HttpResponse:
    with override(getattr(request, "LANGUAGE_CODE", "id")):
        return _sealed(render(request, "referrals/link_closed.html", {"error": str(error)}, status=status))


def _sealed(response: HttpResponse) -> HttpResponse:
    """No search engine keeps the page, and no other site learns its address."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response
