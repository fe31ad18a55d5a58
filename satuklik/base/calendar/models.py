"""Days on which no office works, and the decree that says so."""

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
