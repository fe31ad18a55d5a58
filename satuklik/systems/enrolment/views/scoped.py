"""Who may see the board: a guard below `@official()`, and what views say when something is not possible."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from satuklik.base.accounts.permissions import denied
from satuklik.spine.signing.errors import BackendFailed, NoAuthority, NoKey, NotSuspended, SigningError
from satuklik.systems.enrolment import queries
from satuklik.systems.enrolment.errors import (
    AlreadyReminded,
    EnrolmentError,
    HasLogin,
    MayNot,
    NobodyToRemind,
    NotNow,
)

View = Callable[..., HttpResponse]


def scoped(allowed: Callable[[queries.Scope], bool]) -> Callable[[View], View]:
    """Let in whom `allowed` accepts; the view finds the scope in `request.scope`."""

    def guard(view: View) -> View:
        @wraps(view)
        def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            scope = queries.scope_of(request.official, timezone.now())  # type: ignore[attr-defined]
            if not allowed(scope):
                return denied(request, "role")
            request.scope = scope  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        return opened

    return guard


sees_board = scoped(lambda scope: scope.sees_board)
appoints = scoped(lambda scope: scope.appoints)


def words_for(error: EnrolmentError | SigningError) -> str:
    """What happened, and what to do."""
    if isinstance(error, MayNot):
        if error.why == "self":
            return _("Ini data Anda sendiri. Verifikator lain atau admin yang harus memutuskannya.")
        if error.why == "login":
            return _("Anda yang membuat akun pejabat ini, jadi orang lain yang harus memeriksa berkasnya.")
        return _("Pejabat ini bukan dari instansi yang Anda verifikasi.")
    if isinstance(error, NotNow):
        return _("Keadaannya sudah berubah sejak halaman ini dibuka. Periksa lagi, lalu putuskan.")
    if isinstance(error, HasLogin):
        return _("%(name)s sudah mempunyai akun.") % {"name": error.name}
    if isinstance(error, AlreadyReminded):
        return _("Hari ini sudah diingatkan. Coba lagi besok.")
    if isinstance(error, NobodyToRemind):
        return _(
            "Yang harus bertindak belum mempunyai akun. Hubungi langsung, atau minta admin membuatkan akun."
        )
    if isinstance(error, NotSuspended):
        return _("Sertifikat ini tidak sedang dibekukan.")
    if isinstance(error, NoKey):
        return _("Sertifikat ini sudah tidak berlaku, jadi tidak ada yang diubah.")
    if isinstance(error, BackendFailed):
        return _("Penerbit sertifikat menjawab: %(answer)s. Selesaikan langkah itu, lalu coba lagi.") % {
            "answer": error
        }
    if isinstance(error, NoAuthority):
        return _("Penerbit sertifikat belum disiapkan. Hubungi admin: upacara kunci harus dilakukan dahulu.")
    return _("Tidak dapat dilakukan sekarang. Coba lagi; bila tetap gagal, hubungi admin.")
