"""Naskah dinas: drafts and their versions, the chain of parafs, recipients, registers, dispositions."""

from django.db import models


class Naskah(models.Model):
    """One official letter of an agency, from draft to archive (Permendagri 1/2023)."""

    class State(models.TextChoices):
        DRAFT = "draft"
        IN_REVIEW = "in_review"  # parafs go up the hierarchy
        RETURNED = "returned"  # to who drafted it, with a reason
        TO_SIGN = "to_sign"  # every paraf is there
        SIGNED = "signed"  # numbered, signed, in the register; not sent yet
        DISPATCHED = "dispatched"
        CANCELLED = "cancelled"

    reference = models.CharField(max_length=20, unique=True)  # "ND-2026-000123": in addresses and logs
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="naskah")
    kind = models.CharField(max_length=40)  # a folder of naskah/, or "unggahan" for an uploaded PDF
    subject = models.CharField(max_length=200)  # perihal
    classification = models.CharField(max_length=20)  # kode klasifikasi arsip, Permendagri 83/2022
    urgency = models.CharField(max_length=14)  # biasa, segera, sangat_segera
    secrecy = models.CharField(max_length=14)  # biasa, terbatas, rahasia, sangat_rahasia
    content = models.JSONField(default=dict)  # the template's fields, as typed
    uploaded = models.ForeignKey(
        "files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+"
    )  # the PDF that is signed instead of a template
    placement = models.JSONField(null=True)  # where the visible signature stands on it (signing.placement)
    drafted_by = models.ForeignKey(
        "agencies.Official", on_delete=models.PROTECT, related_name="naskah_drafted"
    )
    # Whose signature it bears: the head of this agency, whoever that is at the moment of signing …
    signed_for = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    # … or this official in his own name (a secretary's or division's letter); null: the head.
    signer = models.ForeignKey("agencies.Official", null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    version = models.SmallIntegerField(default=1)
    answers = models.ForeignKey(
        "Incoming", null=True, on_delete=models.PROTECT, related_name="answered_by"
    )  # the incoming letter that this one answers
    document = models.OneToOneField(
        "documents.IssuedDocument", null=True, on_delete=models.PROTECT, related_name="naskah"
    )
    due_on = models.DateField(null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["agency", "state", "-changed_at"], name="naskah_by_office")]

    def __str__(self) -> str:
        return self.reference


class Version(models.Model):
    """What was sent up for paraf: never changed. Parafs are bound to the digest of its PDF."""

    naskah = models.ForeignKey(Naskah, on_delete=models.PROTECT, related_name="versions")
    number = models.SmallIntegerField()
    content = models.JSONField()
    file = models.ForeignKey(
        "files.StoredFile", on_delete=models.PROTECT, related_name="+"
    )  # SHA-256 = its key
    made_by = models.ForeignKey("agencies.Official", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["naskah", "number"], name="one_version_a_number")]

    def __str__(self) -> str:
        return f"{self.naskah_id} v{self.number}"


class Step(models.Model):
    """One paraf, or the signature. Steps with the same `order` are open side by side; the next order opens when all
    of them are done."""

    class Kind(models.TextChoices):
        PARAF = "paraf"
        SIGN = "sign"

    class State(models.TextChoices):
        WAITING = "waiting"  # an earlier order is not done
        OPEN = "open"
        DONE = "done"
        RETURNED = "returned"
        FORWARDED = "forwarded"  # handed to somebody else's step of the same order
        DROPPED = "dropped"  # the version was returned before it came to this

    naskah = models.ForeignKey(Naskah, on_delete=models.PROTECT, related_name="steps")
    version = models.SmallIntegerField()
    order = models.SmallIntegerField()
    kind = models.CharField(max_length=5, choices=Kind.choices)
    official = models.ForeignKey(
        "agencies.Official", null=True, on_delete=models.PROTECT, related_name="naskah_steps"
    )  # null: the head of `agency`, whoever that is
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    opened_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey("agencies.Official", null=True, on_delete=models.PROTECT, related_name="+")
    acting_as = models.CharField(max_length=3, blank=True)
    note = models.CharField(max_length=500, blank=True)  # the reason of a return
    # The chain of approvals: each link covers who, when, the PDF's SHA-256 and the link before it.
    sha256 = models.CharField(max_length=64, blank=True)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["version", "order", "pk"]
        indexes = [
            models.Index(fields=["official"], name="open_steps", condition=models.Q(state="open")),
            models.Index(fields=["agency"], name="open_steps_of_heads", condition=models.Q(state="open")),
        ]

    def __str__(self) -> str:
        return f"{self.naskah_id} {self.kind} {self.order}: {self.state}"


class Recipient(models.Model):
    """Whom a naskah goes to, or who gets a copy (tembusan): an agency of ours, or somebody outside."""

    class Kind(models.TextChoices):
        TO = "to"
        COPY = "copy"

    naskah = models.ForeignKey(Naskah, on_delete=models.CASCADE, related_name="recipients")
    position = models.SmallIntegerField()
    kind = models.CharField(max_length=4, choices=Kind.choices)
    agency = models.ForeignKey("agencies.Agency", null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=160)  # as printed: "Kepala Dinas Kesehatan"
    address = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    delivered_at = models.DateTimeField(null=True)  # in an office's agenda masuk; outside: when it was sent
    sent_how = models.CharField(max_length=120, blank=True, default="")  # to somebody outside
    sent_by = models.ForeignKey("agencies.Official", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["kind", "position"]

    def __str__(self) -> str:
        return self.name


class AgendaNumber(models.Model):
    """The last number of an agency's register of a year. The row is locked while a number is given."""

    agency = models.ForeignKey("agencies.Agency", on_delete=models.CASCADE, related_name="+", db_index=False)
    direction = models.CharField(max_length=3)  # in, out
    year = models.SmallIntegerField()
    last = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "direction", "year"], name="one_register_a_year")
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.direction} {self.year}: {self.last}"


class AgendaEntry(models.Model):
    """A line of the register of letters: agenda keluar or agenda masuk. Written once, never changed."""

    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="agenda")
    direction = models.CharField(max_length=3, choices=[("in", "masuk"), ("out", "keluar")])
    year = models.SmallIntegerField()
    serial = models.IntegerField()
    at = models.DateTimeField()
    number = models.CharField(max_length=60)  # of the letter
    dated = models.DateField()
    correspondent = models.CharField(max_length=300)  # from whom, or to whom
    subject = models.CharField(max_length=200)
    classification = models.CharField(max_length=20)
    secrecy = models.CharField(max_length=14)
    document = models.ForeignKey(
        "documents.IssuedDocument", null=True, on_delete=models.PROTECT, related_name="agenda"
    )
    file = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "direction", "year", "serial"], name="one_line_a_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.direction} {self.serial}/{self.year}"


class Incoming(models.Model):
    """A letter in an agency's inbox: from another office of ours, or registered from outside."""

    class State(models.TextChoices):
        NEW = "new"
        READ = "read"
        DISPOSED = "disposed"  # a disposition is out
        DONE = "done"

    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="incoming")
    entry = models.OneToOneField(AgendaEntry, on_delete=models.PROTECT, related_name="incoming")
    naskah = models.ForeignKey(
        Naskah, null=True, on_delete=models.PROTECT, related_name="deliveries"
    )  # null: it came from outside
    copy = models.BooleanField(default=False)  # as tembusan
    urgency = models.CharField(max_length=14)
    state = models.CharField(max_length=8, choices=State.choices, default=State.NEW)
    received_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    read_by = models.ForeignKey("agencies.Official", null=True, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "naskah"], name="a_naskah_arrives_once")]
        indexes = [models.Index(fields=["agency", "state", "-received_at"], name="incoming_by_office")]

    def __str__(self) -> str:
        return str(self.entry)


class Disposition(models.Model):
    """An instruction on an incoming letter, from a superior to a subordinate; may be passed on."""

    incoming = models.ForeignKey(Incoming, on_delete=models.PROTECT, related_name="dispositions")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    giver = models.ForeignKey("agencies.Official", on_delete=models.PROTECT, related_name="+")
    acting_as = models.CharField(max_length=3, blank=True)
    taker = models.ForeignKey("agencies.Official", on_delete=models.PROTECT, related_name="dispositions")
    instruction = models.CharField(max_length=40)  # a word of the sheet: tindak_lanjuti, untuk_diketahui …
    note = models.CharField(max_length=500, blank=True)
    due_on = models.DateField(null=True)
    given_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    report = models.CharField(max_length=1000, blank=True)

    class Meta:
        indexes = [models.Index(fields=["taker"], name="open_dispositions", condition=models.Q(done_at=None))]

    def __str__(self) -> str:
        return f"{self.incoming_id} → {self.taker_id}"
