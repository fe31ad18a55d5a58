"""An objection to Atasan PPID and the dispute that may follow (UU 14/2008 ps. 35–37)."""

from django.db import models

from satuklik.systems.ppid import rules
from satuklik.systems.ppid.models.requests import InformationRequest, Letter


class Objection(models.Model):
    """One objection: its ground, what Atasan PPID said, and where the dispute stands."""

    class State(models.TextChoices):
        FILED = rules.FILED
        REGISTERED = rules.REGISTERED
        WITH_ATASAN = rules.WITH_ATASAN
        DECIDED = rules.DECIDED
        DISPUTE_WINDOW = rules.DISPUTE_WINDOW
        AT_KI = rules.AT_KI
        MEDIATION = rules.MEDIATION
        ADJUDICATION = rules.ADJUDICATION
        RULED = rules.RULED
        CLOSED = rules.CLOSED
        WITHDRAWN = rules.WITHDRAWN

    reference = models.CharField(max_length=20, unique=True)  # KB-7F3K-9Q2M
    key = models.CharField(max_length=32)
    year = models.SmallIntegerField()
    serial = models.IntegerField()
    number = models.CharField(max_length=40, unique=True)
    request = models.ForeignKey(InformationRequest, on_delete=models.PROTECT, related_name="objections")
    received_at = models.DateTimeField()
    registered_at = models.DateTimeField()
    channel = models.CharField(max_length=12)
    conversation_id = models.BigIntegerField(null=True)
    ground = models.CharField(max_length=1)  # ps. 35(1) a–g
    reason = models.TextField(blank=True)  # kasus posisi
    name = models.CharField(max_length=160)
    by_proxy = models.BooleanField(default=False)
    proxy_name = models.CharField(max_length=160, blank=True)
    proxy_address = models.CharField(max_length=400, blank=True)
    proxy_contact = models.CharField(max_length=254, blank=True)
    filed_late = models.BooleanField(
        default=False
    )  # after the 30 working days: told to Atasan PPID, who decides

    state = models.CharField(max_length=16, choices=State.choices, default=State.FILED)
    changed_at = models.DateTimeField()
    six_day = models.BooleanField(default=False)
    term = models.OneToOneField("calendar.Term", null=True, on_delete=models.PROTECT, related_name="+")
    term_dispute = models.OneToOneField(
        "calendar.Term", null=True, on_delete=models.PROTECT, related_name="+"
    )
    due_on = models.DateField(null=True)
    outcome = models.CharField(max_length=8, blank=True)  # upheld, partly, rejected
    response = models.TextField(blank=True)
    orders = models.TextField(blank=True)  # what PPID must do
    order_days = models.PositiveSmallIntegerField(default=0)
    letter = models.OneToOneField(Letter, null=True, on_delete=models.PROTECT, related_name="objection")
    notified_at = models.DateTimeField(null=True)
    superior_name = models.CharField(max_length=160, blank=True)
    superior_position = models.CharField(max_length=160, blank=True)
    applicant_response = models.CharField(max_length=10, blank=True)  # "accepts", "disputes"
    dispute_number = models.CharField(max_length=80, blank=True)  # register of the Information Commission
    dispute_on = models.DateField(null=True)
    ruling = models.TextField(blank=True)
    ruled_on = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "serial"], name="ppid_one_objection_per_number"),
            models.UniqueConstraint(fields=["key"], name="ppid_one_objection_per_key"),
            # One ground is put forward once while it is not decided: two clicks make one objection.
            models.UniqueConstraint(
                fields=["request", "ground"],
                condition=models.Q(state__in=sorted(rules.OBJECTION_OPEN)),
                name="ppid_one_open_objection_per_ground",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_on"], name="ppid_objection_by_state"),
            models.Index(fields=["received_at"], name="ppid_objection_by_receipt"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        """How terms and messages name it."""
        return f"ppid:{self.reference}"
