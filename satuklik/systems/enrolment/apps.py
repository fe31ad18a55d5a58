"""Registers the room «enrolment» with Django, and its entries in the officials' rail."""

from django.apps import AppConfig


class EnrolmentConfig(AppConfig):
    name = "satuklik.systems.enrolment"
    label = "enrolment"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from satuklik.base.ui.registry import register_inbox
        from satuklik.systems.enrolment.rail import rail

        register_inbox("enrolment", rail)
