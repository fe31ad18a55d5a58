"""Authorities, keys, each use of each key, and the batches that officials sign."""

import uuid

from django.conf import settings
from django.db import models


class Authority(models.Model):
    """A certificate authority of our own: the root, and the issuing authorities one after the other."""

    name = models.CharField(max_length=80, unique=True)  # "root", "issuing", "issuing-2": in addresses
    certificate = models.BinaryField()  # DER
    wrapped_key = models.BinaryField(null=True)  # null: the key is kept offline
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    crl = models.BinaryField(null=True)  # DER, the newest
    crl_number = models.IntegerField(default=0)
    retired_at = models.DateTimeField(null=True)  # issues no further certificates; its lists go on

    def __str__(self) -> str:
        return self.name


class SigningKey(models.Model):
    """A key with its certificate: an official's (opened by a passphrase), an agency's seal, or a service's."""

    class Kind(models.TextChoices):
        OFFICIAL = "official"
        SEAL = "seal"
        TIMESTAMP = "timestamp"  # of our own TSA (RFC 3161)
        RESPONDER = "responder"  # of our own OCSP responder (RFC 6960)

    class Backend(models.TextChoices):
        LOCAL = "local"
        PKCS11 = "pkcs11"
        BSRE = "bsre"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    official = models.ForeignKey(
        "agencies.Official", null=True, on_delete=models.PROTECT, related_name="signing_keys"
    )
    agency = models.ForeignKey(
        "agencies.Agency", null=True, on_delete=models.PROTECT, related_name="signing_keys"
    )
    backend = models.CharField(max_length=10, choices=Backend.choices, default=Backend.LOCAL)
    # Null where another authority issued the certificate (BSrE).
    issuer = models.ForeignKey(Authority, null=True, on_delete=models.PROTECT, related_name="issued")
    serial = models.CharField(max_length=64, unique=True)  # hexadecimal; "bsre:<id>" until it is known
    certificate = models.BinaryField()  # DER; empty until it is known
    # local: the private key; pkcs11: which key on which token (JSON); bsre: who to ask for, wrapped by secret.
    wrapped_key = models.BinaryField()
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)  # also while it is suspended (reason certificateHold)
    revocation_reason = models.CharField(max_length=30, blank=True)
    failures = models.SmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["not_after"], name="keys_by_end")]

    def __str__(self) -> str:
        return self.serial


class KeyUse(models.Model):
    """One use of one key. Append-only: what signed, when, over which file, for whom, and what came of it."""

    class Outcome(models.TextChoices):
        STARTED = "started"
        DONE = "done"
        FAILED = "failed"
        UNKNOWN = "unknown"  # a remote backend did not answer: resolved by asking, never by signing again

    key = models.ForeignKey(SigningKey, on_delete=models.PROTECT, related_name="uses", db_index=False)
    at = models.DateTimeField()
    purpose = models.CharField(
        max_length=80
    )  # the service or kind of document: "surat-domisili", "naskah:surat-dinas"
    reference = models.CharField(max_length=40, blank=True)  # case, naskah or batch
    sha256 = models.CharField(max_length=64)  # of the bytes that were to be signed
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    error = models.CharField(max_length=200, blank=True)
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["key", "-at"], name="uses_by_key"),
            models.Index(
                fields=["at"], name="uses_unresolved", condition=models.Q(outcome__in=["started", "unknown"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key_id} {self.at:%Y-%m-%d %H:%M}"


class SealPermission(models.Model):
    """What an agency's seal may close by itself: one service ("*": each), at most so many a day."""

    agency = models.ForeignKey(
        "agencies.Agency", null=True, on_delete=models.CASCADE, related_name="seal_permissions"
    )  # null: every agency that has none of its own for the service
    service = models.CharField(max_length=80)
    daily_quota = models.IntegerField()
    decree = models.CharField(max_length=160, blank=True)  # what allows it

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "service"], nulls_distinct=False, name="one_permission_a_service"
            )
        ]

    def __str__(self) -> str:
        return f"{self.agency_id}: {self.service} ≤ {self.daily_quota}"


class SealDay(models.Model):
    """How often a seal was used for a service on one day. Written by one statement."""

    agency = models.ForeignKey("agencies.Agency", on_delete=models.CASCADE, related_name="+", db_index=False)
    service = models.CharField(max_length=80)
    day = models.DateField()
    used = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "service", "day"], name="one_count_a_day")]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.service} {self.day}: {self.used}"


class BackendChoice(models.Model):
    """Which backend signs, by office and by service; the most exact row wins (office and service, service, office,
    all). Without a row: settings.SATUKLIK_SIGNING_BACKEND."""

    agency = models.ForeignKey(
        "agencies.Agency", null=True, on_delete=models.CASCADE, related_name="backend_choices"
    )
    service = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=10, choices=[("official", "official"), ("seal", "seal")])
    backend = models.CharField(max_length=10, choices=SigningKey.Backend.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "service", "kind"], nulls_distinct=False, name="one_backend_a_choice"
            )
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.service} {self.kind}: {self.backend}"


class Batch(models.Model):
    """Letters that an official signs with one passphrase. The passphrase is in no column of any table: a batch whose
    process ended is interrupted, and goes on when the passphrase is typed again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    official = models.ForeignKey("agencies.Official", on_delete=models.PROTECT, related_name="batches")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    seen_alive_at = models.DateTimeField(null=True)  # the signing process says so every few seconds
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.id)


class BatchItem(models.Model):
    """One document of a batch with its own result."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SIGNED = "signed"
        FAILED = "failed"
        UNKNOWN = "unknown"

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="items")
    position = models.SmallIntegerField()
    kind = models.CharField(max_length=20)  # the name of a registered signable
    reference = models.CharField(max_length=40)
    seen = models.CharField(max_length=64, blank=True)  # what the official saw: a task, a version, a digest
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    message = models.CharField(max_length=300, blank=True)  # the number, or what went wrong
    url = models.CharField(max_length=200, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "position"], name="one_item_a_position")]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.position}: {self.state}"
