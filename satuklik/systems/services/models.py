"""What the catalogue itself keeps: the satisfaction survey."""

from django.db import models


class SurveyResponse(models.Model):
    """One filled satisfaction survey (SKM): nine elements scored 1–4. PermenPANRB 14/2017."""

    case_reference = models.CharField(max_length=20, unique=True)
    service = models.CharField(max_length=80)
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    scores = models.JSONField()  # {"U1": 4, …}; the two-tap survey fills some of them
    comment = models.TextField(blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.case_reference
