"""Who sent a naskah to somebody outside, and how; indexes for search in Indonesian."""

import django.db.models.deletion
from django.db import migrations, models

NASKAH = """
CREATE INDEX naskah_words ON correspondence_naskah USING gin (
    (to_tsvector('indonesian', subject) || jsonb_to_tsvector('indonesian', content, '["string"]'))
)
"""
AGENDA = """
CREATE INDEX agenda_words ON correspondence_agendaentry USING gin (
    to_tsvector('indonesian', subject || ' ' || correspondent || ' ' || number)
)
"""


class Migration(migrations.Migration):
    dependencies = [("correspondence", "0001_initial"), ("agencies", "0001_initial")]

    operations = [
        migrations.AddField("recipient", "sent_how", models.CharField(blank=True, default="", max_length=120)),
        migrations.AddField(
            "recipient",
            "sent_by",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.official"
            ),
        ),
        migrations.RunSQL(NASKAH, "DROP INDEX naskah_words"),
        migrations.RunSQL(AGENDA, "DROP INDEX agenda_words"),
    ]
