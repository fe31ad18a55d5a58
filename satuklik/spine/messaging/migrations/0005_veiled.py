"""What only the person may read of a message lies sealed beside its text."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0004_proofs_and_parts")]
    operations = [
        migrations.AddField("message", "veiled", models.BinaryField(null=True)),
        migrations.AddIndex(
            "message",
            models.Index(
                condition=models.Q(("veiled__isnull", False)), fields=["at"], name="messaging_msg_veiled"
            ),
        ),
    ]
