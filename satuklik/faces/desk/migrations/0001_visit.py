
import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('agencies', '0001_initial'),
        ('population', '0002_lean_indexes'),
    ]

    operations = [
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('reason', models.CharField(max_length=200)),
                ('opened_at', models.DateTimeField()),
                ('identity_checked_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('official', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.official')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='population.person')),
            ],
            options={
                'indexes': [models.Index(fields=['official', '-opened_at'], name='desk_visit_officia_ab81c0_idx')],
            },
        ),
    ]
