"""Only the indexes that somebody reads: each is paid for by every click."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0001_initial'),
        ('documents', '0002_english_titles'),
        ('files', '0001_initial'),
        ('population', '0002_lean_indexes'),
    ]

    operations = [
        migrations.AlterField(
            model_name='issueddocument',
            name='agency',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='agencies.agency'),
        ),
        migrations.AlterField(
            model_name='issueddocument',
            name='case_reference',
            field=models.CharField(max_length=20),
        ),
        migrations.AlterField(
            model_name='issueddocument',
            name='file',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile'),
        ),
        migrations.AlterField(
            model_name='issueddocument',
            name='number',
            field=models.CharField(max_length=60),
        ),
        migrations.AlterField(
            model_name='issueddocument',
            name='replaced_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaces', to='documents.issueddocument'),
        ),
        migrations.AlterField(
            model_name='issueddocument',
            name='token',
            field=models.CharField(max_length=32),
        ),
        migrations.AddIndex(
            model_name='issueddocument',
            index=models.Index(fields=['case_reference'], name='letters_by_case'),
        ),
        migrations.AddIndex(
            model_name='issueddocument',
            index=models.Index(fields=['file'], name='letters_by_file'),
        ),
        migrations.AddConstraint(
            model_name='issueddocument',
            constraint=models.UniqueConstraint(fields=('number',), name='one_letter_per_printed_number'),
        ),
        migrations.AddConstraint(
            model_name='issueddocument',
            constraint=models.UniqueConstraint(fields=('token',), name='one_letter_per_token'),
        ),
    ]
