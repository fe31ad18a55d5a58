"""Pages for what goes wrong: what happened, what to do, whom to ask. Nothing is blamed on the person."""

from dataclasses import dataclass

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy


@dataclass(frozen=True)
class Words:
    """What an error page says."""

    title: Promise
    happened: Promise
    todo: Promise
    icon: str = "triangle-alert"


WORDS = {
    400: Words(
        gettext_lazy("Permintaan tidak dapat dibaca"),
        gettext_lazy("Data yang sampai kepada kami tidak lengkap atau rusak di jalan."),
        gettext_lazy("Kembali ke halaman sebelumnya, muat ulang, lalu coba sekali lagi."),
    ),
    403: Words(
        gettext_lazy("Halaman ini bukan untuk akun Anda"),
        gettext_lazy("Akun yang sedang dipakai tidak boleh membuka halaman ini."),
        gettext_lazy("Periksa apakah Anda masuk dengan akun yang benar, atau kembali ke beranda."),
        "lock",
    ),
    404: Words(
        gettext_lazy("Halaman tidak ditemukan"),
        gettext_lazy("Alamat ini tidak ada, sudah pindah, atau bukan milik akun Anda."),
        gettext_lazy("Periksa alamatnya, atau cari urusan Anda dari beranda."),
        "search",
    ),
    405: Words(
        gettext_lazy("Halaman ini dibuka lewat formulirnya"),
        gettext_lazy("Alamat ini hanya menerima isian yang dikirim dengan tombol."),
        gettext_lazy("Tekan tombol kembali di peramban Anda; bila isian hilang, mulai lagi dari beranda."),
    ),
    413: Words(
        gettext_lazy("Berkas terlalu besar"),
        gettext_lazy("Berkas yang dikirim melebihi ukuran yang dapat kami terima."),
        gettext_lazy("Perkecil berkas atau ambil foto dengan mutu lebih rendah, lalu kirim lagi."),
        "file-warning",
    ),
    422: Words(
        gettext_lazy("Ada isian yang perlu diperbaiki"),
        gettext_lazy("Sebagian isian belum dapat kami terima."),
        gettext_lazy("Kembali ke halaman sebelumnya dan perbaiki isian yang ditandai."),
    ),
    429: Words(
        gettext_lazy("Terlalu banyak percobaan"),
        gettext_lazy("Demi keamanan akun Anda, percobaan dari sini kami hentikan sebentar."),
        gettext_lazy("Tunggu beberapa menit, lalu coba lagi."),
        "hourglass",
    ),
    500: Words(
        gettext_lazy("Ada gangguan di pihak kami"),
        gettext_lazy("Sistem gagal menyelesaikan permintaan ini. Kesalahan sudah tercatat."),
        gettext_lazy("Coba lagi beberapa menit lagi. Urusan yang sudah terkirim tidak hilang."),
    ),
}


def error_page(request: HttpRequest, status: int, *, happened: str = "", todo: str = "") -> HttpResponse:
    """The page for `status`; `happened` and `todo` replace its words where a room knows more."""
    words = WORDS[status]
    if request.path.startswith("/api/"):
        told = f"{happened or words.happened} {todo or words.todo}"
        return JsonResponse({"code": f"http_{status}", "message": told}, status=status)
    context = {
        "status": status,
        "words": words,
        "happened": happened or words.happened,
        "todo": todo or words.todo,
    }
    return HttpResponse(render_to_string("ui/error.html", context, request), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 when the body was too big."""
    return error_page(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403. A text given to PermissionDenied is shown: it is written for the person."""
    return error_page(request, 403, happened=str(exception) if exception.args else "")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404"""
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500. Written without the request: whatever failed there must not fail here again."""
    words = WORDS[500]
    context = {"status": 500, "words": words, "happened": words.happened, "todo": words.todo}
    return HttpResponse(render_to_string("ui/error.html", context), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 after a form that was open too long, or that another site sent."""
    from django.utils.translation import gettext

    return error_page(
        request,
        403,
        happened=gettext("Formulir ini sudah terlalu lama terbuka, atau kuki di peramban Anda dimatikan."),
        todo=gettext("Kembali ke halaman sebelumnya, muat ulang, lalu kirim lagi."),
    )
