"""What this face brings to the signing desk: the letters of cases, and PDFs that were made elsewhere."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from satuklik.base.agencies import queries as agencies
from satuklik.faces.desk import queries, wording
from satuklik.spine.cases import actions
from satuklik.spine.cases import queries as cases
from satuklik.spine.cases.errors import CaseError
from satuklik.spine.documents.errors import LetterError, NotPrintable
from satuklik.spine.requests import actions as request_actions
from satuklik.spine.requests import queries as requests
from satuklik.spine.requests import words as request_words
from satuklik.spine.requests.errors import RequestError
from satuklik.spine.signing.actions import UnlockedKey
from satuklik.spine.signing.registry import Signable, Signed, Waiting

NAME = "case"
REQUEST = "permintaan"


def waiting(official: agencies.Official, references: Sequence[str] | None, now: datetime) -> list[Waiting]:
    """The letters of cases that wait for this official's signature."""
    return [
        Waiting(
            reference=found.case.reference,
            title=queries.service_name(found.service),
            about=found.case.person.name,
            office=found.agency.name,
            seen=str(found.task_id),
            since=found.case.submitted_at,
            due_on=found.case.due_on,
            url=reverse("desk:case", args=[found.case.reference]),
            preview_url=reverse("desk:preview", args=[found.case.reference]),
            purpose=found.service.slug,
        )
        for found in cases.to_sign(official, references, now)
    ]


def sign(reference: str, seen: str, official: agencies.Official, key: UnlockedKey, now: datetime) -> Signed:
    """Sign one letter. Raises CaseError, LetterError and what signing raises."""
    # A mark that is no number names no task: NotNow, never "any task".
    task = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 19 else 0
    document = actions.sign_case(reference, official=official, key=key, task_id=task, now=now)
    return Signed(document.number, reverse("desk:letter", args=[reference]))


def done(reference: str, official: agencies.Official, since: datetime) -> Signed | None:
    """The letter that this official has signed since then."""
    document = cases.signed_by(reference, official, since)
    return Signed(document.number, reverse("desk:letter", args=[reference])) if document else None


def explain(error: Exception) -> str:
    """Why a letter could not be signed, and what to do."""
    if isinstance(error, CaseError):
        return wording.problem(error)
    if isinstance(error, NotPrintable):
        return _("Surat tidak dapat memuat tanda %(signs)s. Kembalikan permohonan agar diperbaiki.") % {
            "signs": error.characters
        }
    return _("Surat ini tidak dapat dibuat. Hubungi Diskominfo: naskah layanannya perlu diperiksa.")


CASES = Signable(NAME, gettext_lazy("Surat layanan"), waiting, sign, (CaseError, LetterError), explain, done)


def requests_waiting(
    official: agencies.Official, references: Sequence[str] | None, now: datetime
) -> list[Waiting]:
    """The PDFs that applications sent for this official's signature."""
    return [
        Waiting(
            reference=found.reference,
            title=found.title,
            about=_from(found),
            office=(found.signed_for or found.agency).name,
            seen=requests.mark_of(found),
            since=found.created_at,
            due_on=None,
            url=reverse("desk:pdf-one", args=[found.reference]),
            preview_url=reverse("desk:pdf-picture", args=[found.reference]),
            pages=len(found.sizes),
        )
        for found in requests.waiting(official, references)
    ]


def _from(found: requests.SigningRequest) -> str:
    """Who sent it, and where the signature will be seen."""
    sender = found.application.name if found.application else _("PDF yang Anda unggah")
    if found.placement is None:
        return _("%(sender)s, tanda tangan tidak terlihat") % {"sender": sender}
    return _("%(sender)s, tanda tangan di halaman %(page)d") % {
        "sender": sender,
        "page": found.placement["page"],
    }


def sign_requested(
    reference: str, seen: str, official: agencies.Official, key: UnlockedKey, now: datetime
) -> Signed:
    """Sign one PDF. Raises RequestError and what signing raises."""
    found = request_actions.sign_request(reference, seen, official=official, key=key, now=now)
    return _signed(found)


def requested_done(reference: str, official: agencies.Official, since: datetime) -> Signed | None:
    """The PDF that this official has signed since then."""
    found = requests.signed_by(reference, official, since)
    return _signed(found) if found else None


def _signed(found: requests.SigningRequest) -> Signed:
    return Signed(found.title, reverse("desk:pdf-file", args=[found.reference]))


def explain_request(error: Exception) -> str:
    """Why a PDF could not be signed, and what to do."""
    return request_words.of_error(error)  # type: ignore[arg-type]


REQUESTS = Signable(
    REQUEST,
    gettext_lazy("PDF dari aplikasi"),
    requests_waiting,
    sign_requested,
    (RequestError,),
    explain_request,
    requested_done,
)
