"""What triage found in messages, what officers made of it, and the inbox's own marks on conversations."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q


class Desk(models.Model):
    """One conversation as the inbox sees it; made when the person's first message is read."""

    conversation = models.OneToOneField(
        "messaging.Conversation", on_delete=models.PROTECT, related_name="desk"
    )
    urgent_since = models.DateTimeField(null=True)  # words of an emergency, nobody has dealt with yet
    secret = models.BooleanField(default=False)  # the person must not be known to everybody
    kind = models.CharField(max_length=20, blank=True)  # of the newest suggestion
    agency_code = models.CharField(max_length=40, blank=True)
    deadline = models.DateTimeField(null=True)  # a journalist's
    preview = models.CharField(
        max_length=160, blank=True
    )  # of the person's newest words, whatever the house said since
    channel = models.CharField(max_length=12, blank=True)  # by which they came
    words = SearchVectorField(null=True)  # name, numbers and references, for the search
    acknowledged_at = models.DateTimeField(
        null=True
    )  # when the house last said by itself that it had a message

    class Meta:
        indexes = [
            GinIndex(fields=["words"], name="intake_desk_words"),
            models.Index(
                fields=["urgent_since"], name="intake_desk_urgent", condition=Q(urgent_since__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"desk {self.conversation_id}"


class Finding(models.Model):
    """What the rules found in one message. Its row says that triage has read the message."""

    message = models.OneToOneField("messaging.Message", on_delete=models.PROTECT, related_name="finding")
    at = models.DateTimeField()  # of the message
    read_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)  # of the edit that was read; None: the message as it came
    version = models.CharField(max_length=60)
    emergency = models.CharField(max_length=60, blank=True)
    secret = models.BooleanField(default=False)
    corruption = models.BooleanField(default=False)
    nik = models.BooleanField(default=False)
    press = models.SmallIntegerField(default=0)
    outlet = models.CharField(max_length=80, blank=True)
    deadline = models.DateTimeField(null=True)
    objection = models.SmallIntegerField(default=0)
    grounds = models.CharField(max_length=7, blank=True)  # letters of UU 14/2008 ps. 35(1)
    subjects = models.JSONField(default=list)  # subjects that its ticket numbers name
    prints = ArrayField(models.IntegerField(), default=list)  # fingerprints for near-duplicates
    alike = models.ForeignKey("messaging.Message", null=True, on_delete=models.SET_NULL, related_name="+")
    likeness = models.FloatField(default=0)

    class Meta:
        indexes = [GinIndex(fields=["prints"], name="intake_finding_prints")]

    def __str__(self) -> str:
        return f"finding {self.message_id}"


class Suggestion(models.Model):
    """One object that a message may become. Suggested only: nothing is made before an officer says so."""

    message = models.ForeignKey("messaging.Message", on_delete=models.PROTECT, related_name="suggestions")
    number = models.SmallIntegerField()
    kind = models.CharField(max_length=20, blank=True)  # "": triage abstains
    likely = models.CharField(max_length=20, blank=True)  # the likeliest kind, also where it abstains
    second = models.CharField(max_length=20, blank=True)
    probability = models.FloatField()
    routes = models.JSONField(default=list)  # [[agency code, share, [reasons]], …], at most three
    reasons = models.JSONField(default=list)
    start = models.IntegerField()  # the piece of the cleaned text that it stands on
    end = models.IntegerField()
    version = models.CharField(max_length=60)
    created_at = models.DateTimeField()
    decided_kind = models.CharField(max_length=20, blank=True)
    decided_agency = models.CharField(max_length=40, blank=True)
    decided_by = models.ForeignKey("agencies.Official", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "number"], name="intake_suggestion_once")]
        indexes = [
            models.Index(
                fields=["likely", "decided_at"],
                name="intake_suggestion_decided",
                condition=Q(decided_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind or '?'} {self.message_id}"


class Correction(models.Model):
    """A training row: words of a person (numbers blacked out) with what an officer made of them."""

    suggestion = models.OneToOneField(
        Suggestion, null=True, on_delete=models.SET_NULL, related_name="correction"
    )
    text = models.TextField()
    kind = models.CharField(max_length=20)
    agency_code = models.CharField(max_length=40, blank=True)
    person = models.CharField(max_length=20)  # of the conversation: keeps persons apart when measuring
    ticket = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey("agencies.Official", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d}"


class TrainedModel(models.Model):
    """A trained classifier; its bytes lie in base.files under their SHA-256."""

    version = models.CharField(max_length=40, unique=True)
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    active = models.BooleanField(default=False)
    about = models.JSONField(default=dict)  # size and origin of the rows, figures on unseen ones

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["active"], condition=Q(active=True), name="intake_one_active_model"
            )
        ]

    def __str__(self) -> str:
        return self.version


class Outcome(models.Model):
    """An object that was made of messages."""

    conversation = models.ForeignKey(
        "messaging.Conversation", on_delete=models.PROTECT, related_name="outcomes"
    )
    messages = models.ManyToManyField("messaging.Message", related_name="outcomes")
    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=60, unique=True)
    reference = models.CharField(max_length=40)
    url = models.CharField(max_length=200, blank=True)
    tracking_url = models.CharField(max_length=300, blank=True)
    agency_code = models.CharField(max_length=40, blank=True)
    secret = models.BooleanField(default=False)
    at = models.DateTimeField()
    by = models.ForeignKey("agencies.Official", null=True, on_delete=models.PROTECT, related_name="+")
    key = models.UUIDField(unique=True)  # of the form that was sent: sent twice, it makes one object

    class Meta:
        indexes = [models.Index(fields=["conversation", "at"])]

    def __str__(self) -> str:
        return self.reference


class Presence(models.Model):
    """Who is looking at a conversation, or typing an answer, just now."""

    conversation = models.ForeignKey(
        "messaging.Conversation", on_delete=models.CASCADE, related_name="presences"
    )
    official = models.ForeignKey("agencies.Official", on_delete=models.CASCADE, related_name="+")
    typing = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "official"], name="intake_presence_once")
        ]

    def __str__(self) -> str:
        return f"{self.official_id} @ {self.conversation_id}"


class Note(models.Model):
    """What officers tell each other about a conversation; the person never sees it."""

    conversation = models.ForeignKey("messaging.Conversation", on_delete=models.PROTECT, related_name="notes")
    by = models.ForeignKey("agencies.Official", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["conversation", "at"])]

    def __str__(self) -> str:
        return f"note {self.pk}"


class CannedAnswer(models.Model):
    """An answer that is written often, with places such as {nama}."""

    slug = models.SlugField(max_length=40, unique=True)
    title = models.CharField(max_length=80)
    text = models.TextField()
    kind = models.CharField(max_length=20, blank=True)  # offered first for this kind
    order = models.SmallIntegerField(default=50)
    active = models.BooleanField(default=True)
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey("agencies.Official", null=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.title


class Look(models.Model):
    """An officer read a conversation: the trace of it, once in ten minutes."""

    conversation = models.ForeignKey("messaging.Conversation", on_delete=models.PROTECT, related_name="looks")
    official = models.ForeignKey("agencies.Official", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True)  # of an identity that was uncovered
    uncovered_until = models.DateTimeField(
        null=True
    )  # a secret conversation is readable for this officer until then

    class Meta:
        indexes = [models.Index(fields=["conversation", "official", "-at"])]

    def __str__(self) -> str:
        return f"{self.official_id} → {self.conversation_id}"
