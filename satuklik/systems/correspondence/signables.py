"""Naskah for the signing desk: which wait for an official, sign one, what has become of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from satuklik.spine.documents.errors import LetterBroken, NotPrintable
from satuklik.spine.signing.registry import Signable, Signed, Waiting
from satuklik.systems.correspondence import actions, addresses, rules
from satuklik.systems.correspondence.errors import NaskahError, NaskahNotFound
from satuklik.systems.correspondence.models import Naskah, Step, Version
from satuklik.systems.correspondence.queries.boxes import Viewer, my_steps
from satuklik.systems.correspondence.queries.pages import page_count

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official
    from satuklik.spine.signing.keys import UnlockedKey

MOST = 200


def waiting(official: "Official", references: Sequence[str] | None, now: datetime) -> list[Waiting]:
    """Those of `references` (None: all, at most 200) that wait for this official's signature now; what is due first
    comes first."""
    steps = my_steps(Viewer.of(official, now), Step.Kind.SIGN)
    found = (
        Naskah.objects.filter(Exists(steps.filter(naskah=OuterRef("pk"))), state=rules.TO_SIGN)
        .select_related("signed_for")
        .prefetch_related("recipients")
        .order_by("due_on", "pk")
    )
    if references is not None:
        found = found.filter(reference__in=[name for name in references if "\0" not in name])
    rows = list(found[:MOST])
    ids = [one.pk for one in rows]
    current = {
        version.naskah_id: version.file_id
        for version in Version.objects.filter(naskah__in=ids).order_by("number")  # the last one stays
    }
    since = dict(steps.filter(naskah__in=ids).values_list("naskah_id", "opened_at"))
    return [_waiting(one, current[one.pk], since[one.pk] or one.changed_at) for one in rows]


def sign(reference: str, seen: str, official: "Official", key: "UnlockedKey", now: datetime) -> Signed:
    """Sign one in a transaction of its own. Raises NaskahNotFound and what `actions.sign` raises."""
    naskah = Naskah.objects.filter(reference=reference).first() if "\0" not in reference else None
    if naskah is None:
        raise NaskahNotFound(reference)
    document = actions.sign(naskah, by=official, key=key, now=now, sha256_seen=seen)
    return Signed(document.number, addresses.of_naskah(reference))


def done(reference: str, official: "Official", since: datetime) -> Signed | None:
    """What this official has signed of it after `since`."""
    step = (
        Step.objects.filter(
            naskah__reference=reference,
            kind=Step.Kind.SIGN,
            state=Step.State.DONE,
            done_by=official,
            done_at__gt=since,
        )
        .select_related("naskah__document")
        .first()
    )
    if step is None or step.naskah.document is None:
        return None
    return Signed(step.naskah.document.number, addresses.of_naskah(reference))


def explain(error: Exception) -> str:
    """What happened and what to do."""
    if isinstance(error, NotPrintable):
        return _(
            "Naskah ini memuat huruf yang tidak dapat dicetak: %(letters)s. Kembalikan kepada penyusun."
        ) % {"letters": error.characters}
    if isinstance(error, LetterBroken):
        return _("Naskah ini tidak dapat dicetak dari cetakannya. Hubungi pengelola aplikasi.")
    return str(error)


def _waiting(naskah: Naskah, sha256: str, since: datetime) -> Waiting:
    names = [one.name for one in naskah.recipients.all() if one.kind == "to"]
    return Waiting(
        reference=naskah.reference,
        title=naskah.subject,
        about=", ".join(names[:2]) + (f" (+{len(names) - 2})" if len(names) > 2 else ""),
        office=naskah.signed_for.name,
        seen=sha256,
        since=since,
        due_on=naskah.due_on,
        url=addresses.of_naskah(naskah.reference),
        preview_url=addresses.picture_of(naskah.reference),
        pages=page_count(sha256),
    )


SIGNABLE = Signable(
    name="naskah",
    label=gettext_lazy("Naskah dinas"),
    waiting=waiting,
    sign=sign,
    failures=(NaskahError, NotPrintable, LetterBroken),
    explain=explain,
    done=done,
)
