"""The official list: upload, look at what it would do, then import."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from satuklik.base.accounts.permissions import official
from satuklik.systems.enrolment import actions, queries, sheet, wording
from satuklik.systems.enrolment.errors import NotFound, SheetRefused
from satuklik.systems.enrolment.forms import ImportForm
from satuklik.systems.enrolment.views.scoped import appoints

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_PROBLEMS = 500  # more are counted, not shown: the list itself is wrong then


@official()
@appoints
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Read the file and show what it would do; nothing is written but the draft."""
    if request.method != "POST":
        return render(request, "enrolment/import.html", {"form": ImportForm()})
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "enrolment/import.html", {"form": form}, status=422)
    file, now = form.cleaned_data["file"], timezone.now()
    try:
        if file.size > sheet.LARGEST_FILE:
            raise SheetRefused("too_large")
        plan = actions.plan_import(file.read(), now=now)
    except SheetRefused as error:
        form.add_error("file", str(wording.SHEET[error.code]) % {"detail": error.detail})
        return render(request, "enrolment/import.html", {"form": form}, status=422)
    draft = (
        actions.keep_draft(plan, file_name=file.name, user=request.user, now=now) if plan.entries else None
    )
    context = {
        "plan": plan,
        "draft": draft,
        "file_name": file.name,
        "problems": [
            (one, wording.COLUMNS[one.column], str(wording.ROWS[one.code]) % {"detail": one.detail})
            for one in plan.problems[:MOST_PROBLEMS]
        ],
        "more": max(0, len(plan.problems) - MOST_PROBLEMS),
        "form": ImportForm(),
    }
    return render(request, "enrolment/import_plan.html", context, status=422 if plan.problems else 200)


@official()
@appoints
@require_POST
def run(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """The second click: all good rows in one transaction."""
    try:
        done = actions.run_draft(draft_id, by=request.official, now=timezone.now())  # type: ignore[attr-defined]
    except NotFound:
        messages.error(request, _("Hasil pemeriksaan ini sudah tidak berlaku. Unggah daftarnya sekali lagi."))
        return redirect("enrolment:import")
    text = _("Daftar diimpor: %(created)s pejabat baru, %(updated)s diperbarui, %(unchanged)s tetap.")
    messages.success(
        request, text % {"created": done.created, "updated": done.updated, "unchanged": done.unchanged}
    )
    return redirect("enrolment:board")


@official()
@appoints
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """The empty list with an example row."""
    response = HttpResponse(queries.template_bytes(), content_type=SPREADSHEET)
    response["Content-Disposition"] = content_disposition_header(True, "daftar-pejabat.xlsx")
    return response
