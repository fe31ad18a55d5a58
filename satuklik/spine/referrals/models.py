"""Questions put to agencies, the hops they took, and everything that happened to them."""

from django.db import models

from satuklik.spine.referrals import rules


class Referral(models.Model):
    """A question to an agency about some object ("ppid:PI-7F3K-9Q2M"), which a system owns."""

    class State(models.TextChoices):
        OPEN = rules.OPEN
        ACKNOWLEDGED = rules.ACKNOWLEDGED
        ANSWERED = rules.ANSWERED
        GIVEN_BACK = rules.GIVEN_BACK
        RECALLED = rules.RECALLED

    reference = models.CharField(max_length=20, unique=True)  # "PN-7F3K-9Q2M"
    subject = models.CharField(max_length=60, db_index=True)
    title = models.CharField(max_length=200)  # holds no personal data: it stands behind links without login
    question = models.TextField()
    url = models.CharField(max_length=200)  # the object's page at the desk
    files = models.JSONField(default=list)  # SHA-256 of stored files
    confidential = models.BooleanField(default=False)  # nothing of it is shown behind a link
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey("agencies.Official", null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    received_on = models.DateField()  # day 0 of the object: forwarding resets no clock
    urgent_until = models.DateTimeField(null=True)
    term = models.OneToOneField("calendar.Term", null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    next_hop_at = models.DateTimeField(null=True)  # null: no hop is left, or nobody needs one
    escalated = models.BooleanField(default=False)  # a hop after the first was made: the agency was silent
    acknowledged_at = models.DateTimeField(null=True)  # by the agency itself, the first time
    acknowledged_by = models.ForeignKey(
        "agencies.Official", null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)  # answered, given back or recalled
    ended_by = models.ForeignKey("agencies.Official", null=True, on_delete=models.PROTECT, related_name="+")
    answer = models.TextField(blank=True)
    answer_files = models.JSONField(default=list)
    on_behalf = models.BooleanField(default=False)  # answered for the agency, which was silent
    reason = models.CharField(max_length=1000, blank=True)  # of giving back, recalling, answering on behalf
    suggested = models.ForeignKey("agencies.Agency", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            models.Index(
                fields=["next_hop_at"],
                condition=models.Q(state__in=[rules.OPEN, rules.ACKNOWLEDGED]),
                name="referrals_next_hop",
            ),
            models.Index(fields=["agency", "state"]),
            models.Index(fields=["asked_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.subject}"


class Hop(models.Model):
    """One asking of one official, or the note that nobody was there to be asked."""

    class Skipped(models.TextChoices):
        NOBODY = "nobody"  # the post is empty
        ALREADY = "already"  # the same person was asked by an earlier hop
        UNREACHABLE = "unreachable"  # no login, no telephone, no e-mail

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="hops")
    order = models.PositiveSmallIntegerField()  # from 0
    post = models.CharField(max_length=10)  # contact, deputy, head, board
    official = models.ForeignKey("agencies.Official", null=True, on_delete=models.PROTECT, related_name="+")
    position = models.CharField(max_length=140, blank=True)  # as it was then: "Plt. Kepala Dinas …"
    at = models.DateTimeField()
    skipped = models.CharField(max_length=12, choices=Skipped.choices, blank=True)
    message = models.ForeignKey("messaging.Message", null=True, on_delete=models.PROTECT, related_name="+")
    token_sha256 = models.CharField(max_length=64, unique=True, null=True)
    token_expires_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)  # the link or the page, by a person
    acknowledged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["referral", "order"], name="referrals_hop_once")]

    def __str__(self) -> str:
        return f"{self.referral_id}/{self.order} {self.post}"


class ReferralEvent(models.Model):
    """What happened to a referral; rows are only added (the database refuses anything else)."""

    class Kind(models.TextChoices):
        ASKED = "asked"
        SENT = "sent"  # a hop
        SKIPPED = "skipped"  # a hop that found nobody
        OPENED = "opened"
        ACKNOWLEDGED = "acknowledged"
        ANSWERED = "answered"
        ANSWERED_ON_BEHALF = "on_behalf"
        GIVEN_BACK = "given_back"
        RECALLED = "recalled"

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    at = models.DateTimeField()
    actor = models.ForeignKey("agencies.Official", null=True, on_delete=models.PROTECT, related_name="+")
    hop = models.ForeignKey(Hop, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=1000, blank=True)

    def __str__(self) -> str:
        return f"{self.referral_id} {self.kind}"


class Policy(models.Model):
    """The silence rule from a date on; the file data/policy.toml stands below all rows."""

    valid_from = models.DateField(unique=True)
    source = models.CharField(max_length=200)
    confirmed = models.BooleanField(default=False)
    answer_days = models.PositiveSmallIntegerField()
    shortest_days = models.PositiveSmallIntegerField()
    link_days = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()
    office_hours_only = models.BooleanField()
    acknowledged_pauses = models.BooleanField()
    hops = models.JSONField()  # as in the file: post, after_days, urgent_percent, roles, office
    set_by = models.ForeignKey("agencies.Official", null=True, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.valid_from}"


class AgencyContact(models.Model):
    """Who is asked first at an agency, and who second, where the roles of the roster would choose others."""

    agency = models.OneToOneField("agencies.Agency", on_delete=models.CASCADE, related_name="+")
    contact = models.ForeignKey("agencies.Official", null=True, on_delete=models.PROTECT, related_name="+")
    deputy = models.ForeignKey("agencies.Official", null=True, on_delete=models.PROTECT, related_name="+")
    changed_by = models.ForeignKey("agencies.Official", null=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.agency_id}"
