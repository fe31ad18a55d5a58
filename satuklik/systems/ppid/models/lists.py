"""The lists of public and of exempt information (DIP, DIK), published answers, the yearly report, the evidence."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models

from satuklik.systems.ppid.models.requests import InformationRequest


class InformationItem(models.Model):
    """A line of the list of public information (DIP) or of exempt information (DIK)."""

    class Class(models.TextChoices):
        PERIODIC = "berkala"  # UU 14/2008 ps. 9
        AT_ONCE = "serta-merta"  # ps. 10
        ALWAYS = "setiap-saat"  # ps. 11
        EXEMPT = "dikecualikan"  # ps. 17

    class Form(models.TextChoices):
        SOFT = "soft"
        HARD = "hard"
        BOTH = "both"

    slug = models.SlugField(max_length=120, unique=True)
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    kind = models.CharField(max_length=12, choices=Class.choices)
    agency = models.ForeignKey(
        "agencies.Agency", on_delete=models.PROTECT, related_name="+"
    )  # who is responsible
    officer_title = models.CharField(max_length=160, blank=True)  # penanggung jawab pembuatan
    made_on = models.DateField()
    made_at = models.CharField(max_length=80, blank=True)  # where it was made
    form = models.CharField(max_length=4, choices=Form.choices, default=Form.SOFT)
    retention = models.CharField(max_length=120)
    link = models.URLField(max_length=300, blank=True)
    files = models.JSONField(default=list)  # [{"sha256", "name"}], only what a person approved
    ground = models.CharField(max_length=1, blank=True)  # DIK: ps. 17
    test = models.ForeignKey("ppid.ConsequenceTest", null=True, on_delete=models.PROTECT, related_name="+")
    closed_until = models.DateField(null=True)
    published_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey("agencies.Official", null=True, on_delete=models.PROTECT, related_name="+")
    words = models.GeneratedField(
        expression=SearchVector("title", "summary", config="indonesian"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        indexes = [
            GinIndex(fields=["words"], name="ppid_item_words"),
            models.Index(fields=["kind", "-made_on"], condition=models.Q(published_at__isnull=False), name="ppid_item_shown"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title


class PublishedAnswer(models.Model):
    """A question and its answer for everybody: masked by the machine, approved by a person, never of itself."""

    class State(models.TextChoices):
        DRAFT = "draft"
        PUBLISHED = "published"
        WITHDRAWN = "withdrawn"

    request = models.OneToOneField(InformationRequest, on_delete=models.PROTECT, related_name="published")
    title = models.CharField(max_length=200)
    question = models.TextField()
    answer = models.TextField()
    files = models.JSONField(default=list)  # [{"sha256", "name"}], those that were ticked
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    made_by = models.ForeignKey("agencies.Official", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        "agencies.Official", null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    slug = models.CharField(max_length=12, unique=True)  # says nothing of the request

    class Meta:
        indexes = [
            models.Index(
                fields=["-approved_at"], condition=models.Q(state="published"), name="ppid_answers_shown"
            )
        ]

    def __str__(self) -> str:
        return self.title


class AnnualReport(models.Model):
    """The parts of the yearly report that people write (Perki 1/2021); its counts come from the events."""

    year = models.SmallIntegerField(unique=True)
    policy = models.TextField(blank=True)
    facilities = models.TextField(blank=True)
    staff = models.TextField(blank=True)
    staff_count = models.PositiveIntegerField(default=0)
    budget = models.PositiveBigIntegerField(default=0)  # rupiah
    budget_used = models.PositiveBigIntegerField(default=0)
    obstacles = models.TextField(blank=True)
    recommendations = models.TextField(blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey("agencies.Official", null=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.year)


class Evidence(models.Model):
    """A piece of evidence for the Information Commission's monitoring, under one of its indicators."""

    year = models.SmallIntegerField()
    indicator = models.CharField(max_length=16)  # rules.INDICATORS
    title = models.CharField(max_length=200)
    note = models.TextField(blank=True)
    link = models.URLField(max_length=300, blank=True)
    file = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=100, blank=True)
    score = models.PositiveSmallIntegerField(default=0)  # own assessment, 0–100
    added_at = models.DateTimeField()
    added_by = models.ForeignKey("agencies.Official", on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["year", "indicator"], name="ppid_evidence_of")]

    def __str__(self) -> str:
        return self.title
