"""The addresses of the calendar, on the officials' desk."""

from datetime import date

from django.urls import path, register_converter

from satuklik.base.calendar import views


class DayConverter:
    """2026-11-24 in an address."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(DayConverter, "day")

app_name = "calendar"
urlpatterns = [
    path("meja/kalender/", views.calendar, name="calendar"),
    path("meja/kalender/tetapkan/", views.declare, name="declare"),
    path("meja/kalender/<day:day>/cabut/", views.withdraw, name="withdraw"),
]
