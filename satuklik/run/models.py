"""Marks of what this installation has loaded, so that a second start loads nothing twice."""

from django.db import models


class Mark(models.Model):
    """A step that is done, and with which values ("population": {"residents": 20000, "seed": 1})."""

    name = models.CharField(max_length=60, primary_key=True)
    details = models.JSONField(default=dict)
    version = models.CharField(max_length=20)  # of Satu Klik
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
