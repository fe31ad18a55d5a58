"""Addresses that want to be told, and each telling with its attempts."""

import uuid

from django.db import models


class Hook(models.Model):
    """An address of an agency's own application that is told when something happens in that agency."""

    agency = models.ForeignKey("agencies.Agency", on_delete=models.CASCADE, related_name="hooks")
    url = models.CharField(max_length=500)
    # With it the receiver checks that a message is ours. Encrypted: whoever reads the table can't forge one.
    secret = models.BinaryField()
    events = models.JSONField()  # names of rules.EVENTS
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.url


class Delivery(models.Model):
    """One message to one hook. Sent again, with the same id, until the receiver answers 2xx."""

    class Status(models.TextChoices):
        WAITING = "waiting"
        DELIVERED = "delivered"
        PARKED = "parked"  # every attempt failed: `satuklik webhooks retry` starts again

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    hook = models.ForeignKey(Hook, on_delete=models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=40)
    payload = models.JSONField()
    created_at = models.DateTimeField()
    attempts = models.SmallIntegerField(default=0)
    next_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.WAITING)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], name="deliveries_due", condition=models.Q(status="waiting"))
        ]

    def __str__(self) -> str:
        return f"{self.event} → {self.hook_id}: {self.status}"
