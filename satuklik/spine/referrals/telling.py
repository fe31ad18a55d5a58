"""What is told to whom: the official who is asked, and whoever asked."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from satuklik.spine.messaging import actions as messaging
from satuklik.spine.referrals import links, policies, rules
from satuklik.spine.referrals.models import Hop, Referral

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official
    from satuklik.spine.messaging.models import Message


def of_hop(hop: Hop, token: str, now: datetime) -> "Message":
    """Ask the official of a hop. The words hold nothing of the question but its title; the link needs no login.
    The message carries the proof of its delivery."""
    official, referral = hop.official, hop.referral
    assert official is not None
    with override(_language(official)):
        values = {"agency": referral.agency.short_name, "title": referral.title, "days": due_words(referral)}
        title = (
            _("Belum dijawab %(agency)s: %(title)s")
            if hop.order
            else _("Pertanyaan untuk %(agency)s: %(title)s")
        )
        return messaging.notify_official(
            official, "referral.asked", title % values, _body(hop) % values, links.address(token), now
        )


def _body(hop: Hop) -> str:
    if hop.post == rules.BOARD:
        return _(
            "%(agency)s diam di semua tingkat. Jawaban paling lambat %(days)s. "
            "Konfirmasi dengan satu ketukan, tanpa masuk akun:"
        )
    if hop.order:
        return _(
            "Tingkat sebelumnya di %(agency)s belum menjawab. Jawaban paling lambat %(days)s. "
            "Konfirmasi dengan satu ketukan, tanpa masuk akun:"
        )
    return _("Jawaban paling lambat %(days)s. Konfirmasi dengan satu ketukan, tanpa masuk akun:")


def _language(official: "Official") -> str:
    return official.user.language if official.user is not None else "id"


def due_words(referral: Referral) -> str:
    """Until when, in words."""
    if referral.urgent_until is not None:
        return date_format(policies.local(referral.urgent_until), "j F Y, H.i") + " WIB"
    due_on = referral.term.due_on if referral.term else None
    return date_format(due_on, "j F Y") if due_on else _("hari kerja ke-5")


def asker(referral: Referral, kind: str, now: datetime) -> None:
    """Tell whoever asked that there is an answer, or that it came back."""
    official = referral.asked_by
    if official is None:
        return
    with override(_language(official)):
        words = {
            "answered": _("%(agency)s menjawab: %(title)s"),
            "given_back": _("%(agency)s mengembalikan: %(title)s"),
        }[kind] % {"agency": referral.agency.short_name, "title": referral.title}
        body = referral.reason or _("Buka halaman perkara untuk membacanya.")
        messaging.notify_official(official, f"referral.{kind}", words, body, referral.url, now)
