"""Registers the room «portal» with Django, its tabs and footer links with the interface."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PortalConfig(AppConfig):
    name = "satuklik.faces.portal"
    label = "portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from satuklik.base.ui.registry import (
            FooterLink,
            Tab,
            register_footer_link,
            register_offer,
            register_tab,
        )
        from satuklik.faces.portal import offers
        from satuklik.spine.documents import queries as documents

        for order, (name, label, icon, url, signed_out) in enumerate(
            (
                ("home", _("Beranda"), "house", "portal:home", ""),
                ("services", _("Layanan"), "layout-grid", "portal:services", ""),
                ("letters", pgettext_lazy("tab", "Surat"), "file-text", "portal:letters", ""),
                ("matters", _("Urusan"), "list-checks", "portal:matters", ""),
                ("account", _("Akun"), "circle-user-round", "portal:me", "account_login"),
            )
        ):
            register_tab(Tab(name, label, icon, url, order, signed_out))
        for order, (name, label, url) in enumerate(
            (
                ("verify", _("Periksa keaslian surat"), "/verifikasi/"),
                ("statistics", _("Angka layanan"), "portal:statistics"),
                ("contact", _("Bantuan"), "portal:contact"),
                ("privacy", _("Data pribadi"), "portal:privacy"),
                ("accessibility", _("Aksesibilitas"), "portal:accessibility"),
            )
        ):
            register_footer_link(FooterLink(name, label, url, order * 10))
        register_offer("letters_running_out", documents.RUNNING_OUT_SQL, offers.letters_running_out)
