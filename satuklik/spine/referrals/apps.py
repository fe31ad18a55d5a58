"""Registers the room «referrals»: its box in the officials' rail, its figures, the recount of its times."""

from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "satuklik.spine.referrals"
    label = "referrals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from satuklik.base.calendar.actions import register_recount
        from satuklik.base.figures.registry import register_figures
        from satuklik.base.ui.registry import register_footer_link, register_inbox
        from satuklik.spine.referrals.actions import recount
        from satuklik.spine.referrals.rail import FOOTER, rail
        from satuklik.spine.referrals.reporting import SOURCE

        register_inbox("referrals", rail)
        register_figures(SOURCE)
        register_footer_link(FOOTER)
        register_recount("referrals", recount)
