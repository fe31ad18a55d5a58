"""Registers the floor «run» with Django: its marks of what is loaded, and the demo's personas."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RunConfig(AppConfig):
    name = "satuklik.run"
    label = "run"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer the people of the demo on the login page; the page shows them in a demo only."""
        from satuklik.base.accounts.actions import register_persona

        register_persona("sari", title="Sari", about=_("warga, mengurus surat"))
        register_persona("rudi", title="Rudi", about=_("warga kelurahan lain"))
        register_persona("pak_lurah", title="Pak Lurah", about=_("memutuskan dan menandatangani"))
        register_persona("operator_desa", title=_("Operator kelurahan"), about=_("melayani warga di loket"))
        register_persona("staf_desa", title=_("Staf kelurahan"), about=_("memeriksa permohonan"))
        register_persona("bu_camat", title="Bu Camat", about=_("kepala kecamatan"))
        register_persona("operator_camat", title=_("Operator kecamatan"), about=_("menyusun naskah dinas"))
        register_persona("staf_camat", title=_("Kepala seksi kecamatan"), about=_("memaraf naskah dinas"))
        register_persona("sekretaris_lurah", title=_("Sekretaris lurah"), about=_("menerima disposisi"))
        register_persona("ppid", title="PPID", about=_("informasi publik, Diskominfo"))
        register_persona("kadis_kominfo", title=_("Kepala Diskominfo"), about=_("menyetujui pernyataan pers"))
        register_persona("sekda", title="Sekda", about=_("Atasan PPID, memutus keberatan"))
        register_persona("admin", title="Admin", about=_("mengelola sistem"))
