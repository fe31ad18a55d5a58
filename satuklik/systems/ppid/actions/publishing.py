"""An answer for everybody: masked as a suggestion, looked at and approved by a person, never published of itself."""

import secrets
from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from satuklik.kernel import codes
from satuklik.systems.ppid import masking, rules
from satuklik.systems.ppid.actions.opening import locked, note, require_officer, require_state
from satuklik.systems.ppid.errors import BadInput, WrongState
from satuklik.systems.ppid.models import InformationRequest, MatterFile, PublishedAnswer

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

State = PublishedAnswer.State


def suggestion(request: InformationRequest) -> dict[str, str]:
    """Question and answer with everything masked that looks like personal data; the applicant's own name too."""
    decision = request.decisions.filter(in_force=True).first()
    names = [request.name, request.proxy_for]
    question = masking.mask(request.details, names=names)
    return {
        "title": question.splitlines()[0][:120] if question else "",
        "question": question,
        "answer": masking.mask(decision.answer if decision else "", names=names),
    }


@transaction.atomic
def publish_answer(
    request: InformationRequest, *, title: str, question: str, answer: str, files: Collection[int], looked: bool,
    by: "Official", now: datetime,
) -> PublishedAnswer:  # fmt: skip
    """Publish what a person has looked at: the texts as they were edited, and only the files that were ticked (ids of
    the answer's files). `looked`: the person says so. Raises NotYours, WrongState, BadInput where something that looks
    like personal data was left in and not ticked as looked at."""
    require_officer(by, now)
    current = locked(request)
    require_state(current, rules.DELIVERED, rules.CLOSED)
    title, question, answer = rules.tidy(title, 200), rules.tidy(question), rules.tidy(answer)
    problems = [
        (name, _("Isian ini wajib diisi."))
        for name, text in (("title", title), ("question", question), ("answer", answer))
        if not text
    ]
    if not looked:
        problems.append(("looked", _("Nyatakan bahwa Anda sudah memeriksa data pribadi di dalamnya.")))
    if problems:
        raise BadInput(problems)
    ticked = current.files.filter(pk__in=list(files), kind=MatterFile.Kind.ANSWER, decision__in_force=True)
    made = PublishedAnswer.objects.filter(request=current).first() or PublishedAnswer(
        request=current, made_by=by, made_at=now, slug=codes.code(secrets.token_bytes(8)).lower()
    )
    made.title, made.question, made.answer = title, question, answer
    made.files = [{"sha256": one.file_id, "name": one.name} for one in ticked.order_by("pk")]
    made.state, made.approved_by, made.approved_at, made.withdrawn_at = State.PUBLISHED, by, now, None
    made.save()
    found = {
        span.kind
        for text in (title, question, answer)
        for span in masking.find(text, names=[current.name, current.proxy_for])
    }
    note(current, "published", now, by=by, data={"left_in": sorted(found), "files": len(made.files)})
    return made


@transaction.atomic
def withdraw_answer(request: InformationRequest, *, by: "Official", now: datetime) -> PublishedAnswer:
    """Take a published answer away. Raises NotYours, WrongState."""
    require_officer(by, now)
    current = locked(request)
    made = PublishedAnswer.objects.filter(request=current, state=State.PUBLISHED).first()
    if made is None:
        raise WrongState(current.state, "published")
    made.state, made.withdrawn_at = State.WITHDRAWN, now
    made.save(update_fields=["state", "withdrawn_at"])
    note(current, "unpublished", now, by=by)
    return made
