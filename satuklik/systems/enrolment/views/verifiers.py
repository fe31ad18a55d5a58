"""Who verifies which agency."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from satuklik.base.accounts.permissions import official
from satuklik.base.agencies import queries as agencies
from satuklik.systems.enrolment import actions, queries, wording
from satuklik.systems.enrolment.errors import BadAppointment, EnrolmentError
from satuklik.systems.enrolment.forms import AppointmentForm, LastDayForm
from satuklik.systems.enrolment.views.scoped import appoints, words_for


@official()
@appoints
@require_http_methods(["GET", "HEAD", "POST"])
def verifiers(request: HttpRequest) -> HttpResponse:
    """The appointments in force; a POST adds one."""
    offices = {agency.code: agency for agency in agencies.agencies()}
    choices = [(code, agency.name) for code, agency in sorted(offices.items(), key=lambda item: item[1].name)]
    now = timezone.now()
    if request.method != "POST":
        code = request.GET.get("opd", "")
        form = AppointmentForm(
            agencies=choices,
            initial={"valid_from": timezone.localdate(now), "agency": code if code in offices else ""},
        )
        return _page(request, form)
    form = AppointmentForm(request.POST, agencies=choices)
    if not form.is_valid():
        return _page(request, form, status=422)
    given = form.cleaned_data
    nip = "".join(given["nip"].split())
    found = agencies.by_nip([nip]).get(nip)
    if found is None:
        form.add_error(
            "nip", _("Tidak ada pejabat dengan NIP ini. Impor daftarnya dahulu, atau periksa angkanya.")
        )
        return _page(request, form, status=422)
    try:
        row = actions.appoint(
            found,
            agency_id=offices[given["agency"]].pk,
            decree=given["decree"],
            valid_from=given["valid_from"],
            valid_until=given["valid_until"],
            by=request.official,  # type: ignore[attr-defined]
            now=now,
        )
    except BadAppointment as error:
        form.add_error("valid_until" if error.why == "span" else "nip", wording.APPOINTING[error.why])  # type: ignore[arg-type]
        return _page(request, form, status=422)
    messages.success(request, _("%(name)s menjadi verifikator.") % {"name": row.official.name})
    return redirect("enrolment:verifiers")


@official()
@appoints
@require_POST
def end(request: HttpRequest, verifier_id: int) -> HttpResponse:
    """The last day of an appointment: today unless another one is named."""
    now = timezone.now()
    form = LastDayForm(request.POST)
    last = form.cleaned_data["last_day"] if form.is_valid() else timezone.localdate(now)
    try:
        row = actions.end_appointment(verifier_id, last_day=last, by=request.official, now=now)  # type: ignore[attr-defined]
    except BadAppointment as error:
        messages.error(request, str(wording.APPOINTING[error.why]))
    except EnrolmentError as error:
        messages.error(request, words_for(error))
    else:
        text = _("Penunjukan %(name)s berakhir pada %(day)s.")
        messages.success(request, text % {"name": row.official.name, "day": wording.day(last)})
    return redirect("enrolment:verifiers")


def _page(request: HttpRequest, form: AppointmentForm, status: int = 200) -> HttpResponse:
    now = timezone.now()
    context = {
        "form": form,
        "rows": queries.verifiers(now),
        "uncovered": queries.agencies_without_verifier(now),
        "today": timezone.localdate(now),
    }
    return render(request, "enrolment/verifiers.html", context, status=status)
