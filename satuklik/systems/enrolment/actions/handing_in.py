"""Documents: handed in by the official, kept under encryption, read only with a reason that is noted."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from satuklik.base.agencies import actions as agencies
from satuklik.base.files import actions as files
from satuklik.base.files import queries as stored
from satuklik.kernel.nik import check_nik
from satuklik.spine.cases import attachments
from satuklik.spine.cases.definition import Question, Text
from satuklik.spine.cases.errors import AttachmentRejected
from satuklik.systems.enrolment import rules, sealing, telling
from satuklik.systems.enrolment.actions.moving import actor_of, locked_of, move, note
from satuklik.systems.enrolment.actions.registering import owner_of_nik
from satuklik.systems.enrolment.errors import Incomplete, MayNot, NotFound, NotNow, ReasonNeeded
from satuklik.systems.enrolment.models import Document, Enrolment
from satuklik.systems.enrolment.queries import scope_of, verifier_users

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official
    from satuklik.base.audit.models import Event

ACCEPT = ("pdf", "jpg", "png")
MOST_MB = 5
KEPT_AS = "application/octet-stream"


@transaction.atomic
def hand_in(
    official: "Official",
    *,
    email: str,
    nik: str,
    recommendation_number: str,
    uploads: Mapping[str, attachments.Upload],
    now: datetime,
) -> Incomplete | None:
    """Keep what was given, and send it to the verifikator when nothing is missing.

    What is right is kept even when something else is wrong, so that nobody uploads twice: the result is then an
    Incomplete with a code for each field (missing, wrong_domain, bad_nik, other_nik, empty, too_large, wrong_type,
    not_readable) and the stage stays. Raises NotFound, NotNow.
    """
    row = locked_of(official.pk)
    if row.stage != rules.REGISTERED:
        raise NotNow(row.stage, rules.DOCUMENTS)
    problems = {
        **_take_email(official, email),
        **_take_nik(row, nik),
        **_take_files(row, uploads, now),
    }
    row.recommendation_number = recommendation_number.strip() or row.recommendation_number
    if not row.recommendation_number:
        problems["recommendation_number"] = "missing"
    row.save()
    if problems:
        return Incomplete(problems)
    move(row, rules.DOCUMENTS, kind="submitted", by=actor_of(official.pk), now=now, digests=_digests(row))
    for user in verifier_users(row.official.agency_id, now, but=official.pk):
        telling.tell(user, "submitted", now, name=official.name, pk=row.pk)
    return None


@transaction.atomic
def read(document_id: int, reader: "Official", *, reason: str, now: datetime) -> tuple[Document, bytes]:
    """The document and its content, for the official himself or whoever verifies him; the reading is noted and the
    official sees it. Raises NotFound, MayNot, ReasonNeeded (of others), SealBroken."""
    document = Document.objects.select_related("enrolment__official").filter(pk=document_id).first()
    if document is None:
        raise NotFound(document_id)
    row = document.enrolment
    own = row.official_id == reader.pk
    if not own:
        if not scope_of(reader, now).verifies(row.official.agency_id):
            raise MayNot("agency")
        if not reason.strip():
            raise ReasonNeeded
        note(
            row.pk, "document_read", by=actor_of(reader.pk), now=now, document=document.kind, reason=reason.strip()
        )  # fmt: skip
    return document, sealing.unseal(stored.read(document.file_id), owner_of(row, document.kind))


def note_look(
    row: Enrolment,
    reader: "Official",
    what: str,
    events: Sequence["Event"],
    *,
    within: timedelta,
    reason: str,
    now: datetime,
) -> None:
    """Note that the verifikator saw `what` ("nik"): once in a while, however often the page is opened."""
    actor = actor_of(reader.pk)
    if not any(
        event.kind == "enrolment.document_read"
        and event.actor == actor
        and event.data.get("document") == what
        and event.at > now - within
        for event in events
    ):
        note(row.pk, "document_read", by=actor, now=now, document=what, reason=reason)


def owner_of(row: Enrolment, kind: str) -> str:
    """What a sealed document is bound to."""
    return f"document:{row.pk}:{kind}"


def _take_email(official: "Official", email: str) -> dict[str, str]:
    wanted = email.strip()
    if not wanted:
        return {"email": "missing"}
    if not rules.is_official_email(wanted, settings.SATUKLIK_EMAIL_DOMAINS):
        return {"email": "wrong_domain"}
    if wanted != official.email:
        agencies.set_email(official, wanted)
    return {}


def _take_nik(row: Enrolment, nik: str) -> dict[str, str]:
    wanted = "".join(nik.split())
    if not wanted:
        return {} if row.nik else {"nik": "missing"}
    if not check_nik(wanted).valid:
        return {"nik": "bad_nik"}
    mark = sealing.mark(wanted)
    if Enrolment.objects.filter(nik_mark=mark).exclude(pk=row.pk).exists():
        return {"nik": "other_nik"}
    row.nik, row.nik_mark = sealing.seal(wanted.encode(), owner_of_nik(row.official_id)), mark
    return {}


def _take_files(row: Enrolment, uploads: Mapping[str, attachments.Upload], now: datetime) -> dict[str, str]:
    problems = {}
    there = set(row.documents.values_list("kind", flat=True))
    for kind in Document.Kind.values:
        upload = uploads.get(kind)
        if upload is None:
            if kind not in there:
                problems[kind] = "missing"
            continue
        try:
            checked = attachments.check(_question(kind), upload)
        except AttachmentRejected as error:
            problems[kind] = error.code
            continue
        _keep(row, kind, checked, now)
    return problems


def _question(kind: str) -> Question:
    return Question(id=kind, type="file", label=Text(id=kind, en=kind), accept=ACCEPT, max_mb=MOST_MB)  # type: ignore[arg-type]


def _keep(row: Enrolment, kind: str, checked: attachments.Checked, now: datetime) -> None:
    sealed = sealing.seal(checked.content, owner_of(row, kind))
    sha256 = hashlib.sha256(checked.content).hexdigest()
    fields = {
        "file_id": files.store(sealed, KEPT_AS, at=now),
        "name": checked.name,
        "media_type": checked.media_type,
        "size": len(checked.content),
        "sha256": sha256,
        "uploaded_at": now,
    }
    Document.objects.update_or_create(enrolment=row, kind=kind, defaults=fields)
    note(row.pk, "document_kept", by=actor_of(row.official_id), now=now, document=kind, sha256=sha256)


def _digests(row: Enrolment) -> dict[str, str]:
    """Which bytes the verifikator will judge."""
    return dict(row.documents.values_list("kind", "sha256"))
