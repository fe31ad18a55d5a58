"""Have PDFs signed: by an agency's seal at once, or by a named official at his desk; and ask whether he can.

The passphrase belongs to the signer alone (UU 11/2008 ps. 11(1)b–c): no application may bring it. Only the official
himself, with a token of his own, can send it along, as BSrE's interface does.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from ninja import File, Form, Status
from ninja.files import UploadedFile

from satuklik.base.accounts import limits
from satuklik.base.accounts import queries as accounts
from satuklik.base.agencies import queries as agencies
from satuklik.base.agencies.errors import NoSuchAgency
from satuklik.faces.api import schemas
from satuklik.faces.api.views import ApiError, api, told
from satuklik.spine.documents import queries as documents
from satuklik.spine.requests import actions, errors, queries
from satuklik.spine.requests import words as request_words
from satuklik.spine.signing import actions as signing
from satuklik.spine.signing import errors as signing_errors
from satuklik.spine.signing import queries as keys
from satuklik.spine.signing import words

# In ten minutes, of one account: PDFs, questions about officials, passphrases.
PDFS, QUESTIONS, PASSPHRASES = 600, 3000, 30
PLACEMENT_NAMES = {"page", "x", "y", "width", "height"}


@dataclass(frozen=True)
class Asker:
    """Whose token it is: an agency's application, or an official."""

    user: Any
    application: Any = None
    official: Any = None

    @property
    def agency(self) -> agencies.Agency:
        """In whose name is asked."""
        found: agencies.Agency = self.application.agency if self.application else self.official.agency
        return found


@api.post(
    "/signing/sign",
    response={200: schemas.SigningOut, 202: schemas.SigningOut, **schemas.ERRORS},
    summary="Have a PDF signed or sealed",
    tags=["signing"],
)
@sensitive_variables("passphrase")
def sign(
    request: HttpRequest,
    file: File[UploadedFile],  # type: ignore[type-arg]
    title: Form[str] = "",
    official: Form[str] = "",
    for_agency: Form[str] = "",
    placement: Form[str] = "",
    corner: Form[str] = "",
    page: Form[str] = "",
    tag: Form[str] = "",
    reference: Form[str] = "",
    callback: Form[str] = "",
    passphrase: Form[str] = "",
) -> Any:
    """Send a PDF (≤ 20 MB, multipart field `file`) and say who signs:

    * **the seal of your agency**: an application with the scope `seal`, without `official`. Answered at once: **200**
      with the addresses of the signed file, or the file itself for `Accept: application/pdf`. The seal needs a
      permission for the service `api:<name of the application>`; its daily quota counts.
    * **an official**: an application with the scope `sign`, `official` = NIP or id of an official of your agency (or
      one who acts for its head). The PDF goes into his inbox: **202**. He signs at his desk; ask `status_url`, or
      register a webhook for `signing.completed` and `signing.refused`. `callback` = the address of one of your
      registered webhooks: only that one is told.
    * **yourself**: an official's own token, without `official`. With `passphrase` (also as header
      `Satuklik-Passphrase`) it is signed at once: **200**; without, it waits at your desk: **202**.

    **Never let an application ask an official for the passphrase**: it is for the signer's own hands (UU 11/2008
    ps. 11). A token of an application that sends one is refused (403 `passphrase_not_yours`). It is never stored and
    never logged; wrong ones are counted and lock the key, as at the desk.

    The visible signature: `placement` = JSON `{"page": 1, "x": 350, "y": 40, "width": 200, "height": 64}` in points
    from the lower left corner of the page as a reader shows it; or `corner` (bottom_right, bottom_left, top_right,
    top_left) with `page` (1 …, -1 = last); or `tag`, a word in the text such as `#tte`. Without any of them the
    signature is not shown. `for_agency`: code of the office whose head the official stands in for.

    The same call with the same `Idempotency-Key` gives the same request; another call under it is refused (409).
    """
    request.sensitive_post_parameters = "__ALL__"  # no error report shows what was sent
    now = timezone.now()
    asker = _asker(request)
    secret = passphrase or request.headers.get("Satuklik-Passphrase", "")
    if secret and asker.official is None:
        raise ApiError(
            403,
            "passphrase_not_yours",
            _(
                "Aplikasi tidak boleh mengirim kata sandi pejabat. Kirim tanpa kata sandi: pejabat menandatangani di mejanya."
            ),
        )
    signer = _signer(asker, official, now)
    limits.check("api-sign", f"user:{asker.user.pk}", most=PDFS, seconds=600, now=now)
    if (file.size or 0) > actions.LARGEST:
        raise errors.FileTooLarge(file.size or 0, actions.LARGEST)
    sent = _Sent(
        file.read(),
        title or str(file.name or "").removesuffix(".pdf"),
        _placement(placement, corner, page, tag),
        _office(for_agency),
        actions.Caller(
            asker.user, asker.application, reference, callback, request.headers.get("Idempotency-Key", "")
        ),
    )
    if secret:
        made = _sign_now(asker, sent, secret, now)
    elif signer is None:
        made = _seal_now(asker, sent, now)
    else:
        made = sent.take_in(signer, asker.agency, now, waiting=True)
    if made.document is None:
        return Status(202, queries.result_of(made))
    if "application/pdf" in request.headers.get("Accept", ""):
        return _file(made)
    return Status(200, queries.result_of(made))


@api.get(
    "/signing/requests/{reference}", response={200: schemas.SigningOut, **schemas.ERRORS}, tags=["signing"]
)
def signing_request(request: HttpRequest, reference: str) -> dict[str, Any]:
    """How a PDF that you have sent stands: waiting, signed or refused (with the reason)."""
    return queries.result_of(queries.of_caller(reference, _asker(request).user))


@api.get("/signing/requests/{reference}/file", tags=["signing"])
def signed_file(request: HttpRequest, reference: str) -> HttpResponse:
    """The signed PDF, byte for byte. 409 `not_signed` while it waits or when it was refused."""
    return _file(queries.of_caller(reference, _asker(request).user))


@api.get(
    "/signing/officials/{id}/status",
    response={200: schemas.OfficialStatusOut, **schemas.ERRORS},
    tags=["signing"],
)
def official_status(request: HttpRequest, id: str) -> dict[str, Any]:
    """Whether an official (`id`: NIP or id) can sign now. Only for officials and applications of the regency."""
    now = timezone.now()
    asker = _asker(request)
    limits.check("api-official", f"user:{asker.user.pk}", most=QUESTIONS, seconds=600, now=now)
    found = agencies.official_by(id, timezone.localdate(now))
    if found is None:
        raise _no_official()
    standing = keys.standing_of(found, now)
    acting = [(agency, agencies.may_sign(found, agency, now)) for agency in agencies.may_sign_for(found, now)]
    return {
        "id": found.pk,
        "name": found.name,
        "position": found.position,
        "status": standing.status,
        "not_after": standing.not_after,
        "agency": found.agency.code,
        "acting_for": [
            {"agency": agency.code, "acting_as": signer.acting_as, "position": signer.position}
            for agency, signer in acting
            if signer is not None and signer.acting_as
        ],
    }


# -- who asks, for whom, where ---------------------------------------------------------------------------


def _asker(request: HttpRequest) -> Asker:
    application = accounts.application_of(request.user)
    if application is not None:
        return Asker(request.user, application=application)
    official = agencies.official_of(request.user, timezone.localdate())
    if official is None:
        raise ApiError(
            403,
            "not_an_official",
            _("Hanya pejabat dan aplikasi perangkat daerah yang dapat memakai alamat ini."),
        )
    return Asker(request.user, official=official)


def _signer(asker: Asker, named: str, now: datetime) -> agencies.Official | None:
    """The official who is to sign; None: the seal of the application's agency."""
    if asker.official is not None:
        if named and named not in (asker.official.nip, str(asker.official.pk)):
            raise ApiError(
                403,
                "not_yourself",
                _("Dengan token Anda sendiri hanya Anda yang dapat diminta menandatangani."),
            )
        own: agencies.Official = asker.official
        return own
    needed = "sign" if named else "seal"
    if needed not in asker.application.scopes:
        raise ApiError(
            403,
            "no_scope",
            _("Aplikasi ini tidak berwenang untuk %(scope)s. Hubungi Diskominfo.") % {"scope": needed},
        )
    if not named:
        return None
    found = agencies.official_by(named, timezone.localdate(now))
    if found is None or not agencies.works_for(found, asker.agency.pk, now):
        raise _no_official()
    if keys.standing_of(found, now).status == "not_registered":
        raise ApiError(
            409,
            "not_registered",
            _("Pejabat ini belum mempunyai akun, jadi tidak ada meja untuk menerima dokumennya."),
        )
    return found


def _no_official() -> ApiError:
    return ApiError(
        404, "no_such_official", _("Tidak ada pejabat dengan NIP atau nomor ini di perangkat daerah Anda.")
    )


def _office(code: str) -> agencies.Agency | None:
    if not code:
        return None
    try:
        return agencies.agency(code.replace("\x00", ""))
    except NoSuchAgency as error:
        raise ApiError(404, "no_such_agency", str(error)) from error


def _placement(text: str, corner: str, page: str, tag: str) -> dict[str, str]:
    """Where the signature is seen, as spine.requests reads it."""
    if text:
        try:
            given = json.loads(text)
        except (ValueError, RecursionError):
            raise errors.BadPlacement("unreadable") from None
        if not isinstance(given, dict) or set(given) != PLACEMENT_NAMES:
            raise errors.BadPlacement("unreadable", "page, x, y, width, height")
        return {"mode": "place", **{name: str(value) for name, value in given.items()}}
    if tag:
        return {"mode": "tag", "tag": tag}
    if corner or page:
        return {"mode": "corner", "corner": corner, "page": page}
    return {"mode": "hidden"}


@dataclass(frozen=True)
class _Sent:
    """What came with the call."""

    pdf: bytes
    title: str
    placement: dict[str, str]
    signed_for: agencies.Agency | None
    caller: actions.Caller

    def take_in(
        self, official: agencies.Official | None, agency: agencies.Agency, now: datetime, *, waiting: bool
    ) -> queries.SigningRequest:
        made, _new = actions.take_in(
            self.pdf, caller=self.caller, official=official, agency=agency, title=self.title,
            placement=self.placement, signed_for=self.signed_for, waiting=waiting, now=now,
        )  # fmt: skip
        return made


def _seal_now(asker: Asker, sent: _Sent, now: datetime) -> queries.SigningRequest:
    made = sent.take_in(None, asker.agency, now, waiting=False)
    return made if made.document else actions.seal_request(made.reference, now=now)


@sensitive_variables("secret", "key")
def _sign_now(asker: Asker, sent: _Sent, secret: str, now: datetime) -> queries.SigningRequest:
    # The passphrase comes first: a wrong one leaves nothing behind but its count.
    limits.check("api-passphrase", f"user:{asker.user.pk}", most=PASSPHRASES, seconds=600, now=now)
    with signing.unlock(asker.official, secret, now) as key:
        made = sent.take_in(asker.official, asker.agency, now, waiting=False)
        if made.document:
            return made
        mark = queries.mark_of(made)
        return actions.sign_request(made.reference, mark, official=asker.official, key=key, now=now)


def _file(made: Any) -> HttpResponse:
    if made.document is None:
        raise ApiError(409, "not_signed", _("Dokumen ini belum ditandatangani. Lihat state-nya."))
    response = HttpResponse(documents.read(made.document), content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, f"{made.reference}.pdf")
    response["Satuklik-Reference"] = made.reference
    return response


# -- errors ------------------------------------------------------------------------------------------------

_STATUS: dict[type[Exception], tuple[int, str]] = {
    errors.NoSuchRequest: (404, "not_found"),
    errors.AlreadyDecided: (409, "already_decided"),
    errors.NotAsSeen: (409, "changed"),
    errors.NoMandate: (403, "no_mandate"),
    errors.FileTooLarge: (413, "too_large"),
    errors.BadPlacement: (422, "bad_placement"),
    errors.KeyTaken: (409, "key_taken"),
    errors.UnknownCallback: (422, "unknown_callback"),
    signing_errors.WrongPassphrase: (422, "wrong_passphrase"),
    signing_errors.KeyLocked: (423, "key_locked"),
    signing_errors.NoKey: (409, "no_certificate"),
    signing_errors.MayNotSeal: (403, "may_not_seal"),
    signing_errors.CannotSign: (422, "cannot_sign"),
    # It may have been signed: the request stays, and its state tells when it is known.
    signing_errors.OutcomeUnknown: (504, "outcome_unknown"),
    signing_errors.BackendFailed: (502, "backend_failed"),
}


def _status(error: Exception) -> tuple[int, str]:
    for kind in type(error).__mro__:
        if kind in _STATUS:
            return _STATUS[kind]
    return 400, "not_possible"


@api.exception_handler(errors.RequestError)
def request_error(request: HttpRequest, error: errors.RequestError) -> HttpResponse:
    """An error of a PDF that is to be signed."""
    status, code = _status(error)
    more = {"fields": {"placement": error.code}} if isinstance(error, errors.BadPlacement) else {}
    return told(request, status, code, request_words.of_error(error), **more)


@api.exception_handler(signing_errors.SigningError)
def signing_error(request: HttpRequest, error: signing_errors.SigningError) -> HttpResponse:
    """An error of keys and signatures."""
    status, code = _status(error)
    more: dict[str, object] = {}
    if isinstance(error, signing_errors.WrongPassphrase):
        more["left"] = error.left
    if isinstance(error, signing_errors.KeyLocked):
        more["until"] = error.until
    if isinstance(error, signing_errors.CannotRead):
        more["problem"] = error.problem
        status = 503 if error.problem == "busy" else status
    return told(request, status, code, words.of_error(error), **more)
