"""Letters of the press desk for the signing desk: which wait for an official, sign one, what became of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from satuklik.spine.documents.errors import LetterBroken, NotPrintable
from satuklik.spine.signing.registry import Signable, Signed, Waiting
from satuklik.systems.press import actions, queries, words
from satuklik.systems.press.errors import EnquiryNotFound, PressError
from satuklik.systems.press.models import PressLetter

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official
    from satuklik.spine.signing.keys import UnlockedKey

MOST = 200


def waiting(official: "Official", references: Sequence[str] | None, now: datetime) -> list[Waiting]:
    """Those of `references` (None: all, at most 200) that this official may sign now, and did not write himself."""
    found = queries.letters_for(official, now)
    return [_waiting(one) for one in found if references is None or one.reference in references][:MOST]


def sign(reference: str, seen: str, official: "Official", key: "UnlockedKey", now: datetime) -> Signed:
    """Sign one in a transaction of its own. Raises EnquiryNotFound and what `actions.sign_letter` raises."""
    letter = PressLetter.objects.filter(reference=reference).first() if "\0" not in reference else None
    if letter is None:
        raise EnquiryNotFound(reference)
    document = actions.sign_letter(letter, by=official, key=key, now=now, seen=seen)
    return Signed(document.number, address(letter))


def done(reference: str, official: "Official", since: datetime) -> Signed | None:
    """What this official has signed of it after `since`."""
    rows = PressLetter.objects.filter(
        reference=reference, state=PressLetter.State.SIGNED, signed_by=official, signed_at__gt=since
    )
    letter = rows.select_related("document").first()
    return Signed(letter.document.number, address(letter)) if letter is not None and letter.document else None


def explain(error: Exception) -> str:
    """What happened and what to do."""
    if isinstance(error, NotPrintable):
        return _(
            "Surat ini memuat huruf yang tidak dapat dicetak: %(letters)s. Kembalikan kepada penulis."
        ) % {"letters": error.characters}
    if isinstance(error, LetterBroken):
        return _("Surat ini tidak dapat dicetak dari cetakannya. Hubungi pengelola aplikasi.")
    return str(error)


def address(letter: PressLetter) -> str:
    """The page on which a letter is read and signed."""
    return reverse("press:letter-show", args=[letter.reference])


def _waiting(letter: PressLetter) -> Waiting:
    outlet = letter.enquiry.outlet
    return Waiting(
        reference=letter.reference,
        title=str(words.LETTERS[letter.kind]),
        about=outlet.name if outlet else letter.enquiry.topic,
        office=letter.agency.name,
        seen=letter.preview_id,
        since=letter.made_at,
        due_on=None,
        url=address(letter),
        preview_url=reverse("press:letter-picture", args=[letter.reference]),
        purpose=f"press:{letter.kind}",
    )


SIGNABLE = Signable(
    name="press",
    label=gettext_lazy("Surat meja pers"),
    waiting=waiting,
    sign=sign,
    failures=(PressError, NotPrintable, LetterBroken),
    explain=explain,
    done=done,
)
