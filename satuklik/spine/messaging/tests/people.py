"""Who writes in these tests, and a picture."""

import base64
from datetime import timedelta

from satuklik.spine.messaging.models import Conversation

SITI, BUDI = "6284000000011", "6284000000012"
SITI_ID, BUDI_ID = "ID.84000000000000011", "ID.84000000000000012"
HOUR = timedelta(hours=1)
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def only() -> Conversation:
    """The one conversation that there is."""
    return Conversation.objects.get(joined_into=None)
