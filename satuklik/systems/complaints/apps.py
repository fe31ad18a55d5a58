"""Registers the room «complaints» with Django, the portal, the desk, the intake, the referrals and the figures."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ComplaintsConfig(AppConfig):
    name = "satuklik.systems.complaints"
    label = "complaints"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from satuklik.base.figures.registry import Source, register_figures
        from satuklik.base.ui.registry import (
            Entrance,
            FooterLink,
            register_entrance,
            register_footer_link,
            register_inbox,
            register_matters,
            register_search,
        )
        from satuklik.spine.intake.registry import Kind, register_kind, register_uncovered
        from satuklik.spine.referrals.registry import register_subject
        from satuklik.systems.complaints import intake, queries, rail
        from satuklik.systems.complaints.actions import dispatching, revealing

        register_entrance(
            Entrance(
                "complaints",
                _("Lapor dan adukan"),
                _("Jalan rusak, sampah, pelayanan buruk, atau pungli. Boleh tanpa nama."),
                "megaphone",
                "complaints:report",
                20,
            )
        )
        register_footer_link(FooterLink("complaints", _("Laporan warga"), "complaints:map", 15))
        register_matters("complaints", rail.matters)
        register_inbox("complaints", rail.rail)
        register_search("complaints", queries.search)
        register_figures(Source("complaints", _("Pengaduan"), 20, queries.figures))
        register_subject("complaint", dispatching.answered, dispatching.given_back)
        register_kind(
            Kind(
                "complaint",
                _("Pengaduan"),
                "megaphone",
                20,
                create=intake.create,
                asks=intake.ASKS,
                find=queries.subject_of,
                keeps_secret=True,
            )
        )
        register_uncovered("complaints", revealing.uncovered)
