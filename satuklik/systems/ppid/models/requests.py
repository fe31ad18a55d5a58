"""A request for information and what happens to it (UU 14/2008; Perki 1/2021)."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from satuklik.systems.ppid import rules

if TYPE_CHECKING:
    from satuklik.base.calendar.models import Term


class RegisterCounter(models.Model):
    """The last number of a register in a year. The row is locked while a number is given: no gap, no number twice."""

    register = models.CharField(max_length=12)  # "request", "objection"
    year = models.SmallIntegerField()
    last = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["register", "year"], name="ppid_one_counter")]

    def __str__(self) -> str:
        return f"{self.register}/{self.year}: {self.last}"


class InformationRequest(models.Model):
    """One request: who asks for what, by when it must be answered, and what came of it."""

    class State(models.TextChoices):
        REGISTERED = rules.REGISTERED
        COMPLETENESS = rules.COMPLETENESS
        INCOMPLETE = rules.INCOMPLETE
        IN_PROCESS = rules.IN_PROCESS
        WITH_PELAKSANA = rules.WITH_PELAKSANA
        CLARIFICATION = rules.CLARIFICATION
        CONSEQUENCE_TEST = rules.CONSEQUENCE_TEST
        DECIDED = rules.DECIDED
        DELIVERED = rules.DELIVERED
        CLOSED = rules.CLOSED
        WITHDRAWN = rules.WITHDRAWN

    class Applicant(models.TextChoices):
        PERSON = "person"
        GROUP = "group"  # several persons with a power of attorney
        LEGAL = "legal"  # with the decree that made it a legal entity

    class Obtain(models.TextChoices):
        VIEW = "view"  # see, read, listen, take notes
        SOFT = "soft"  # a copy as a file
        HARD = "hard"  # a copy on paper

    class Delivery(models.TextChoices):
        CHAT = "chat"
        EMAIL = "email"
        PORTAL = "portal"
        PICKUP = "pickup"
        POST = "post"

    reference = models.CharField(max_length=20, unique=True)  # PI-7F3K-9Q2M: in addresses, logs and talk
    # Of the tracking page: 128 random bits, or as many computed from a form's word; compared in constant time.
    key = models.CharField(max_length=32)
    year = models.SmallIntegerField()
    serial = models.IntegerField()
    number = models.CharField(max_length=40, unique=True)  # as printed: 0012/PPID/XI/2026
    received_at = models.DateTimeField()  # of the first message; its day is day 0 (ps. 22)
    registered_at = models.DateTimeField()
    channel = models.CharField(max_length=12)  # web, whatsapp, telegram, email, counter, letter
    conversation_id = models.BigIntegerField(null=True)  # of spine.messaging
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("population.Person", null=True, on_delete=models.PROTECT, related_name="+")

    applicant = models.CharField(max_length=8, choices=Applicant.choices, default=Applicant.PERSON)
    name = models.CharField(max_length=160)
    nik = models.CharField(max_length=16, blank=True)
    decree = models.CharField(max_length=120, blank=True)  # number of a legal entity's decree
    address = models.CharField(max_length=400, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    email = models.CharField(max_length=254, blank=True)
    occupation = models.CharField(max_length=120, blank=True)
    proxy_for = models.CharField(max_length=160, blank=True)  # on whose power of attorney
    details = models.TextField()  # rincian informasi
    purpose = models.TextField(blank=True)
    obtain = models.CharField(max_length=4, choices=Obtain.choices, default=Obtain.SOFT)
    delivery = models.CharField(max_length=6, choices=Delivery.choices, default=Delivery.PORTAL)

    state = models.CharField(max_length=16, choices=State.choices, default=State.REGISTERED)
    state_before = models.CharField(max_length=16, blank=True)  # where a clarification goes back to
    changed_at = models.DateTimeField()
    officer = models.ForeignKey("agencies.Official", null=True, on_delete=models.PROTECT, related_name="+")
    six_day = models.BooleanField(default=False)
    # Day 0 is the receipt, and, as some bodies count, the day on which it was declared complete.
    term = models.OneToOneField("calendar.Term", null=True, on_delete=models.PROTECT, related_name="+")
    term_complete = models.OneToOneField(
        "calendar.Term", null=True, on_delete=models.PROTECT, related_name="+"
    )
    term_check = models.OneToOneField("calendar.Term", null=True, on_delete=models.PROTECT, related_name="+")
    term_supplement = models.OneToOneField(
        "calendar.Term", null=True, on_delete=models.PROTECT, related_name="+"
    )
    term_order = models.OneToOneField("calendar.Term", null=True, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(null=True)  # the earlier of the open terms; null: its year is not decreed yet
    complete_at = models.DateTimeField(null=True)
    missing = models.TextField(blank=True)  # what the applicant must add
    extended_on = models.DateField(null=True)
    extension_reason = models.TextField(blank=True)
    extension_letter = models.OneToOneField(
        "ppid.Letter", null=True, on_delete=models.PROTECT, related_name="extends"
    )  # the notice that extends: waiting for its signature, then signed
    notified_at = models.DateTimeField(null=True)  # the written notice left the house
    delivered_at = models.DateTimeField(null=True)  # the information was handed over
    closed_at = models.DateTimeField(null=True)
    paid_on = models.DateField(null=True)
    paid = models.PositiveBigIntegerField(default=0)  # rupiah
    payment_note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "serial"], name="ppid_one_request_per_number"),
            models.UniqueConstraint(fields=["key"], name="ppid_one_request_per_key"),  # a form is found by it
        ]
        indexes = [
            models.Index(fields=["due_on", "id"], condition=models.Q(state__in=sorted(rules.OPEN)), name="ppid_open_by_due"),
            models.Index(fields=["state", "due_on"], name="ppid_by_state"),
            models.Index(fields=["received_at"], name="ppid_by_receipt"),
            models.Index(fields=["user"], name="ppid_by_user"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        """How terms, referrals and messages name it."""
        return f"ppid:{self.reference}"

    def ended_by_us(self) -> bool:
        """Whether an officer ended it without a decision, and that is how it stands. Who asked may object to that."""
        ends = [event for event in self.events.all() if event.kind in ("dropped", "withdrawn", "reopened")]
        return bool(ends) and max(ends, key=lambda event: event.pk).kind == "dropped"

    def answer_terms(self) -> "list[tuple[str, Term]]":
        """The clocks of the answer that run, with their fields: those that an extension extends."""
        found = (("term", self.term), ("term_complete", self.term_complete))
        return [(name, term) for name, term in found if term is not None and term.closed_at is None]


class Event(models.Model):
    """What happened to a request or an objection; rows are only added. Registers print these and nothing else."""

    request = models.ForeignKey(InformationRequest, on_delete=models.PROTECT, related_name="events")
    objection = models.ForeignKey(
        "ppid.Objection", null=True, on_delete=models.PROTECT, related_name="events"
    )
    kind = models.CharField(max_length=24)
    at = models.DateTimeField()
    official = models.ForeignKey("agencies.Official", null=True, on_delete=models.PROTECT, related_name="+")
    actor = models.CharField(max_length=40)  # official:12, applicant, system
    note = models.TextField(blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["request", "id"], name="ppid_events_of")]

    def __str__(self) -> str:
        return f"{self.request_id} {self.kind} {self.at}"


class MatterFile(models.Model):
    """A file of a request or an objection: what the applicant gave, or what is answered with."""

    class Kind(models.TextChoices):
        APPLICANT = "applicant"
        POWER = "power"  # power of attorney
        ANSWER = "answer"
        DISPUTE = "dispute"

    request = models.ForeignKey(InformationRequest, on_delete=models.PROTECT, related_name="files")
    objection = models.ForeignKey("ppid.Objection", null=True, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    added_at = models.DateTimeField()
    # With which decision an answer's file goes out: what was put to one that was taken back goes to nobody.
    decision = models.ForeignKey("ppid.Decision", null=True, on_delete=models.PROTECT, related_name="files")

    def __str__(self) -> str:
        return self.name


class Clarification(models.Model):
    """A question to the applicant, and the answer. The clock goes on, unless the setting says otherwise."""

    request = models.ForeignKey(InformationRequest, on_delete=models.PROTECT, related_name="clarifications")
    question = models.TextField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("agencies.Official", on_delete=models.PROTECT, related_name="+")
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request"], condition=models.Q(answered_at=None), name="ppid_one_open_question"
            )
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.asked_at}"


class ConsequenceTest(models.Model):
    """Uji konsekuensi: what would follow if a piece of information were opened, and if it stays closed (ps. 19)."""

    request = models.ForeignKey(InformationRequest, null=True, on_delete=models.PROTECT, related_name="tests")
    information = models.TextField()
    ground = models.CharField(max_length=1)  # ps. 17 a–j
    law = models.CharField(max_length=300, blank=True)  # the other law, for ground j
    if_opened = models.TextField()
    if_closed = models.TextField()
    closed_for = models.CharField(max_length=120)  # "5 tahun", "sampai penyidikan selesai"
    closed_until = models.DateField(null=True)
    sat = models.JSONField()  # who sat: [{"name", "position"}]
    exempt = models.BooleanField()  # whether the ground holds
    tested_on = models.DateField()
    recorded_by = models.ForeignKey("agencies.Official", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.ground} {self.tested_on}"


class Letter(models.Model):
    """A decision on paper: what it says is frozen when it goes up to be signed."""

    class Kind(models.TextChoices):
        NOTICE = "notice"  # pemberitahuan tertulis
        REFUSAL = "refusal"  # surat keputusan PPID tentang penolakan
        OBJECTION = "objection"  # tanggapan Atasan PPID
        EXTENSION = "extension"  # pemberitahuan perpanjangan waktu

    class State(models.TextChoices):
        WAITING = "waiting"
        SIGNED = "signed"
        RETURNED = "returned"  # the signer gave it back, with a reason
        DROPPED = "dropped"  # the officer took it back

    reference = models.CharField(max_length=20, unique=True)  # PI-7F3K-9Q2M-1
    kind = models.CharField(max_length=10, choices=Kind.choices)
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")  # whose number
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    content = models.JSONField()
    source = models.TextField()  # Typst, as it was shown
    preview = models.ForeignKey(
        "files.StoredFile", on_delete=models.PROTECT, related_name="+"
    )  # what is read
    document = models.OneToOneField(
        "documents.IssuedDocument", null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("agencies.Official", on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(null=True)
    signed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey("agencies.Official", null=True, on_delete=models.PROTECT, related_name="+")
    returned_because = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["agency", "due_on"], condition=models.Q(state="waiting"), name="ppid_to_sign"
            )
        ]

    def __str__(self) -> str:
        return self.reference


class Decision(models.Model):
    """What the officer decided. One is in force; those that were taken back stay to be read."""

    request = models.ForeignKey(InformationRequest, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=8)  # rules.OUTCOMES
    answer = models.TextField(blank=True)
    grounds = models.JSONField(default=list)  # ps. 17, letters
    tests = models.ManyToManyField(ConsequenceTest, related_name="+")
    reason = models.TextField(blank=True)
    form_held = models.CharField(max_length=4, blank=True)  # "soft", "hard", "both"
    held_by = models.CharField(max_length=200, blank=True)  # outside: who holds it (ps. 22(7)b)
    held_by_email = models.CharField(max_length=254, blank=True)
    cost = models.PositiveBigIntegerField(default=0)  # rupiah
    cost_basis = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey("agencies.Official", on_delete=models.PROTECT, related_name="+")
    letter = models.OneToOneField(Letter, on_delete=models.PROTECT, related_name="decision")
    in_force = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request"], condition=models.Q(in_force=True), name="ppid_one_decision_in_force"
            )
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.outcome}"
