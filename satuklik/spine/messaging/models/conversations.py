"""People as the channels know them: one conversation each, whatever they write with."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Conversation(models.Model):
    """Everything that one person wrote and was told, over all channels."""

    name = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=20, blank=True, db_index=True)  # E.164
    phone_verified = models.BooleanField(default=False)  # by WhatsApp, by Telegram or by a code
    email = models.CharField(max_length=254, blank=True, db_index=True)  # in small letters
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    official = models.OneToOneField(
        "agencies.Official", null=True, on_delete=models.PROTECT, related_name="+"
    )  # what the house tells one of its own; not part of the citizens' inbox
    language = models.CharField(max_length=5, default="id")
    assigned = models.ForeignKey("agencies.Official", null=True, on_delete=models.SET_NULL, related_name="+")
    joined_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="joined")
    created_at = models.DateTimeField()
    last_message_at = models.DateTimeField()
    last_inbound_at = models.DateTimeField(null=True)  # None: the person never wrote; not in the list
    waiting_since = models.DateTimeField(null=True)  # the first message that nobody answered yet
    closed_at = models.DateTimeField(null=True)  # put aside by an officer; a new message opens it again
    last_channel = models.CharField(max_length=12, blank=True)
    last_direction = models.CharField(max_length=3, blank=True)
    preview = models.CharField(max_length=160, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["-last_message_at", "-id"], name="messaging_conv_last",
                condition=Q(joined_into=None, last_inbound_at__isnull=False),
            ),
            models.Index(
                fields=["waiting_since", "id"], name="messaging_conv_waiting",
                condition=Q(joined_into=None, waiting_since__isnull=False),
            ),
            models.Index(
                fields=["assigned", "-last_message_at"], name="messaging_conv_assigned",
                condition=Q(joined_into=None, assigned__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"


class Identity(models.Model):
    """An address of a person in a channel. WhatsApp gives two: `user_id` ("ID.…") and `wa_id` (digits)."""

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="identities")
    channel = models.CharField(max_length=12)
    address = models.CharField(max_length=254)
    verified = models.BooleanField(default=True)  # False: somebody typed it into a form, or only claims it
    claimed = models.BooleanField(default=False, db_default=False)  # letters say it, no server proved it
    created_at = models.DateTimeField()
    last_inbound_at = models.DateTimeField(null=True)
    window_closed_at = models.DateTimeField(null=True)  # the far side said so, whatever our clock thinks
    unreachable_at = models.DateTimeField(null=True)  # undeliverable until the person writes again
    opted_out_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)  # the number was given up; kept for the record

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "address", "claimed"], name="messaging_address_once")
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.pk}"


class ConversationEvent(models.Model):
    """What happened to a conversation or a message beside messages: edited, deleted, joined, opted out."""

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="events")
    message = models.ForeignKey("Message", null=True, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20)  # a word of rules.EVENTS
    at = models.DateTimeField()
    by = models.ForeignKey("agencies.Official", null=True, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=340, null=True, unique=True)  # of the channel, so that it counts once
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["conversation", "at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.conversation_id}"
