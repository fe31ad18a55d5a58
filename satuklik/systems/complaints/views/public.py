"""The public list with its map: only released reports, in the words that were released."""

from dataclasses import dataclass, replace
from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
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
from satuklik.base.ui.tiles import with_tiles
from satuklik.kernel.maps import CELL, DEGREE_METRES, Box, parsed
from satuklik.systems.complaints import actions, catalogue, mapping, queries, wording
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


DAYS = {"30": 30, "90": 90, "365": 365}


@dataclass(frozen=True)
class Narrowed:
    """The filters of the page, as they stand in its address."""

    category: str
    district: str
    status: str
    days: str
    block: str
    asked: Asked
    """The same for the query, without the block."""

    def address(self, **changed: str) -> str:
        """The page with the same filters and some of them changed."""
        given = {
            "kategori": self.category, "kecamatan": self.district, "status": self.status, "waktu": self.days,
            "kotak": self.block,
        } | changed  # fmt: skip
        query = urlencode({name: value for name, value in given.items() if value})
        return reverse("complaints:map") + (f"?{query}" if query else "")

    def drawn(self) -> mapping.Asked:
        """What the map shows."""
        block = parsed(self.block)
        return mapping.Asked(
            found=queries.released_matching(replace(self.asked, block=block)), public=True, district=self.district,
            block=block, address=self.address, page_of=lambda reference: reverse("complaints:public", args=[reference]),
        )  # fmt: skip


def _narrowed(request: HttpRequest) -> Narrowed:
    category, district, status, days, block = (
        request.GET.get(name, "") for name in ("kategori", "kecamatan", "status", "waktu", "kotak")
    )
    category = category if category in catalogue.categories() else ""
    district = district if district in {one.code for one in regions.districts()} else ""
    status = status if status in ("open", "closed") else ""
    days = days if days in DAYS else ""
    first = timezone.now() - timedelta(days=DAYS[days]) if days else None
    asked = Asked(category=category, district=district, status=status, first=first)
    return Narrowed(category, district, status, days, block if parsed(block) else "", asked)


@public
@with_tiles
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """What was released, the newest first, on the map and beside it."""
    narrowed = _narrowed(request)
    drawn = narrowed.drawn()
    asked = replace(narrowed.asked, block=drawn.block)
    # Numbers first, then the rows of this page alone: of those before it only the index is walked.
    numbers = queries.released_matching(asked).order_by("-received_at", "-pk").values_list("pk", flat=True)
    page = Paginator(numbers, PER_PAGE).get_page(request.GET.get("page"))
    rows = [
        (row, wording.state_of(row), wording.tone_of(row), catalogue.category(row.category).label())
        for row in queries.released().filter(pk__in=list(page.object_list))
    ]
    query = narrowed.address().partition("?")[2]
    context = {
        "tab": "services",
        "rows": rows,
        "page": page,
        "map": mapping.picture(drawn, queries.released_matching(narrowed.asked))
        if page.paginator.count
        else None,
        "points": reverse("complaints:points") + (f"?{query}" if query else ""),
        "regency": settings.REGENCY,
        "categories": catalogue.categories().values(),
        "districts": regions.districts(),
        "asked": narrowed,
        "narrowed": bool(query),
        "back": narrowed.address(kecamatan="", kotak="") if narrowed.district or narrowed.block else "",
        "metres": int(round(CELL * DEGREE_METRES, -1)),
        "query": query + ("&" if query else ""),
    }
    return render(request, "complaints/map.html", context)


@public
@require_safe
def points(request: HttpRequest) -> HttpResponse:
    """The circles of the map that moves, in the box w, s, e, n (degrees)."""
    box = box_of(request)
    if box is None:
        return JsonResponse({"points": []}, status=400)
    return JsonResponse({"points": mapping.moving(replace(_narrowed(request), block="").drawn(), box)})


def box_of(request: HttpRequest) -> Box | None:
    """The box that a moving map asks for; None where it is none."""
    try:
        west, south, east, north = (float(request.GET.get(name, "")) for name in ("w", "s", "e", "n"))
    except ValueError:
        return None
    good = -180 <= west < east <= 180 and -90 <= south < north <= 90
    return (west, south, east, north) if good else None


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
                phone or email.casefold(),
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
