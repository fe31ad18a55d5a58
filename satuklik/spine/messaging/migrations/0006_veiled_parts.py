"""A keyed digest stays of what only a person may read, so that a quote of it is known."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0005_veiled")]
    operations = [
        migrations.CreateModel(
            name="VeiledPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mark", models.CharField(max_length=64, unique=True)),
                ("letters", models.IntegerField()),
            ],
        ),
    ]  # fmt: skip
