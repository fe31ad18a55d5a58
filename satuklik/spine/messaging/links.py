"""Links that show one message without login: nobody can guess them, and nothing of them is stored."""

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.utils.crypto import constant_time_compare, salted_hmac

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
    """The word in a Reply-To address by which an answer finds its conversation from any address. Mail servers may
    change the case of letters: it has digits and small letters only."""
    return f"{conversation_id}-{_reply_mark(conversation_id, settings.SECRET_KEY)}"


def conversation_of(token: str) -> int | None:
    """The conversation that a Reply-To word names, or None."""
    number, _, mark = token.lower().partition("-")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    same = [constant_time_compare(mark, _reply_mark(int(number), key)) for key in keys]
    return int(number) if any(same) else None


def mail_id(message_id: int, domain: str) -> str:
    """The Message-ID of a letter of ours: the same at every try, so that a letter sent twice is one to mail programs,
    and nobody but its receivers knows it."""
    mark = salted_hmac(f"{_SALT}.mail", str(message_id), algorithm="sha256").hexdigest()[:32]
    return f"<{message_id}.{mark}@{domain}>"


def _reply_mark(conversation_id: int, key: str) -> str:
    return salted_hmac(f"{_SALT}.reply", str(conversation_id), secret=key, algorithm="sha256").hexdigest()[
        :32
    ]
