"""PDFs that were made elsewhere and wait for a signature: brought to the desk, or sent by an application."""

from django.conf import settings
from django.db import models


class SigningRequest(models.Model):
    """One PDF that one official is to sign in his own name or for an office he acts for, or that an agency's seal has
    closed. Without `application` the official brought it himself."""

    class State(models.TextChoices):
        DRAFT = "draft"  # uploaded at the desk, not signed yet: thrown away after a day
        WAITING = "waiting"  # in the official's inbox
        SIGNED = "signed"
        REFUSED = "refused"

    reference = models.CharField(max_length=20, unique=True)  # "TTE-7F3K-9Q2M": in addresses, logs, the API
    official = models.ForeignKey(
        "agencies.Official", null=True, on_delete=models.PROTECT, related_name="signing_requests"
    )  # null: the seal of `agency`
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    # For whose head the official signs, when he acts for one (Plt, Plh, Pj); judged at the moment of signing.
    signed_for = models.ForeignKey("agencies.Agency", null=True, on_delete=models.PROTECT, related_name="+")
    application = models.ForeignKey(
        "accounts.Application", null=True, on_delete=models.PROTECT, related_name="signing_requests"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=160)
    callers_reference = models.CharField(max_length=80, blank=True)  # what the application calls it
    callback = models.CharField(
        max_length=500, blank=True
    )  # the one hook that is told; empty: all that asked
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")  # as it came
    sizes = models.JSONField()  # [[width, height] …] in points, as a reader shows the pages
    placement = models.JSONField(null=True)  # signing.placement; null: the signature is not shown
    state = models.CharField(max_length=8, choices=State.choices)
    reason = models.CharField(max_length=300, blank=True)  # why it was refused
    document = models.OneToOneField(
        "documents.IssuedDocument", null=True, on_delete=models.PROTECT, related_name="signing_request"
    )
    # The caller's Idempotency-Key with the digest of what came under it: the same call again gives the same request.
    key = models.CharField(max_length=100, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "key"], name="one_request_a_key", condition=~models.Q(key="")
            )
        ]
        indexes = [
            models.Index(fields=["official"], name="requests_waiting", condition=models.Q(state="waiting")),
            models.Index(fields=["created_at"], name="drafts", condition=models.Q(state="draft")),
        ]

    def __str__(self) -> str:
        return self.reference
