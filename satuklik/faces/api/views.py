"""The API: the same actions as the portal, for programs. Bearer tokens; OpenAPI at /api/openapi.json."""

import base64
import binascii
import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import File, Form, NinjaAPI, Status
from ninja.errors import AuthenticationError, ValidationError
from ninja.files import UploadedFile
from ninja.security import HttpBearer

from satuklik.base.accounts import limits
from satuklik.base.accounts import queries as accounts
from satuklik.base.accounts.errors import TooManyAttempts
from satuklik.base.agencies import queries as agencies
from satuklik.faces.api import schemas
from satuklik.spine.cases import actions, errors, queries, words
from satuklik.spine.cases.actions.submitting import Applicant
from satuklik.spine.cases.attachments import Upload
from satuklik.spine.documents import errors as letter_errors
from satuklik.spine.documents import queries as documents
from satuklik.spine.population import actions as population_actions
from satuklik.spine.population import errors as population_errors
from satuklik.spine.population import queries as population


class Bearer(HttpBearer):
    """`Authorization: Bearer sk_…`"""

    def authenticate(self, request: HttpRequest, token: str) -> object:
        """The user of the token, or None (401)."""
        user = accounts.user_by_token(token)
        if user is not None:
            request.user = user
        return user


api = NinjaAPI(
    title="Satu Klik",
    version="1",
    description="Layanan publik Kabupaten Asahan: ajukan, pantau, unduh, periksa.",
    docs_url=None,  # its page loads scripts from elsewhere
    auth=Bearer(),
    urls_namespace="api",
)


class ApiError(Exception):
    """An error that goes to the client as it is."""

    def __init__(self, status: int, code: str, message: str, **more: object) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.more = status, code, message, more


@api.get("/services", response=list[schemas.ServiceOut], auth=None)
def list_services(request: HttpRequest) -> list[dict[str, Any]]:
    """Every service that is offered now."""
    return [_service(published) for published in queries.catalogue()]


@api.get("/services/{slug}", response=schemas.ServiceOut, auth=None)
def get_service(request: HttpRequest, slug: str) -> dict[str, Any]:
    """One service."""
    return _service(queries.service(slug))


@api.post("/cases", response={201: schemas.CaseOut, 200: schemas.CaseOut})
def submit_case(request: HttpRequest, payload: schemas.CaseIn) -> Status[dict[str, Any]]:
    """Submit a matter: for yourself, or as an official at a counter for a neighbour (`on_behalf_of`).

    The same matter sent again within ten minutes, or with the same `Idempotency-Key`, gives the same case
    (status 200 instead of 201). Another matter under a used `Idempotency-Key` is refused (409 `key_taken`).
    """
    now = timezone.now()
    person_id, by = _applicant(request, payload, now)
    answers, uploads = _split(payload.answers)
    receipt = actions.submit(
        payload.service,
        person_id=person_id,
        answers=answers,
        uploads=uploads,
        by=by,
        key=request.headers.get("Idempotency-Key", ""),
        language=request.LANGUAGE_CODE,
        now=now,
    )
    return Status(200 if receipt.repeated else 201, _case(receipt.case, receipt.document))


@api.get("/cases/{reference}", response=schemas.CaseOut)
def get_case(request: HttpRequest, reference: str) -> dict[str, Any]:
    """A matter of yours, or one that your office handles."""
    view = _view(request, reference, fields=("case",))
    return _case(view.case, view.document)


@api.get("/letters/{path:number}.pdf")
def download_letter(request: HttpRequest, number: str) -> HttpResponse:
    """The signed PDF of a letter: the newest file, with all proof that was added since it was issued."""
    document = documents.by_number(number)
    if document is None:
        raise ApiError(404, "not_found", _("Surat ini tidak ada, atau bukan milik Anda."))
    _view(request, document.case_reference, fields=("letter",))
    response = HttpResponse(documents.read(document), content_type="application/pdf")
    name = number.replace("/", "-")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return response


def anyone(request: HttpRequest) -> str:
    """Also without a token; who has one may check more."""
    return "anyone"


# Checks of files in ten minutes: of one address without a token, and of one account. Each takes a process of
# its own for a while.
CHECKS, CHECKS_WITH_TOKEN = 120, 3000


@api.post("/verify", response=schemas.VerifyOut, auth=[Bearer(), anyone])
def verify(
    request: HttpRequest,
    file: UploadedFile | None = File(None),  # type: ignore[type-arg]  # noqa: B008
    token: str | None = Form(None),
) -> dict[str, Any]:
    """Is it genuine and in force? Send a PDF as `file`, or the `token` of its QR code."""
    now = timezone.now()
    if file is not None:
        user = request.user if request.user.is_authenticated else None
        who, most = (f"user:{user.pk}", CHECKS_WITH_TOKEN) if user else (limits.address(request), CHECKS)
        limits.check("verify-upload", who, most=most, seconds=600, now=now)
        return documents.verdict_of_pdf(file.read(), now=now).facts()
    token = token or _json_token(request)
    if token:
        return documents.verdict_of_token(token, now=now).facts()
    raise ApiError(422, "nothing_to_verify", _("Kirim berkas PDF (file) atau kode surat (token)."))


def _json_token(request: HttpRequest) -> str:
    """The token where it came as JSON: {"token": "…"}."""
    if request.content_type != "application/json":
        return ""
    try:
        body = json.loads(request.body)
    except ValueError:
        return ""
    return str(body.get("token") or "") if isinstance(body, dict) else ""


# -- who asks ------------------------------------------------------------------------------------------


def _applicant(request: HttpRequest, payload: schemas.CaseIn, now: Any) -> tuple[int, Applicant]:
    user_id = request.user.pk
    if payload.on_behalf_of is None:
        resident = population.person_of(request.user)
        if resident is None:
            raise ApiError(403, "not_a_resident", _("Akun ini tidak terhubung dengan data penduduk."))
        return resident.person_id, Applicant(user_id, resident.level, "api")
    official = agencies.official_of(request.user, timezone.localdate(now))
    if official is None or official.role not in ("counter", "staff"):
        raise ApiError(
            403, "not_at_a_counter", _("Hanya petugas loket yang dapat mengajukan untuk orang lain.")
        )
    reason = payload.reason or _("Permohonan lewat API: %(service)s") % {"service": payload.service}
    found = population_actions.look_up(official, nik=payload.on_behalf_of, reason=reason, now=now)
    if not found:
        raise ApiError(404, "no_such_person", _("NIK ini tidak ada dalam data penduduk. Periksa angkanya."))
    return found[0].pk, Applicant(user_id, 2, "counter", official)


def _view(request: HttpRequest, reference: str, *, fields: tuple[str, ...]) -> queries.CaseView:
    resident = population.person_of(request.user)
    if resident is not None:
        return queries.case_of_person(reference, resident.person_id)
    official = agencies.official_of(request.user, timezone.localdate())
    if official is None:
        raise errors.CaseNotFound(reference)
    view = queries.case_for_office(reference, official, timezone.now())
    population_actions.record_looks(
        official,
        [(view.case.person_id, reference)],
        reason=f"Membuka permohonan {view.service.definition.name.id} lewat API",
        now=timezone.now(),
        fields=fields,
    )
    return view


# -- shapes --------------------------------------------------------------------------------------------


def _service(published: queries.Published) -> dict[str, Any]:
    d = published.definition
    return {
        "slug": published.slug,
        "version": published.version,
        "name": d.name.model_dump(),
        "summary": d.summary.model_dump(),
        "category": d.category,
        "kind": d.kind,
        "fee": d.fee.amount if isinstance(d.fee.amount, int) else None,
        "deadline_days": d.deadline.days,
        "facts": list(published.fact_names),
        "questions": [
            {
                "id": q.id,
                "type": q.type,
                "label": q.label.model_dump(),
                "required": q.required,
                "choices": [choice.value for choice in q.choices],
                "accept": list(q.accept),
            }
            for q in d.question
        ],
    }


def _case(case: queries.Case, document: Any) -> dict[str, Any]:
    letter = None
    if document is not None:
        letter = {
            "number": document.number,
            "url": f"{settings.PUBLIC_URL}/api/letters/{document.number}.pdf",
            "verify_url": f"{settings.PUBLIC_URL}/v/{document.token}",
        }
    return {
        "reference": case.reference,
        "service": queries.version_of(case).slug,
        "state": case.state,
        "submitted_at": case.submitted_at,
        "due_on": case.due_on,
        "fee": case.fee,
        "note": case.note,
        "letter": letter,
    }


def _split(answers: dict[str, Any]) -> tuple[dict[str, object], dict[str, Upload]]:
    plain: dict[str, object] = {}
    uploads = {}
    for name, value in answers.items():
        if isinstance(value, dict) and set(value) == {"name", "content"}:
            try:
                content = base64.b64decode(str(value["content"]), validate=True)
            except (binascii.Error, ValueError) as error:
                raise ApiError(
                    422, "answers_invalid", _("Berkas harus dikirim sebagai base64."), fields={name: "base64"}
                ) from error
            uploads[name] = Upload(str(value["name"]), content)
        else:
            plain[name] = value
    return plain, uploads


# -- errors --------------------------------------------------------------------------------------------

_STATUS = {
    errors.ServiceNotFound: (404, "no_such_service"),
    errors.CaseNotFound: (404, "not_found"),
    errors.ProofNeeded: (403, "proof_needed"),
    errors.NotResident: (403, "not_a_resident"),
    errors.NotServedHere: (403, "not_served_here"),
    errors.AnswersInvalid: (422, "answers_invalid"),
    errors.RulesFailed: (422, "rules_failed"),
    errors.AttachmentRejected: (422, "attachment_rejected"),
    errors.NotNow: (409, "not_now"),
    errors.NotEntitled: (403, "not_entitled"),
    errors.KeyTaken: (409, "key_taken"),
}


def told(request: HttpRequest, status: int, code: str, message: str, **more: object) -> HttpResponse:
    """The answer of an error: what happened and what to do, in the asker's language."""
    return api.create_response(request, {"code": code, "message": message, **more}, status=status)


@api.exception_handler(errors.CaseError)
def case_error(request: HttpRequest, error: errors.CaseError) -> HttpResponse:
    """An error of a case in words, with its evidence."""
    status, code = _STATUS.get(type(error), (400, "not_possible"))
    more: dict[str, object] = {}
    if isinstance(error, errors.AnswersInvalid):
        more["fields"] = {e.question: words.of_answer(e, None) for e in error.errors}
    if isinstance(error, errors.AttachmentRejected):
        more["fields"] = {error.question: words.of_attachment(error)}
    if isinstance(error, errors.RulesFailed):
        language = request.LANGUAGE_CODE
        more["failures"] = [
            {
                "rule": f.rule.id,
                "message": f.rule.message.in_language(language),
                "mend": f.rule.mend.in_language(language),
                "law": f.rule.law,
            }
            for f in error.failures
        ]
    return told(request, status, code, words.of_error(error), **more)


@api.exception_handler(ApiError)
def api_error(request: HttpRequest, error: ApiError) -> HttpResponse:
    """An error of the API itself."""
    return told(request, error.status, error.code, error.message, **error.more)


@api.exception_handler(AuthenticationError)
def no_token(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """No token, or one that opens nothing (any more)."""
    answer = told(
        request, 401, "unauthorized", _("Token tidak ada atau tidak berlaku. Kirim Authorization: Bearer …")
    )
    answer["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(TooManyAttempts)
def too_many(request: HttpRequest, error: TooManyAttempts) -> HttpResponse:
    """This address has asked too often."""
    words_ = _("Terlalu banyak percobaan. Coba lagi setelah pukul %(time)s WIB.") % {
        "time": f"{timezone.localtime(error.until):%H.%M}"
    }
    return told(request, 429, "too_many", words_)


@api.exception_handler(letter_errors.UnknownLetter)
def unknown_letter(request: HttpRequest, error: letter_errors.UnknownLetter) -> HttpResponse:
    """No letter has this token."""
    return told(request, 404, "unknown_letter", _("Tidak ada surat dengan kode ini. Periksa kodenya."))


@api.exception_handler(letter_errors.NotPrintable)
def not_printable(request: HttpRequest, error: letter_errors.NotPrintable) -> HttpResponse:
    """The register or an answer holds signs that no letter can show."""
    words_ = _("Surat tidak dapat memuat tanda %(signs)s. Tulis tanpa tanda itu.") % {
        "signs": error.characters
    }
    return told(request, 422, "not_printable", words_)


@api.exception_handler(letter_errors.UploadTooLarge)
def upload_too_large(request: HttpRequest, error: letter_errors.UploadTooLarge) -> HttpResponse:
    """The file is larger than what is read."""
    return told(request, 413, "too_large", _("Berkas ini terlalu besar. Kirim PDF paling besar 20 MB."))


@api.exception_handler(population_errors.ReasonNeeded)
def reason_needed(request: HttpRequest, error: population_errors.ReasonNeeded) -> HttpResponse:
    """An official looks at a person only with a reason."""
    return told(request, 422, "reason_needed", _("Tulis alasan mengapa data orang ini dibuka (reason)."))


@api.exception_handler(population_errors.TooManyLooks)
def too_many_looks(request: HttpRequest, error: population_errors.TooManyLooks) -> HttpResponse:
    """The official has opened the data of more people than any counter serves."""
    return told(request, 429, "too_many", str(error))


@api.exception_handler(population_errors.BadLookUp)
def bad_look_up(request: HttpRequest, error: population_errors.BadLookUp) -> HttpResponse:
    """The NIK cannot be one."""
    return told(request, 422, "bad_nik", _("NIK ini tidak benar. Periksa ke-16 angkanya."))


@api.exception_handler(ValidationError)
def bad_request(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """The request does not have the shape that the OpenAPI document describes."""
    fields = {".".join(map(str, e["loc"][1:])): e["msg"] for e in error.errors}
    return told(
        request, 422, "bad_request", _("Bentuk permintaan tidak sesuai. Lihat fields."), fields=fields
    )
