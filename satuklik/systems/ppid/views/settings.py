"""The rules of the information service: what holds, since when and by which source; a new value with four eyes."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from satuklik.base.accounts.permissions import official
from satuklik.systems.ppid import actions, forms, parameters, permits, rules, words
from satuklik.systems.ppid.errors import BadInput, PpidError
from satuklik.systems.ppid.models import ParameterRow
from satuklik.systems.ppid.views.desk import officer, who
from satuklik.systems.ppid.views.guard import into

MOST = 50


@official()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """What holds now, what waits for a second person, and a form for those who set it."""
    officer(request)
    by, now = who(request), timezone.now()
    sets = permits.sets_parameters(by, now)
    form = forms.ParameterForm(request.POST or None, initial={"valid_from": timezone.localdate(now)})
    if request.method == "POST":
        if not sets:
            raise Http404
        if form.is_valid():
            given = form.cleaned_data
            try:
                actions.propose_parameter(
                    given["name"], given["value"], valid_from=given["valid_from"], source=given["source"],
                    confirmed=given["confirmed"], by=by, now=now,
                )  # fmt: skip
            except BadInput as error:
                into(form, error)
            else:
                messages.success(request, _("Usulan tersimpan. Pejabat lain harus menyetujuinya."))
                return redirect("ppid:settings")
    return _page(request, form, sets, status=422 if request.method == "POST" else 200)


@official()
@require_POST
def act(request: HttpRequest, row_id: int, name: str) -> HttpResponse:
    """setuju · batal"""
    officer(request)
    row, by, now = ParameterRow.objects.filter(pk=row_id).first(), who(request), timezone.now()
    if row is None or name not in ("setuju", "batal") or not permits.sets_parameters(by, now):
        raise Http404
    try:
        if name == "setuju":
            actions.agree_to_parameter(row, by=by, now=now)
        else:
            actions.drop_parameter(row, by=by, now=now)
    except PpidError as error:
        form = forms.ParameterForm(initial={"valid_from": timezone.localdate(now)})
        return _page(request, form, sets=True, problem=str(error), status=409)
    messages.success(request, _("Aturan disetujui.") if name == "setuju" else _("Usulan dibatalkan."))
    return redirect("ppid:settings")


def _page(
    request: HttpRequest, form: forms.ParameterForm, sets: bool, *, problem: str = "", status: int = 200
) -> HttpResponse:
    today = timezone.localdate()
    kept = ParameterRow.objects.select_related("set_by", "agreed_by").order_by("-pk")
    rows = [(words.PARAMETERS[row.name], words.parameter_value(row.value), row) for row in kept[:MOST]]
    held = [(words.PARAMETERS[name], parameters.row(name, today)) for name in rules.KINDS]
    return render(
        request,
        "ppid/desk/settings.html",
        {
            "held": [(label, words.parameter_value(row.value), row) for label, row in held],
            "waiting": [one for one in rows if one[2].agreed_at is None and one[2].dropped_at is None],
            "earlier": [one for one in rows if one[2].agreed_at is not None],
            "form": form, "sets": sets, "problem": problem, "me": who(request).pk, "rail_here": reverse("ppid:settings"),
        },
        status=status,
    )  # fmt: skip
