"""The far sides' own memory, in a demo only: whose phone it is, what is on its screen, what waits for the bot."""

from django.db import models


class TwinPerson(models.Model):
    """A made-up person in one channel, as Meta or Telegram know him."""

    channel = models.CharField(max_length=12)
    address = models.CharField(max_length=254)
    name = models.CharField(max_length=120)
    wrote_at = models.DateTimeField(null=True)
    failing = models.IntegerField(default=0)  # the error that every message to him gets

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "address"], name="messaging_twin_once")]

    def __str__(self) -> str:
        return f"{self.name} ({self.channel})"


class TwinLine(models.Model):
    """One bubble on the person's screen."""

    person = models.ForeignKey(TwinPerson, on_delete=models.CASCADE, related_name="lines")
    mine = models.BooleanField()  # the person wrote it
    text = models.TextField()
    external_id = models.CharField(max_length=250)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person_id} {self.pk}"


class TwinUpdate(models.Model):
    """An update that waits for the bot; its key is the update_id."""

    body = models.JSONField()

    def __str__(self) -> str:
        return str(self.pk)
