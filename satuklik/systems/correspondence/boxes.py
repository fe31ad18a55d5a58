"""The boxes of correspondence in the officials' rail, and the lists behind them."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from satuklik.base.accounts.queries import profile
from satuklik.base.ui.registry import Inbox
from satuklik.systems.correspondence import queries
from satuklik.systems.correspondence.queries import Row


@dataclass(frozen=True)
class Box:
    """One box of the rail. `name` is the one that `queries.box` knows and the one in the address."""

    name: str
    label: Promise
    icon: str
    empty: Promise


BOXES = (
    Box("masuk", _("Surat masuk"), "inbox",
        _("Belum ada surat masuk. Surat dari kantor lain muncul di sini; surat kertas dapat dicatat lebih dahulu.")),
    Box("disposisi", _("Disposisi"), "clipboard-list",
        _("Tidak ada disposisi yang menunggu Anda.")),
    Box("paraf", _("Perlu paraf"), "stamp",
        _("Tidak ada naskah yang menunggu paraf Anda.")),
    Box("tandatangan", _("Perlu tanda tangan"), "file-signature",
        _("Tidak ada naskah yang menunggu tanda tangan Anda.")),
    Box("dikembalikan", _("Dikembalikan kepada saya"), "undo-2",
        _("Tidak ada naskah Anda yang dikembalikan.")),
    Box("draf", _("Konsep"), "file-pen",
        _("Belum ada konsep. Mulailah dengan menulis naskah.")),
    Box("terkirim", _("Naik dan terkirim"), "send",
        _("Naskah yang sudah Anda naikkan, ditandatangani, atau dikirim muncul di sini.")),
)  # fmt: skip
BY_NAME: Mapping[str, Box] = {box.name: box for box in BOXES}
GROUP = _("Naskah dinas")
# Boxes in which something waits for the official, in the order in which the day begins.
WAITING = ("tandatangan", "paraf", "disposisi", "masuk", "dikembalikan")


def rail(request: HttpRequest) -> list[Inbox]:
    """The entries of the rail: what waits in each box, what of it is late, and the registers."""
    official = profile(request, "official")
    if official is None:
        return []
    waiting = queries.counts(official, timezone.now())
    found = [
        Inbox(
            box.label, address(box), box.icon, *waiting.get(box.name, (0, 0)), order=40 + number, group=GROUP
        )
        for number, box in enumerate(BOXES)
    ]
    agenda = reverse("correspondence:agenda", args=["masuk"])
    return [*found, Inbox(_("Buku agenda"), agenda, "book-open", order=49, group=GROUP)]


def address(box: Box) -> str:
    """The address of a box."""
    return reverse("correspondence:box", args=[box.name])


def row_address(row: Row, box: Box) -> str:
    """Where a line of a box leads; the page knows from which box it was opened."""
    if row.what == "naskah":
        return f"{reverse('correspondence:naskah', args=[row.key])}?kotak={box.name}"
    return f"{reverse('correspondence:incoming', args=[row.key])}?kotak={box.name}"
