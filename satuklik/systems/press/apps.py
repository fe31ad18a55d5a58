"""Registers the room «press»: its subjects, its intake, its box in the rail, figures, entrance and footer link."""

from django.apps import AppConfig


class PressConfig(AppConfig):
    name = "satuklik.systems.press"
    label = "press"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from satuklik.base.figures.registry import register_figures
        from satuklik.base.ui.registry import (
            register_entrance,
            register_footer_link,
            register_inbox,
            register_search,
        )
        from satuklik.spine.intake.registry import register_kind
        from satuklik.spine.referrals.registry import register_subject
        from satuklik.spine.signing.registry import register_signable
        from satuklik.systems.press import kinds
        from satuklik.systems.press.actions import facts
        from satuklik.systems.press.rail import ENTRANCE, FOOTER, rail
        from satuklik.systems.press.reporting import SOURCE
        from satuklik.systems.press.searching import search
        from satuklik.systems.press.signables import SIGNABLE

        register_subject("press", facts.on_answered, facts.on_given_back)
        register_kind(kinds.PRESS)
        register_signable(SIGNABLE)
        register_inbox("press", rail)
        register_figures(SOURCE)
        register_entrance(ENTRANCE)
        register_footer_link(FOOTER)
        register_search("press-releases", search)
