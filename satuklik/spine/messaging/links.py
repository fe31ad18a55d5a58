"""Links that show one message without login: nobody can guess them, and nothing of them is stored."""

from django.conf import settings
from django.core.signing import BadSignature, Signer

_SALT = "satuklik.messaging.link"


def _signer() -> Signer:
    # 256 bit, compared in constant time; keys that were replaced still open their links.
    return Signer(salt=_SALT, sep=".")


def token_of(message_id: int) -> str:
    """The unguessable word of a message."""
    return _signer().sign(str(message_id))


def address_of(message_id: int) -> str:
    """The whole address that can be sent to the person."""
    return f"{settings.PUBLIC_URL}/balasan/{token_of(message_id)}/"


def message_of(token: str) -> int | None:
    """The message that a word opens, or None."""
    try:
        return int(_signer().unsign(token))
    except (BadSignature, ValueError):
        return None


def reply_token(conversation_id: int) -> str:
    """The word in a Reply-To address by which an answer finds its conversation from any address."""
    signer = Signer(salt=f"{_SALT}.reply", sep=".")
    return signer.sign(str(conversation_id)).replace(".", "=", 1)


def conversation_of(token: str) -> int | None:
    """The conversation that a Reply-To word names, or None."""
    try:
        return int(Signer(salt=f"{_SALT}.reply", sep=".").unsign(token.replace("=", ".", 1)))
    except (BadSignature, ValueError):
        return None
