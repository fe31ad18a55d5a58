"""Forms of the calendar's page."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from satuklik.base.calendar import queries
from satuklik.base.calendar.models import Holiday

KINDS = (
    (Holiday.Kind.NATIONAL, _("Libur nasional")),
    (Holiday.Kind.JOINT_LEAVE, _("Cuti bersama")),
    (Holiday.Kind.LOCAL, _("Libur daerah")),
)
FARTHEST_YEARS = 5


class HolidayForm(forms.Form):
    """A day off with the decree that says so."""

    day = forms.DateField(label=_("Tanggal"), widget=forms.DateInput(attrs={"type": "date"}))
    name = forms.CharField(label=_("Nama hari libur"), max_length=120)
    kind = forms.ChoiceField(label=_("Jenis"), choices=KINDS, widget=forms.RadioSelect, initial="national")
    decree = forms.CharField(
        label=_("Keputusan yang menetapkannya"), max_length=200, help_text=_("Nomor dan tahun keputusannya.")
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if abs(day.year - self.today.year) > FARTHEST_YEARS:
            raise forms.ValidationError(_("Tahun ini terlalu jauh. Periksa tanggalnya."))
        return day

    def clean(self) -> dict[str, Any]:
        """A national day off is off already: a local decree over it would only take its name and kind away."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        found = queries.day_off(given["day"]) if given.get("day") else None
        if (
            found is not None
            and found.kind == Holiday.Kind.NATIONAL
            and given.get("kind") != Holiday.Kind.NATIONAL
        ):
            told = _("Tanggal ini sudah libur nasional: %(name)s. Tidak ada yang perlu ditetapkan.")
            self.add_error("day", forms.ValidationError(told % {"name": found.name}))
        return given


class WithdrawForm(forms.Form):
    """Why a day is a working day after all."""

    decree = forms.CharField(label=_("Keputusan yang mengubahnya"), max_length=200)
