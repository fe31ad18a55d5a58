"""An index for maps: complaints in a box of degrees."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("complaints", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(
                condition=models.Q(("latitude__isnull", False)),
                fields=["longitude", "latitude"],
                name="complaints_point",
            ),
        ),
    ]
