"""Agencies (OPD, kecamatan, desa, kelurahan), their officials, and who acts for whom."""

from django.conf import settings
from django.db import models


class Agency(models.Model):
    """An office that handles matters and issues letters."""

    class Kind(models.TextChoices):
        OPD = "opd"
        DISTRICT = "kecamatan"
        KELURAHAN = "kelurahan"
        DESA = "desa"

    code = models.CharField(max_length=40, unique=True)  # "disdukcapil", "kec-12.09.20", "desa-12.09.20.2001"
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=120)  # "Dinas Kependudukan dan Pencatatan Sipil"
    short_name = models.CharField(max_length=60)  # "Disdukcapil"
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    region = models.ForeignKey("regions.Region", null=True, on_delete=models.PROTECT, related_name="agencies")
    head_title = models.CharField(max_length=120)  # "Lurah Kisaran Naga"
    number_code = models.CharField(max_length=20)  # the office's part of a letter's number
    address = models.CharField(max_length=200)
    postal_code = models.CharField(max_length=5, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    website = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return self.name


class Official(models.Model):
    """A person in an office. The same login may hold one office at a time."""

    class Role(models.TextChoices):
        HEAD = "head"  # signs: Kepala Dinas, Camat, Lurah, Kepala Desa
        SECRETARY = "secretary"  # deputy: Sekretaris
        STAFF = "staff"  # examines and prepares
        COUNTER = "counter"  # operator at the counter, serves on behalf of residents
        PPID = "ppid"
        ADMIN = "admin"

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="official"
    )
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="officials")
    role = models.CharField(max_length=10, choices=Role.choices)
    name = models.CharField(max_length=120)  # as printed, with titles
    nip = models.CharField(max_length=18, blank=True)
    rank = models.CharField(max_length=60, blank=True)  # "Penata Tk. I (III/d)"
    position = models.CharField(max_length=120)  # "Lurah Kisaran Naga"
    email = models.EmailField(blank=True)
    active_from = models.DateField()
    active_until = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["agency", "role"])]

    def __str__(self) -> str:
        return self.name


class Mandate(models.Model):
    """Somebody acts for an office whose head is away (Plh), missing (Plt) or not yet appointed (Pj)."""

    class Kind(models.TextChoices):
        PLT = "Plt"
        PLH = "Plh"
        PJ = "Pj"

    official = models.ForeignKey(Official, on_delete=models.PROTECT, related_name="mandates")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="mandates")
    kind = models.CharField(max_length=3, choices=Kind.choices)
    decree = models.CharField(max_length=120)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} {self.agency}"
