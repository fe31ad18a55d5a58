"""Letters of PPID and of Atasan PPID for the signing desk: which wait for an official, sign one, what became of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from satuklik.spine.documents.errors import LetterBroken, NotPrintable
from satuklik.spine.signing.registry import Signable, Signed, Waiting
from satuklik.systems.ppid import actions, addresses, words
from satuklik.systems.ppid.errors import NotFound, PpidError
from satuklik.systems.ppid.models import Letter
from satuklik.systems.ppid.queries import lists

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official
    from satuklik.spine.signing.keys import UnlockedKey

MOST = 200


def waiting(official: "Official", references: Sequence[str] | None, now: datetime) -> list[Waiting]:
    """Those of `references` (None: all, at most 200) that this official may sign now; what is due first comes first."""
    found = lists.letters_waiting(official, now)
    if references is not None:
        found = found.filter(reference__in=[name for name in references if "\0" not in name])
    return [_waiting(letter) for letter in found[:MOST]]


def sign(reference: str, seen: str, official: "Official", key: "UnlockedKey", now: datetime) -> Signed:
    """Sign one in a transaction of its own. Raises NotFound and what `actions.sign` raises."""
    letter = Letter.objects.filter(reference=reference).first() if "\0" not in reference else None
    if letter is None:
        raise NotFound(reference)
    document = actions.sign(letter, by=official, key=key, now=now, seen=seen)
    return Signed(document.number, addresses.letter(letter))


def done(reference: str, official: "Official", since: datetime) -> Signed | None:
    """What this official has signed of it after `since`."""
    rows = Letter.objects.filter(
        reference=reference, state=Letter.State.SIGNED, signed_by=official, signed_at__gt=since
    )
    letter = rows.select_related("document").first()
    if letter is None or letter.document is None:
        return None
    return Signed(letter.document.number, addresses.letter(letter))


def explain(error: Exception) -> str:
    """What happened and what to do."""
    if isinstance(error, NotPrintable):
        return _(
            "Surat ini memuat huruf yang tidak dapat dicetak: %(letters)s. Kembalikan kepada penyusun."
        ) % {"letters": error.characters}
    if isinstance(error, LetterBroken):
        return _("Surat ini tidak dapat dicetak dari cetakannya. Hubungi pengelola aplikasi.")
    return str(error)


def _waiting(letter: Letter) -> Waiting:
    about = _("Nomor %(number)s: %(outcome)s") % {
        "number": letter.content["number"],
        "outcome": words.OUTCOMES[letter.content["outcome"]],
    }
    return Waiting(
        reference=letter.reference,
        title=str(words.LETTERS[letter.kind]),
        about=about,
        office=letter.agency.name,
        seen=letter.preview_id,
        since=letter.made_at,
        due_on=letter.due_on,
        url=addresses.letter(letter),
        preview_url=addresses.letter_picture(letter),
        purpose=f"ppid:{letter.kind}",
    )


SIGNABLE = Signable(
    name="ppid",
    label=gettext_lazy("Keputusan informasi publik"),
    waiting=waiting,
    sign=sign,
    failures=(PpidError, NotPrintable, LetterBroken),
    explain=explain,
    done=done,
)
