"""Kinds of messages of which nothing is made: they are answered, or put aside."""

from django.utils.translation import gettext_lazy as _

from satuklik.spine.intake.registry import Kind
from satuklik.spine.intake.rules import kinds

PLAIN = (
    Kind(kinds.SERVICE, _("Pertanyaan layanan"), "circle-help", 90),
    Kind(kinds.STATUS, _("Menanyakan perkembangan"), "ticket", 91),
    Kind(kinds.GREETING, _("Salam atau terima kasih"), "smile", 92),
    Kind(kinds.SPAM, _("Bukan urusan kami"), "ban", 93),
)
