"""Service versions, cases, what is attached to them, who decided what, and the clocks that run."""

from django.conf import settings
from django.db import models


class ServiceVersion(models.Model):
    """One published state of a service folder. Never changed: a case is pinned to the one it began with."""

    slug = models.CharField(max_length=80)
    version = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    files = models.JSONField()  # {"service.toml": text, "letter.typ": text, "examples.toml": text}
    published_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["slug", "version"], name="one_version_number"),
        ]

    def __str__(self) -> str:
        return f"{self.slug} v{self.version}"


class Case(models.Model):
    """A matter of a resident (permohonan)."""

    class State(models.TextChoices):
        SUBMITTED = "submitted"
        IN_REVIEW = "in_review"
        RETURNED = "returned"
        GRANTED = "granted"  # decided, waits for its signature
        ISSUED = "issued"
        REFUSED = "refused"
        HANDED_OFF = "handed_off"
        COMPLETED = "completed"
        WITHDRAWN = "withdrawn"

    reference = models.CharField(max_length=20)
    # No index that another one covers: each is paid for by every click.
    service_version = models.ForeignKey(
        ServiceVersion, on_delete=models.PROTECT, related_name="cases", db_index=False
    )
    person = models.ForeignKey(
        "population.Person", on_delete=models.PROTECT, related_name="cases", db_index=False
    )
    agency = models.ForeignKey(
        "agencies.Agency", on_delete=models.PROTECT, related_name="cases", db_index=False
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    assisted_by = models.ForeignKey(
        "agencies.Official",
        null=True,
        on_delete=models.PROTECT,
        related_name="assisted_cases",
        db_index=False,
    )
    channel = models.CharField(max_length=10)  # portal, counter, api
    key = models.CharField(max_length=64)  # of the click: the same key gives the same case
    fingerprint = models.CharField(max_length=64)  # of service, person, answers, files: tells a double tap
    state = models.CharField(max_length=12, choices=State.choices)
    language = models.CharField(max_length=5, default="id")
    answers = models.JSONField()  # {id: value}
    facts = models.JSONField()  # {name: {"value", "source", "as_of"}}: what registers said at submission
    evaluation = models.JSONField()  # [{"rule", "holds", "law", "inputs"}]
    fee = models.BigIntegerField(default=0)  # rupiah
    note = models.TextField(blank=True)  # what to mend, why refused
    submitted_at = models.DateTimeField()
    due_on = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reference"], name="one_case_per_reference"),
            models.UniqueConstraint(fields=["submitted_by", "key"], name="one_case_per_click"),
        ]
        indexes = [
            models.Index(fields=["person", "-submitted_at"]),
            models.Index(fields=["fingerprint"]),
            models.Index(
                fields=["assisted_by"], name="assisted_cases", condition=models.Q(assisted_by__isnull=False)
            ),
            # The desk's boxes in their order, and what was closed last.
            models.Index(
                fields=["agency", "state", "due_on", "reference"],
                name="open_cases_by_state",
                condition=models.Q(closed_at__isnull=True),
            ),
            models.Index(
                fields=["agency", "-closed_at", "reference"],
                name="closed_cases",
                condition=models.Q(closed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class Attachment(models.Model):
    """A file that the applicant gave with an answer."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="attachments")
    question = models.CharField(max_length=60)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Task(models.Model):
    """What an office has to do in a case now."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="tasks")
    agency = models.ForeignKey(
        "agencies.Agency", on_delete=models.PROTECT, related_name="tasks", db_index=False
    )
    step = models.CharField(max_length=20)  # examine, sign
    roles = models.JSONField()  # which roles of the office may do it
    created_at = models.DateTimeField()
    due_on = models.DateField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        "agencies.Official", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["agency", "due_on"], name="open_tasks", condition=models.Q(done_at__isnull=True)
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], name="one_open_task", condition=models.Q(done_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.case_id}"


class Decision(models.Model):
    """A decision in a case, by whom, and on which ground."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=10)  # automatic, official, deemed
    outcome = models.CharField(max_length=10)  # grant, return, refuse
    official = models.ForeignKey("agencies.Official", null=True, on_delete=models.PROTECT, related_name="+")
    acting_as = models.CharField(max_length=20, blank=True)  # Plt, Plh
    reason = models.TextField(blank=True)
    rule = models.CharField(max_length=60, blank=True)
    law = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.outcome} {self.case_id}"


class Clock(models.Model):
    """A deadline in working days; paused while the applicant has to mend something."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="clocks")
    kind = models.CharField(max_length=20)  # decision
    days = models.SmallIntegerField()
    law = models.CharField(max_length=300)
    started_on = models.DateField()
    due_on = models.DateField()
    paused_on = models.DateField(null=True)
    used_days = models.SmallIntegerField(default=0)
    stopped_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.due_on}"


class HandOff(models.Model):
    """A case handed to a system that is not ours (SIAK, OSS, SIMBG), followed to its end."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="handoff")
    target = models.CharField(max_length=40)
    receipt = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=12, default="prepared")  # prepared, handed_over, done, rejected
    handed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.target} {self.case_id}"
