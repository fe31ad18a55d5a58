"""What is told to whom: the official who is asked, and whoever asked."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from satuklik.spine.messaging import actions as messaging
from satuklik.spine.referrals import links, policies, rules
from satuklik.spine.referrals.models import Hop, Referral

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official
    from satuklik.spine.messaging.models import OutboundMessage


def of_hop(hop: Hop, token: str, now: datetime) -> "OutboundMessage | None":
    """Ask the official of a hop. The words hold nothing of the question but its title; the link needs no login."""
    official, referral = hop.official, hop.referral
    assert official is not None
    if official.user is None:
        return None
    with override(official.user.language):
        title = _("Pertanyaan untuk %(agency)s: %(title)s") if hop.order == 0 else _(
            "Belum dijawab %(agency)s: %(title)s"
        )  # fmt: skip
        values = {"agency": referral.agency.short_name, "title": referral.title}
        body = _body(hop) % {
            "days": due_words(referral), "agency": referral.agency.short_name, "link": links.address(token),
        }  # fmt: skip
        return messaging.notify(
            official.user, "referral.asked", title % values, body, desk_path(referral), now
        )


def _body(hop: Hop) -> str:
    if hop.post == rules.BOARD:
        return _(
            "%(agency)s diam di semua tingkat. Jawaban paling lambat %(days)s. "
            "Konfirmasi tanpa masuk akun: %(link)s"
        )
    if hop.order:
        return _(
            "Tingkat sebelumnya di %(agency)s belum menjawab. Jawaban paling lambat %(days)s. "
            "Konfirmasi tanpa masuk akun: %(link)s"
        )
    return _("Jawaban paling lambat %(days)s. Konfirmasi satu ketukan, tanpa masuk akun: %(link)s")


def due_words(referral: Referral) -> str:
    """Until when, in words."""
    if referral.urgent_until is not None:
        return date_format(policies.local(referral.urgent_until), "j F Y, H.i") + " WIB"
    due_on = referral.term.due_on if referral.term else None
    return date_format(due_on, "j F Y") if due_on else _("hari kerja ke-5")


def asker(referral: Referral, kind: str, now: datetime) -> None:
    """Tell whoever asked that there is an answer, or that it came back."""
    official: Official | None = referral.asked_by
    if official is None or official.user is None:
        return
    with override(official.user.language):
        words = {
            "answered": _("%(agency)s menjawab: %(title)s"),
            "given_back": _("%(agency)s mengembalikan: %(title)s"),
        }[kind] % {"agency": referral.agency.short_name, "title": referral.title}
        body = referral.reason or _("Buka halaman perkara untuk membacanya.")
        messaging.notify(official.user, f"referral.{kind}", words, body, referral.url, now)


def desk_path(referral: Referral) -> str:
    """The referral's page at the desk."""
    return reverse("referrals:referral", args=[referral.reference])
