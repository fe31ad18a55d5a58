"""Registers the room «intake» with Django, with the messages that come in, and the kinds of which nothing is made."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "satuklik.spine.intake"
    label = "intake"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from satuklik.base.figures.registry import register_figures
        from satuklik.spine.intake.actions.taking import take_in
        from satuklik.spine.intake.figures import SOURCE
        from satuklik.spine.intake.kinds import PLAIN
        from satuklik.spine.intake.registry import register_kind
        from satuklik.spine.messaging.actions import register_incoming

        register_incoming("intake", take_in)
        register_figures(SOURCE)
        for kind in PLAIN:
            register_kind(kind)
