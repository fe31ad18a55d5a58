"""Parts of a message that only the person may read: the channel gets them, the desk and the search see a sign instead.

The text of such a message is stored with PLACE where a part was; the parts themselves lie beside it, sealed under the
vault key and bound to the message. After `rules.VEILED_FOR` they are deleted. A keyed digest of each stays for good, by
which a quote of it is covered when it comes in (`actions.quoting`).
"""

import json
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from django.views.decorators.debug import sensitive_variables

from satuklik.base.sealing import actions as sealing
from satuklik.base.sealing.errors import SealBroken

if TYPE_CHECKING:
    from satuklik.spine.messaging.models import Message

PLACE = "⟨hanya untuk penerima⟩"
PURPOSE = "messaging parts"


@sensitive_variables()
def veil(text: str, secrets: Iterable[str]) -> tuple[str, list[str]]:
    """(the text with PLACE for each of these parts, the parts in the order in which they stand in it)."""
    return _covered(text.replace(PLACE, ""), secrets)


@sensitive_variables()
def _covered(text: str, secrets: Iterable[str]) -> tuple[str, list[str]]:
    # The longest first: a link goes as a whole, not only the key in it.
    wanted = sorted({one for one in secrets if one}, key=len, reverse=True)
    if not wanted:
        return text, []
    pattern = re.compile("|".join(re.escape(one) for one in wanted))
    return pattern.sub(PLACE, text), pattern.findall(text)


def seal(parts: Sequence[str], message_id: int) -> bytes:
    """The parts as they are stored with their message."""
    return sealing.seal(json.dumps(list(parts)).encode(), purpose=PURPOSE, owner=f"message:{message_id}")


@sensitive_variables()
def parts_of(message: "Message") -> list[str]:
    """The parts of a message; none where it has none (any more). Raises SealBroken."""
    if message.veiled is None:
        return []
    opened = sealing.unseal(bytes(message.veiled), purpose=PURPOSE, owner=f"message:{message.pk}")
    return [str(one) for one in json.loads(opened)]


@sensitive_variables()
def whole(message: "Message") -> str:
    """The text as the channel gets it. Raises SealBroken."""
    pieces = message.text.split(PLACE)
    parts = [*parts_of(message), *[PLACE] * len(pieces)]
    return pieces[0] + "".join(part + piece for part, piece in zip(parts, pieces[1:], strict=False))


def told(message: "Message") -> str:
    """The text for the person's own page; with PLACE where the seal does not open any more."""
    try:
        return whole(message) if message.veiled is not None else message.body
    except SealBroken:
        return message.body


@sensitive_variables()
def cover(messages: Sequence["Message"]) -> None:
    """Put PLACE also where somebody wrote such a part back to us before its digest was kept (`actions.quoting` covers what
    comes in since), or a part too short for one. Changes the texts in memory only."""
    parts: set[str] = set()
    for message in messages:
        try:
            parts.update(parts_of(message))
        except SealBroken:
            continue
    for message in messages if parts else ():
        message.text, _parts = _covered(message.text, parts) if message.veiled is None else (message.text, [])
        if message.edited_text is not None:
            message.edited_text, _parts = _covered(message.edited_text, parts)
