"""Registers the room «ui» with Django."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "satuklik.base.ui"
    label = "ui"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.conf import settings

        from satuklik.base.ui.tiles import origin

        origin(settings.SATUKLIK_MAP_TILES)  # a wrong address is told at the start, not by an empty map
