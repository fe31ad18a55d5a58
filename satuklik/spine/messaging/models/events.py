"""What a channel delivered, as it came: stored first, handled later, never thrown away."""

from django.db import models
from django.db.models import Q


class RawEvent(models.Model):
    """One delivery of a channel: the body of a webhook call, an update, a whole e-mail.

    Waiting: neither handled nor a problem. A problem puts it into quarantine, where an officer decides.
    """

    channel = models.CharField(max_length=12)
    account = models.CharField(max_length=80, blank=True)
    key = models.CharField(
        max_length=100
    )  # what makes a repeated delivery the same: a hash, an update's number
    body = models.BinaryField()
    received_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)
    retry_at = models.DateTimeField(null=True)  # it names a message that is not there yet
    tries = models.SmallIntegerField(default=0)
    problem = models.CharField(max_length=40, blank=True)  # a word of rules.PROBLEMS
    reason = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True)  # an officer looked at the problem
    settled_by = models.ForeignKey("agencies.Official", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "account", "key"], name="messaging_event_once")
        ]
        indexes = [
            models.Index(fields=["id"], name="messaging_event_waiting", condition=Q(handled_at=None, problem="")),
            models.Index(
                fields=["-id"], name="messaging_event_quarantine", condition=Q(settled_at=None) & ~Q(problem="")
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.channel} {self.pk}"


class ChannelState(models.Model):
    """How far a channel was read, and until when it must rest."""

    channel = models.CharField(max_length=12)
    account = models.CharField(max_length=80, blank=True)
    position = models.BigIntegerField(default=0)  # Telegram: the last update_id; IMAP: the last UID
    epoch = models.BigIntegerField(default=0)  # IMAP: UIDVALIDITY, which renumbers everything
    paused_until = models.DateTimeField(null=True)  # the far side asked for patience
    seen_at = models.DateTimeField(null=True)  # the last time that it answered

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "account"], name="messaging_state_once")]

    def __str__(self) -> str:
        return f"{self.channel} {self.position}"
