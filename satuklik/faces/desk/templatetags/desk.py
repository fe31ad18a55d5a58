"""Words for deadlines and durations, and a NIK that shows only what is needed."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from satuklik.faces.desk.rules import Deadline

register = template.Library()


@register.filter
def spell_deadline(deadline: Deadline) -> str:
    """ "2 hari kerja lagi", "Hari ini", "Lewat 3 hari kerja"."""
    if deadline.tone == "none":
        return ""
    if deadline.tone == "today":
        return _("Hari ini")
    if deadline.tone == "late":
        days = -deadline.days
        if days == 0:  # it ended on the last working day, and none has come since
            return _("Lewat tenggat")
        return ngettext("Lewat %(days)d hari kerja", "Lewat %(days)d hari kerja", days) % {"days": days}
    days = deadline.days
    return ngettext("%(days)d hari kerja lagi", "%(days)d hari kerja lagi", days) % {"days": days}


@register.filter
def spell_duration(seconds: float | None) -> str:
    """A duration for the head's figures: minutes, hours or days, whichever says most."""
    if seconds is None:
        return "–"
    minutes = round(seconds / 60)
    if minutes < 1:
        return _("kurang dari 1 menit")
    if minutes < 120:
        return ngettext("%(number)d menit", "%(number)d menit", minutes) % {"number": minutes}
    hours = round(minutes / 60)
    if hours < 48:
        return ngettext("%(number)d jam", "%(number)d jam", hours) % {"number": hours}
    days = round(hours / 24)
    return ngettext("%(number)d hari", "%(number)d hari", days) % {"number": days}


@register.filter
def mask_nik(nik: str) -> str:
    """The region and the last four digits: enough to tell two neighbours apart on the list."""
    return f"{nik[:6]}••••••{nik[-4:]}"
