"""Days on which no office works, the decree that says so, and the terms that are counted in working days."""

from django.db import models


class Holiday(models.Model):
    """A national holiday, a joint leave day or a local holiday."""

    class Kind(models.TextChoices):
        NATIONAL = "national"
        JOINT_LEAVE = "joint_leave"  # cuti bersama
        LOCAL = "local"

    date = models.DateField(primary_key=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.NATIONAL)
    decree = models.CharField(max_length=200)
    confirmed = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"{self.date} {self.name}"


class Term(models.Model):
    """A period of working days within which something must have happened. What it is about is said by `subject`
    ("ppid:PI-7F3K-9Q2M") and `name` ("answer"); whoever owns the matter points at the row."""

    subject = models.CharField(max_length=60)
    name = models.CharField(max_length=30)
    received_on = models.DateField()  # day 0, in Asia/Jakarta
    days = models.PositiveSmallIntegerField()
    extra_days = models.PositiveSmallIntegerField(default=0)  # by extension, counted from the end of `days`
    six_day = models.BooleanField(default=False)
    law = models.CharField(max_length=200)
    due_on = models.DateField(null=True)  # null: a year that the count reaches is not decreed yet
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "name"], name="calendar_term_once")]
        indexes = [
            models.Index(fields=["due_on"], condition=models.Q(closed_at=None), name="calendar_term_open")
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.name} {self.due_on}"


class TermEvent(models.Model):
    """What happened to a term; rows are only added."""

    class Kind(models.TextChoices):
        STARTED = "started"
        EXTENDED = "extended"
        RECOMPUTED = "recomputed"  # the calendar changed
        CLOSED = "closed"
        REOPENED = "reopened"

    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    at = models.DateTimeField()
    actor = models.CharField(max_length=120)
    reason = models.CharField(max_length=500, blank=True)
    due_before = models.DateField(null=True)
    due_after = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.term_id} {self.kind} {self.at}"
