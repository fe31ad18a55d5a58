"""Who is asked first at an agency, and the silence rule itself."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from satuklik.base.accounts.permissions import official
from satuklik.base.agencies import queries as agencies
from satuklik.base.agencies.errors import NoSuchAgency
from satuklik.base.agencies.queries import Agency
from satuklik.spine.referrals import actions, queries, words
from satuklik.spine.referrals.errors import ReferralError
from satuklik.spine.referrals.forms import ContactForm, PolicyForm
from satuklik.spine.referrals.models import Policy
from satuklik.spine.referrals.views.desk import who


@official()
@require_http_methods(["GET", "HEAD", "POST"])
def policy(request: HttpRequest) -> HttpResponse:
    """The rule in force, earlier and later ones, and a form for the next one (PPID Utama)."""
    by, now = who(request), timezone.now()
    today = timezone.localdate(now)
    if not queries.is_utama(by, now):
        raise Http404
    in_force = queries.in_force(today)
    form = PolicyForm(request.POST if request.method == "POST" else None, policy=in_force, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_policy(form.result(), by=by, now=now)
        except ReferralError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Aturan tersimpan."))
            return redirect("referrals:policy")
    return render(
        request,
        "referrals/policy.html",
        {"form": form, "policy": in_force, "rows": Policy.objects.order_by("-valid_from")[:20]},
        status=422 if request.method == "POST" else 200,
    )


@official()
@require_http_methods(["GET", "HEAD", "POST"])
def contacts(request: HttpRequest) -> HttpResponse:
    """Who is asked at an agency: its own head and secretary set it, PPID Utama for every agency."""
    by, now = who(request), timezone.now()
    utama = queries.is_utama(by, now)
    agency = _agency(request, by.agency)
    if not utama and (by.role not in ("head", "secretary") or not agencies.works_for(by, agency.pk, now)):
        raise Http404
    asked = queries.contact_of(agency, now)
    row = asked["row"]
    people = agencies.officials(agency, timezone.localdate(now))
    initial = {"contact": getattr(row, "contact_id", None), "deputy": getattr(row, "deputy_id", None)}
    form = ContactForm(request.POST if request.method == "POST" else None, people=people, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_contact(
                agency, contact=form.chosen("contact"), deputy=form.chosen("deputy"), by=by, now=now
            )
        except ReferralError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Narahubung tersimpan."))
            return redirect(f"{request.path}?{urlencode({'instansi': agency.code})}")
    return render(
        request,
        "referrals/contacts.html",
        {
            "form": form, "agency": agency,
            "order": [
                {"words": words.POSTS.get(post, post), "who": who_} for post, who_ in asked.items() if post != "row"
            ],
            "agencies": agencies.agencies("opd") if utama else [],
        },
        status=422 if request.method == "POST" else 200,
    )  # fmt: skip


def _agency(request: HttpRequest, own: Agency) -> Agency:
    code = request.GET.get("instansi", "").replace("\0", "")[:40]
    if not code:
        return own
    try:
        return agencies.agency(code)
    except NoSuchAgency:
        raise Http404 from None
