"""Files by their content: the row names what already lies safely on the disk."""

from django.db import models


class StoredFile(models.Model):
    """A file, named by the SHA-256 of its bytes."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=100)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.sha256
