"""Messages that the system sends: kept here first, then handed to a channel."""

from django.conf import settings
from django.db import models


class OutboundMessage(models.Model):
    """One message to one recipient."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=12)  # inapp, sms, whatsapp, email, demo
    address = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)  # "letter.issued", "case.returned"
    title = models.CharField(max_length=200)
    body = models.TextField()
    link = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-created_at"])]

    def __str__(self) -> str:
        return self.title
