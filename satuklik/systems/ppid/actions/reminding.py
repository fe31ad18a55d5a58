"""Every working morning: officers are told what is due today and what is late; it waits on nobody's memory."""

from datetime import datetime

from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from satuklik.base.agencies import queries as agencies
from satuklik.base.calendar import queries as calendar
from satuklik.base.calendar.errors import YearNotLoaded
from satuklik.systems.ppid import permits, rules
from satuklik.systems.ppid.actions import clocks, telling
from satuklik.systems.ppid.models import InformationRequest, Objection


def remind(*, now: datetime) -> int:
    """Tell the officers of the PPID agency, and those of Atasan PPID about objections. How many messages."""
    today = clocks.today(now)
    try:
        if not calendar.working_days(joint_leave=settings.SATUKLIK_JOINT_LEAVE_COUNTS_AS_OFF).is_workday(
            today
        ):
            return 0
    except YearNotLoaded:
        pass  # an undecreed year silences nobody
    due, late = Q(due_on=today), Q(due_on__lt=today)
    open_ = InformationRequest.objects.filter(state__in=sorted(rules.OPEN), notified_at=None)
    objections = Objection.objects.filter(state__in=sorted(rules.OBJECTION_OPEN))
    told = 0
    for rows, agency, roles, address in (
        (open_, permits.ppid_agency(), ("ppid", "staff"), reverse("ppid:start")),
        (objections, permits.superior_agency(), ("head", "secretary"), reverse("ppid:objections")),
    ):
        found = rows.aggregate(due=Count("pk", filter=due), late=Count("pk", filter=late))
        if not (found["due"] or found["late"]):
            continue
        for one in agencies.officials(agency, today):
            if one.role in roles and one.user is not None:
                title = _("%(due)s jatuh tempo hari ini, %(late)s terlambat") % found
                body = _("Informasi publik: buka daftarnya, yang paling dekat berada di atas.")
                telling.official(one, "due", title, body, address, now=now)
                told += 1
    return told
