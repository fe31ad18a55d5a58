"""Ideas, who supports them, rounds of votes with their ballots, and the time line."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from satuklik.systems.ideas.rules import states


class Round(models.Model):
    """A round of votes within a budget."""

    title = models.CharField(max_length=120)
    about = models.TextField(blank=True)
    cap = models.BigIntegerField()  # Rupiah
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    # Opens the envelopes of this round; sealed under the vault key, deleted when the round is counted.
    sealed_key = models.BinaryField(null=True)
    counted_at = models.DateTimeField(null=True)
    ballots_counted = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(closes_at__gt=models.F("opens_at")), name="ideas_round_span"),
            models.CheckConstraint(condition=Q(cap__gt=0), name="ideas_round_cap"),
        ]

    def __str__(self) -> str:
        return self.title


class Idea(models.Model):
    """One idea."""

    class Group(models.TextChoices):
        RESIDENT = "resident"
        JOURNALIST = "journalist"

    reference = models.CharField(max_length=12, unique=True)  # ID-7F3K-9Q2M
    key_digest = models.CharField(max_length=64, unique=True)  # SHA-256 of the author's key
    group = models.CharField(max_length=10, choices=Group.choices, default=Group.RESIDENT)
    state = models.CharField(max_length=12, choices=[(name, name) for name in states.STATES])
    category = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    text = models.TextField()
    village = models.ForeignKey("regions.Region", null=True, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey("agencies.Agency", null=True, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="ideas"
    )
    channel = models.CharField(max_length=12)
    submitted_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    term = models.OneToOneField("calendar.Term", null=True, on_delete=models.PROTECT, related_name="+")
    steps = models.PositiveSmallIntegerField(default=0)
    supports = models.PositiveIntegerField(default=0)
    threshold = models.PositiveIntegerField()  # as it was when the idea came in
    suggested = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    cost = models.BigIntegerField(null=True)  # Rupiah, by the agency's review
    rkpd_code = models.CharField(max_length=30, blank=True)
    review = models.TextField(blank=True)
    reviewed_at = models.DateTimeField(null=True)
    round = models.ForeignKey(Round, null=True, on_delete=models.PROTECT, related_name="ideas")
    votes = models.PositiveIntegerField(null=True)
    outcome = models.CharField(max_length=10, blank=True)
    reason = models.TextField(blank=True)  # why it was not adopted

    class Meta:
        indexes = [
            models.Index(fields=["state", "-submitted_at"], name="ideas_state"),
            models.Index(fields=["user", "-submitted_at"], name="ideas_of_user"),
        ]
        constraints = [models.CheckConstraint(condition=Q(cost=None) | Q(cost__gt=0), name="ideas_cost")]

    def __str__(self) -> str:
        return self.reference

    @property
    def subject(self) -> str:
        """How terms, referrals and the intake call it."""
        return f"idea:{self.reference}"


class Author(models.Model):
    """Who had the idea; never shown to the public but for the outlet, where a journalist gave it."""

    idea = models.OneToOneField(Idea, on_delete=models.PROTECT, related_name="author")
    name = models.CharField(max_length=120, blank=True)
    outlet = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    conversation_id = models.BigIntegerField(null=True)  # of spine.messaging

    def __str__(self) -> str:
        return f"{self.idea_id}"


class Support(models.Model):
    """One verified person supports an idea, once. `person_id` is of spine.population."""

    idea = models.ForeignKey(Idea, on_delete=models.PROTECT, related_name="supporters")
    person_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["idea", "person_id"], name="ideas_support_once")]

    def __str__(self) -> str:
        return f"{self.idea_id}"


class Voter(models.Model):
    """That a verified person has voted in a round, with the ballot in its envelope until the round is counted. One row a
    person: one person, one vote. See `actions.voting` for who could open an envelope."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="voters")
    person_id = models.BigIntegerField()
    envelope = models.BinaryField(null=True)  # see `envelopes`; None: counted, or the round was called off

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "person_id"], name="ideas_vote_once")]

    def __str__(self) -> str:
        return f"{self.round_id}"


class Ballot(models.Model):
    """What somebody has chosen, not who. There are none before the round is counted: then all are written at once, under
    random ids and in random order. No time is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="ballots")
    choices = models.JSONField()  # ids of ideas, sorted

    def __str__(self) -> str:
        return f"{self.round_id}"


class Event(models.Model):
    """One step of the time line; rows are only added."""

    idea = models.ForeignKey(Idea, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=16)
    state = models.CharField(max_length=12)
    office = models.CharField(max_length=120, blank=True)
    official = models.ForeignKey("agencies.Official", null=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    shown = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"{self.idea_id} {self.kind}"


class Photo(models.Model):
    """A picture of the work, with the note that it belongs to."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="photos")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.event_id}"
