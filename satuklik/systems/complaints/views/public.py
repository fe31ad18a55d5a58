"""The public list with its map: only released reports, in the words that were released."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from satuklik.base.accounts import limits
from satuklik.base.accounts.errors import TooManyAttempts
from satuklik.base.accounts.permissions import public
from satuklik.base.regions import queries as regions
from satuklik.base.ui.errors import error_page
from satuklik.systems.complaints import actions, catalogue, presenting, queries, wording
from satuklik.systems.complaints.actions import supporting
from satuklik.systems.complaints.errors import NotFound
from satuklik.systems.complaints.forms import FollowForm
from satuklik.systems.complaints.models import Complaint
from satuklik.systems.complaints.queries.public import Asked
from satuklik.systems.complaints.views.track import picture

PER_PAGE = 20
MOST_FOLLOWS = 60  # an hour, of one address
MOST_LINKS = 3  # a day, to one contact

RESIDENT = "resident"  # the kind of an account


@public
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """What was released, the newest first, on the map and beside it."""
    category, district, status = (request.GET.get(name, "") for name in ("kategori", "kecamatan", "status"))
    categories, districts = catalogue.categories(), {one.code: one for one in regions.districts()}
    asked = Asked(
        category=category if category in categories else "",
        district=district if district in districts else "",
        status=status if status in ("open", "closed") else "",
    )
    page = Paginator(queries.released(asked), PER_PAGE).get_page(request.GET.get("page"))
    rows = [
        (number, row, wording.state_of(row), wording.tone_of(row), catalogue.category(row.category).label())
        for number, row in enumerate(page.object_list, start=page.start_index() or 1)
    ]
    given = {"kategori": asked.category, "kecamatan": asked.district, "status": asked.status}
    context = {
        "tab": "services",
        "rows": rows,
        "page": page,
        "map": presenting.picture([(number, row) for number, row, *_rest in rows], asked.district),
        "categories": categories.values(),
        "districts": districts.values(),
        "asked": asked,
        "query": urlencode({name: value for name, value in given.items() if value})
        + ("&" if any(given.values()) else ""),
    }
    return render(request, "complaints/map.html", context)


@public
@require_safe
def one(request: HttpRequest, reference: str) -> HttpResponse:
    """One released report."""
    return _page(request, _of(reference))


@public
@require_POST
def support(request: HttpRequest, reference: str) -> HttpResponse:
    """«I have the same trouble»: one person once."""
    complaint = _of(reference)
    user, phone, email = None, "", ""
    if request.user.is_authenticated and request.user.kind == RESIDENT:
        user = request.user
    else:
        form = FollowForm(request.POST)
        if not form.is_valid():
            return _page(request, complaint, form=form, status=422)
        phone, email = form.cleaned_data["contact"]
    try:
        limits.check(
            "complaint-support", limits.address(request), most=MOST_FOLLOWS, seconds=3600, now=timezone.now()
        )
    except TooManyAttempts:
        return error_page(request, 429)
    try:
        if user is None:
            # Nobody is pestered with links that somebody else asks for.
            limits.check(
                "complaint-support-contact",
                phone or email,
                most=MOST_LINKS,
                seconds=86_400,
                now=timezone.now(),
            )
        done = actions.support(complaint.pk, user=user, phone=phone, email=email, now=timezone.now())
    except TooManyAttempts:
        done = supporting.ASKED
    if user is None:
        # The same words whether the contact is counted already: nobody learns who supports what.
        messages.info(
            request, _("Buka tautan yang kami kirim ke kontak itu. Setelah itu dukungan dihitung, satu kali.")
        )
    elif done == supporting.COUNTED:
        messages.success(request, _("Dukungan Anda tercatat. Anda dikabari bila ada perkembangan."))
    else:
        messages.info(request, _("Anda sudah mendukung laporan ini."))
    return HttpResponseRedirect(reverse("complaints:public", args=[complaint.reference]), status=303)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def prove_support(request: HttpRequest, token: str) -> HttpResponse:
    """The link that was sent to a contact. Opening it changes nothing: programs that preview links open it too."""
    supporter = actions.supporter_of(token)
    if supporter is None:
        raise Http404
    if request.method != "POST":
        page = render(request, "complaints/prove.html", {"tab": "services", "complaint": supporter.complaint})
        page["Referrer-Policy"] = "no-referrer"
        return page
    if actions.prove_support(supporter, now=timezone.now()):
        messages.success(request, _("Dukungan Anda tercatat. Anda dikabari bila ada perkembangan."))
    else:
        messages.info(request, _("Anda sudah mendukung laporan ini."))
    return HttpResponseRedirect(
        reverse("complaints:public", args=[supporter.complaint.reference]), status=303
    )


@public
@require_safe
def photo(request: HttpRequest, reference: str, photo_id: int) -> HttpResponse:
    """A photo that was released."""
    return picture(_of(reference), photo_id, public=True)


def _of(reference: str) -> Complaint:
    try:
        return queries.released_one(reference)
    except NotFound as error:
        raise Http404 from error


def _page(
    request: HttpRequest, complaint: Complaint, form: FollowForm | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "tab": "services",
        "complaint": complaint,
        "state": wording.state_of(complaint),
        "tone": wording.tone_of(complaint),
        "result": wording.RESULTS.get(complaint.result, ""),
        "category": catalogue.category(complaint.category).label(),
        "form": form or FollowForm(),
        "signed_in": request.user.is_authenticated and request.user.kind == RESIDENT,
    }
    return render(request, "complaints/public.html", context, status=status)
