"""Certificates, wrapped keys, and each use of each key."""

from django.db import models


class Authority(models.Model):
    """A certificate authority of our own (root or issuing)."""

    name = models.CharField(max_length=80, unique=True)
    certificate = models.BinaryField()  # DER
    wrapped_key = models.BinaryField(null=True)  # null: the key is kept offline
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    crl = models.BinaryField(null=True)  # DER, the newest
    crl_number = models.IntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class SigningKey(models.Model):
    """A key with its certificate: an official's (opened by a passphrase) or an agency's seal."""

    class Kind(models.TextChoices):
        OFFICIAL = "official"
        SEAL = "seal"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    official = models.ForeignKey(
        "agencies.Official", null=True, on_delete=models.PROTECT, related_name="signing_keys"
    )
    agency = models.ForeignKey(
        "agencies.Agency", null=True, on_delete=models.PROTECT, related_name="signing_keys"
    )
    backend = models.CharField(max_length=10, default="local")
    issuer = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="issued")
    serial = models.CharField(max_length=40, unique=True)  # hexadecimal
    certificate = models.BinaryField()  # DER
    wrapped_key = models.BinaryField()
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revocation_reason = models.CharField(max_length=30, blank=True)
    failures = models.SmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.serial
