"""Tell officials what waits for them: a message in their inbox, in their language."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, override

from satuklik.base.agencies import queries as agencies
from satuklik.base.agencies.errors import NoHead
from satuklik.spine.messaging import actions as messaging
from satuklik.systems.correspondence import addresses, rules
from satuklik.systems.correspondence.models import Incoming, Naskah, Step

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Agency, Official

# A secret naskah is named by its reference only: messages leave the house.
WORDS: dict[str, tuple[Promise, Promise]] = {
    "paraf": (gettext_lazy("Menunggu paraf Anda: %(subject)s"), gettext_lazy("Dari %(who)s, %(office)s.")),
    "sign": (
        gettext_lazy("Menunggu tanda tangan Anda: %(subject)s"),
        gettext_lazy("Dari %(who)s, %(office)s."),
    ),
    "returned": (gettext_lazy("Naskah dikembalikan: %(subject)s"), gettext_lazy("%(who)s: %(note)s")),
    "signed": (
        gettext_lazy("Sudah ditandatangani: %(subject)s"),
        gettext_lazy("Nomor %(note)s, oleh %(who)s."),
    ),
    "incoming": (gettext_lazy("Surat masuk: %(subject)s"), gettext_lazy("Dari %(office)s, nomor %(note)s.")),
    "disposition": (gettext_lazy("Disposisi untuk Anda: %(subject)s"), gettext_lazy("%(who)s: %(note)s")),
    "reported": (gettext_lazy("Disposisi selesai: %(subject)s"), gettext_lazy("%(who)s: %(note)s")),
    "late": (
        gettext_lazy("Masih menunggu Anda: %(subject)s"),
        gettext_lazy("Sudah %(note)s hari kerja terbuka."),
    ),
}
SECRET_SUBJECT = gettext_lazy("naskah rahasia")


def of_steps(naskah: Naskah, steps: Iterable[Step], now: datetime, *, kind: str = "", note: str = "") -> None:
    """Tell whoever a step waits for."""
    for step in steps:
        who = step.official or _head(step.agency, now)
        if who is not None:
            of_naskah(naskah, who, kind or step.kind, now, who=naskah.drafted_by, note=note)


def of_naskah(
    naskah: Naskah, to: "Official", kind: str, now: datetime, *, who: "Official", note: str = ""
) -> None:
    """Tell one official about a naskah."""
    secret = naskah.secrecy in rules.SECRET
    _tell(
        to,
        kind,
        now,
        subject=naskah.reference if secret else naskah.subject,
        who=who.name,
        office=naskah.agency.short_name,
        note="" if secret and kind not in ("signed", "late") else note,
        link=addresses.of_naskah(naskah.reference),
    )


def of_incoming(
    incoming: Incoming, to: "Official", kind: str, now: datetime, *, who: str, office: str, note: str
) -> None:
    """Tell one official about an incoming letter."""
    secret = incoming.entry.secrecy in rules.SECRET
    _tell(
        to,
        kind,
        now,
        subject=SECRET_SUBJECT if secret else incoming.entry.subject,
        who=who,
        office=office,
        note="" if secret and kind != "incoming" else note,
        link=addresses.of_incoming(incoming.pk),
    )


def head_of(agency: "Agency", now: datetime) -> "Official | None":
    """Who heads the office now, or None."""
    return _head(agency, now)


def _head(agency: "Agency", now: datetime) -> "Official | None":
    try:
        return agencies.head_of(agency, now).official
    except NoHead:
        return None


def _tell(to: "Official", kind: str, now: datetime, *, link: str, **values: object) -> None:
    user = to.user
    if user is None:  # no login yet: his boxes will show it
        return
    title, body = WORDS[kind]
    with override(user.language):
        messaging.notify(user, f"naskah.{kind}", str(title % values), str(body % values), link, now)
