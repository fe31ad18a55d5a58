"""Two conversations of one person become one; an address that is somebody else's is parted."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from satuklik.base.accounts.permissions import official
from satuklik.faces.inbox import presenting
from satuklik.faces.inbox.gate import ROLES, found
from satuklik.faces.inbox.views.acts import back
from satuklik.faces.inbox.views.conversation import covered, page
from satuklik.spine.intake import actions, queries
from satuklik.spine.intake.errors import NotTogether
from satuklik.spine.messaging import queries as messaging


@official(*ROLES)
@require_POST
def merge(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Bring another conversation, named by its number, into this one."""
    officer, one = found(request, conversation_id)
    number = request.POST.get("percakapan", "").strip().lstrip("#")
    other = None
    if number.isascii() and number.isdigit() and len(number) < 18:
        other = queries.conversation(int(number))
    if other is None or other.pk == one.pk:
        return page(
            request, officer, one, status=422,
            problem=_("Tidak ada percakapan lain dengan nomor itu. Nomornya ada di atas percakapan."),
        )  # fmt: skip
    if covered(one, officer) or covered(other, officer):
        return page(request, officer, one, status=422, problem=_("Buka dahulu identitasnya dengan alasan."))
    try:
        actions.merge(one, other, by=officer, now=timezone.now())
    except NotTogether:
        return page(
            request, officer, one, status=422,
            problem=_("Keduanya tidak dapat digabung: masing-masing punya akun sendiri, atau salah satunya milik pejabat."),
        )  # fmt: skip
    messages.success(
        request, _("Percakapan #%(number)s, %(name)s, digabung ke sini. Salah orang? Pisahkan alamatnya di bawah “Orang ini”.")
        % {"number": other.pk, "name": presenting.name_of(other)},
    )  # fmt: skip
    return back(request, one.pk)


@official(*ROLES)
@require_POST
def split(request: HttpRequest, conversation_id: int, identity_id: int) -> HttpResponse:
    """Part an address with its messages."""
    officer, one = found(request, conversation_id)
    if covered(one, officer):
        raise Http404
    identity = next((row for row in messaging.identities(one.pk) if row.pk == identity_id), None)
    if identity is None:
        raise Http404
    try:
        parted = actions.split(identity, by=officer, now=timezone.now())
    except NotTogether:
        return page(request, officer, one, status=422, problem=_("Ini satu-satunya alamat orang ini."))
    messages.success(request, _("Alamat itu sekarang punya percakapan sendiri."))
    return back(request, parted.pk)
