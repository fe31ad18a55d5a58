"""Registers the room «services» with Django, its search and its page of figures with the interface."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy


class ServicesConfig(AppConfig):
    name = "satuklik.systems.services"
    label = "services"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from satuklik.base.figures.registry import register_figures
        from satuklik.base.ui import registry
        from satuklik.systems.services import queries
        from satuklik.systems.services.figures import SOURCE

        register_figures(SOURCE)
        registry.register_search("services", queries.search)
        registry.register_footer_link(
            registry.FooterLink("satisfaction", gettext_lazy("Kepuasan warga"), "services:satisfaction", 40)
        )
