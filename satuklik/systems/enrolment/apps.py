"""Registers the room «enrolment» with Django."""

from django.apps import AppConfig


class EnrolmentConfig(AppConfig):
    name = "satuklik.systems.enrolment"
    label = "enrolment"
    default_auto_field = "django.db.models.BigAutoField"
