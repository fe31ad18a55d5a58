"""Registers the room «ppid»: referrals, signing desk, calendar, portal, intake, figures."""

from django.apps import AppConfig


class PpidConfig(AppConfig):
    name = "satuklik.systems.ppid"
    label = "ppid"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from satuklik.base.calendar.actions import register_recount
        from satuklik.spine.referrals.registry import register_subject
        from satuklik.spine.signing.registry import register_signable
        from satuklik.systems.ppid import actions
        from satuklik.systems.ppid.signables import SIGNABLE

        register_recount("ppid", actions.recount)
        register_subject("ppid", actions.on_answered, actions.on_given_back)
        register_signable(SIGNABLE)
