"""Registers the room «messaging» with Django: its channels, the chat, the quarantine in the officials' rail."""

from collections.abc import Iterator

from django.apps import AppConfig
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class MessagingConfig(AppConfig):
    name = "satuklik.spine.messaging"
    label = "messaging"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from satuklik.base.accounts.queries import profile
        from satuklik.base.ui.registry import Entrance, Inbox, register_entrance, register_inbox
        from satuklik.spine.messaging import queries
        from satuklik.spine.messaging.actions import forwarding
        from satuklik.spine.messaging.adapters import mail, telegram, web, whatsapp

        for channel in (web, whatsapp, telegram, mail):
            channel.register()
        forwarding.register()

        def rail(request: HttpRequest) -> Iterator[Inbox]:
            official = profile(request, "official")
            office = settings.SATUKLIK_PPID_AGENCY
            if official is not None and official.role in ("ppid", "admin") and official.agency.code == office:
                waiting = queries.quarantined() + queries.unsure_count()
                yield Inbox(_("Karantina pesan"), "/meja/karantina/", "shield-alert", waiting, order=95)

        register_inbox("messaging", rail)
        register_entrance(
            Entrance(
                "chat",
                _("Obrolan"),
                _("Tulis langsung kepada petugas PPID."),
                "message-circle",
                "/obrolan/",
                50,
            )
        )
