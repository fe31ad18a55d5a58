"""What only the person may read, quoted back to us: found in whatever comes in, and never written down.

Of each such part a keyed digest stays, also when the part itself is deleted. Of a key only its last letters are looked
for, as they are typed: without hyphens, in small letters, broken over the lines of a quoted mail.
"""

from collections import defaultdict
from collections.abc import Iterable

from django.views.decorators.debug import sensitive_variables

from satuklik.base.sealing import actions as sealing
from satuklik.spine.messaging import veiling
from satuklik.spine.messaging.models import VeiledPart

PURPOSE = "messaging quotes"
LETTERS = 20  # at the end of a part; of five bits each
AT_ONCE = 5_000
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0"})


@sensitive_variables()
def remember(parts: Iterable[str]) -> None:
    """Keep the digests of these parts; of a link its last segment counts. Parts under LETTERS letters are too short to be
    told from other words, and are not kept."""
    digest, rows = sealing.marker(purpose=PURPOSE), []
    for part in parts:
        letters, _places = _letters(part.rstrip("/").rsplit("/", 1)[-1])
        if len(letters) >= LETTERS:
            rows.append(VeiledPart(mark=digest(letters[-LETTERS:])[0], letters=len(letters)))
    VeiledPart.objects.bulk_create(rows, ignore_conflicts=True)


@sensitive_variables()
def hide(text: str) -> str:
    """The text with veiling.PLACE for each part that anybody was ever told, as far as this installation has its secrets
    (today's and those that it replaces)."""
    letters, places = _letters(text)
    if len(letters) < LETTERS or not VeiledPart.objects.exists():
        return text
    digest = sealing.marker(purpose=PURPOSE)
    ends: defaultdict[str, list[int]] = defaultdict(list)
    for end in range(LETTERS, len(letters) + 1):
        after = places[end - 1] + 1
        if after == len(text) or not text[after].isalnum():  # a part ends where a word ends
            for mark in digest(letters[end - LETTERS : end]):
                ends[mark].append(end)
    marks, hidden = list(ends), list[tuple[int, int]]()
    for first in range(0, len(marks), AT_ONCE):
        rows = VeiledPart.objects.filter(mark__in=marks[first : first + AT_ONCE])
        hidden += [(max(end - row.letters, 0), end) for row in rows for end in ends[row.mark]]
    for begin, end in sorted(hidden, reverse=True):  # from the end, so that the places before stay right
        text = text[: places[begin]] + veiling.PLACE + text[places[end - 1] + 1 :]
    return text


def _letters(text: str) -> tuple[str, list[int]]:
    """Letters and digits as capitals, without those that are misread, and where each stands."""
    found = [
        (sign.upper()[0].translate(_MISREAD), place) for place, sign in enumerate(text) if sign.isalnum()
    ]
    return "".join(sign for sign, _place in found), [place for _sign, place in found]
