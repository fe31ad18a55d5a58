"""The append-only event log: one hash chain per stream, and blocks that chain all streams together."""

from django.db import models


class Event(models.Model):
    """Something that happened. `hash` covers the event and the hash before it in the same stream."""

    id = models.BigAutoField(primary_key=True)
    stream = models.CharField(max_length=60)  # "case:SK-7F3K-9Q2M"
    seq = models.IntegerField()  # 1, 2, 3 … within the stream
    kind = models.CharField(max_length=40)  # "case.submitted"
    actor = models.CharField(max_length=60)  # "user:17", "system"
    at = models.DateTimeField()
    data = models.JSONField()
    previous = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream", "seq"], name="one_event_per_place")]

    def __str__(self) -> str:
        return f"{self.stream}#{self.seq} {self.kind}"


class Block(models.Model):
    """A checkpoint over the events (first_id … last_id), chained to the checkpoint before it, so that
    taking away a whole stream shows too."""

    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField(unique=True)
    events = models.IntegerField()
    at = models.DateTimeField()
    previous = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"{self.first_id}–{self.last_id}"
