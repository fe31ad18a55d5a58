"""Numbers and the letters that were issued under them."""

from django.db import models


class NumberSequence(models.Model):
    """The last number given by one office in one year. The row is locked while a number is given."""

    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    year = models.SmallIntegerField()
    last = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "year"], name="one_sequence_a_year")]

    def __str__(self) -> str:
        return f"{self.agency_id}/{self.year}: {self.last}"


class IssuedDocument(models.Model):
    """A letter that exists: its number, its bytes, who signed it, whether it is in force."""

    class Status(models.TextChoices):
        # The number is given and the page is made; a remote backend has not said yet that it is signed.
        PENDING = "pending"
        IN_FORCE = "in_force"
        REPLACED = "replaced"
        ANNULLED = "annulled"

    # No index that another one covers, and none for patterns: each is paid for by every letter.
    agency = models.ForeignKey(
        "agencies.Agency", on_delete=models.PROTECT, related_name="documents", db_index=False
    )
    year = models.SmallIntegerField()
    serial = models.IntegerField(null=True)  # null: a document that carries no number of ours
    number = models.CharField(max_length=60)  # as printed; empty without one
    token = models.CharField(max_length=32)  # of the QR
    open_code = models.CharField(max_length=9, default="")  # printed: opens the registered PDF for its holder
    case_reference = models.CharField(max_length=20)
    service = models.CharField(
        max_length=80
    )  # slug; "naskah:<kind>" for correspondence, "tte" for other PDFs
    title = models.CharField(max_length=160)  # as printed, Indonesian
    title_en = models.CharField(max_length=160, blank=True)
    service_version = models.IntegerField(default=1)
    person = models.ForeignKey(
        "population.Person", null=True, on_delete=models.PROTECT, related_name="documents"
    )
    file = models.ForeignKey(
        "files.StoredFile", on_delete=models.PROTECT, related_name="+", db_index=False
    )  # the signed PDF
    # What the letter says: [{"label": {"id","en"}, "value": …}], shown to a verifier.
    content = models.JSONField()
    signature = models.JSONField()  # signing.SignedPdf without its bytes
    issued_at = models.DateTimeField()
    valid_until = models.DateField(null=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.IN_FORCE)
    status_reason = models.CharField(max_length=300, blank=True)
    status_at = models.DateTimeField(null=True)
    # The signed decision by which it was annulled or replaced.
    status_decision = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="decides", db_index=False
    )
    replaced_by = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="replaces", db_index=False
    )
    level = models.CharField(max_length=5, default="B-B")  # of the newest file: B-B, B-T, B-LT, B-LTA
    proof_until = models.DateTimeField(null=True)  # until then the newest timestamp can be checked
    archive_class = models.CharField(max_length=20, blank=True)  # Permendagri 83/2022
    keep_until = models.DateField(null=True)  # by the class's retention; null: not decided, or for ever
    fate = models.CharField(max_length=10, blank=True)  # afterwards: "musnah", "permanen", "dinilai"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "year", "serial"], name="one_letter_per_number"),
            models.UniqueConstraint(
                fields=["number"], name="one_letter_per_printed_number", condition=~models.Q(number="")
            ),
            models.UniqueConstraint(fields=["token"], name="one_letter_per_token"),
        ]
        indexes = [
            models.Index(fields=["case_reference"], name="letters_by_case"),
            models.Index(fields=["file"], name="letters_by_file"),
            models.Index(
                fields=["issued_at"], name="letters_pending", condition=models.Q(status="pending")
            ),  # a handful at a time
        ]

    def __str__(self) -> str:
        return self.number


class DocumentFile(models.Model):
    """A later file of the same letter: with timestamps and proofs added. All of them are genuine."""

    document = models.ForeignKey(IssuedDocument, on_delete=models.PROTECT, related_name="files")
    file = models.OneToOneField("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=5)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.document_id} {self.level}"
