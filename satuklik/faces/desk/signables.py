"""The letters of cases at the signing desk: what of them an official sees there, and how one is signed."""

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
from satuklik.spine.signing.actions import UnlockedKey
from satuklik.spine.signing.registry import Signable, Signed, Waiting

NAME = "case"


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
