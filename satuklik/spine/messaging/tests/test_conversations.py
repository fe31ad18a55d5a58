"""The list of conversations, and what the house tells its own officials."""

from django.db import connection

from satuklik.spine.messaging import actions, queries
from satuklik.spine.messaging.models import (
    Conversation,
)
from satuklik.spine.messaging.tests.clock import NOW


def test_the_list_reads_its_index(db):
    with connection.cursor() as cursor:
        cursor.execute("""
            INSERT INTO messaging_conversation (name, phone, phone_verified, email, language, created_at, last_message_at,
              last_inbound_at, last_channel, last_direction, preview)
            SELECT 'X', '', false, '', 'id', now(), now() - n * interval '1 minute', now(), 'whatsapp', 'in', ''
            FROM generate_series(1, 5000) n""")
        cursor.execute("ANALYZE messaging_conversation")
    first = queries.page(limit=10)
    rows = queries.page(after=queries.Cursor(first[-1].last_message_at, first[-1].pk), limit=10)
    assert [r.pk for r in first + rows] == [
        c.pk for c in Conversation.objects.order_by("-last_message_at")[:20]
    ]
    found = str(queries.listed().order_by("-last_message_at", "-id")[:10].explain())
    assert "messaging_conv_last" in found


def test_an_official_is_told_with_proof(regency, settings, meta, work):
    from satuklik.base.agencies.queries import demo_official

    settings.MESSAGING_MAIL = "ppid@asahan.example"
    official = demo_official("ppid")
    message = actions.notify_official(official, "referral", "Permintaan baru", "Mohon jawab.", "/meja/", NOW)
    work()
    message.refresh_from_db()
    assert (message.channel, message.status) == ("email", "sent")
    assert queries.page() == []  # no citizen wrote
