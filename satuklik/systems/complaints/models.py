"""Complaints, their time line, who reported (sealed where it is secret), photos, agencies asked, supporters."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from satuklik.systems.complaints.rules import limits, states


class Complaint(models.Model):
    """One report. Nothing of it is public before an official releases it."""

    class Mode(models.TextChoices):
        CONTACT = "contact"  # without login; the office knows how to reach the person
        ACCOUNT = "account"
        SECRET = "secret"  # noqa: S105 - a way to report; who it is stands sealed in SealedIdentity

    reference = models.CharField(max_length=12, unique=True)  # PD-7F3K-9Q2M
    key_digest = models.CharField(max_length=64, unique=True)  # SHA-256 of the tracking key
    key_sealed = models.BinaryField(null=True)  # to write the link into answers; never for secret ones
    mode = models.CharField(max_length=8, choices=Mode.choices)
    state = models.CharField(max_length=14, choices=[(name, name) for name in states.STATES])
    round = models.PositiveSmallIntegerField(default=1)  # one more each time it is opened again
    steps = models.PositiveSmallIntegerField(default=0)  # terms started so far; each has a name of its own
    channel = models.CharField(
        max_length=12
    )  # portal, whatsapp, telegram, email, web, counter, open311, sp4n
    external_number = models.CharField(max_length=40, null=True, unique=True)  # of SP4N-LAPOR!
    external_status = models.CharField(max_length=60, blank=True)
    category = models.CharField(max_length=40)
    level = models.CharField(max_length=15, choices=[(name, name) for name in limits.LEVELS])
    title = models.CharField(max_length=150)
    text = models.TextField()
    village = models.ForeignKey("regions.Region", null=True, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=200, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    happened_on = models.DateField(null=True)
    received_at = models.DateTimeField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="complaints"
    )
    # What the office owes next, the whole matter's limit, and the reporter's time to object.
    term = models.OneToOneField("calendar.Term", null=True, on_delete=models.PROTECT, related_name="+")
    completion = models.OneToOneField("calendar.Term", null=True, on_delete=models.PROTECT, related_name="+")
    quiet = models.OneToOneField("calendar.Term", null=True, on_delete=models.PROTECT, related_name="+")
    result = models.CharField(max_length=10, blank=True, choices=[(name, name) for name in states.RESULTS])
    replied_at = models.DateTimeField(null=True)
    fixed = models.BooleanField(null=True)  # the reporter's own word
    rating = models.PositiveSmallIntegerField(null=True)  # 1–4, as in the SKM
    closed_at = models.DateTimeField(null=True)
    closed_as = models.CharField(max_length=10, blank=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    supports = models.PositiveIntegerField(default=0)
    released_at = models.DateTimeField(null=True)
    public_title = models.CharField(max_length=150, blank=True)
    public_text = models.TextField(blank=True)
    public_point = models.BooleanField(default=False)
    updated_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["state", "received_at"], name="complaints_state"),
            models.Index(fields=["-received_at"], name="complaints_newest"),
            models.Index(
                fields=["-received_at"], condition=Q(released_at__isnull=False), name="complaints_public"
            ),
            # For maps: what lies in a box.
            models.Index(
                fields=["longitude", "latitude"],
                condition=Q(latitude__isnull=False),
                name="complaints_point",
            ),
            models.Index(fields=["user", "-received_at"], name="complaints_of_user"),
        ]
        constraints = [
            # A secret report names nobody outside of its seal.
            models.CheckConstraint(
                condition=~Q(mode="secret") | Q(user=None, key_sealed=None),
                name="complaints_secret_is_secret",
            ),
            models.CheckConstraint(
                condition=Q(rating=None) | Q(rating__range=(1, 4)), name="complaints_rating"
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def subject(self) -> str:
        """How terms, referrals and the intake call it."""
        return f"complaint:{self.reference}"

    @property
    def is_secret(self) -> bool:
        """Whether nobody may know who reported."""
        return self.mode == self.Mode.SECRET

    @property
    def standing(self) -> states.Standing:
        """What counts for the question whether it is settled."""
        return states.Standing(self.state, self.result, self.fixed)

    @property
    def settled(self) -> bool:
        """Whether it may be shown as settled."""
        return states.settled(self.standing)


class Reporter(models.Model):
    """Who reported and how to reach the person; only for reports that are not secret."""

    complaint = models.OneToOneField(Complaint, on_delete=models.PROTECT, related_name="reporter")
    name = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=20, blank=True)  # E.164
    email = models.EmailField(blank=True)
    conversation_id = models.BigIntegerField(null=True)  # of spine.messaging

    def __str__(self) -> str:
        return f"{self.complaint_id}"


class SealedIdentity(models.Model):
    """Who made a secret report, sealed. Opened only by `actions.reveal`."""

    complaint = models.OneToOneField(Complaint, on_delete=models.PROTECT, related_name="sealed")
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.complaint_id}"


class Reveal(models.Model):
    """Somebody opened a sealed identity; the reporter reads this row."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="reveals")
    official = models.ForeignKey("agencies.Official", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=500)

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.at}"


class Photo(models.Model):
    """A picture without its camera's data, or another file that came by chat (never public)."""

    class Source(models.TextChoices):
        REPORTER = "reporter"
        OFFICE = "office"  # after the work

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="photos")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=8, choices=Source.choices, default=Source.REPORTER)
    is_picture = models.BooleanField(default=True)
    public = models.BooleanField(default=False)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.file_id[:8]}"


class Event(models.Model):
    """One step of the time line; rows are only added."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=16)
    state = models.CharField(max_length=14)  # after it
    office = models.CharField(max_length=120, blank=True)  # "" is the reporter, or the house itself
    official = models.ForeignKey("agencies.Official", null=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    shown = models.BooleanField(default=True)  # to the reporter

    class Meta:
        indexes = [models.Index(fields=["complaint", "at"], name="complaints_event_of")]

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.kind}"


class Dispatch(models.Model):
    """An agency that was asked to follow it up."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="dispatches")
    round = models.PositiveSmallIntegerField()
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    referral_id = models.BigIntegerField(null=True, unique=True)  # of spine.referrals
    at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    given_back_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # Two officers who send it to the same agency at once send it once.
            models.UniqueConstraint(
                fields=["complaint", "round", "agency"],
                condition=Q(answered_at=None, given_back_at=None),
                name="complaints_dispatch_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.agency_id}"


class Supporter(models.Model):
    """Somebody who has the same trouble and wants to hear of it."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="supporters")
    mark = models.CharField(max_length=64)  # keyed digest of the account or the address: one person once
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    at = models.DateTimeField()
    proven_at = models.DateTimeField(null=True)  # None: typed only; neither counted nor told anything

    class Meta:
        constraints = [models.UniqueConstraint(fields=["complaint", "mark"], name="complaints_support_once")]

    def __str__(self) -> str:
        return f"{self.complaint_id}"
