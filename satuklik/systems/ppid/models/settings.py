"""Parameters that PPID Utama sets at the desk: dated rows above the file's."""

from django.db import models
from django.db.models import Q


class ParameterRow(models.Model):
    """A value from a day on, who set it and who agreed; without the second it holds nowhere. Rows are never changed."""

    name = models.CharField(max_length=40)
    value = models.JSONField()
    valid_from = models.DateField()
    source = models.CharField(max_length=200)
    confirmed = models.BooleanField(default=True)  # at a primary source
    set_by = models.ForeignKey("agencies.Official", on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    agreed_by = models.ForeignKey("agencies.Official", null=True, on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)  # proposed and not agreed to

    class Meta:
        indexes = [
            models.Index(
                fields=["name", "-valid_from"], name="ppid_parameter", condition=Q(agreed_at__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.valid_from}"
