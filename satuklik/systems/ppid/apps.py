"""Registers the room «ppid»: referrals, signing desk, calendar, portal, intake, figures."""

from django.apps import AppConfig


class PpidConfig(AppConfig):
    name = "satuklik.systems.ppid"
    label = "ppid"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from satuklik.base.calendar.actions import register_recount
        from satuklik.base.figures.registry import Source, register_figures
        from satuklik.base.ui.registry import (
            register_entrance,
            register_inbox,
            register_matters,
            register_search,
        )
        from satuklik.spine.intake.registry import register_asker, register_kind
        from satuklik.spine.referrals.registry import register_subject
        from satuklik.spine.signing.registry import register_signable
        from satuklik.systems.ppid import actions, answers, kinds, portal
        from satuklik.systems.ppid.queries import public, reports
        from satuklik.systems.ppid.signables import SIGNABLE

        register_recount("ppid", actions.recount)
        register_subject("ppid", actions.on_answered, actions.on_given_back)
        register_signable(SIGNABLE)
        for kind in kinds.kinds():
            register_kind(kind)
        register_asker(answers.ASKER)
        register_entrance(portal.ENTRANCE)
        register_matters("ppid", portal.matters)
        register_inbox("ppid", portal.rail)
        register_search("ppid", public.search)
        register_figures(Source("ppid", _("Informasi publik"), 10, reports.figures))
