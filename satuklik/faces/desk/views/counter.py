"""The counter: find the neighbour with a reason, check the identity, and begin or end the visit."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from satuklik.base.accounts.permissions import official
from satuklik.base.agencies import queries as agencies
from satuklik.base.regions import queries as regions
from satuklik.faces.desk import actions
from satuklik.faces.desk.forms import IdentityForm, NameForm, NikForm
from satuklik.faces.desk.models import Visit
from satuklik.faces.desk.queries import COUNTER_ROLES
from satuklik.faces.desk.rules import visit_open
from satuklik.spine.population import actions as population_actions
from satuklik.spine.population import queries as population
from satuklik.spine.population.errors import AlreadyClaimed, BadLookUp, OutsideArea, TooManyLooks

PICK_SECONDS = 600  # a list of neighbours may stand on the screen this long
PICK_SALT = "desk.pick"
VisitView = Callable[..., HttpResponse]


def of_visit(*, checked: bool = True) -> Callable[[VisitView], VisitView]:
    """The view gets the running visit of this official and its person; a finished one leads to the start,
    one without checked identity (`checked`) to the check."""

    def wrap(view: VisitView) -> VisitView:
        @wraps(view)
        def opened(request: HttpRequest, visit_id: UUID, **rest: object) -> HttpResponse:
            visit = Visit.objects.filter(pk=visit_id, official=request.official).first()  # type: ignore[attr-defined]
            if visit is None or not visit_open(visit.opened_at, visit.ended_at, timezone.now()):
                messages.info(request, _("Pelayanan ini sudah berakhir. Cari warga lagi."))
                return redirect("desk:counter")
            if checked and visit.identity_checked_at is None:
                return redirect("desk:counter-identity", visit.pk)
            person = population.person_by_id(visit.person_id)
            return view(request, visit, person, **rest)

        return opened

    return wrap


@official(*COUNTER_ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Find the neighbour by NIK or by the beginning of the name; nothing personal goes into an address."""
    who: agencies.Official = request.official  # type: ignore[attr-defined]
    villages = _villages(who)
    by_name = request.POST.get("cari") == "nama"
    nik_form = NikForm(request.POST if request.method == "POST" and not by_name else None, auto_id="nik_%s")
    name_form = NameForm(
        request.POST if request.method == "POST" and by_name else None, villages=villages, auto_id="nama_%s"
    )
    asked = name_form if by_name else nik_form
    if asked.is_bound and asked.is_valid():
        answer = _by_name(request, name_form) if by_name else _by_nik(request, nik_form)
        if answer is not None:
            return answer
    return render(
        request,
        "desk/counter/find.html",
        {"official": who, "nik_form": nik_form, "name_form": name_form if villages else None, "asked": asked},
        status=422 if asked.is_bound else 200,
    )


@official(*COUNTER_ROLES)
@require_POST
def open_visit(request: HttpRequest) -> HttpResponse:
    """Begin the visit of somebody from the list."""
    who: agencies.Official = request.official  # type: ignore[attr-defined]
    try:
        picked = signing.loads(request.POST.get("warga", ""), salt=PICK_SALT, max_age=PICK_SECONDS)
    except signing.BadSignature:
        picked = {}
    person = population.person_by_id(picked["person"]) if picked.get("official") == who.pk else None
    if person is None:
        messages.error(request, _("Daftar nama sudah kedaluwarsa. Cari warga lagi."))
        return redirect("desk:counter")
    now = timezone.now()
    population_actions.record_access(who, person, reason=picked["reason"], now=now)
    visit = actions.begin(who, person.pk, picked["reason"], now=now)
    return redirect("desk:counter-identity", visit.pk)


@official(*COUNTER_ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@of_visit(checked=False)
def identity(request: HttpRequest, visit: Visit, person: population.Person) -> HttpResponse:
    """The official compares the KTP with the register and the face with the picture."""
    form = IdentityForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        actions.identity_checked(visit, now=timezone.now())
        return redirect("desk:counter-visit", visit.pk)
    return render(
        request,
        "desk/counter/identity.html",
        {"visit": visit, "person": person, "form": form},
        status=422 if form.is_bound else 200,
    )


@official(*COUNTER_ROLES)
@require_POST
@of_visit()
def prove(request: HttpRequest, visit: Visit, person: population.Person) -> HttpResponse:
    """Raise the neighbour's account to level 2: the identity was checked in this visit."""
    try:
        population_actions.prove(person, visit.official, timezone.now())
    except AlreadyClaimed as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request, _("Identitas warga sudah terbukti. Ia dapat mengambil surat sendiri di portal.")
        )
    return redirect("desk:counter-visit", visit.pk)


@official(*COUNTER_ROLES)
@require_POST
@of_visit(checked=False)
def end(request: HttpRequest, visit: Visit, person: population.Person) -> HttpResponse:
    """The neighbour goes."""
    actions.end(visit, now=timezone.now())
    messages.success(request, _("Pelayanan selesai. Kembalikan KTP kepada warga."))
    return redirect("desk:counter")


def _by_nik(request: HttpRequest, form: NikForm) -> HttpResponse | None:
    who: agencies.Official = request.official  # type: ignore[attr-defined]
    reason, now = form.reason_text(), timezone.now()
    try:
        found = population_actions.look_up(who, nik=form.cleaned_data["nik"], reason=reason, now=now)
    except BadLookUp:
        form.add_error("nik", _("NIK ini tidak mungkin benar. Periksa kembali KTP warga."))
        return None
    except TooManyLooks as error:
        form.add_error("nik", str(error))
        return None
    if not found:
        form.add_error(
            "nik", _("NIK ini tidak ada dalam data penduduk. Periksa angkanya, atau arahkan ke Disdukcapil.")
        )
        return None
    person = found[0]
    if person.status != "alive":
        form.add_error(
            "nik", _("Menurut data penduduk, warga ini sudah meninggal atau pindah. Arahkan ke Disdukcapil.")
        )
        return None
    if not _served_here(who, person.village_id):
        return _elsewhere(request, person.village_id)
    return redirect("desk:counter-identity", actions.begin(who, person.pk, reason, now=now).pk)


def _by_name(request: HttpRequest, form: NameForm) -> HttpResponse | None:
    who: agencies.Official = request.official  # type: ignore[attr-defined]
    reason = form.reason_text()
    try:
        found = population_actions.look_up(
            who,
            village=form.cleaned_data["village"],
            name=form.cleaned_data["name"],
            reason=reason,
            now=timezone.now(),
        )
    except OutsideArea as error:
        form.add_error("village", str(error))
        return None
    except TooManyLooks as error:
        form.add_error("name", str(error))
        return None
    people = [
        (person, signing.dumps({"person": person.pk, "official": who.pk, "reason": reason}, salt=PICK_SALT))
        for person in found
    ]
    more = len(found) >= population_actions.MOST_RESULTS
    return render(request, "desk/counter/found.html", {"people": people, "more": more})


def _elsewhere(request: HttpRequest, village_code: str) -> HttpResponse:
    """Say where the neighbour is served; nothing else of a person from elsewhere is shown."""
    village = regions.region(village_code)
    return render(
        request,
        "desk/not_here.html",
        {
            "heading": _("Warga ini dilayani di tempat tinggalnya"),
            "explanation": _(
                "Menurut data penduduk, ia tinggal di %(village)s. Arahkan ke kantor desa atau kelurahan itu, "
                "atau ke portal Satu Klik."
            )
            % {"village": village.name},
            "onward": reverse("desk:counter"),
            "onward_label": _("Cari warga lain"),
        },
        status=403,
    )


def _served_here(who: agencies.Official, village_code: str) -> bool:
    region = who.agency.region_id
    return region is None or village_code == region or village_code.startswith(f"{region}.")


def _villages(who: agencies.Official) -> list[tuple[str, str]]:
    """The villages that this office serves, to search by name; none for offices of the whole regency."""
    region = who.agency.region
    if region is None:
        return []
    if region.kind in ("desa", "kelurahan"):
        return [(region.code, region.name)]
    if region.kind == "district":
        return [(village.code, village.name) for village in regions.villages(region.code)]
    return []
