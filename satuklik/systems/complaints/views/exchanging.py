"""Files of SP4N-LAPOR! at the desk: imported with every wrong row named, exported in the same columns."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from satuklik.base.accounts.permissions import denied, official
from satuklik.systems.complaints import catalogue
from satuklik.systems.complaints import exchange as sheets
from satuklik.systems.complaints.actions.importing import import_rows
from satuklik.systems.complaints.errors import SheetRefused
from satuklik.systems.complaints.forms import SheetForm
from satuklik.systems.complaints.scope import scope_of

REFUSED: dict[str, Promise] = {
    "too_large": _("Berkas ini terlalu besar. Bagi menjadi beberapa berkas."),
    "not_readable": _("Berkas ini bukan Excel (.xlsx) atau CSV yang dapat dibaca."),
    "empty": _("Berkas ini kosong."),
    "columns": _("Kolom ini tidak ada: %(detail)s. Pakai judul kolom dari berkas ekspor."),
    "too_many": _("Paling banyak %(detail)s baris sekali impor. Bagi menjadi beberapa berkas."),
}
ROWS: dict[str, Promise] = {
    "missing": _("kosong"),
    "date": _("bukan tanggal, misalnya 2026-11-24 09:30"),
    "status": _("status tidak dikenal"),
    "short": _("terlalu pendek"),
    "long": _("terlalu panjang"),
    "village": _("kode desa atau kelurahan tidak dikenal"),
    "twice": _("nomor ini sudah ada di baris sebelumnya"),
}
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@official()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def exchange(request: HttpRequest) -> HttpResponse:
    """Import a file, and say which rows were wrong."""
    who, now = request.official, timezone.now()  # type: ignore[attr-defined]
    if not scope_of(who, now).coordinates:
        return denied(request, "role")
    form = SheetForm(request.POST, request.FILES) if request.method == "POST" else SheetForm()
    context = {
        "form": form,
        "columns": catalogue.sp4n()["columns"].values(),
        "source": catalogue.sp4n()["source"],
    }
    if request.method != "POST":
        return render(request, "complaints/exchange.html", context)
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            if upload.size > sheets.LARGEST_FILE:
                raise SheetRefused("too_large")
            sheet = sheets.read(upload.name or "", upload.read())
        except SheetRefused as error:
            form.add_error("file", str(REFUSED[error.code]) % {"detail": error.detail})
        else:
            heads = catalogue.sp4n()["columns"]
            problems = [(one.row, heads[one.column], ROWS[one.code]) for one in sheet.problems]
            context |= {"done": import_rows(sheet.rows, by=who, now=now), "problems": problems}
            return render(request, "complaints/exchange.html", context, status=422 if problems else 200)
    return render(request, "complaints/exchange.html", context, status=422)


@official()
@never_cache
@require_safe
def export(request: HttpRequest, form: str) -> HttpResponse:
    """Everything that is not secret, masked, in the columns of SP4N-LAPOR!."""
    if form not in TYPES:
        raise Http404
    if not scope_of(request.official, timezone.now()).coordinates:  # type: ignore[attr-defined]
        return denied(request, "role")
    name = gettext("laporan-warga")
    response = HttpResponse(sheets.write(f"x.{form}", sheets.all_rows()), content_type=TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response
