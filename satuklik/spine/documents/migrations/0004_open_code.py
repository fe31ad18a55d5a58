"""The code that opens the registered PDF for who holds the letter."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0003_lean_indexes'),
    ]

    operations = [
        migrations.AddField(
            model_name='issueddocument',
            name='open_code',
            field=models.CharField(default='', max_length=9),
        ),
    ]
