"""Officials on their way to a signature: where each stands, what was handed in, who verifies, who was reminded."""

import uuid

from django.conf import settings
from django.db import models


class Enrolment(models.Model):
    """One official's way. The row says where it stands now; its history is the event stream "enrolment:<id>"."""

    class Stage(models.TextChoices):
        REGISTERED = "registered"  # the official e-mail is known; documents are missing
        DOCUMENTS = "documents"  # handed in: the verifikator looks at them
        VERIFIED = "verified"  # the official chooses the signing passphrase
        ISSUED = "issued"  # the certificate is there; nothing was signed with it yet
        ACTIVE = "active"  # signed at least once
        ENDED = "ended"  # no longer in office

    official = models.OneToOneField("agencies.Official", on_delete=models.PROTECT, related_name="enrolment")
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.REGISTERED)
    since = models.DateTimeField()  # in this stage
    moved_by = models.CharField(max_length=60)  # "official:7", "system", "command"
    returned_reason = models.CharField(
        max_length=500, blank=True
    )  # empty unless the verifikator sent it back
    echelon = models.CharField(max_length=5, blank=True)  # "II.b"; empty: none
    nik = models.BinaryField(null=True)  # sealed
    nik_mark = models.CharField(max_length=64, blank=True)  # keyed digest: the same NIK is found, never read
    recommendation_number = models.CharField(max_length=80, blank=True)
    serial = models.CharField(max_length=64, blank=True)  # of the newest certificate
    supersedes = models.CharField(max_length=64, blank=True)  # the certificate whose place the next one takes
    registered_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["stage", "since"], name="enrolments_by_stage"),
            models.Index(fields=["nik_mark"], name="enrolments_by_nik", condition=~models.Q(nik_mark="")),
        ]

    def __str__(self) -> str:
        return f"{self.official_id}: {self.stage}"


class Document(models.Model):
    """A file that an official handed in. The file lies encrypted; each reading is an event."""

    class Kind(models.TextChoices):
        RECOMMENDATION = "recommendation"  # surat rekomendasi of the head of the agency
        IDENTITY_CARD = "identity_card"  # e-KTP: holds the NIK

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=15, choices=Kind.choices)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=100)
    size = models.IntegerField()
    sha256 = models.CharField(max_length=64)  # of the content before it was encrypted
    uploaded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "kind"], name="one_document_a_kind")]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.kind}"


class Verifier(models.Model):
    """Who verifies the officials of an agency, appointed by a decree."""

    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="tte_verifiers")
    official = models.ForeignKey("agencies.Official", on_delete=models.PROTECT, related_name="tte_verifies")
    decree = models.CharField(max_length=160)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)  # the last day
    appointed_by = models.CharField(max_length=60)
    appointed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "official", "valid_from"], name="one_appointment_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.official_id} → {self.agency_id}"


class Reminder(models.Model):
    """A reminder that went out: to whom, about whom, on which day."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="reminders")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)  # "stuck.official", "stuck.verifier", "expiry.30" …
    serial = models.CharField(max_length=64, blank=True)  # of the certificate that ends
    day = models.DateField()
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "user", "kind", "day"], name="one_reminder_a_day")
        ]
        indexes = [models.Index(fields=["user", "day"], name="reminders_of_a_day")]

    def __str__(self) -> str:
        return f"{self.kind} {self.day}"


class ImportDraft(models.Model):
    """A list that was read and checked and waits for the second click. Its rows hold NIKs: they are sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=120)
    rows = models.BinaryField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.file_name
