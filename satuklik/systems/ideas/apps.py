"""Registers the room «ideas» with Django, the portal, the desk, the intake, the referrals and the figures."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IdeasConfig(AppConfig):
    name = "satuklik.systems.ideas"
    label = "ideas"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from satuklik.base.figures.registry import Source, register_figures
        from satuklik.base.ui.registry import (
            Entrance,
            register_entrance,
            register_inbox,
            register_matters,
            register_search,
        )
        from satuklik.spine.intake.registry import Kind, register_kind
        from satuklik.spine.referrals.registry import register_subject
        from satuklik.systems.ideas import intake, queries, rail
        from satuklik.systems.ideas.actions import reviewing

        register_entrance(
            Entrance(
                "ideas",
                _("Usulkan ide"),
                _("Usulkan ide, dukung ide warga lain, dan pilih yang dikerjakan."),
                "lightbulb",
                "ideas:list",
                40,
            )
        )
        register_matters("ideas", rail.matters)
        register_inbox("ideas", rail.rail)
        register_search("ideas", queries.search)
        register_figures(Source("ideas", _("Ide warga"), 40, queries.figures))
        register_subject("idea", reviewing.answered, reviewing.given_back)
        register_kind(
            Kind(
                "idea",
                _("Ide"),
                "lightbulb",
                40,
                create=intake.create,
                asks=intake.ASKS,
                find=queries.subject_of,
            )
        )
