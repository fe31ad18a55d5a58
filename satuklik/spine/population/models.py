"""Persons, households, who claimed which person, and who looked at whom."""

from django.conf import settings
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q


class Household(models.Model):
    """A family card (Kartu Keluarga)."""

    kk = models.CharField(max_length=16)
    village = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="+", db_index=False)
    address = models.CharField(max_length=120)
    rt = models.CharField(max_length=3)
    rw = models.CharField(max_length=3)
    postal_code = models.CharField(max_length=5)
    issued_on = models.DateField()

    class Meta:
        # Not `unique=True`: Django would add a second index for LIKE, which nobody asks for.
        constraints = [models.UniqueConstraint(fields=["kk"], name="one_household_per_kk")]

    def __str__(self) -> str:
        return self.kk


class Person(models.Model):
    """A resident as the register knows them. Code values are in `rules.py`."""

    nik = models.CharField(max_length=16)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="members")
    village = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=60)
    sex = models.CharField(max_length=1)  # L, P
    birth_place = models.CharField(max_length=60)
    birth_date = models.DateField()
    religion = models.CharField(max_length=20)
    blood_type = models.CharField(max_length=3)
    marital = models.CharField(max_length=12)  # belum_kawin, kawin, cerai_hidup, cerai_mati
    education = models.CharField(max_length=20)
    occupation = models.CharField(max_length=40)
    relation = models.CharField(max_length=16)  # kepala_keluarga, istri, suami, anak, orang_tua …
    citizenship = models.CharField(max_length=3)
    father_name = models.CharField(max_length=60)
    mother_name = models.CharField(max_length=60)
    phone = models.CharField(max_length=20, null=True, blank=True)  # E.164, as registered
    dtsen_decile = models.SmallIntegerField(null=True)  # 1–10: place in the social register; null: not in it
    status = models.CharField(max_length=10, default="alive")  # alive, dead, moved
    updated_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["nik"], name="one_person_per_nik")]
        indexes = [
            # Officials look people up by village and the beginning of the name, whatever the collation is.
            models.Index(
                F("village"), OpClass(F("name"), name="text_pattern_ops"), name="person_village_name"
            ),
            models.Index(fields=["phone"], condition=Q(phone__isnull=False), name="person_phone"),
        ]

    def __str__(self) -> str:
        return self.name


class ResidentAccount(models.Model):
    """The bond between a login and a person, with its level of proof (1 claimed, 2 proven)."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="resident")
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="account")
    level = models.SmallIntegerField(default=1)
    proven_at = models.DateTimeField(null=True)
    proven_by = models.ForeignKey("agencies.Official", null=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.user_id} → {self.person_id}"


class AccessLog(models.Model):
    """An official (or the system for an official) looked at a person's data; the person sees this row."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="accesses")
    official = models.ForeignKey("agencies.Official", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=200)
    case_reference = models.CharField(max_length=20, blank=True)
    fields = models.JSONField(default=list)  # which data were shown

    def __str__(self) -> str:
        return f"{self.at} {self.official_id} → {self.person_id}"
