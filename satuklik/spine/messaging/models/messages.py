"""Messages in and out, the proof of their delivery, and what was attached to them."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q

from satuklik.spine.messaging import veiling


class Message(models.Model):
    """One message. Its text never changes: edits and deletions are events beside it."""

    class Status(models.TextChoices):
        RECEIVED = "received"  # from the person
        QUEUED = "queued"
        SENT = "sent"
        DELIVERED = "delivered"
        READ = "read"
        FAILED = "failed"
        UNSURE = "unsure"  # handed over, and nobody was left to hear whether it was taken

    conversation = models.ForeignKey(
        "Conversation", on_delete=models.PROTECT, related_name="messages", db_index=False
    )
    identity = models.ForeignKey("Identity", null=True, on_delete=models.PROTECT, related_name="messages")
    direction = models.CharField(max_length=3)  # in, out
    channel = models.CharField(max_length=12)
    account = models.CharField(max_length=80, blank=True)  # ours: phone_number_id, bot, mailbox
    external_id = models.CharField(max_length=250, blank=True)
    kind = models.CharField(max_length=16, default="text")  # text, image, location, …
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    at = models.DateTimeField()  # when it was written, as the channel says
    stored_at = models.DateTimeField()
    status = models.CharField(max_length=9, choices=Status.choices)
    error = models.CharField(max_length=40, blank=True)
    reply_to = models.CharField(max_length=250, blank=True)  # external id of the message it answers
    edited_text = models.TextField(null=True)
    edited_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    announced_at = models.DateTimeField(null=True)  # the listeners (intake) have had it
    sender_proof = models.CharField(max_length=6, blank=True, default="", db_default="")  # of rules.PROOFS
    claimed_from = models.CharField(max_length=254, blank=True, default="", db_default="")
    tries = models.SmallIntegerField(default=0)
    # Of sending, or of telling the listeners. Unsure: since when an officer must decide; None once he has.
    next_try_at = models.DateTimeField(null=True)
    handing_at = models.DateTimeField(
        null=True
    )  # written before it is handed over, taken away after the answer
    by = models.ForeignKey("agencies.Official", null=True, on_delete=models.PROTECT, related_name="+")
    template = models.CharField(max_length=40, blank=True)
    variables = models.JSONField(default=dict)
    by_link = models.BooleanField(default=False)  # what goes out only says where the text can be read
    # What only the person may read of the text, sealed (see `veiling`); None: nothing, or deleted after its term.
    veiled = models.BinaryField(null=True)
    fallback_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="fallbacks")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "account", "external_id"],
                name="messaging_message_once",
                condition=~Q(external_id=""),
            )
        ]
        indexes = [
            models.Index(fields=["conversation", "at", "id"], name="messaging_msg_conversation"),
            models.Index(
                fields=["next_try_at"], name="messaging_msg_queued",
                condition=Q(direction="out", status="queued"),
            ),
            models.Index(
                fields=["next_try_at"], name="messaging_msg_unsure",
                condition=Q(direction="out", status="unsure", next_try_at__isnull=False),
            ),
            models.Index(
                fields=["next_try_at"], name="messaging_msg_unannounced",
                condition=Q(direction="in", announced_at=None),
            ),
            models.Index(fields=["at"], name="messaging_msg_veiled", condition=Q(veiled__isnull=False)),
            GinIndex(SearchVector("text", config="indonesian"), name="messaging_msg_words"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.direction} {self.pk}"

    @property
    def body(self) -> str:
        """The text as it stands now: the last edit, or nothing where the person deleted it."""
        if self.deleted_at is not None:
            return ""
        return self.text if self.edited_text is None else self.edited_text

    @property
    def whole(self) -> str:
        """Subject and text as one. A subject that only repeats how the text begins is left out: forms and the mail
        programs of telephones make it so, and a register would print the words twice."""
        subject, begin = " ".join(self.subject.split()), " ".join(self.body.split())
        if begin.casefold().startswith(subject.casefold()):
            return self.body
        return "\n".join(part for part in (self.subject, self.body) if part)

    @property
    def told(self) -> str:
        """The text for the person's own page, with what nobody else may read."""
        return veiling.told(self)


class VeiledPart(models.Model):
    """That such a part was once told to somebody: a keyed digest, so that a quote of it is known (see actions.quoting)."""

    mark = models.CharField(max_length=64, unique=True)
    letters = models.IntegerField()  # of the whole part, letters and digits

    def __str__(self) -> str:
        return self.mark


class MessageStatus(models.Model):
    """One step of a message's delivery, kept whatever order the steps arrived in."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="steps", db_index=False)
    status = models.CharField(max_length=9, choices=Message.Status.choices)
    at = models.DateTimeField()
    error = models.CharField(max_length=40, blank=True)
    detail = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "status"], name="messaging_status_once")]

    def __str__(self) -> str:
        return f"{self.message_id} {self.status}"


class Attachment(models.Model):
    """A file of a message. Empty `sha256`: still to be fetched, or refused (`problem` says why)."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="attachments")
    sha256 = models.CharField(max_length=64, blank=True)  # of base.files
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=100, blank=True)  # what the bytes are, whatever was claimed
    size = models.BigIntegerField(default=0)
    problem = models.CharField(max_length=20, blank=True)  # a word of rules.FILE_PROBLEMS
    source = models.JSONField(default=dict)  # where the channel keeps it: media id, claimed hash
    tries = models.SmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    # On its way out as a message of its own, where the channel wants that.
    handing_at = models.DateTimeField(null=True)
    sent_id = models.CharField(
        max_length=250, blank=True, default="", db_default=""
    )  # what the channel calls it

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at"], name="messaging_file_waiting", condition=Q(sha256="", problem="")
            )
        ]

    def __str__(self) -> str:
        return self.name
