"""Journalists and their questions, statements with their approval, every attempt, letters of reply, releases."""

from datetime import UTC

from django.db import models
from django.db.models import Q

from satuklik.systems.press import rules


class Outlet(models.Model):
    """A press company. Verified is a note of ours, never a condition for public facts."""

    class Kind(models.TextChoices):
        ONLINE = "online"
        PRINT = "print"
        RADIO = "radio"
        TV = "tv"
        OTHER = "other"

    name = models.CharField(max_length=120)
    key = models.CharField(max_length=120, unique=True)  # the name in small letters without signs
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.OTHER)
    email = models.EmailField(blank=True)  # of the newsroom: letters of reply go there
    website = models.CharField(max_length=200, blank=True)
    verified_at = models.DateTimeField(null=True)
    verified_by = models.ForeignKey(
        "agencies.Official", null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Journalist(models.Model):
    """Somebody who asks for an outlet, known by telephone or e-mail. Nobody is asked for a press card."""

    name = models.CharField(max_length=120)
    outlet = models.ForeignKey(Outlet, null=True, on_delete=models.PROTECT, related_name="journalists")
    phone = models.CharField(max_length=20, blank=True)  # E.164
    email = models.CharField(max_length=254, blank=True)
    conversation = models.ForeignKey(
        "messaging.Conversation", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    verified_at = models.DateTimeField(null=True)
    verified_by = models.ForeignKey(
        "agencies.Official", null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["phone"], condition=~Q(phone=""), name="press_phone_once"),
            models.UniqueConstraint(
                fields=["email"], condition=Q(phone="") & ~Q(email=""), name="press_email_once"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class Enquiry(models.Model):
    """A question of a journalist, from the first line to what was printed."""

    reference = models.CharField(max_length=20, unique=True)  # "PR-7F3K-9Q2M"
    journalist = models.ForeignKey(Journalist, on_delete=models.PROTECT, related_name="enquiries")
    outlet = models.ForeignKey(Outlet, null=True, on_delete=models.PROTECT, related_name="enquiries")
    conversation = models.ForeignKey(
        "messaging.Conversation", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    channel = models.CharField(max_length=12, blank=True)  # by which it came
    topic = models.CharField(max_length=200)  # names nobody: it stands in referrals and lists
    question = models.TextField()
    allegation = models.TextField(blank=True)  # what will be said of the government: both sides need it
    files = models.JSONField(default=list)
    received_at = models.DateTimeField()
    deadline = models.DateTimeField(null=True)  # the journalist's
    urgent = models.BooleanField(default=False)
    due_at = models.DateTimeField()  # by the clock of the day
    state = models.CharField(max_length=16, default=rules.ASKED)
    assigned = models.ForeignKey("agencies.Official", null=True, on_delete=models.PROTECT, related_name="+")
    statement = models.ForeignKey("Statement", null=True, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True)
    message = models.ForeignKey("messaging.Message", null=True, on_delete=models.PROTECT, related_name="+")
    published_on = models.DateField(null=True)
    link = models.CharField(max_length=500, blank=True)
    handed_to = models.CharField(max_length=60, blank=True)  # the subject that it became: "ppid:…"
    handed_url = models.CharField(max_length=200, blank=True)
    key_sha256 = models.CharField(max_length=64, unique=True)  # of the word that opens the tracking page
    warned_at = models.DateTimeField(null=True)
    alarmed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"], name="press_enquiry_open", condition=Q(state__in=sorted(rules.UNANSWERED))
            ),
            models.Index(fields=["received_at"]),
            models.Index(fields=["state", "-received_at"]),
        ]

    def __str__(self) -> str:
        return self.reference


class Statement(models.Model):
    """A version of the answer. Approved by somebody who wrote none of the versions."""

    enquiry = models.ForeignKey(Enquiry, on_delete=models.PROTECT, related_name="statements")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    spokesperson = models.CharField(max_length=160, blank=True)  # as it may be quoted: name and office
    written_by = models.ForeignKey("agencies.Official", on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(
        "agencies.Official", null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    returned_by = models.ForeignKey(
        "agencies.Official", null=True, on_delete=models.PROTECT, related_name="+"
    )
    returned_at = models.DateTimeField(null=True)
    return_reason = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enquiry", "number"], name="press_statement_once")]

    def __str__(self) -> str:
        return f"{self.enquiry_id}/{self.number}"


class Attempt(models.Model):
    """One attempt to reach somebody, or to be reached: the proof of both sides. Rows are only added."""

    class Way(models.TextChoices):
        CALL = "call"
        CHAT = "chat"
        EMAIL = "email"
        MEETING = "meeting"
        LETTER = "letter"
        PORTAL = "portal"
        REFERRAL = "referral"  # an agency was asked for facts

    class Outcome(models.TextChoices):
        REACHED = "reached"
        NO_ANSWER = "no_answer"
        LEFT_WORD = "left_word"
        SENT = "sent"
        RECEIVED = "received"
        REFUSED = "refused"

    enquiry = models.ForeignKey(Enquiry, on_delete=models.PROTECT, related_name="attempts")
    at = models.DateTimeField()
    noted_at = models.DateTimeField()
    by = models.ForeignKey("agencies.Official", null=True, on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=10, choices=Way.choices)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    whom = models.CharField(max_length=120)  # an office or "wartawan", "redaksi": no names
    note = models.CharField(max_length=1000, blank=True)
    message = models.ForeignKey("messaging.Message", null=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.enquiry_id} {self.way} {self.outcome}"


class EnquiryEvent(models.Model):
    """What happened to a question; rows are only added."""

    enquiry = models.ForeignKey(Enquiry, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20)  # a state, or "read", "fact", "returned", "late", "verified"
    at = models.DateTimeField()
    by = models.ForeignKey("agencies.Official", null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=1000, blank=True)

    class Meta:
        indexes = [models.Index(fields=["enquiry", "kind"])]

    def __str__(self) -> str:
        return f"{self.enquiry_id} {self.kind}"


class ReplyLetter(models.Model):
    """A letter that uses the right of reply (hak jawab): UU 40/1999 ps. 5(2)."""

    enquiry = models.OneToOneField(Enquiry, on_delete=models.PROTECT, related_name="letter")
    number = models.CharField(max_length=80, blank=True)
    text = models.TextField()
    written_by = models.ForeignKey("agencies.Official", on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        "agencies.Official", null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    sent_by_way = models.CharField(max_length=10, blank=True)
    run_on = models.DateField(null=True)
    run_link = models.CharField(max_length=500, blank=True)
    refused_on = models.DateField(null=True)
    refusal = models.CharField(max_length=1000, blank=True)
    council_on = models.DateField(null=True)  # brought before the Press Council
    council_number = models.CharField(max_length=80, blank=True)

    def __str__(self) -> str:
        return f"{self.enquiry_id}"


class PressLetter(models.Model):
    """A letter on paper, to a newsroom or to the Press Council: what it says is frozen when it goes up to be signed."""

    class Kind(models.TextChoices):
        REPLY = "reply"  # hak jawab
        COUNCIL = "council"  # pengaduan ke Dewan Pers

    class State(models.TextChoices):
        WAITING = "waiting"
        SIGNED = "signed"
        RETURNED = "returned"  # by who should sign it, with a reason
        DROPPED = "dropped"  # a newer version took its place

    reference = models.CharField(max_length=24, unique=True)  # PR-7F3K-9Q2M-H1
    enquiry = models.ForeignKey(Enquiry, on_delete=models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")  # whose number
    text = models.TextField()
    content = models.JSONField()
    source = models.TextField()  # Typst, as it was shown
    preview = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    writers = models.JSONField()  # ids of everybody who wrote a version: none of them signs
    made_by = models.ForeignKey("agencies.Official", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    document = models.OneToOneField(
        "documents.IssuedDocument", null=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_by = models.ForeignKey("agencies.Official", null=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True)
    returned_because = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True)
    sent_by_way = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints = [
            # One of a kind waits or is signed: two clicks make one letter.
            models.UniqueConstraint(
                fields=["enquiry", "kind"],
                condition=Q(state__in=["waiting", "signed"]),
                name="press_one_letter",
            )
        ]

    def __str__(self) -> str:
        return self.reference


class Release(models.Model):
    """A press release: written, approved by another, published; corrected in the open."""

    slug = models.CharField(max_length=90, unique=True)
    title = models.CharField(max_length=160)
    summary = models.CharField(max_length=300)
    body = models.TextField()
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    photo = models.CharField(max_length=64, blank=True)  # SHA-256 of a stored picture
    photo_alt = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, default=rules.RELEASE_DRAFT)
    written_by = models.ForeignKey("agencies.Official", on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    writers = models.JSONField(default=list)  # ids of everybody who wrote a version: none of them approves
    approved_by = models.ForeignKey(
        "agencies.Official", null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawal = models.CharField(max_length=1000, blank=True)
    return_reason = models.CharField(max_length=1000, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["-published_at"], name="press_release_public", condition=Q(state="published")
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def version(self) -> str:
        """Which text this is: an approval names the one that was read."""
        return self.written_at.astimezone(UTC).isoformat()


class Correction(models.Model):
    """What was wrong in a published release, and what is right; shown above it for ever."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="corrections")
    at = models.DateTimeField()
    by = models.ForeignKey("agencies.Official", on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=1000)
    body_before = models.TextField()

    def __str__(self) -> str:
        return f"{self.release_id} {self.at}"


class PressPolicy(models.Model):
    """The clock from a date on; the file data/policy.toml stands below all rows."""

    valid_from = models.DateField(unique=True)
    source = models.CharField(max_length=200)
    confirmed = models.BooleanField(default=True)
    urgent_minutes = models.PositiveSmallIntegerField()
    press_opens = models.TimeField()
    press_closes = models.TimeField()
    normal_cutoff = models.TimeField()
    normal_closes = models.TimeField()
    normal_next = models.TimeField()
    urgent_if_minutes = models.PositiveSmallIntegerField()
    facts_percent = models.PositiveSmallIntegerField()
    warn_percent = models.PositiveSmallIntegerField()
    set_by = models.ForeignKey("agencies.Official", null=True, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.valid_from}"
