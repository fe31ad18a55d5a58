"""Keep what people say about a service: two taps, or all nine elements."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from satuklik.systems.services import rules
from satuklik.systems.services.models import SurveyResponse

LONGEST_COMMENT = 1000


@transaction.atomic
def answer_survey(
    case_reference: str,
    *,
    service: str,
    agency_id: int,
    scores: Mapping[str, object],
    comment: str = "",
    now: datetime,
) -> SurveyResponse:
    """Keep scores of a case; a later answer about the same element replaces the earlier. Raises ScoreInvalid.

    One response a case, so nobody can vote twice about the same matter.
    """
    given = rules.checked(scores)
    said = comment.replace("\x00", "").strip()[:LONGEST_COMMENT]
    response, made = SurveyResponse.objects.select_for_update().get_or_create(
        case_reference=case_reference,
        defaults={"service": service, "agency_id": agency_id, "scores": given, "comment": "", "at": now},
    )
    if not made:
        response.scores = {**response.scores, **given}
        response.at = now
    if said:
        response.comment = said
    response.save()
    return response
