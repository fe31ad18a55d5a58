"""Registers the room «cases» with Django, and tells messages whose login a person is and the calendar whose dates move."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "satuklik.spine.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from satuklik.base.calendar.actions import register_recount
        from satuklik.spine.cases.recounting import recount
        from satuklik.spine.messaging.actions import register_recipients
        from satuklik.spine.population.queries import user_of

        register_recipients(user_of)
        register_recount("cases", recount)
