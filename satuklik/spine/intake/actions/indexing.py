"""What the search knows of a conversation besides the words of its messages."""

from typing import TYPE_CHECKING

from django.contrib.postgres.search import SearchVector
from django.db.models import Value

from satuklik.spine.intake.models import Desk, Outcome

if TYPE_CHECKING:
    from satuklik.spine.messaging.models import Conversation


def index_words(conversation: "Conversation", *more: str) -> None:
    """Let the search find the conversation by its name, numbers and the references of what was made of it."""
    named = " ".join([conversation.name, conversation.phone.lstrip("+"), conversation.email, *more])
    references = Outcome.objects.filter(conversation=conversation).values_list("reference", flat=True)
    text = " ".join([named, *references])
    Desk.objects.filter(conversation=conversation).update(words=SearchVector(Value(text), config="simple"))
