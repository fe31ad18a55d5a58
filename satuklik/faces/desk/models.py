"""Visits at the counter: which official served which neighbour, why, and that the identity was checked."""

import uuid

from django.db import models


class Visit(models.Model):
    """A neighbour at the counter. Its address carries no personal data, and works only for this official."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    official = models.ForeignKey("agencies.Official", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("population.Person", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    opened_at = models.DateTimeField()
    identity_checked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["official", "-opened_at"])]

    def __str__(self) -> str:
        return str(self.id)
